"""What a report is put together from: the sheet that a page fills, and the little Markdown of our own sentences."""

import re

import pytest

from tests.test_text import LANGUAGES
from ui import sheet
from ui.languages import NAMES
from ui.places import LESSONS
from ui.report.marks import inline, questions, sources
from ui.report.strip import strip
from ui.sheet import Noted, Sheet
from ui.text import TEXTS


def test_a_fragment_that_is_drawn_again_takes_its_own_place():
    page = Sheet()
    page.add(Noted("before"))
    with page.piece("fragment"):
        page.add(Noted("a half"))
        with page.piece("inside"):
            page.add(Noted("deep"))
    page.add(Noted("after"))
    with page.piece("fragment"):
        page.add(Noted("the whole"))
    assert page.flat() == [Noted("before"), Noted("the whole"), Noted("after")]


def test_a_fragment_that_is_interrupted_leaves_what_stood_there():
    page = Sheet()
    with page.piece("fragment"):
        page.add(Noted("whole"))

    def interrupted():
        with page.piece("fragment"):
            page.add(Noted("half"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    page.add(Noted("after"))
    assert page.flat() == [Noted("whole"), Noted("after")]


def test_settings_of_a_group_carry_its_name_and_the_last_value(monkeypatch):
    page = Sheet()
    monkeypatch.setattr(sheet, "current", lambda: page)
    sheet.ask("seed", "Seed", 1)
    sheet.ask("seed", "Seed", 2)
    with sheet.group("Network 1"):
        sheet.ask("d1", "Depth", 20)
    assert page.settings == {"seed": ("Seed", 2), "d1": ("Network 1: Depth", 20)}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** and *b*, 2 * 3 * 4", "<strong>a</strong> and <em>b</em>, 2 * 3 * 4"),
        ("a < b & `c*d*`", "a &lt; b &amp; <code>c*d*</code>"),
        ("[paper](https://arxiv.org/abs/1512.03385)", '<a href="https://arxiv.org/abs/1512.03385">paper</a>'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        (r"\*as typed\* \<b\>", "*as typed* &lt;b&gt;"),
        (
            "of $2^9$ routes, $y_3$",
            'of <i class="formula">2<sup>9</sup></i> routes, <i class="formula">y<sub>3</sub></i>',
        ),
        ("it costs 5 $ or 6 $ here", "it costs 5 $ or 6 $ here"),
    ],
)
def test_our_own_markdown_becomes_html_and_nothing_else_does(text, html):
    assert inline(text) == html


@pytest.mark.parametrize("lang", NAMES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_has_three_questions_and_its_sources_without_a_sign_left_over(lesson, lang):
    assert set(LANGUAGES) == set(NAMES)
    home = (TEXTS / lang / lesson / "home.md").read_text(encoding="utf-8")
    asked = questions(home)
    assert len(asked) == 3
    assert "http" in sources(home)
    told = " ".join([*asked, sources(home)]).split()
    assert told == re.sub(r"^(\d\.|\*\*[^*]+\*\*) ", "", home, flags=re.MULTILINE).split()  # every word
    shown = " ".join(inline(part) for part in [*asked, sources(home)])
    assert [sign for sign in ("$", "\\", "**", "](", "{") if sign in shown] == []


def test_a_drawing_shows_each_block_its_shortcut_and_what_lines_mean():
    node = {"stage": "1", "label": "stage 1, block 1", "text": "<40 weights>", "colour": "#112233"}
    nodes = [
        node | {"id": f"stages.0.{n}", "shortcut": kind} for n, kind in enumerate(["identity", "cut", "", "identity"])
    ]
    legend = {"title": "weights", "low": "0", "high": "40", "colours": ["#000", "#fff"]}
    drawn = strip({"nodes": nodes, "legend": legend, "words": {"identity": "as it is", "cut": "cut"}})
    assert drawn.count("<rect") == 4
    assert drawn.count("<path") == 3
    assert ">1.4</text>" in drawn
    assert "&lt;40 weights&gt;" in drawn
    assert "as it is" in drawn
