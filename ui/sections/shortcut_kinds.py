"""Scaled, gated, dropped and convolved shortcuts beside the identity"""

from functools import partial

import streamlit as st

from resnet_core import ExclusiveBlock, GatedBlock, HalfBlock, cifar
from resnet_core.questions.shortcuts import ShortcutKindsQuestion
from resnet_core.records.shortcuts import ShortcutKinds
from ui import figure, link
from ui.charts.shortcut_kinds import kind_dots, kind_entries, kind_table, kind_words
from ui.charts.shortcut_races import curves_alt, loss_curves, race_alt
from ui.charts.verdicts.shortcut_kinds import kinds_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 20, 32, 44)
BIASES = (-6, -3, -1, 0)


def draw() -> None:
    """Draw the part."""
    st.header(say("What may stand on a shortcut?"))
    show("shortcuts/kinds")
    usual = ShortcutKindsQuestion()
    one, two, three = st.columns(3)
    with one:
        depth = link.step(say("Depth (layers)"), DEPTHS, usual.network.layers, "kinds_depth")
    with two:
        words = say("With 0 every gate begins half open, with −6 the shortcut's side is almost fully open.")
        bias = link.step(say("First bias of the gates"), BIASES, usual.gate_bias, "kinds_bias", words)
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3), usual.seeds, "kinds_seeds")
    network = cifar(depth, width=usual.network.stem_width, in_channels=1)
    question = ShortcutKindsQuestion(network=network, gate_bias=bias, seeds=seeds)
    rivals = {kind: kind_words(kind, say) for kind in question.kinds if kind != "identity"}
    rival = link.choose(st.selectbox, say("Loss curve beside the identity's"), rivals, "half", "kinds_rival")
    inquire("shortcut_kinds", "shortcut-kinds", question, partial(figures, rival=rival))
    show("shortcuts/kinds_paper")
    show_experiments({"shortcut-kinds": question}, HalfBlock, GatedBlock, ExclusiveBlock)


def figures(record: ShortcutKinds, rival: str = "conv") -> None:
    """Draw the errors of all kinds, what follows from them, and the loss of one kind beside the identity's."""
    entries = kind_entries(record, say)
    if record.race.begun:
        figure.draw(
            partial(kind_dots, record, say),
            key="kind_errors",
            alt=race_alt(record.race, entries, say),
            sentence=kinds_verdict(record, say),
            table=kind_table(record, say),
        )
    rows = [record.race.names.index(kind) for kind in ("identity", rival)]
    figure.draw(
        partial(loss_curves, record.race, rows, entries, say),
        key="kind_losses",
        alt=curves_alt(record.race, rows, entries, say),
    )
