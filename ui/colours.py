"""What a drawing is coloured by: what is counted at once, or what one batch shows before the first step."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from resnet_core import (
    CostReport,
    DataConfig,
    ResNetConfig,
    TrainConfig,
    cost_report,
    gradient_flow,
    plain_twin,
)
from resnet_core.questions.responses import SignalsQuestion
from ui import cache, charts, controls, figure, link, measure
from ui.charts import shades, signals
from ui.charts.network_plan import Shade
from ui.charts.verdicts.signals import deviation_verdict, ratio_verdict
from ui.questions import BATCH, GradientQuestion
from ui.source import show_experiments, show_source
from ui.text import say

Counted = Literal["macs", "parameters", "activation_bytes"]
Colour = Literal["macs", "parameters", "activation_bytes", "gradient", "deviation", "ratio"]


class Limit(NamedTuple):
    """The largest network of which something is measured while somebody waits: about 5 seconds of one core."""

    parameters: int
    layers: int
    macs: int  # for one picture


BACKWARD = Limit(30_000_000, 200, 500_000_000)
FORWARD = Limit(70_000_000, 200, 2_000_000_000)  # neither gradients nor what a backward pass needs are kept


class Coloured(NamedTuple):
    """A colour for every block, and what goes below the drawing."""

    shade: Shade
    sentence: str
    table: list[dict[str, object]]
    show_code: Callable[[], None]


def choose(network: ResNetConfig, data: DataConfig, place: DeltaGenerator) -> tuple[Colour, int]:
    """Ask for a colour, and for a seed where it is measured.

    Args:
        network: as it reads these pictures. What would take too long is not offered, and the page says so.
        data: the pictures on which it is measured.
        place: of the seed.
    """
    names: dict[Colour, str] = {
        "macs": say("Multiplications"),
        "parameters": say("Parameters"),
        "activation_bytes": say("Values handed on"),
    }
    if _within(network, data.size, BACKWARD):
        names["gradient"] = say("Gradient")
    if _within(network, data.size, FORWARD):
        names["deviation"] = say("Signal (std)")
        if not network.is_plain:
            names["ratio"] = say("‖F(x)‖ / ‖x‖")
    colour = link.choose(st.segmented_control, say("Colour by"), names, "macs", "colour")
    if missing := _missing(network, data.size):
        figure.note(missing)
    if colour in ("gradient", "deviation", "ratio"):
        with place:
            return colour, controls.seed()
    return colour, 0


def of(
    colour: Colour, config: ResNetConfig, costs: CostReport, network: ResNetConfig, data: DataConfig, seed: int
) -> Coloured:
    """The colours of a network's blocks, and what they say. Waits for what is measured.

    Args:
        config: what is drawn, and what it `costs`.
        network: what is measured on `data`.
    """
    if colour == "gradient":
        return _gradient(network, data, seed)
    if colour in ("deviation", "ratio"):
        return _signals(colour, network, data, seed)
    table = charts.cost_table(costs, say)
    shade = shades.cost_shade(costs, colour, say)
    return Coloured(shade, charts.stage_verdict(costs, colour, say), table, lambda: show_source(cost_report))


def tell(colour: Colour, coloured: Coloured, data: DataConfig, seed: int, *, gray: bool = False) -> None:
    """The result, on which pictures it was measured, the numbers, and the code.

    `gray` says that the network was measured with one input channel, unlike the one that is drawn.
    """
    figure.tell(coloured.sentence, coloured.table)
    if colour in ("gradient", "deviation", "ratio"):
        words = say(
            "Measured before the first step, on one batch of {batch} pictures of {name}, {size} pixels wide, with "
            "seed {seed}."
        )
        name = charts.data_name(data.name, say)
        note = words.format(batch=BATCH, name=name, size=data.size, seed=seed)
        figure.note(" ".join([note, say("They are gray, so its stem reads one channel there.")]) if gray else note)
    coloured.show_code()


def _gradient(network: ResNetConfig, data: DataConfig, seed: int) -> Coloured:
    question = GradientQuestion(network, data, TrainConfig(batch=BATCH, seed=seed), 1, 0)
    reports = measure.gradients((plain_twin(network), network), question).reports()
    shade = shades.gradient_shade(reports[network], say)
    sentence, table = charts.gradient_verdict(reports, say), charts.gradient_table(reports, say)
    return Coloured(shade, sentence, table, lambda: show_source(gradient_flow))


def _signals(colour: Literal["deviation", "ratio"], network: ResNetConfig, data: DataConfig, seed: int) -> Coloured:
    networks = tuple(dict.fromkeys((plain_twin(network), network)))
    question = SignalsQuestion(networks=networks, data=data, training=TrainConfig(batch=BATCH, seed=seed))
    found = dict(zip(networks, measure.short("signals", question).networks, strict=True))
    mine = found[network]
    ratio = colour == "ratio"
    shade = shades.ratio_shade(mine, say) if ratio else shades.deviation_shade(mine, say)
    sentence = ratio_verdict(network, mine, say) if ratio else deviation_verdict(found, say)
    return Coloured(shade, sentence, signals.signals_table(found, say), lambda: show_experiments({"signals": question}))


def _within(network: ResNetConfig, size: int, limit: Limit) -> bool:
    if network.layers > limit.layers:
        return False  # and not even counted
    costs = cache.cost_report(network, size)
    return costs.parameters <= limit.parameters and costs.macs <= limit.macs


def _missing(network: ResNetConfig, size: int) -> str:
    """Why a colour is not offered."""
    sentences = []
    limits = {
        BACKWARD: say(
            "The gradient is measured for networks of up to {parameters} million parameters, {layers} layers and "
            "{macs} million multiplications; a pass through this one would take too long."
        ),
        FORWARD: say(
            "The signal is measured for networks of up to {parameters} million parameters, {layers} layers and "
            "{macs} million multiplications; a pass through this one would take too long."
        ),
    }
    for limit, words in limits.items():
        if not _within(network, size, limit):
            values = {"parameters": limit.parameters // 10**6, "macs": limit.macs // 10**6}
            sentences.append(words.format(**values, layers=limit.layers))
    if network.is_plain:
        sentences.append(say("A plain network has no x beside F(x), so their sizes cannot be compared."))
    return " ".join(sentences)
