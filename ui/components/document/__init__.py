"""What the page as a whole tells a browser: its language, and what a keyboard or a screen reader finds where."""

from pathlib import Path

from streamlit.components.v2 import component

from ui.components.document.early import figure_script
from ui.components.stub import stub

_component = component(
    "resnet_lab_document", html="<span hidden></span>", js=stub(Path(__file__).parent, "document.js")
)


def describe_document(lang: str) -> None:
    """Set `<html lang>`, which Streamlit leaves at English, and mend its contents and what scrolls sideways.

    While a visitor reads the first words, the browser makes ready what draws figures.
    """
    _component(data={"lang": lang, "soon": figure_script()}, key="document", height="content")
