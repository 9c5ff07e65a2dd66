"""Terms carry their definitions where a page first uses them, and nowhere else."""

import re

import pytest

from ui.glossary import TEXTS, defined, terms


def marked(text, lang="en"):
    return re.findall(r'<span class="term" tabindex="0" title="[^"]+">([^<]+)</span>', defined(text, lang).text)


def told(app):
    """The definitions on the page, in its order."""
    return re.findall(r'class="term" tabindex="0" title="([^"]+)"', " ".join(text.value for text in app.main.markdown))


def test_the_first_use_of_a_term_carries_its_definition():
    assert marked("A stage has blocks. Another stage follows; strides of 2 open stages.") == ["stage", "strides"]
    assert terms("en")["stage"] in defined("Each stage halves it.", "en").text


@pytest.mark.parametrize(
    "text",
    [
        "$gradient$",
        "$$\\text{stage}$$",
        "`seed`",
        "[a residual](https://x.org/stage)",
        "**Gradient flow**",
        "# The stem",
        "backstage",
    ],
)
def test_formulas_code_links_titles_and_parts_of_words_stay_as_they_are(text):
    assert defined(text, "en") == (text, frozenset())


def test_the_longest_term_counts():
    assert marked("The training error of a plain network.") == ["training error", "plain network"]
    assert marked("훈련 오류는 특징 맵과 다릅니다.", "ko") == ["훈련 오류", "특징 맵"]


def test_a_term_inside_a_longer_one_is_not_meant_also_where_the_longer_one_is_known():
    assert marked("배치 정규화는 배치 정규화입니다. 배치도 있습니다.", "ko") == ["배치 정규화", "배치"]
    again = defined("배치 정규화입니다.", "ko", frozenset({"BatchNorm, 배치 정규화"}))
    assert again == ("배치 정규화입니다.", frozenset())


def test_other_words_for_a_term_count_as_the_term():
    assert marked("A skip connection is a shortcut.") == ["skip connection"]
    assert defined("합성곱", "ko").terms == {"합성곱, 컨볼루션"} == defined("컨볼루션", "ko").terms


def test_what_a_page_has_defined_is_not_defined_again():
    first = defined("A stage has blocks.", "en")
    assert first.terms == {"stage"}
    assert defined("The stage, the stem.", "en", first.terms).terms == {"stem"}


@pytest.mark.parametrize(("page", "card"), [("shortcuts", "predict"), ("shortcuts", "why"), ("gradients", "disputed")])
def test_a_page_defines_each_term_once_and_marks_the_same_again_when_it_is_drawn_again(open_app, page, card):
    app = open_app(page, **{f"{page}_card": card})
    first = told(app)
    assert first
    assert len(first) == len(set(first))
    assert told(app.run()) == first


def test_a_quote_in_a_definition_does_not_end_the_attribute(monkeypatch):
    monkeypatch.setitem(terms("en"), "zebra", 'said "so" <b>')
    assert 'title="said &quot;so&quot; &lt;b&gt;"' in defined("One zebra.", "en").text


def test_both_languages_define_as_much():
    assert len(terms("en")) == len(terms("ko")) >= 30
    assert all(words.endswith(".") for lang in ("en", "ko") for words in terms(lang).values())


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_without_the_marks_every_text_is_what_was_written(lang):
    for path in sorted((TEXTS / lang).glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        assert re.sub(r'<span class="term"[^>]*>|</span>', "", defined(text, lang).text) == text
