"""Tell the browser which language the page is in, for screen readers and hyphenation."""

from streamlit.components.v2 import component

_JS = "export default function ({ data }) { document.documentElement.lang = data.lang }"

_component = component("resnet_lab_document", html="<span hidden></span>", js=_JS)


def set_document_language(lang: str) -> None:
    """Set `<html lang>`, which Streamlit leaves at English."""
    _component(data={"lang": lang}, key="document_language", height="content")
