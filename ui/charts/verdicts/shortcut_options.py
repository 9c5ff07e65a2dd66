"""What the options A, B and C cost, and whether a race of shortcuts has a winner."""

from collections.abc import Sequence

import numpy as np

from resnet_core.records.shortcuts import ShortcutCounts, ShortcutRace
from ui.charts.labels import Say, count
from ui.charts.shortcut_options import option_entries, stage_begins
from ui.charts.shortcut_races import Entry, guessing

CLEAR = 0.05  # test errors whose medians are closer are called no clear difference: 500 pictures leave 2 % to chance
LEARNED = 0.05  # an error less than this below guessing is called no learning


def counts_verdict(counts: ShortcutCounts, say: Say = str) -> str:
    """What each option adds to the plain network, in exact numbers, and whether B projects where a stage begins."""
    plain = counts.options.index("none")
    added = {
        option: (counts.parameters[row] - counts.parameters[plain], counts.macs[row] - counts.macs[plain])
        for row, option in enumerate(counts.options)
    }
    if not any(weights for weights, _ in added.values()):
        return say("In this network no option adds a single parameter.")
    sentences = []
    if added["A"] == (0, 0):
        sentences.append(say("Option A adds nothing to count."))
    words = say("Option {option} projects in {blocks} of {all} blocks and adds {weights} parameters ({share}).")
    for option in ("B", "C"):
        around = counts.around[counts.options.index(option)]
        sentences.append(
            words.format(
                option=option,
                blocks=around.count("projection"),
                all=len(around),
                weights=count(added[option][0]),
                share=f"{100 * added[option][0] / counts.parameters[plain]:.1f}%",
            )
        )
    where = [place for place, kind in enumerate(counts.around[counts.options.index("B")]) if kind == "projection"]
    if where == stage_begins(counts.blocks):
        sentences.append(
            say("B's projections stand where a stage begins, except the first; all others are identities.")
        )
    elif where == [0, *stage_begins(counts.blocks)]:
        sentences.append(say("B's projections stand where a stage begins, also the first; all others are identities."))
    return " ".join(sentences)


def options_verdict(race: ShortcutRace, say: Say = str) -> str:
    """Whether the options beat the plain network, and whether they differ among themselves.

    One network is called better than another only if the test errors of all seeds of the one lie below all of the
    other and the medians are 5 points apart, which takes two seeds at least. Otherwise: no clear difference.
    """
    if told := trouble(race, option_entries(race, say), say):
        return told
    plain = race.names.index("none")
    options = [row for row in range(len(race.names)) if row != plain]
    names = [race.names[row] for row in options]
    winners = [name for name, row in zip(names, options, strict=True) if clearly_better(race, row, plain)]
    sentences = [_beside_plain(winners, names, say)]
    pairs = [
        (race.names[one], race.names[other])
        for one in options
        for other in options
        if one != other and clearly_better(race, one, other)
    ]
    if pairs:
        words = say("Among the options, {better} is better than {worse}.")
        sentences += [words.format(better=better, worse=worse) for better, worse in pairs]
    else:
        sentences.append(say("Among {options} there is no clear difference.").format(options=", ".join(names)))
    return " ".join(sentences)


def _beside_plain(winners: Sequence[str], names: Sequence[str], say: Say) -> str:
    if not winners:
        return say("No option is clearly better than the plain network here.")
    if len(winners) == len(names):
        return say("Every option is clearly better than the plain network.")
    return say("Clearly better than the plain network: {winners}.").format(winners=", ".join(winners))


def trouble(race: ShortcutRace, entries: Sequence[Entry], say: Say = str) -> str:
    """Why nothing can be compared yet, or at all; empty where it can."""
    if not race.done:
        there = int((np.isfinite(race.test_error) | race.diverged).all(axis=1).sum())
        words = say("So far {there} of {all} networks have had all their seeds; the comparison comes at the end.")
        return words.format(there=there, all=len(race.names))
    if race.diverged.any():
        names = ", ".join(entry.words for entry, ended in zip(entries, race.diverged, strict=True) if ended.any())
        return say("The loss of some seeds was no longer finite, so they are not compared: {names}.").format(
            names=names
        )
    if len(race.seeds) < 2:
        return say("One seed is one accident: take two or more before you compare.")
    if np.median(race.test_error, axis=1).min() > guessing(race) - LEARNED:
        return say("None of them has learned anything yet: all errors are those of guessing. Take more steps.")
    return ""


def clearly_better(race: ShortcutRace, one: int, other: int) -> bool:
    """Whether all seeds of network `one` make fewer errors than all of `other`, by 5 points in the middle."""
    first, second = race.test_error[one], race.test_error[other]
    return bool(first.max() < second.min() and np.median(second) - np.median(first) >= CLEAR)
