"""What training curves say."""

import math
from collections.abc import Sequence

import numpy as np

from resnet_core import ResNetConfig
from resnet_core.records import RunRecord
from ui.charts.labels import Say, network_label, network_labels, plain_number
from ui.charts.runs import Course, courses

FEWEST_STEPS = 16  # before that, nothing is said about who learns
GUESSING = 0.95  # of the loss of guessing; above it a network has not begun to learn
CLEAR = 0.1  # of the loss of guessing; several seeds of one network differ by up to 0.07 of it in our own runs


def training_verdict(networks: Sequence[ResNetConfig], records: Sequence[RunRecord], say: Say = str) -> str:
    """One sentence per network and, for several, who ends lower.

    A final loss is the mean over the last eighth of the steps. It counts as guessing above 0.95 times the logarithm of
    the number of classes: the loss of giving every class the same score, which is the best that can be done without
    looking if all classes are equally frequent, as in all data that comes along. Where they are not, knowing how
    frequent each is counts as learning.

    Two final losses differ clearly only if they are further apart than a tenth of that logarithm (about 0.23 for ten
    classes; other seeds move a final loss by less) and than twice the standard error of their batches. Otherwise: no
    clear difference.
    """
    labels = network_labels(networks, say)
    runs = courses(records, len(networks))
    sentences = [
        _one(network, run, label, say) for network, run, label in zip(networks, runs, labels, strict=True)
    ]  # fmt: skip
    ranked = [(label, run) for label, run in zip(labels, runs, strict=True) if has_ended_well(run)]
    if len(ranked) > 1:
        sentences.append(_ranking(ranked, math.log(networks[0].classes), say))
    return " ".join(sentences)


def two_by_two_verdict(networks: Sequence[ResNetConfig], records: Sequence[RunRecord], say: Say = str) -> str:
    """What the shortcut does with BatchNorm, and what it does without, by the rules of `training_verdict`."""
    runs = dict(zip(networks, courses(records, len(networks)), strict=True))
    sentences = []
    for norm in ("batch", "none"):
        plain = [network for network in networks if network.norm == norm and network.is_plain]
        residual = [network for network in networks if network.norm == norm and not network.is_plain]
        if plain and residual:
            start = say("With BatchNorm:") if norm == "batch" else say("Without BatchNorm:")
            sentences.append(f"{start} {_pair(plain[0], residual[0], runs, say)}")
    return " ".join(sentences)


def _one(network: ResNetConfig, run: Course, label: str, say: Say) -> str:
    chance = math.log(network.classes)
    if run.diverged:
        return say("{label}: diverged at step {step}.").format(label=label, step=run.diverged)
    if len(run.step) < FEWEST_STEPS:
        return say("{label}: too early to say after {steps} steps.").format(label=label, steps=len(run.step))
    final = float(run.tail.mean())
    values = {"label": label, "loss": plain_number(final), "guess": plain_number(chance)}
    if final > chance / GUESSING:
        return say(
            "{label}: worse than guessing, loss {loss} where the same score for every class gives {guess}."
        ).format(**values)
    if final > GUESSING * chance:
        return say("{label}: still guessing, loss {loss} where the same score for every class gives {guess}.").format(
            **values
        )
    return say("{label}: learns, loss {loss} where the same score for every class gives {guess}.").format(**values)


def _ranking(ranked: Sequence[tuple[str, Course]], chance: float, say: Say) -> str:
    order = sorted(ranked, key=lambda pair: float(pair[1].tail.mean()))
    best, lowest = order[0]
    peers = [label for label, run in order[1:] if not clearly_higher(run, lowest, chance)]
    if not peers:
        return say("The lowest loss is that of {label}, by a clear margin in this one run.").format(label=best)
    return say("No clear difference between {labels}.").format(labels=" / ".join([best, *peers]))


def _pair(plain: ResNetConfig, residual: ResNetConfig, runs: dict[ResNetConfig, Course], say: Say) -> str:
    without, with_skip = runs[plain], runs[residual]
    values = {
        "plain": network_label(plain, say),
        "residual": network_label(residual, say),
        "without": plain_number(float(without.tail.mean())) if without.step.size else "–",
        "with_skip": plain_number(float(with_skip.tail.mean())) if with_skip.step.size else "–",
    }
    return _pair_words(without, with_skip, math.log(plain.classes), say).format(
        **values, first=without.diverged, second=with_skip.diverged
    )


def _pair_words(without: Course, with_skip: Course, chance: float, say: Say) -> str:
    if without.diverged and with_skip.diverged:
        return say("both diverged, {plain} at step {first} and {residual} at step {second}.")
    if without.diverged:
        return say("{plain} diverged at step {first}; {residual} did not and ends at a loss of {with_skip}.")
    if with_skip.diverged:
        return say("{residual} diverged at step {second}; {plain} did not and ends at a loss of {without}.")
    if not (has_ended_well(without) and has_ended_well(with_skip)):
        return say("too early to say.")
    if clearly_higher(without, with_skip, chance):
        return say("the shortcuts lower the final loss from {without} to {with_skip}.")
    if clearly_higher(with_skip, without, chance):
        return say("the shortcuts raise the final loss from {without} to {with_skip}.")
    return say("no clear difference, {without} without shortcuts and {with_skip} with them.")


def has_ended_well(run: Course) -> bool:
    """Whether a network came far enough, and stayed finite, to be ranked."""
    return not run.diverged and len(run.step) >= FEWEST_STEPS


def clearly_higher(one: Course, other: Course, chance: float) -> bool:
    """Whether one final loss is above another by more than other seeds and batches explain; see training_verdict.

    `chance` is the loss of guessing, in nats.
    """
    noise = 2 * math.hypot(_standard_error(one), _standard_error(other))
    return float(one.tail.mean() - other.tail.mean()) > max(CLEAR * chance, noise)


def _standard_error(run: Course) -> float:
    return float(np.std(run.tail) / math.sqrt(len(run.tail)))
