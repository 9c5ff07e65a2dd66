"""The little Markdown that the app's own sentences use, as HTML. Everything else is shown as it stands."""

import re
from html import escape

from ui.charts.roles import ROLES, letters

_ANSWERABLE = re.compile(r"^\d+\. (.+?)(?=\n\d+\. |\n\n|\Z)", re.MULTILINE | re.DOTALL)
_SOURCES = re.compile(r"^\*\*[^*]+\*\*\s(.+)\Z", re.MULTILINE | re.DOTALL)
_ESCAPED = re.compile(r"\\([^\w\s])")
_HELD = re.compile("\ue000(\\d+)\ue001")  # private use: in no text of ours
_RULES = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*(?=\S)([^*]+?)(?<=\S)\*(?![*\w])"), r"<em>\1</em>"),
)
_ROLE = re.compile(rf"\\({'|'.join(ROLES)})\{{([^{{}}]*)\}}")  # of ui/formula.py
_MATHS = re.compile(r"(?<![A-Za-z0-9])\$(\S(?:[^$\n]*\S)?)\$(?![A-Za-z0-9])")  # a particle may follow


def inline(text: str) -> str:
    """One paragraph: bold, italic, code, links, and formulas of letters, indices and powers."""
    held: list[str] = []

    def hold(sign: re.Match[str]) -> str:
        held.append(sign[1])
        return f"\ue000{len(held) - 1}\ue001"

    text = escape(_ESCAPED.sub(hold, text))
    text = _MATHS.sub(lambda found: _formula(found[1]), text)
    for pattern, html in _RULES:
        text = pattern.sub(html, text)
    return _HELD.sub(lambda place: escape(held[int(place[1])]), text)


def questions(home: str) -> list[str]:
    """The numbered questions of a lesson's last card, in Markdown."""
    return [" ".join(question.split()) for question in _ANSWERABLE.findall(home.strip())]


def sources(home: str) -> str:
    """What that card cites, in Markdown, without the word in front; "" where it cites nothing."""
    found = _SOURCES.search(home)
    return " ".join(found[1].split()) if found else ""


def _formula(text: str) -> str:
    text = re.sub(r"([_^])(?:\{([^}]*)\}|(\w))", _raised, text)
    text = _ROLE.sub(lambda part: f'<span style="color:{letters(part[1], "light")}">{part[2]}</span>', text)
    return f'<i class="formula">{text}</i>'


def _raised(sign: re.Match[str]) -> str:
    tag = "sub" if sign[1] == "_" else "sup"
    return f"<{tag}>{sign[2] or sign[3]}</{tag}>"
