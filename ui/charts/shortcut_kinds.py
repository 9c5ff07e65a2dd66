"""Charts of what stands on the shortcut of every block: error, and how much of x comes through."""

import math

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.shortcuts import ShortcutKinds
from ui.charts import theme
from ui.charts.labels import Say, plain_number
from ui.charts.roles import ON_SHORTCUT
from ui.charts.shortcut_races import Entry, error_dots, race_table

_FORMULAS = {  # in one piece, also where room is scarce
    "identity": "x\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}F",
    "half": "½x\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}F",
    "half-both": "½x\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}½F",
    "exclusive": "(1−g)x\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}gF",
    "gated": "(1−g)x\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}F",
    "conv": "1×1(x)\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}F",
    "dropout": "drop(x)\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}F",
    "plain": "F",
}


def kind_formula(kind: str) -> str:
    """What the block computes, as it is written beside its dots."""
    return _FORMULAS[kind]


def kind_words(kind: str, say: Say = str) -> str:
    """What the paper calls it."""
    return {
        "identity": say("identity"),
        "half": say("constant scaling"),
        "half-both": say("constant scaling of both"),
        "exclusive": say("exclusive gate"),
        "gated": say("shortcut-only gate"),
        "conv": say("1×1 convolution"),
        "dropout": say("dropout"),
        "plain": say("no shortcut"),
    }[kind]


def kind_entries(record: ShortcutKinds, say: Say = str) -> list[Entry]:
    """The networks: identity blue, others light blue, plain vermilion. Formulas are names, words explain them."""
    colours = {"identity": theme.RESIDUAL, "plain": theme.PLAIN}
    return [
        Entry(kind_formula(kind), kind_words(kind, say), colours.get(kind, ON_SHORTCUT)) for kind in record.race.names
    ]


def kind_dots(record: ShortcutKinds, say: Say = str) -> go.Figure:
    """Test error of every kind; below each formula what its shortcuts carry through all blocks after training."""
    entries = kind_entries(record, say)
    named = [
        entry._replace(name=f"<b>{entry.name}</b><br>{_carried_words(record, row, say)}")
        for row, entry in enumerate(entries)
    ]
    return error_dots(record.race, named, say)


def kind_table(record: ShortcutKinds, say: Say = str) -> list[dict[str, object]]:
    """The race's table with each formula, and what the shortcuts carry before and after training."""
    rows = race_table(record.race, kind_entries(record, say), say)
    return [
        {
            say("Sum"): kind_formula(kind),
            **cells,
            say("Carried at the start"): plain_number(carried(record, row, 0)),
            say("Carried at the end"): plain_number(carried(record, row, 1)),
        }
        for row, (kind, cells) in enumerate(zip(record.race.names, rows, strict=True))
    ]


def carried(record: ShortcutKinds, row: int, when: int) -> float:
    """The median over the seeds of what a network's shortcuts carry; NaN where that is not known or no factor."""
    there = record.carried[row, :, when]
    there = there[np.isfinite(there)]
    return float(np.median(there)) if there.size else math.nan


def _carried_words(record: ShortcutKinds, row: int, say: Say) -> str:
    factor = carried(record, row, 1)
    if math.isfinite(factor):
        return say("carries {factor}").format(factor=plain_number(factor))
    return say("no factor") if record.race.names[row] == "conv" else "…"
