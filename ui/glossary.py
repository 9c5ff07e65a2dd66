"""The field's terms in both languages: a definition where a page first uses a term, and all of them in a list."""

import re
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from ui.languages import Language

TEXTS = Path(__file__).parent.parent / "assets" / "text"
# Formulas, code, links, tags and what is printed bold, such as the name of a part, stay as they are.
_APART = re.compile(
    r"(\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<[^>]+>|\*\*[^*]+\*\*|^#.*$)", re.DOTALL | re.MULTILINE
)


@cache
def terms(lang: Language) -> dict[str, str]:
    """Every term with its definition, in the order of the English alphabet. Other words for it follow after commas."""
    lines = (TEXTS / lang / "glossary" / "terms.md").read_text(encoding="utf-8").splitlines()
    return {term.strip(): words.strip() for term, _, words in (line.partition("|") for line in lines if line)}


class Defined(NamedTuple):
    """A text whose terms carry their definitions, and which terms these are."""

    text: str
    terms: frozenset[str]


@lru_cache(maxsize=512)
def defined(text: str, lang: Language, told: frozenset[str] = frozenset()) -> Defined:
    """A Markdown text in which the first use of each term carries its definition, to read on hover and on focus.

    Args:
        text: the text.
        lang: its language.
        told: the terms that something above it on the page has defined.
    """
    left = set(terms(lang)) - told
    parts = _APART.split(text)
    for place in range(0, len(parts), 2):  # the others are what stays
        parts[place] = _marked(parts[place], left, lang)
    return Defined("".join(parts), frozenset(terms(lang)) - told - left)


def _marked(text: str, left: set[str], lang: Language) -> str:
    """One piece, with the terms that are `left`; those that were found are taken out of it."""
    taken: list[tuple[int, int]] = []  # a term inside a longer one is not meant
    found: list[tuple[int, int, str]] = []
    for term in sorted(terms(lang), key=_longest, reverse=True):
        for match in _pattern(term, lang).finditer(text):
            if all(match.end() <= begin or match.start() >= end for begin, end in taken):
                taken.append(match.span())
                if term in left:
                    left.remove(term)
                    found.append((*match.span(), term))
    for begin, end, term in sorted(found, reverse=True):
        words = escape(terms(lang)[term], quote=True)
        text = f'{text[:begin]}<span class="term" tabindex="0" title="{words}">{text[begin:end]}</span>{text[end:]}'
    return text


@cache
def _pattern(term: str, lang: Language) -> re.Pattern[str]:
    end = r"(?:s|es)?\b" if lang == "en" else ""  # in Korean a particle follows without a space
    names = sorted(term.split(", "), key=len, reverse=True)
    words = "|".join((r"\b" if name[0].isascii() else r"(?<![가-힣])") + re.escape(name) for name in names)
    exact = 0 if term[:2].isupper() else re.IGNORECASE  # "ReLU", but also "Stage"
    return re.compile(f"(?:{words}){end}", exact)


def _longest(term: str) -> int:
    return max(map(len, term.split(", ")))
