"""Degradation on CIFAR-10 over hours, recorded: the paper's figure 6 on two cores."""

from functools import partial

import streamlit as st

from resnet_core import recorded_depths
from ui import figure, recordings, sheet
from ui.charts.depth_curves import depth_curves, depth_curves_alt, depth_table
from ui.charts.verdicts.degradation import degradation_verdict
from ui.text import say, show


def found() -> bool:
    """Whether there is anything to draw."""
    return recorded_depths() is not None


def draw() -> None:
    """Draw the part."""
    st.header(say("The same on CIFAR-10, for hours"))
    show("depth/recorded")
    recorded = recorded_depths()
    if recorded is None:
        st.info(say("Nothing is recorded yet."), icon=":material/info:")
        return
    cards, record = recorded
    first = cards[0]
    words = say(
        "Recorded runs · {count} networks · {date} · {hours:.1f} h in all on {machine} · PyTorch {torch} · "
        "{epochs:.1f} epochs each"
    )
    figure.note(
        words.format(
            count=len(cards),
            date=max(card.recorded.date for card in cards),
            hours=sum(card.recorded.seconds for card in cards) / 3600,
            machine=recordings.machine(first.recorded.machine),
            torch=first.recorded.torch,
            epochs=first.epochs,
        )
    )
    for kind, column in enumerate(st.columns(2)):
        with column:
            figure.draw(
                partial(depth_curves, record, kind, say),
                key=f"recorded_depths_{('plain', 'residual')[kind]}",
                alt=depth_curves_alt(record, kind, say),
            )
    figure.tell(degradation_verdict(record.report, say), depth_table(record, say))
    for card in cards:
        sheet.add(sheet.Recorded(card.spec, card.recorded.command))
    with st.expander(say("Make this recording again"), icon=":material/terminal:"):
        st.code("\n".join(card.recorded.command for card in cards), language="bash")
