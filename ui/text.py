"""Words in the visitor's language. Short ones come from a gettext catalogue, long ones from Markdown files.

Nothing here is global: thirty visitors share this process and each may read another language.
"""

import gettext
from functools import cache
from pathlib import Path

import streamlit as st

from resnet_core import ResNetCoreError
from ui.languages import DEFAULT, NAMES, Language

TEXTS = Path(__file__).parent.parent / "assets" / "text"


def language() -> Language:
    """The visitor's choice, else what the browser asks for, else English."""
    asked = st.session_state.get("lang") or st.query_params.get("lang") or (st.context.locale or "")[:2]
    known: dict[str, Language] = {lang: lang for lang in NAMES}
    return known.get(asked, DEFAULT)


def say(message: str) -> str:
    """`message` in the visitor's language. Fill in its {names} afterwards, with str.format."""
    return _catalogue(language()).gettext(message)


def show(name: str, **values: object) -> None:
    """Draw the Markdown file `assets/text/<language>/<name>.md`, with its {names} filled in where values are given."""
    text = _read(language(), name)
    st.markdown(text.format(**values) if values else text)


def explain(problem: ResNetCoreError) -> str:
    """An error's sentence in the visitor's language."""
    return say(problem.message).format(**problem.values) if problem.values else say(problem.message)


@cache
def _catalogue(lang: Language) -> gettext.NullTranslations:
    return gettext.translation("resnet_lab", TEXTS, languages=[lang], fallback=True)


@cache
def _read(lang: Language, name: str) -> str:
    return (TEXTS / lang / f"{name}.md").read_text(encoding="utf-8")
