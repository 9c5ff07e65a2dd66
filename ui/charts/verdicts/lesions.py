"""What is left of networks whose blocks were taken out or changed places."""

from collections.abc import Sequence

import numpy as np

from resnet_core import ResNetConfig
from resnet_core.records.lesions import Lesions
from ui.charts.labels import Say, layer_label, network_labels, percent

CLEAR = 0.1  # of error, ten points: smaller differences between medians are no clear difference
HARMLESS = 0.05  # a block whose loss raises the error by less than five points is hardly missed
RUINED = 0.9  # of the way from the network's own error to that of guessing: at or beyond this it is as good as guessing
LEARNED = 0.8  # of the error of guessing: a network above this has nothing to lose


def single_verdict(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> str:
    """How many blocks are hardly missed, how many are ruinous, which is missed most; and whether networks differ.

    Hardly missed: less than five points of error. Ruinous: nine tenths of the way to guessing. Two networks differ
    clearly if the medians over their blocks, of what is added to the error, are ten points apart.
    """
    labels = network_labels(networks, say)
    sentences = [_one(record, index, label, say) for index, label in enumerate(labels) if _known(record, index)]
    if len(added := _added(record)) > 1:
        sentences.append(_compared(added, labels, say))
    return " ".join(sentences)


def missed_more(record: Lesions) -> tuple[int, ...] | None:
    """Places of the networks, least and most hurt by the loss of one block, if they differ clearly; () if they do not.

    None where fewer than two networks have learned.
    """
    added = _added(record)
    return None if len(added) < 2 else _apart(added)


def many_verdict(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> str:
    """How many random blocks may go until the median error is halfway from the network's own to that of guessing."""
    labels = network_labels(networks, say)
    found = {label: _halfway(record, index) for index, label in enumerate(labels) if _has_learned(record, index)}
    sentences = []
    for label, count in found.items():
        words = say("{label} is halfway to guessing with {count} of {total} blocks gone.")
        if count is None:
            words = say("{label} is nearer to its own error than to guessing however many blocks go.")
        sentences.append(words.format(label=label, count=count, total=len(record.blocks)))
    if len(found) > 1 and len(set(found.values())) == 1:
        sentences.append(say("No clear difference between {labels}.").format(labels=" / ".join(found)))
    return " ".join(sentences)


def order_verdict(networks: Sequence[ResNetConfig], record: Lesions, say: Say = str) -> str:
    """The median error over the orders beside that of the right order; ten points decide whether networks differ."""
    if not record.tau.size:
        return say("No two blocks of these networks have the same shape, so none can change places.")
    labels = network_labels(networks, say)
    words = say("{label}: {base} in the right order, {middle} in the median of {orders} others.")
    added, sentences = {}, []
    for index, label in enumerate(labels):
        if _has_learned(record, index):
            base, middle = float(record.base[index]), float(np.median(record.order[index]))
            added[index] = middle - base
            values = {"base": percent(base), "middle": percent(middle), "orders": record.tau.size}
            sentences.append(words.format(label=label, **values))
    if len(added) > 1:
        sentences.append(_compared(added, labels, say))
    return " ".join(sentences)


def _one(record: Lesions, index: int, label: str, say: Say) -> str:
    base, guess = float(record.base[index]), record.guess
    if record.diverged[index]:
        return say("{label}: the training broke off with a loss that was not finite.").format(label=label)
    if not _has_learned(record, index):
        words = say("{label} has not learned, it is wrong in {base}; there is nothing to take from it.")
        return words.format(label=label, base=percent(base))
    added = record.single[index] - base
    worst = int(added.argmax())
    values = {
        "label": label,
        "base": percent(base),
        "harmless": int((added < HARMLESS).sum()),
        "ruinous": int((added >= RUINED * (guess - base)).sum()),
        "total": len(added),
        "block": layer_label(record.blocks[worst], say),
        "error": percent(float(record.single[index, worst])),
    }
    if values["ruinous"] == len(added):
        return say("{label} ({base} wrong): whichever block goes, it is as good as guessing.").format(**values)
    words = say(
        "{label} ({base} wrong): {harmless} of {total} blocks are hardly missed and {ruinous} leave it as good as "
        "guessing; {block} is missed most ({error} wrong without it)."
    )
    return words.format(**values)


def _added(record: Lesions) -> dict[int, float]:
    """What the loss of one block adds to the error, in the median over the blocks, of each network that has learned."""
    return {
        index: float(np.median(record.single[index])) - float(record.base[index])
        for index in range(len(record.base))
        if _has_learned(record, index)
    }


def _apart(added: dict[int, float]) -> tuple[int, ...]:
    """The networks with the least and the most added, if they differ clearly."""
    order = sorted(added, key=lambda index: added[index])
    return () if added[order[-1]] - added[order[0]] < CLEAR else (order[0], order[-1])


def _compared(added: dict[int, float], labels: Sequence[str], say: Say) -> str:
    if not (pair := _apart(added)):
        return say("No clear difference between {labels}.").format(labels=" / ".join(labels[index] for index in added))
    best, worst = pair
    words = say("In the median {worst} loses {more} points and {best} {less}.")
    values = {"more": f"{100 * added[worst]:.0f}", "less": f"{100 * added[best]:.0f}"}
    return words.format(worst=labels[worst], best=labels[best], **values)


def _halfway(record: Lesions, index: int) -> int | None:
    line = (float(record.base[index]) + record.guess) / 2
    beyond = np.flatnonzero(np.median(record.many[index], axis=1) >= line)
    return int(record.counts[beyond[0]]) if beyond.size else None


def _known(record: Lesions, index: int) -> bool:
    return not np.isnan(record.base[index])


def _has_learned(record: Lesions, index: int) -> bool:
    return bool(record.base[index] < LEARNED * record.guess and not record.diverged[index])  # not so for NaN
