"""What the copies say: which stacks learned to pass their input through."""

import numpy as np

from resnet_core.records.depth import IdentityReport
from ui.charts.identity import stacks
from ui.charts.labels import Say, plain_number

COPIES = 0.05  # of the variance: at or below this the picture is copied, to the eye too
FAILS = 0.5  # at or above this, more than half of what tells pictures apart is lost
APART = 3.0  # times the error: less is not called a difference


def identity_verdict(record: IdentityReport, say: Say = str) -> str:
    """How each kind of stack copies at the greatest depth, then plain against residual, with and without BatchNorm.

    A stack copies with an error of 5% of the variance or less, and fails with half of it or more, median over the
    seeds, at its best learning rate. Plain and residual are called different at the greatest depth that both have only
    if the ranges over the seeds do not overlap and the medians differ by a factor of three. Stacks whose
    branches began at 0 had nothing to learn, so they are not compared.
    """
    said = [_one(record, place, label, say) for place, label, _ in stacks(say)]
    said += [_two(record, norm, say) for norm in (0, 1)]
    if record.start == "zero" and any(said):
        said.append(
            say(
                "The residual stacks began as perfect copies: there was nothing to learn, which is all that the "
                "shortcut did."
            )
        )
    return " ".join(filter(None, said))


def _one(record: IdentityReport, place: tuple[int, int], label: str, say: Say) -> str:
    tried = np.isfinite(record.errors[place]) | record.diverged[place]
    there = [depth for depth in range(len(record.depths)) if tried[depth].all()]
    if not there:
        return ""
    medians = np.median(record.best[place], axis=-1)
    copying = [depth for depth in there if medians[depth] <= COPIES]
    deepest = there[-1]
    values = {"label": label, "layers": record.depths[deepest], "error": plain_number(float(medians[deepest]))}
    if np.isnan(medians[deepest]):
        return say("{label}: with {layers} layers every learning rate diverged in some seed.").format(**values)
    if deepest in copying:
        return say("{label}: still copies with {layers} layers (error {error}).").format(**values)
    if copying:
        words = say("{label}: copies with up to {most} layers; with {layers} the error is {error}.")
        return words.format(**values, most=record.depths[copying[-1]])
    if medians[deepest] >= FAILS:
        return say("{label}: does not learn to copy, error {error} with {layers} layers.").format(**values)
    return say("{label}: copies roughly at best, error {error} with {layers} layers.").format(**values)


def _two(record: IdentityReport, norm: int, say: Say) -> str:
    if record.start == "zero":
        return ""
    both = [
        depth for depth in range(len(record.depths))
        if all(np.isfinite(record.best[kind, norm, depth]).all() for kind in (0, 1))
    ]  # fmt: skip
    if not both:
        return ""
    plain, residual = (record.best[kind, norm, both[-1]] for kind in (0, 1))
    layers = record.depths[both[-1]]
    ratio = float(np.median(plain) / max(np.median(residual), 1e-12))
    if ratio >= APART and plain.min() > residual.max():
        words = (
            say("With BatchNorm and {layers} layers the shortcuts make the error {ratio} times smaller.")
            if norm == 0
            else say("Without BatchNorm and with {layers} layers the shortcuts make the error {ratio} times smaller.")
        )
        return words.format(layers=layers, ratio=plain_number(ratio))
    if ratio <= 1 / APART and residual.min() > plain.max():
        words = (
            say("With BatchNorm and {layers} layers the shortcuts make the error {ratio} times larger.")
            if norm == 0
            else say("Without BatchNorm and with {layers} layers the shortcuts make the error {ratio} times larger.")
        )
        return words.format(layers=layers, ratio=plain_number(1 / ratio))
    words = (
        say("With BatchNorm and {layers} layers there is no clear difference between plain and residual.")
        if norm == 0
        else say("Without BatchNorm and with {layers} layers there is no clear difference between plain and residual.")
    )
    return words.format(layers=layers)
