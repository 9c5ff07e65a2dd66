"""Words in the visitor's language. Short ones come from a gettext catalogue, long ones from Markdown files.

Nothing here is global: thirty visitors share this process and each may read another language.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from resnet_core import ResNetCoreError
from ui.glossary import defined
from ui.languages import DEFAULT, NAMES, Language

# Fields of errors that hold the laboratory's own words. All others hold numbers, or what the visitor wrote.
WORDS = {"kind", "allowed", "state"}
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
    """Draw the Markdown file `assets/text/<language>/<name>.md`, with its {names} filled in where values are given.

    Terms of the glossary carry their definitions. HTML is allowed for that alone; all texts are the app's own.
    """
    lang = language()
    text = _read(lang, name)
    st.markdown(defined(text.format(**values) if values else text, lang), unsafe_allow_html=True)


def explain(problem: ResNetCoreError) -> str:
    """An error's sentence in the visitor's language."""
    return fill(problem.message, problem.values)


def fill(message: str, values: Mapping[str, object]) -> str:
    """A sentence of the laboratory and what it is about, both in the visitor's language. See ResNetCoreError."""
    if not values:
        return say(message)
    return say(message).format(**{name: _spoken(name, value) for name, value in values.items()})


def _spoken(name: str, value: object) -> object:
    """A value as the visitor reads it: an error inside an error is explained too."""
    if isinstance(value, ResNetCoreError):
        return explain(value)
    return say(value) if name in WORDS and isinstance(value, str) and value else value


@cache
def _catalogue(lang: Language) -> gettext.NullTranslations:
    return gettext.translation("resnet_lab", TEXTS, languages=[lang], fallback=True)


@cache
def _read(lang: Language, name: str) -> str:
    return (TEXTS / lang / f"{name}.md").read_text(encoding="utf-8")
