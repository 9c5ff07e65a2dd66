"""Terms carry their definitions where a text first uses them, and nowhere else."""

import re

import pytest

from ui.glossary import TEXTS, defined, terms


def marked(text, lang="en"):
    return re.findall(r'<span class="term" tabindex="0" title="[^"]+">([^<]+)</span>', defined(text, lang))


def test_the_first_use_of_a_term_carries_its_definition():
    assert marked("A stage has blocks. Another stage follows; strides of 2 open stages.") == ["stage", "strides"]
    assert terms("en")["stage"] in defined("Each stage halves it.", "en")


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
    assert defined(text, "en") == text


def test_the_longest_term_counts():
    assert marked("The training error of a plain network.") == ["training error", "plain network"]
    assert marked("훈련 오류는 특징 맵과 다릅니다.", "ko") == ["훈련 오류", "특징 맵"]


def test_a_quote_in_a_definition_does_not_end_the_attribute(monkeypatch):
    monkeypatch.setitem(terms("en"), "zebra", 'said "so" <b>')
    assert 'title="said &quot;so&quot; &lt;b&gt;"' in defined("One zebra.", "en")


def test_both_languages_define_as_much():
    assert len(terms("en")) == len(terms("ko")) >= 30
    assert all(words.endswith(".") for lang in ("en", "ko") for words in terms(lang).values())


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_without_the_marks_every_text_is_what_was_written(lang):
    for path in sorted((TEXTS / lang).glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        assert re.sub(r'<span class="term"[^>]*>|</span>', "", defined(text, lang)) == text
