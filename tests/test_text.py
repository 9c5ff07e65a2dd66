"""Every word that a visitor reads exists in every language, and says the same things."""

import gettext
import re
import string
from typing import get_args

import pytest

from assets.text import build
from resnet_core.engine import sentences, worker
from resnet_core.errors import DataError, Sentence
from resnet_core.records import RunState
from resnet_core.signatures import ALLOWED, looks_like
from ui import text

LANGUAGES = ("en", *build.TRANSLATIONS)
HANGUL = re.compile("[가-힣]")


def fields(text):
    """The {names} in a template, without their formats."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def texts(language):
    return {
        path.relative_to(build.TEXTS / language).as_posix(): path for path in (build.TEXTS / language).rglob("*.md")
    }


@pytest.fixture(scope="module")
def template():
    return {message.id for message in build.template() if message.id}


@pytest.fixture(scope="module", params=build.TRANSLATIONS)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def catalogue(language):
    return build.read(language)


def test_the_source_holds_texts_and_error_sentences(template):
    assert any("It must be one of" in message for message in template), "the errors of resnet_core are not collected"
    assert len(template) > 20


def test_the_source_holds_what_the_engine_says_when_a_run_ends(template):
    said = {text for module in (sentences, worker) for text in vars(module).values() if isinstance(text, Sentence)}
    assert {
        sentences.WORKER_DIED,
        sentences.CLUSTER_LOST,
        sentences.STARTED_OVER,
        sentences.GAP,
        worker.UNEXPECTED,
    } <= said
    assert said - template == set()


def test_the_source_holds_the_words_that_stand_inside_error_sentences(template):
    starts = (
        b"\x89PNG\r\n\x1a\n",
        b"%PDF",
        b"    ftypheic",
        b"    ftyp",
        b"RIFF    WEBP",
        b"<svg",
        b"<html",
        b"Dear",
        b"\0",
    )
    assert {looks_like(start) for start in starts} - template == set()
    assert {ALLOWED, *get_args(RunState)} - template == set()


def test_an_error_is_said_in_the_readers_language_with_the_words_and_errors_inside_it(monkeypatch):
    korean = {"a PDF document": "PDF 문서", "It is {kind}.": "{kind}입니다.", "{name}: {problem}": "{name} - {problem}"}
    monkeypatch.setattr(text, "say", lambda message: korean.get(message, message))
    inner = DataError("It is {kind}.", kind="a PDF document")
    assert text.explain(inner) == "PDF 문서입니다."
    assert text.explain(DataError("{name}: {problem}", name="a PDF document", problem=inner)) == (
        "a PDF document - PDF 문서입니다."  # a file's name is the visitor's word, whatever it says
    )
    assert text.fill("No {kind}.", {"kind": ""}) == "No ."  # "" is gettext's name for the catalogue's own header


def test_no_text_is_put_together_before_it_is_translated():
    """An f-string or a sum inside say() would be looked up with its values in it, and never be found."""
    broken = [
        f"{path.name}:{call.lineno}"
        for path in build.files()
        for call in build.spoken(path.read_text(encoding="utf-8"), {"say", *build.error_names()})
        if isinstance(call.args[0], build.ast.JoinedStr | build.ast.BinOp)
    ]
    assert broken == []


def test_every_text_is_translated(catalogue, template):
    translated = {message.id for message in catalogue if message.id and message.string}
    assert template - translated == set(), "make text lists them"


def test_the_catalogue_holds_nothing_that_is_no_longer_said(catalogue, template):
    assert {message.id for message in catalogue if message.id} - template == set()
    assert not catalogue.obsolete


def test_no_translation_is_a_guess(catalogue):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_a_translation_fills_in_the_same_fields(catalogue):
    assert {m.id: m.string for m in catalogue if m.id and m.string and fields(m.id) != fields(m.string)} == {}


def test_the_app_reads_what_the_translators_wrote(catalogue, language):
    with build.compiled_file(language).open("rb") as file:
        read = gettext.GNUTranslations(file)
    stale = {m.id: read.gettext(m.id) for m in catalogue if m.id and read.gettext(m.id) != (m.string or m.id)}
    assert stale == {}, "make text compiles the catalogue"


def test_every_lesson_text_exists_in_every_language(language):
    assert texts("en").keys() == texts(language).keys()
    assert texts("en")


def test_lesson_texts_fill_in_the_same_fields_and_are_not_empty(language):
    for name, path in texts("en").items():
        english, other = path.read_text(encoding="utf-8"), texts(language)[name].read_text(encoding="utf-8")
        assert fields_of(english) == fields_of(other), name
        assert english.strip(), name
        assert other.strip(), name


def fields_of(markdown):
    return sorted(re.findall(r"{(\w+)[^}]*}", markdown))


def test_korean_lesson_texts_are_in_korean_and_english_ones_are_not():
    assert [name for name, path in texts("en").items() if HANGUL.search(path.read_text(encoding="utf-8"))] == []
    assert [name for name, path in texts("ko").items() if not HANGUL.search(path.read_text(encoding="utf-8"))] == []
