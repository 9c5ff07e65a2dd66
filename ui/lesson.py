"""A lesson in cards: predict, run and see, why, what is disputed, what to take home. Nothing moves until Continue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui import inquiries, link, sheet
from ui.inquiry import inquire
from ui.places import next_lesson, page_link
from ui.text import language, say, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One question of one page. Its texts are question, why, disputed and home in assets/text/<language>/<name>/."""

    name: str  # of the page, and of the folder of its texts
    options: Mapping[str, str]  # what can be predicted: a word for the link, and how the visitor reads it
    judge: Callable[[Any], str]  # the option that a record bears out; "" where it decides nothing
    figures: Callable[[Any], None]  # draws a record
    experiment: str = ""  # of the catalogue
    question: object = None  # what the experiment is asked
    measure: Callable[[], Any] | None = None  # gives the record at once, where no experiment is needed
    numbers: Mapping[str, object] = field(default_factory=dict[str, object])  # that its question is filled in with


def draw(lesson: Lesson) -> None:
    """Draw the card that the visitor is at."""
    cards = {
        "predict": (say("Predict"), _predict),
        "run": (say("Run and see"), _run),
        "why": (say("Why"), _text("why")),
        "disputed": (say("What is disputed"), _text("disputed")),
        "home": (say("To take home"), _text("home")),
    }
    key = f"{lesson.name}_card"
    names = {card: f"{number} {name}" for number, (card, (name, _)) in enumerate(cards.items(), start=1)}
    here = link.choose(st.segmented_control, say("Card"), names, "predict", key, leads=True)
    said = st.session_state.get(_prediction(lesson)) or ""
    sheet.current().predicted = lesson.options.get(said, "")
    order = list(cards)
    place = order.index(here)
    if place > order.index("run"):
        sheet.recall(_seen(lesson))
    cards[here][1](lesson)
    with st.container(horizontal=True, vertical_alignment="center"):
        if place:
            with st.container(key="card_back", width="content"):
                _turn(key, order[place - 1], say("Back"), ":material/arrow_back:", "secondary")
        if place + 1 < len(order):
            with st.container(key="card_next", width="content"):
                _turn(key, order[place + 1], say("Continue"), ":material/arrow_forward:", "primary")
        elif after := next_lesson(lesson.name):
            page_link(after, say("Next lesson"))


def _turn(key: str, card: str, label: str, icon: str, kind: Any) -> None:  # noqa: ANN401 - one of Streamlit's words
    st.button(label, key=f"{key}_{card}", icon=icon, type=kind, on_click=_go, args=(key, card))


def _go(key: str, card: str) -> None:
    st.session_state[key] = card


def _text(name: str) -> Callable[[Lesson], None]:
    def card(lesson: Lesson) -> None:
        show(f"{lesson.name}/{name}")

    return card


def _predict(lesson: Lesson) -> None:
    show(f"{lesson.name}/question", **lesson.numbers)
    options = lesson.options
    st.radio(
        say("Before you look: what do you think?"),
        tuple(options),
        index=None,
        format_func=options.__getitem__,
        key=_prediction(lesson),
        persist_state="session",
    )


def _run(lesson: Lesson) -> None:
    with sheet.lasting(_seen(lesson)):
        _see(lesson)


def _see(lesson: Lesson) -> None:
    if lesson.measure is not None:
        record = lesson.measure()
        lesson.figures(record)
        _compare(lesson, record)
        return

    def figures(record: object) -> None:
        lesson.figures(record)
        asked = inquiries.find(lesson.experiment, lesson.question)
        if asked is None or asked.ended:  # half an answer bears nothing out
            _compare(lesson, record)

    inquire(f"lesson_{lesson.name}", lesson.experiment, lesson.question, figures)


def _compare(lesson: Lesson, record: object) -> None:
    """What was predicted beside what these very numbers bear out."""
    said, found = st.session_state.get(_prediction(lesson)), lesson.judge(record)
    if not found:
        words = say("These numbers decide nothing. The sentence under the figure says what they show.")
        _tell(st.info, words, ":material/balance:")
    elif said is None:
        words = say("These numbers say: {found}")
        _tell(st.info, words.format(found=lesson.options[found]), ":material/lightbulb:")
    elif said == found:
        words = say("You said: {said} These numbers say so too.")
        _tell(st.success, words.format(said=lesson.options[said]), ":material/check:")
    else:
        words = say("You said: {said} These numbers say: {found}")
        _tell(st.info, words.format(said=lesson.options[said], found=lesson.options[found]), ":material/lightbulb:")


def _tell(box: Callable[..., object], words: str, icon: str) -> None:
    sheet.add(sheet.Judged(words))
    box(words, icon=icon)


def _seen(lesson: Lesson) -> str:
    return f"{lesson.name} {language()}"


def _prediction(lesson: Lesson) -> str:
    return f"{lesson.name}_predicted"
