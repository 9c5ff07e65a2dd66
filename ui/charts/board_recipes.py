"""Which entries of a class board may be compared: those that differ in depth, shortcuts, BatchNorm and seed alone."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256

from resnet_core import BoardEntry, ClassTask, DataConfig, NetworkSummary, ResNetConfig, Seat, TrainConfig
from ui.charts.labels import Say
from ui.charts.settings import network_settings, recipe_settings, short_data_name

# What does not change how a network learns, or is what the board compares.
_NOT_THE_RECIPE = {"seed", "inspect_every", "depths", "norm", "path"}
_OF_THE_SHORTCUT = {"shortcut", "zero_padding", "zero_gamma", "cut"}  # a plain network has none, so they cannot differ

Settings = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings that entries share. Plain networks belong to every recipe that differs from theirs in shortcuts only."""

    shared: Settings
    shortcut: Settings = ()  # of the residual networks; empty where there are none

    @property
    def key(self) -> str:
        """A short name for addresses and widgets."""
        return sha256(repr(self).encode()).hexdigest()[:8]

    def holds(self, entry: BoardEntry) -> bool:
        """Whether an entry was trained by this recipe."""
        own = recipe_of(entry)
        return own.shared == self.shared and own.shortcut in ((), self.shortcut)


def recipe_of(entry: BoardEntry) -> Recipe:
    """The recipe by which an entry was trained."""
    return _recipe(entry.config, entry.spec.training, entry.spec.data)


@lru_cache(4096)  # a board is looked at again and again
def _recipe(config: ResNetConfig, recipe: TrainConfig, pictures: DataConfig) -> Recipe:
    network, training, data = asdict(config), asdict(recipe), asdict(pictures)
    settings = (
        {f"data_{name}": value for name, value in data.items() if name not in _NOT_THE_RECIPE} | training | network
    )
    shared = {name: value for name, value in settings.items() if name not in _NOT_THE_RECIPE | _OF_THE_SHORTCUT}
    shortcut = {} if config.is_plain else {name: settings[name] for name in sorted(_OF_THE_SHORTCUT)}
    return Recipe(tuple(sorted(shared.items())), tuple(shortcut.items()))


def recipes(entries: Sequence[BoardEntry]) -> list[Recipe]:
    """The recipes of a board, the most common first; of equally common ones, the one that came first."""
    counts = Counter(map(recipe_of, entries))
    with_residual = {recipe.shared for recipe in counts if recipe.shortcut}
    found = {recipe: count for recipe, count in counts.items() if recipe.shortcut or recipe.shared not in with_residual}
    plain = {recipe.shared: count for recipe, count in counts.items() if not recipe.shortcut}
    return sorted(found, key=lambda recipe: -found[recipe] - bool(recipe.shortcut) * plain.get(recipe.shared, 0))


def usual_recipe(entries: Sequence[BoardEntry], task: ClassTask) -> Recipe | None:
    """The recipe to show at first: the one of the class's task once a run has it, else the most common one."""
    spec = task.spec(Seat(task.depths[0], 0))
    pair = [BoardEntry(run_id="", network=n, nickname="", spec=spec, summary=_NOTHING, created=0.0) for n in (0, 1)]
    known = recipes(entries)
    wanted = [recipe for recipe in known if any(recipe == recipe_of(entry) for entry in reversed(pair))]
    return next(iter([*wanted, *known]), None)


def recipe_label(entries: Sequence[BoardEntry], recipe: Recipe, say: Say = str) -> str:
    """A recipe in words: pictures, steps, width, and whatever else is not the same in all recipes of this board."""
    spec = (example := _example(entries, recipe)).spec
    words = say("{pictures} {size} px · {steps} steps · batch {batch} · learning rate {rate} · width {width}").format(
        pictures=short_data_name(spec.data.name, say),
        size=spec.data.size,
        steps=spec.training.steps,
        batch=spec.training.batch,
        rate=f"{spec.training.learning_rate:g}",
        width=example.config.widths[0],
    )
    said = {say("Pictures"), say("Picture size (pixels)"), say("Steps"), say("Batch (pictures per step)")}
    said |= {say("Learning rate"), say("Channels per stage")}
    own = _words(example, say)
    others = [_words(_example(entries, other), say) for other in recipes(entries)]
    telling = [name for name in own if name not in said and any(other.get(name) != own[name] for other in others)]
    return " · ".join([words, *(f"{name}: {own[name]}" for name in telling)])


def left_out(entries: Sequence[BoardEntry], recipe: Recipe, say: Say = str) -> str:
    """How many entries were trained by another recipe, and in what they differ; empty where there are none."""
    others = [entry for entry in entries if not recipe.holds(entry)]
    if not others:
        return ""
    own = _words(_example(entries, recipe), say)
    reasons = Counter(_difference(own, _words(entry, say), say) for entry in others)
    told = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common())
    words = say("{count} of {all} networks are left out: another recipe cannot be compared. They differ in {reasons}.")
    return words.format(count=len(others), all=len(entries), reasons=told)


def _example(entries: Sequence[BoardEntry], recipe: Recipe) -> BoardEntry:
    held = [entry for entry in entries if recipe.holds(entry)]
    return next((entry for entry in held if not entry.config.is_plain), held[0])


def _words(entry: BoardEntry, say: Say) -> dict[str, str]:
    """Every setting of a recipe as the controls call it. Of a plain network, those that need a shortcut are missing."""
    words = recipe_settings(entry.spec, say) | network_settings(entry.config, say)
    compared = [say("Seed"), say("Depth (layers)"), say("BatchNorm"), say("Blocks per stage")]
    shortcut = [say("Skip connections"), say("Zero-gamma")] if entry.config.is_plain else []
    return {name: value for name, value in words.items() if name not in compared + shortcut}


def _difference(own: dict[str, str], other: dict[str, str], say: Say) -> str:
    names = [name for name in other if name in own and own[name] != other[name]]
    return " + ".join(names) or say("other settings")


_NOTHING = NetworkSummary(0, math.nan, math.nan, None, diverged=False)
