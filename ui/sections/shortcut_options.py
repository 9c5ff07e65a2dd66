"""Options A, B and C: which blocks project, what that costs, and whether the error notices"""

from functools import partial

import streamlit as st

from resnet_core import cifar, preset
from resnet_core.catalogue import experiment
from resnet_core.questions.shortcuts import ShortcutCountsQuestion, ShortcutOptionsQuestion
from resnet_core.records.shortcuts import ShortcutRace
from ui import figure, link, measure
from ui.charts.shortcut_options import option_alt, option_entries, option_map, option_table
from ui.charts.shortcut_races import curves_alt, error_dots, loss_curves, race_alt, race_table
from ui.charts.verdicts.shortcut_options import counts_verdict, options_verdict
from ui.inquiry import inquire
from ui.source import show_source
from ui.text import say, show

NETWORKS = ("cifar-resnet20", "cifar-resnet56", "cifar-resnet110", "resnet18", "resnet34", "resnet50-v1")
TITLES = {  # read alike in every language
    "cifar-resnet20": "ResNet-20",
    "cifar-resnet56": "ResNet-56",
    "cifar-resnet110": "ResNet-110",
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50-v1": "ResNet-50",
}
DEPTHS = (8, 14, 20, 32)


def draw() -> None:
    """Draw the part."""
    st.subheader(say("Which blocks project?"))
    show("shortcuts/options")
    chosen = link.choose(st.segmented_control, say("Network"), TITLES, NETWORKS[0], "options_net")
    small = chosen.startswith("cifar")
    counts = measure.short("shortcut-counts", ShortcutCountsQuestion(network=preset(chosen), size=32 if small else 224))
    figure.draw(
        partial(option_map, counts, say),
        key="option_map",
        alt=option_alt(counts, say),
        sentence=counts_verdict(counts, say),
        table=option_table(counts, say),
    )

    st.subheader(say("Does the error notice?"))
    show("shortcuts/race")
    inquire("shortcut_options", "shortcut-options", _question(), _show_race)
    show_source(experiment("shortcut-counts").function, experiment("shortcut-options").function)


def _question() -> ShortcutOptionsQuestion:
    usual = ShortcutOptionsQuestion()
    one, two = st.columns(2)
    with one:
        depth = link.step(say("Depth (layers)"), DEPTHS, usual.network.layers, "options_depth")
    with two:
        seeds = link.step(say("Number of seeds"), (1, 2, 3, 4, 5), usual.seeds, "options_seeds")
    width = usual.network.stem_width
    return ShortcutOptionsQuestion(network=cifar(depth, width=width, in_channels=1), seeds=seeds)


def _show_race(race: ShortcutRace) -> None:
    entries = option_entries(race, say)
    if race.begun:
        figure.draw(
            partial(error_dots, race, entries, say),
            key="option_errors",
            alt=race_alt(race, entries, say),
            sentence=options_verdict(race, say),
            table=race_table(race, entries, say),
        )
    rows = list(range(len(entries)))
    figure.draw(
        partial(loss_curves, race, rows, entries, say), key="option_losses", alt=curves_alt(race, rows, entries, say)
    )
