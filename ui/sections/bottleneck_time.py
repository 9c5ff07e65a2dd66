"""What a bottleneck saves by the count, and what by the clock of this machine"""

from functools import partial

import streamlit as st

from resnet_core.questions.pixels import Growth, TimeQuestion
from resnet_core.records.pixels import TimeReport
from ui import figure, link
from ui.charts.time_across_sizes import saving_bars, savings_alt, size_scatter, stage_times, times_alt, times_table
from ui.charts.verdicts.time_across_sizes import saving_verdict, speed_verdict
from ui.inquiry import inquire
from ui.source import show_experiments
from ui.text import say, show

NAME = "time-across-sizes"
MEASUREMENTS = range(1, 100)


def draw() -> None:
    """Draw the part."""
    st.header(say("Eight times fewer multiplications: eight times faster?"))
    show("cost/time")
    question = _question()
    inquire("bottleneck_time", NAME, question, _show_times)
    show_experiments({NAME: question})


def _question() -> TimeQuestion:
    usual = TimeQuestion()
    growths: dict[Growth, str] = {
        "side": say("Smaller pictures, same channels"),
        "stage": say("As in a ResNet: half the side, twice the channels"),
    }
    growth = link.choose(st.segmented_control, say("Sizes"), growths, usual.growth, "time_growth")
    one, two = st.columns(2)
    with one:
        channels = link.step(say("Channels at 56×56"), TimeQuestion.CHANNELS, usual.channels, "time_channels")
    with two:
        number = link.whole_number(say("Measurement number"), MEASUREMENTS, usual.measurement, "time_number")
    return TimeQuestion(growth=growth, channels=channels, measurement=number)


def _show_times(report: TimeReport) -> None:
    figure.draw(
        partial(saving_bars, report, say),
        key="time_savings",
        alt=savings_alt(report, say),
        sentence=saving_verdict(report, say),
    )
    figure.draw(
        partial(stage_times if report.growth == "stage" else size_scatter, report, say),
        key="time_scatter",
        alt=times_alt(report, say),
        sentence=speed_verdict(report, say),
        table=times_table(report, say),
    )
    words = say("Median and quartiles of {turns} turns, on one thread of the machine that computes for this page.")
    figure.note(words.format(turns=report.turns))
