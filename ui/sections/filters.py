"""What a network's layers look for: kernels, and the crops that excite their units"""

from dataclasses import replace
from functools import partial

import streamlit as st

from resnet_core import cifar, plain_twin
from resnet_core.questions.pictures import RECIPE, SMALL, FiltersQuestion
from resnet_core.records.inside import FilterReport
from ui import controls, figure, link
from ui.charts.filters import crop_tiles, crops_alt, kernel_tiles, kernels_alt, purity_alt, purity_lines, purity_table
from ui.charts.verdicts.filters import purity_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

STAGES = len(SMALL.depths)


def draw() -> None:
    """Draw the part."""
    st.header(say("What do the units look for?"))
    show("maps/filters")
    question = _question()
    inquire("filters", "filters", question, partial(_show, layer=_layer()))
    show_experiments({"filters": question})


def _question() -> FiltersQuestion:
    one, two, three = st.columns([2, 3, 2], vertical_alignment="center")
    with one:
        skip = controls.skip("filters_skip")
    with two:
        depth = link.step(say("Depth (layers)"), (8, 14, 20), SMALL.layers, "filters_depth")
    with three:
        seed = link.whole_number(say("Seed"), controls.SEEDS, RECIPE.seed, "filters_seed")
    network = cifar(depth, width=SMALL.stem_width, in_channels=SMALL.in_channels)
    return FiltersQuestion(network=network if skip else plain_twin(network), training=replace(RECIPE, seed=seed))


def _layer() -> int:
    """Which of the report's layers: the stem, or the last block of a stage."""
    words = say("End of stage {number}")
    names = {"0": say("Stem")} | {str(stage): words.format(number=stage) for stage in range(1, STAGES + 1)}
    return int(link.choose(st.segmented_control, say("Layer"), names, "1", "filters_layer"))


def _show(report: FilterReport, layer: int) -> None:
    chosen = report.layers[layer]
    left, right = st.columns(2, gap="large")
    with left:
        words = say("The kernels of its last convolution")
        st.markdown(f"##### {words}")
        figure.draw(partial(kernel_tiles, chosen, say), key="filters_kernels", alt=kernels_alt(chosen, say))
        figure.note(_size_words(chosen.convolution != "stem.conv"))
    with right:
        words = say("The crops that excite its units most")
        st.markdown(f"##### {words}")
        figure.draw(partial(crop_tiles, report, chosen, say), key="filters_crops", alt=crops_alt(report, chosen, say))
        words = say(
            "Each crop is what the unit could see: {side} by {side} pixels, at the strongest place of a picture."
        )
        figure.note(words.format(side=chosen.field))
    words = say("Does a unit answer to one kind of thing?")
    st.markdown(f"##### {words}")
    figure.draw(
        partial(purity_lines, report, say),
        key="filters_purity",
        alt=purity_alt(report, say),
        sentence=purity_verdict(report, say),
        table=purity_table(report, say),
    )
    words = say("Searched: {images} test pictures of clothes, of which the network names {share:.0%} rightly.")
    figure.note(words.format(images=report.images, share=report.accuracy))


def _size_words(deep: bool) -> str:
    if deep:
        return say("Rows are output channels, columns input channels; the first eight of each.")
    return say("One kernel for each output channel.")
