"""Options A, B and C: which blocks project, what that costs, and whether the error notices"""

from functools import partial

import streamlit as st

from resnet_core import cifar, preset
from resnet_core.questions.shortcuts import ShortcutCountsQuestion, ShortcutOptionsQuestion
from resnet_core.records.shortcuts import ShortcutRace
from ui import figure, link, measure, take_home
from ui.charts.shortcut_options import option_alt, option_entries, option_map, option_table
from ui.charts.shortcut_races import curves_alt, error_dots, loss_curves, race_alt, race_table
from ui.charts.verdicts.shortcut_options import counts_verdict, options_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
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
    st.header(say("Which blocks project?"))
    show("shortcuts/options")
    chosen = link.choose(st.segmented_control, say("Network"), TITLES, NETWORKS[0], "options_net")
    small = chosen.startswith("cifar")
    counted = ShortcutCountsQuestion(network=preset(chosen), size=32 if small else 224)
    counts = measure.short("shortcut-counts", counted)
    figure.draw(
        partial(option_map, counts, say),
        key="option_map",
        alt=option_alt(counts, say),
        sentence=counts_verdict(counts, say),
        table=option_table(counts, say),
    )
    take_home.offer("shortcut_counts", "shortcut-counts", counted)

    st.header(say("Does the error notice?"))
    show("shortcuts/race")
    asked = _question()
    inquire("shortcut_options", "shortcut-options", asked, _show_race)
    show_experiments({"shortcut-counts": counted, "shortcut-options": asked})


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
