"""What it does to a network when something stands on every shortcut."""

from collections.abc import Callable, Sequence

from resnet_core.records.shortcuts import ShortcutKinds, ShortcutRace
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
    identity = race.names.index("identity")
    worse = _where(race, lambda row: clearly_better(race, identity, row), say)
    better = _where(race, lambda row: clearly_better(race, row, identity), say)
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


def _where(race: ShortcutRace, holds: Callable[[int], bool], say: Say) -> list[str]:
    return [kind_words(kind, say) for row, kind in enumerate(race.names) if kind != "identity" and holds(row)]


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
