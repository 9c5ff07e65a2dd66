"""What single paths say about where the gradient comes from."""

import numpy as np

from resnet_core.records.gradient_parts import GradientPathsReport
from ui.charts.gradient_paths import spread_of
from ui.charts.labels import Say, percent, plain_number

CLEAR = 0.1  # of all blocks: by how much the middle of the gradient must differ from the middle of the paths


def paths_verdict(record: GradientPathsReport, say: Say = str) -> str:
    """Where nine tenths of the gradient come from, and whether that is shorter than most paths are.

    The middle of the gradient is the mean length weighted by contributions; that of the paths is half the number of
    blocks. They must differ by a tenth of the blocks to be called different. The contributions are norms, which do
    not add up like vectors: the last sentence compares their sum with the norm of the whole gradient.
    """
    if not np.isfinite(record.means).all():
        return say("Measuring: not every length has been there yet.")
    if not record.contributions.any():
        return say("No gradient arrives by any path.")
    blocks = len(record.counts) - 1
    lengths = np.arange(blocks + 1)
    middle = float((lengths * record.contributions).sum())
    few, many = spread_of(record.contributions)
    values = {
        "few": few,
        "many": many,
        "blocks": blocks,
        "share": percent(float(record.path_shares[few : many + 1].sum())),
        "middle": f"{middle:.1f}",
        "half": plain_number(blocks / 2),
    }
    words = say("Nine tenths of the gradient come through {few} to {many} of {blocks} branches, {share} of all paths.")
    sentences = [words.format(**values)]
    if middle < blocks / 2 - CLEAR * blocks:
        words = say("The gradient prefers short paths: {middle} branches on average, where a path passes {half}.")
    elif middle > blocks / 2 + CLEAR * blocks:
        words = say("The gradient prefers long paths: {middle} branches on average, where a path passes {half}.")
    else:
        words = say("No clear preference for short paths: {middle} branches on average, where a path passes {half}.")
    sentences.append(words.format(**values))
    together = float(sum(float(count) * mean for count, mean in zip(record.counts, record.means, strict=True)))
    if record.total > 0:
        words = say("All norms together make {times} times the norm of the gradient: paths point in many directions.")
        if together < 1.5 * record.total:
            words = say(
                "All norms together make {times} times the norm of the gradient: paths point nearly the same way."
            )
        sentences.append(words.format(times=plain_number(together / record.total)))
    return " ".join(sentences)
