"""What several kept runs say side by side, and how much such a comparison can prove."""

import math
from collections.abc import Sequence

from ui.charts.labels import Say, plain_number
from ui.charts.overlay import OverlaidRun, letter, overlay_labels, same_pictures
from ui.charts.runs import Course
from ui.charts.settings import Difference, differences
from ui.charts.verdicts.training import clearly_higher, has_ended_well

_NAMED = 4  # peers of the lowest that are named; of more, how many


def overlay_verdict(runs: Sequence[OverlaidRun], say: Say = str) -> str:
    """Who ends lowest, by the rules of `training_verdict`, and who diverged or ended early."""
    named = [
        (label, run, course)
        for run, labels in zip(runs, overlay_labels(runs, say), strict=True)
        for label, course in zip(labels, run.courses, strict=True)
    ]
    sentences = [_lowest([(label, course) for label, _, course in named if has_ended_well(course)], runs, say)]
    for label, run, course in named:
        if course.diverged:
            sentences.append(say("{label}: diverged at step {step}.").format(label=label, step=course.diverged))
        elif len(course.step) < run.spec.training.steps:
            text = say("{label}: ended after {steps} of {total} steps.")
            sentences.append(text.format(label=label, steps=len(course.step), total=run.spec.training.steps))
    return " ".join(sentences)


def difference_verdict(runs: Sequence[OverlaidRun], say: Say = str) -> str:
    """Which settings differ between the runs, and what can follow from that."""
    found = differences([run.spec for run in runs], say)
    if not same_pictures(runs) and say("Pictures") not in [difference.name for difference in found]:
        found.append(Difference(say("Pictures"), tuple(f"{len(run.classes)}" for run in runs)))
    if not found:
        return say("All settings and the seed are the same: what differs between these runs is rounding at most.")
    listed = "; ".join(f"{difference.name} ({_values(difference)})" for difference in found)
    if [difference.name for difference in found] == [say("Seed")]:
        return say("The runs differ only in their seed: how far their curves lie apart is chance.")
    if len(found) == 1:
        return say(
            "The runs differ in one setting: {listed}. Each is one seed only; another seed may lie elsewhere."
        ).format(listed=listed)
    return say(
        "The runs differ in {count} settings: {listed}. Where several things differ, a comparison cannot tell which of "
        "them made the difference."
    ).format(count=len(found), listed=listed)


def _lowest(ranked: Sequence[tuple[str, Course]], runs: Sequence[OverlaidRun], say: Say) -> str:
    if not same_pictures(runs):
        return say("These runs learned from different pictures, so their losses cannot be ranked.")
    if len(ranked) < 2:
        return say("Fewer than two networks have come far enough to be ranked.")
    chance = math.log(runs[0].spec.networks[0].classes)
    order = sorted(ranked, key=lambda pair: float(pair[1].tail.mean()))
    best, lowest = order[0]
    peers = [label for label, course in order[1:] if not clearly_higher(course, lowest, chance)]
    loss = plain_number(float(lowest.tail.mean()))
    if not peers:
        return say("The lowest final loss, {loss}, is that of {label}, by a clear margin.").format(
            label=best, loss=loss
        )
    return say("No clear difference between {labels}; the lowest ends at a loss of {loss}.").format(
        labels=_several([best, *peers], say), loss=loss
    )


def _several(labels: Sequence[str], say: Say) -> str:
    if len(labels) <= _NAMED:
        return " / ".join(labels)
    return say("{labels} and {count} more").format(labels=" / ".join(labels[:_NAMED]), count=len(labels) - _NAMED)


def _values(difference: Difference) -> str:
    return ", ".join(f"{letter(number)} {value}" for number, value in enumerate(difference.values))
