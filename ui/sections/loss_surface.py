"""The loss around a trained network: a slice, a line and the path of the optimiser."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from resnet_core import ResNetConfig, cifar, plain_twin
from resnet_core.questions.surface import LossSurfaceQuestion, Plane
from resnet_core.records.surface import LossSurface
from ui import figure, link
from ui.charts.surface import lines_alt, surface_alt, surface_lines, surface_map, surface_relief, surface_table
from ui.charts.verdicts.surface import lines_verdict, path_verdict, surface_verdict
from ui.controls import SEEDS
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

DEPTHS = (8, 14, 20, 26, 32, 44, 56)
STEPS = (50, 150, 300, 600)
USUAL = LossSurfaceQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("How does the loss grow around a trained network?"))
    show("surface/slice")
    question, view = _asked()
    inquire("surface", "loss-surface", question, partial(_show, question.networks, view))
    show("surface/caution")
    show_experiments({"loss-surface": question})


def _asked() -> tuple[LossSurfaceQuestion, str]:
    """The question, and how to draw its answer."""
    kinds = {"skip": say("Plain and residual"), "norm": say("With and without BatchNorm")}
    planes: dict[Plane, str] = {"random": say("Random directions"), "path": say("The optimiser's path")}
    views = {"map": say("Map"), "relief": say("Relief (3-D)")}
    one, two = st.columns(2, gap="large")
    with one:
        kind = link.choose(st.segmented_control, say("Compare"), kinds, "skip", "surface_compare")
        plane = link.choose(st.segmented_control, say("Plane through"), planes, USUAL.plane, "surface_plane")
        view = link.choose(st.segmented_control, say("View"), views, "map", "surface_view")
    with two:
        depth = link.step(say("Depth (layers)"), DEPTHS, USUAL.networks[0].layers, "surface_depth")
        points = link.step(say("Points per side"), USUAL.SIDES, USUAL.points, "surface_points")
        steps = link.step(say("Training steps"), STEPS, USUAL.training.steps, "surface_steps")
        seed = link.whole_number(say("Seed of the directions"), SEEDS, USUAL.seed, "surface_seed")
    training = replace(USUAL.training, steps=steps)
    question = LossSurfaceQuestion(
        networks=_networks(kind, depth), training=training, plane=plane, points=points, seed=seed
    )
    if (times := _work(question) / _work(USUAL)) >= 1.5:
        st.caption(say("This takes about {times:.1f} times as long as the default setting.").format(times=times))
    return question, view


def _networks(kind: str, depth: int) -> tuple[ResNetConfig, ...]:
    usual = USUAL.networks[1]
    residual = cifar(depth, width=usual.stem_width, in_channels=1, init=usual.init)
    if kind == "skip":
        return plain_twin(residual), residual
    return cifar(depth, width=usual.stem_width, in_channels=1, init=usual.init, norm="none"), residual


def _work(question: LossSurfaceQuestion) -> float:
    """Passes through a layer, in units of measuring one loss; a step of training is worth one and a half."""
    losses = question.points**2 + question.lines * 25 + 1.5 * question.training.steps
    return losses * sum(config.layers for config in question.networks)


def _show(networks: tuple[ResNetConfig, ...], view: str, record: LossSurface) -> None:
    figures(networks, view, record)
    figure.note(path_verdict(networks, record, say))
    if np.isnan(record.line_loss).all():
        return
    st.header(say("Along lines"))
    show("surface/lines")
    figure.draw(
        partial(surface_lines, networks, record, say),
        key="surface_lines",
        alt=lines_alt(networks, record, say),
        sentence=lines_verdict(networks, record, say),
    )


def figures(networks: tuple[ResNetConfig, ...], view: str, record: LossSurface) -> None:
    """Draw the plane of every network that is trained, as a "map" or in "relief", and what they say."""
    drawn = surface_map if view == "map" else surface_relief
    known = [index for index in range(len(networks)) if not np.isnan(record.centre[index])]
    if not known:
        st.caption(say("The pictures come as soon as the first network is trained."))
        return
    columns = st.columns(len(networks))
    for index in known:
        with columns[index]:
            figure.draw(
                partial(drawn, networks[index], record, index, say),
                key=f"surface_{view}_{index}",
                alt=surface_alt(networks[index], record, index, say),
            )
    figure.tell(surface_verdict(networks, record, say), surface_table(networks, record, say))
