"""The trained networks that come with the app, on a page: which one, and what its word is worth."""

import streamlit as st

from resnet_core import Card, shipped_networks
from ui import figure, link
from ui.charts.labels import network_label, percent
from ui.sources import Source
from ui.text import say


def choose() -> Source:
    """Ask for a network."""
    names = {name: _name(card) for name, card in shipped_networks().items()}
    name = link.choose(st.selectbox, say("Which one"), names, next(iter(names)), "shipped")
    return Source(names[name], shipped=name)


def first() -> Source:
    """The network that is offered first.

    Raises:
        StopIteration: no network comes with the app.
    """
    name, card = next(iter(shipped_networks().items()))
    return Source(_name(card), shipped=name)


def explain_scores(name: str) -> None:
    """Say what it learned from, how often it is right, and when it was made."""
    card = shipped_networks()[name]
    test = card.tests[0]
    low, high = test.interval()
    words = say(
        "Recorded {date}: {epochs:.0f} epochs of {pictures}. It names {right} of {count:,} test pictures of {size} "
        "pixels rightly (95% interval: {low} to {high}). Whatever a picture shows, it gets one of {classes} names."
    )
    figure.note(
        words.format(
            date=card.recorded.date,
            epochs=card.epochs,
            pictures=_pictures(card),
            right=percent(1 - test.error),
            count=test.images,
            size=test.size,
            low=percent(1 - high),
            high=percent(1 - low),
            classes=card.spec.networks[0].classes,
        )
    )


def _name(card: Card) -> str:
    return f"{network_label(card.spec.networks[0], say)} · {_pictures(card)}"


def _pictures(card: Card) -> str:
    return say("photographs of 42 things") if card.corpus == "photos64" else say("CIFAR-10 as JPEG")
