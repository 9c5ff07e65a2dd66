"""Basic and bottleneck blocks: where the cost goes, and a contest at equal cost."""

from functools import partial

import streamlit as st

from resnet_core import TrainConfig
from resnet_core.questions.blocks import BlockCostsQuestion, BlockKindsQuestion
from resnet_core.records.block_kinds import BlockCostReport
from resnet_core.records.contests import Contest
from ui import figure, link, measure, take_home
from ui.charts.block_kinds import block_alt, block_bars, block_table, network_alt, network_bars, network_table
from ui.charts.contests import contest_alt, contest_curves, contest_table
from ui.charts.verdicts.block_kinds import block_verdict, network_verdict
from ui.charts.verdicts.contests import contest_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

USUAL = BlockKindsQuestion()


def draw() -> None:
    """Draw the part."""
    st.header(say("Where does a block's cost go?"))
    show("blocks/costs")
    counted = _block_to_count()
    _draw_costs(measure.short("block-costs", counted))
    take_home.offer("block_costs", "block-costs", counted)

    st.header(say("Which learns better at equal cost?"))
    show("blocks/contest")
    asked = _contest()
    inquire("block_kinds", "block-kinds", asked, figures)
    show_experiments({"block-costs": counted, "block-kinds": asked})


def _block_to_count() -> BlockCostsQuestion:
    one, two = st.columns([3, 2], vertical_alignment="center")
    with one:
        words = "{number} · conv{conv}_x"
        names = {str(number): words.format(number=number, conv=number + 1) for number in range(1, 5)}
        stage = link.choose(st.segmented_control, say("Stage"), names, "1", "block_kinds_stage")
    with two:
        first = link.ask(st.toggle, say("The block that opens the stage"), False, key="block_kinds_first")
    return BlockCostsQuestion(stage=int(stage), first=first)


def _draw_costs(report: BlockCostReport) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(say("One block of stage {stage}").format(stage=report.blocks[0].stage))
        figure.draw(
            partial(block_bars, report, say),
            key="block_kinds_block",
            alt=block_alt(report, say),
            sentence=block_verdict(report, say),
            table=block_table(report, say),
        )
    with right:
        st.markdown(say("The whole network, {size}×{size} pixels").format(size=report.size))
        figure.draw(
            partial(network_bars, report, say),
            key="block_kinds_networks",
            alt=network_alt(report, say),
            sentence=network_verdict(report, say),
            table=network_table(report, say),
        )


def _contest() -> BlockKindsQuestion:
    one, two, three = st.columns(3)
    with one:
        blocks = link.step(say("Blocks per stage"), (1, 2, 3), USUAL.blocks, "block_kinds_blocks")
    with two:
        steps = link.step(say("Steps"), (30, 90, 180, 360), USUAL.training.steps, "block_kinds_steps")
    with three:
        seeds = link.step(say("Number of seeds"), (1, 2, 3, 5), USUAL.seeds, "block_kinds_seeds")
    return BlockKindsQuestion(blocks=blocks, seeds=seeds, training=TrainConfig(steps=steps, batch=USUAL.training.batch))


def figures(record: Contest) -> None:
    """Draw the errors of both over the steps, in training and in the test, and what follows from them."""
    left, right = st.columns(2, gap="large")
    with left:
        figure.draw(
            partial(contest_curves, record, "train", say), key="block_kinds_train", alt=contest_alt(record, say)
        )
    with right:
        figure.draw(partial(contest_curves, record, "test", say), key="block_kinds_test", alt=contest_alt(record, say))
    figure.tell(contest_verdict(record, say), contest_table(record, say))
