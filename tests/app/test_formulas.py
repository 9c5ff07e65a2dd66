"""Formulas: the same symbols, colours and names in both languages, on the screen and in the code."""

import re
from collections import Counter

import pytest
from torch import nn

from tests.app.screen import PAGES
from ui.charts.roles import ROLES, letters
from ui.formula import typeset
from ui.places import LESSONS
from ui.text import TEXTS

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
# What KaTeX has of its own and our formulas use (katex.org/docs/supported); whatever else stands there is misspelt.
KATEX = set(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon varepsilon eta theta mu pi sigma partial hat mathcal mathrm text frac tfrac "
        "sqrt sum prod max lVert rVert left right big bigl bigr dots cdots cdot circ times to top approx propto ge le "
        "iff leftarrow xrightarrow Longrightarrow underbrace quad qquad in",
    )
)


def formulas(path):
    return ["".join(found) for found in FORMULA.findall(path.read_text(encoding="utf-8"))]


def texts(lang="en"):
    return sorted((TEXTS / lang).glob("*/*.md"))


def test_a_role_becomes_the_colour_that_can_be_read_on_the_visitors_ground():
    assert typeset(r"$\branch{F} + \total{y}$", "light") == (
        rf"$\textcolor{{{letters('branch', 'light')}}}{{F}} + \textcolor{{{letters('total', 'light')}}}{{y}}$"
    )
    assert letters("shortcut", "dark") in typeset(r"$\shortcut{x}$", "dark")
    assert typeset(r"$\branching{F}$, branch", "light") == r"$\branching{F}$, branch"


def test_a_formula_on_a_line_of_its_own_is_displayed_and_one_in_a_sentence_is_not():
    assert typeset("It is\n\n$$x$$\n\nhere", "light") == "It is\n\n$$\nx\n$$\n\nhere"
    assert typeset("It is $$x$$ here, $y$ too", "light") == "It is $$x$$ here, $y$ too"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_macro_is_one_of_katex_or_a_role(lang):
    used = {
        (macro, path.relative_to(TEXTS).as_posix())
        for path in texts(lang)
        for formula in formulas(path)
        for macro in re.findall(r"\\([A-Za-z]+)", formula)
    }
    assert {found for found in used if found[0] not in KATEX | set(ROLES)} == set()
    assert set(ROLES) <= {macro for macro, _ in used}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_no_formula_has_a_macro_of_a_role_without_its_braces(lang):
    bare = re.compile(rf"\\(?:{'|'.join(ROLES)})(?!\{{)")
    assert [path for path in texts(lang) if bare.search(path.read_text(encoding="utf-8"))] == []


def test_both_languages_have_the_same_formulas_and_the_same_names_from_the_code():
    for path in texts():
        other = TEXTS / "ko" / path.relative_to(TEXTS / "en")
        english, korean = (Counter(one.rstrip(" .") for one in formulas(file)) for file in (path, other))
        assert english == korean, path
        assert Counter(CODE.findall(path.read_text())) == Counter(CODE.findall(other.read_text())), path


@pytest.mark.parametrize("name", LESSONS)
def test_the_names_that_a_lesson_gives_from_the_code_are_there(name):
    """In our source, or in PyTorch's BatchNorm. A class and its method are written with a dot between."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (PAGES.parent / "resnet_core").rglob("*.py"))
    norm = nn.BatchNorm2d(1)
    known = CODE.findall((TEXTS / "en" / name / "why.md").read_text())
    assert known
    for word in (part for found in known for part in found.split(".")):
        assert hasattr(norm, word) or re.search(rf"\b{word}\b", source), word


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_where_a_formula_has_colours_words_say_what_each_means(lang):
    said = {"en": ("blue", "green", "pink"), "ko": ("파란색", "초록색", "분홍색")}[lang]
    for name in LESSONS:
        written = (TEXTS / lang / name / "why.md").read_text(encoding="utf-8")
        for role, word in zip(("shortcut", "branch", "total"), said, strict=True):
            assert f"\\{role}{{" not in written or word in written.lower(), (name, role)


def test_no_macro_of_a_role_reaches_the_screen(open_app):
    shown = "".join(text.value for text in open_app("anatomy", anatomy_card="why").main.markdown)
    assert not re.search(rf"\\(?:{'|'.join(ROLES)})\b", shown)
    assert all(letters(role, "light") in shown for role in ROLES)
