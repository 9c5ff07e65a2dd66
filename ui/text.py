"""Words in the visitor's language. Short ones come from a gettext catalogue, long ones from Markdown files.

Nothing here is global: thirty visitors share this process and each may read another language.
"""

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from resnet_core import ResNetCoreError
from ui.formula import scheme, typeset
from ui.glossary import defined
from ui.languages import DEFAULT, NAMES, Language

# Fields of errors that hold the laboratory's own words. All others hold numbers, or what the visitor wrote.
WORDS = {"kind", "allowed", "state"}
TEXTS = Path(__file__).parent.parent / "assets" / "text"
_TOLD = "terms_told"  # in the session: each term that the page has defined, and the text that did


def language() -> Language:
    """The visitor's choice, else what the browser asks for, else English."""
    asked = st.session_state.get("lang") or st.query_params.get("lang") or (st.context.locale or "")[:2]
    known: dict[str, Language] = {lang: lang for lang in NAMES}
    return known.get(asked, DEFAULT)


def say(message: str) -> str:
    """`message` in the visitor's language. Fill in its {names} afterwards, with str.format."""
    return _catalogue(language()).gettext(message)


def speaker(lang: Language) -> Callable[[str], str]:
    """`say` in one language, for where no visitor's page is being drawn."""
    return _catalogue(lang).gettext


def begin_page() -> None:
    """No term has been defined yet. To be called before a page is drawn."""
    st.session_state[_TOLD] = {}


def show(name: str, **values: object) -> None:
    """Draw the Markdown file `assets/text/<language>/<name>.md`, with its {names} filled in where values are given.

    Terms of the glossary carry their definitions where the page first uses them; a fragment that is drawn again finds
    its own. Parts of formulas have their colours. HTML is allowed for the terms alone; all texts are the app's own.
    """
    lang = language()
    text = _read(lang, name)
    told = st.session_state.setdefault(_TOLD, {})
    found = defined(
        text.format(**values) if values else text, lang, frozenset(term for term in told if told[term] != name)
    )
    told.update(dict.fromkeys(found.terms, name))
    st.markdown(typeset(found.text, scheme()), unsafe_allow_html=True)


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


def read(name: str) -> str:
    """The Markdown of `show(name)`, as it stands in the file."""
    return _read(language(), name)


@cache
def _read(lang: Language, name: str) -> str:
    return (TEXTS / lang / f"{name}.md").read_text(encoding="utf-8")
