"""What a contest at equal cost says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resnet_core.records.contests import Contest
from ui.charts.contests import Which, entrant_name, errors
from ui.charts.labels import Say, percent

CLEAR = 0.03  # between two medians, as a share of all answers; 500 test pictures tell an error of 25 % to within 2
CLEAR_OF_SEVERAL = 0.06  # the same where the lowest of several is held against the highest: chance alone parts those
FEWEST = 3  # seeds, below which nothing is told from chance


def contest_verdict(record: Contest, say: Say = str) -> str:
    """How far the costs differ, and for both errors which network is clearly better, if any.

    Of two networks one is called better only if their medians over the seeds are at least three points apart and the
    ranges over the seeds do not overlap; of several, the lowest is held against the highest, and six points are asked.
    Otherwise: no clear difference. With fewer than three seeds nothing is claimed, before the last run has ended
    neither, and of a network that diverged that is all that is said.
    """
    if not record.whole:
        words = say("{done} of {total} runs have come to their end; what follows from them is said when all have.")
        ended = np.isfinite(record.train_error[..., -1]) | record.diverged
        return words.format(done=int(ended.sum()), total=ended.size)
    sentences = [_costs(record, say)]
    sound = _sound(record)
    if broken := [name for place, name in enumerate(record.names) if place not in sound]:
        words = say("Diverged with at least one seed: {names}.")
        sentences.append(words.format(names=", ".join(entrant_name(name, say) for name in broken)))
    if len(record.seeds) < FEWEST:
        words = say("With fewer than {fewest} seeds no difference can be told from chance.")
        sentences.append(words.format(fewest=FEWEST))
    elif len(sound) > 1:
        sentences += [_better(record, sound, which, say) for which in ("train", "test")]
    return " ".join(sentences)


def _costs(record: Contest, say: Say) -> str:
    words = say("Multiplications differ by at most {macs}, parameters by {parameters}.")
    return words.format(macs=_apart(record.macs), parameters=_apart(record.parameters))


def _apart(costs: Sequence[int]) -> str:
    return percent(1 - min(costs) / max(costs))


def lowest(record: Contest, which: Which) -> str | None:
    """The network with the lowest error, "" where it is not clearly the lowest; None: nothing is told from chance."""
    sound = _sound(record)
    if not record.whole or len(record.seeds) < FEWEST or len(sound) < 2:
        return None
    best, _, clear = _ends(record, sound, which)
    return record.names[best] if clear else ""


def _sound(record: Contest) -> list[int]:
    """Places of the networks of which no seed has diverged."""
    return [place for place in range(len(record.names)) if not record.diverged[place].any()]


def _ends(record: Contest, sound: Sequence[int], which: Which) -> tuple[int, int, bool]:
    """The places with the lowest and with the highest error at the end, and whether these clearly differ."""
    last = errors(record, which)[:, :, -1]
    order = sorted(sound, key=lambda place: float(np.median(last[place])))
    best, worst = order[0], order[-1]
    return best, worst, _clear(last[best], last[worst], CLEAR if len(sound) == 2 else CLEAR_OF_SEVERAL)


def _better(record: Contest, sound: Sequence[int], which: Which, say: Say) -> str:
    last = errors(record, which)[:, :, -1]
    best, worst, clear = _ends(record, sound, which)
    values = {
        "best": entrant_name(record.names[best], say),
        "worst": entrant_name(record.names[worst], say),
        "low": f"{100 * float(np.median(last[best])):.1f}%",
        "high": f"{100 * float(np.median(last[worst])):.1f}%",
    }
    if not clear:
        words = (
            say("Training error: no clear difference, {low} to {high}.")
            if which == "train"
            else say("Test error: no clear difference, {low} to {high}.")
        )
    else:
        words = (
            say("Training error: lowest for {best} ({low}), clearly higher for {worst} ({high}).")
            if which == "train"
            else say("Test error: lowest for {best} ({low}), clearly higher for {worst} ({high}).")
        )
    return words.format(**values)


def _clear(best: NDArray[np.float64], worst: NDArray[np.float64], least: float) -> bool:
    apart = float(np.median(worst) - np.median(best))
    return apart >= least and float(best.max()) < float(worst.min())
