"""Kept runs laid over one another."""

from collections.abc import Sequence

import streamlit as st

from resnet_core import KeptRun
from ui import charts, figure, kept_choice, kept_runs, kept_words, link
from ui.boundary import boundary
from ui.charts.overlay import MOST, Quantity
from ui.text import say


def compare(chosen: Sequence[str]) -> None:
    """Draw the comparison of the runs with these ids, or say how to get one."""
    st.header(say("Compare"))
    if kept_choice.was_refused():
        words = say("{most} runs fit into one comparison. Take one out before you add another.")
        st.warning(words.format(most=MOST), icon=":material/info:")
    runs = _found(chosen)
    if len(runs) < 2:
        st.caption(say("Tick from two to {most} runs to lay their curves over one another.").format(most=MOST))
    if runs:
        _legend(runs)
        _draw([overlaid for kept in runs if (overlaid := _overlaid(kept)) is not None])
    if any(kept.imported for kept in runs):
        st.caption(say("Imported runs show the numbers in their files; this server did not compute them."))


def _found(chosen: Sequence[str]) -> list[KeptRun]:
    runs = [kept for run_id in chosen if (kept := kept_runs.find(run_id)) is not None]
    if missing := len(chosen) - len(runs):
        words = say("Runs of this link that are not on this server, or not any more: {count}.")
        st.warning(words.format(count=missing), icon=":material/info:")
    return runs


def _overlaid(kept: KeptRun) -> charts.OverlaidRun | None:
    with boundary():
        return kept_runs.overlaid(kept)
    return None


def _legend(runs: Sequence[KeptRun]) -> None:
    """Which letter is which run; each can be taken out."""
    with st.container(horizontal=True, gap="small"):
        for number, kept in enumerate(runs):
            st.button(
                f"{charts.letter(number)} {kept_words.plain(kept_words.name(kept))}",
                key=f"out_{kept.run_id}",
                icon=":material/close:",
                icon_position="right",
                wrap=True,
                help=say("Take this run out of the comparison"),
                on_click=kept_choice.toggle,
                args=(kept.run_id,),
            )


def _draw(runs: Sequence[charts.OverlaidRun]) -> None:
    if not runs:
        return
    quantities: dict[Quantity, str] = {"loss": say("Training loss"), "error": say("Training error")}
    quantity = link.choose(st.segmented_control, say("Curve"), quantities, "loss", "curve")
    several = len(runs) > 1
    figure.draw(
        charts.overlay(runs, quantity, say),
        key="overlay",
        alt=charts.overlay_alt(runs, quantity, say),
        sentence=charts.overlay_verdict(runs, say) if several else "",
        table=charts.overlay_table(runs, say),
    )
    if several:
        st.markdown(kept_words.plain(charts.difference_verdict(runs, say)))
