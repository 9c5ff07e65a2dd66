"""What it does to a network when something stands on every shortcut."""

from collections.abc import Sequence

from resnet_core.records.shortcuts import ShortcutKinds
from ui.charts.labels import Say, plain_number
from ui.charts.shortcut_kinds import carried, kind_entries, kind_words
from ui.charts.verdicts.shortcut_options import clearly_better, trouble

BLOCKED = 1e-2  # shortcuts that carry less than this through the whole network are called blocked


def kinds_verdict(record: ShortcutKinds, say: Say = str) -> str:
    """Which kinds are clearly worse than the identity, which better, and which neither.

    "Clearly" is that of `options_verdict`: no overlap over the seeds and medians 5 points apart.
    """
    race = record.race
    if told := trouble(race, kind_entries(record, say), say):
        return told
    if "identity" not in race.names:
        return say("Without the identity among them there is nothing to compare with.")
    worse = _where(record, -1, say)
    better = _where(record, 1, say)
    others = [kind_words(kind, say) for kind in race.names if kind != "identity"]
    alike = [name for name in others if name not in worse and name not in better]
    sentences = []
    if worse:
        sentences.append(say("Clearly worse than the identity: {names}.").format(names=", ".join(worse)))
    if better:
        sentences.append(say("Clearly better than the identity: {names}.").format(names=", ".join(better)))
    if alike:
        sentences.append(say("No clear difference from the identity: {names}.").format(names=", ".join(alike)))
    return " ".join([*sentences, *_blocked(record, worse, say)])


def beside_identity(record: ShortcutKinds, kind: str) -> int | None:
    """Whether the errors with a kind are clearly fewer than with the identity: 1, 0, -1; None: not to be compared."""
    race = record.race
    if trouble(race, kind_entries(record)) or not {"identity", kind} <= set(race.names):
        return None
    row, identity = race.names.index(kind), race.names.index("identity")
    return int(clearly_better(race, row, identity)) - int(clearly_better(race, identity, row))


def _where(record: ShortcutKinds, course: int, say: Say) -> list[str]:
    """The kinds that are better (1) or worse (-1) than the identity."""
    return [kind_words(kind, say) for kind in record.race.names if beside_identity(record, kind) == course]


def _blocked(record: ShortcutKinds, worse: Sequence[str], say: Say) -> list[str]:
    """One sentence about the shortcuts that let almost nothing through, if all of these are among the worse ones."""
    factors = {
        kind_words(kind, say): carried(record, row, 1) for row, kind in enumerate(record.race.names) if kind != "plain"
    }
    blocked = {name: factor for name, factor in factors.items() if factor < BLOCKED}
    if not blocked or not set(blocked) <= set(worse):
        return []
    words = say("Every shortcut that carries less than {limit} of x through all blocks is among the worse ones.")
    return [words.format(limit=plain_number(BLOCKED))]
