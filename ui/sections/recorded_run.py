"""A recorded run, and the same run computed now over it: the same for every page that shows one."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from resnet_core import RecordedRun, RunRecord
from ui import charts, figure, recordings, runner
from ui.boundary import boundary
from ui.text import say


def draw(kept: RecordedRun, live: Sequence[RunRecord] = (), own: str = "") -> None:
    """Draw curves, their sentence and their numbers. With `live`, the recorded curves lie wide and pale underneath.

    Args:
        kept: the recording.
        live: records of a run with the same settings.
        own: a name of that run, see figure.draw.
    """
    networks, steps, shown = kept.spec.networks, kept.spec.training.steps, live or kept.records
    under = kept.records if live else ()
    name = recordings.name_of(kept)
    recordings.label(kept)
    left, right = st.columns(2)
    words = charts.curves_alt(networks, shown, say)
    with left:
        losses = partial(charts.loss_curves, networks, shown, steps, under, say)
        figure.draw(losses, "recorded_losses", words, own=own, kept=name)
    with right:
        accuracies = partial(charts.accuracy_curves, networks, shown, steps, under, say)
        figure.draw(accuracies, "recorded_accuracies", words, own=own, kept=name)
    figure.tell(charts.training_verdict(networks, shown, say), charts.training_table(networks, shown, say))
    recordings.make_again(kept)


def four(place: str, kept: RecordedRun) -> tuple[Sequence[RunRecord], str]:
    """Draw the losses of {plain, residual} x {without, with BatchNorm}, and a button that computes them now.

    Gives the records and the name of the run that lies over the recorded one; nothing while there is none.
    """
    networks, steps = kept.spec.networks, kept.spec.training.steps
    with boundary():
        runner.start_button(place, kept.spec, say("Run it now"))
    run = runner.watch(place)
    over = run if run is not None and run.ended and run.spec == kept.spec and run.records else None
    live, own = (over.records, over.run_id) if over else ((), "")
    recordings.label(kept)
    figure.draw(
        partial(charts.two_by_two, networks, kept.records, steps, live, say),
        key=f"{place}_losses",
        alt=charts.two_by_two_alt(networks, live or kept.records, say),
        sentence=charts.two_by_two_verdict(networks, live or kept.records, say),
        table=charts.training_table(networks, live or kept.records, say),
        own=own,
        kept=recordings.name_of(kept),
    )
    return live, own


def heatmaps(kept: RecordedRun, live: Sequence[RunRecord] = (), own: str = "") -> None:
    """The gradient of every layer at every step, one picture per network, in the order of `charts.two_by_two`."""
    networks, records = kept.spec.networks, live or kept.records
    columns, labels = st.columns(2), charts.network_labels(networks, say)
    order = sorted(range(len(networks)), key=lambda index: (networks[index].norm, not networks[index].is_plain))
    for place, index in enumerate(order):
        label, header = labels[index], kept.header.networks[index]
        with columns[place % 2]:
            st.markdown(f"**{label}**")
            figure.draw(
                partial(charts.gradient_heatmap, header, records, index, kept.spec.training.steps, say),
                key=f"recorded_heatmap_{index}",
                alt=charts.heatmap_alt(header, records, index, label, say),
                own=own,
                kept=recordings.name_of(kept),
            )
