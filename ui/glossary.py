"""The field's terms in both languages: a definition where a term is first used in a text, and all of them in a list."""

import re
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from ui.languages import Language

TEXTS = Path(__file__).parent.parent / "assets" / "text"
# Formulas, code, links, tags and what is printed bold, such as the name of a part, stay as they are.
_APART = re.compile(
    r"(\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<[^>]+>|\*\*[^*]+\*\*|^#.*$)", re.DOTALL | re.MULTILINE
)


@cache
def terms(lang: Language) -> dict[str, str]:
    """Every term with its definition, in the order of the English alphabet."""
    lines = (TEXTS / lang / "glossary" / "terms.md").read_text(encoding="utf-8").splitlines()
    return {term.strip(): words.strip() for term, _, words in (line.partition("|") for line in lines if line)}


@lru_cache(maxsize=512)
def defined(text: str, lang: Language) -> str:
    """A Markdown text in which the first use of each term carries its definition, to read on hover and on focus."""
    left = dict(terms(lang))
    parts = _APART.split(text)
    for place in range(0, len(parts), 2):  # the others are what stays
        parts[place] = _marked(parts[place], left, lang)
    return "".join(parts)


def _marked(text: str, left: dict[str, str], lang: Language) -> str:
    """One piece, with the terms that are `left`; those that were found are taken out of it."""
    found: list[tuple[int, int, str]] = []
    for term in sorted(left, key=len, reverse=True):
        match = _pattern(term, lang).search(text)
        if match and all(match.end() <= begin or match.start() >= end for begin, end, _ in found):
            found.append((match.start(), match.end(), term))
    for begin, end, term in sorted(found, reverse=True):
        words = escape(left.pop(term), quote=True)
        text = f'{text[:begin]}<span class="term" tabindex="0" title="{words}">{text[begin:end]}</span>{text[end:]}'
    return text


@cache
def _pattern(term: str, lang: Language) -> re.Pattern[str]:
    end = r"(?:s|es)?\b" if lang == "en" else ""  # in Korean a particle follows without a space
    begin = r"\b" if term[0].isascii() else r"(?<![가-힣])"
    exact = 0 if term[:2].isupper() else re.IGNORECASE  # "ReLU", but also "Stage"
    return re.compile(begin + re.escape(term) + end, exact)
