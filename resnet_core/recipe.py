"""What a training run is made of, as frozen values: the data, the recipe, and the networks that share both."""

import dataclasses
import json
import types
import typing
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, get_args

from resnet_core.checks import check_choice, check_range
from resnet_core.config import ResNetConfig
from resnet_core.errors import ConfigError
from resnet_core.presets import preset

PRESET = "preset"  # what names a network in plain settings

DataName = Literal["fashion", "digits", "cifar10", "folder", "jpegs"]
ELSEWHERE: tuple[DataName, ...] = ("cifar10", "folder", "jpegs")  # pictures that do not come along: they have a path
OptimiserKind = Literal["sgd", "adam", "adamw"]
ScheduleKind = Literal["constant", "step", "cosine"]
Precision = Literal["auto", "fp32", "bf16"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConfig:
    """Which pictures to learn from, and at what size."""

    SIZES: ClassVar[tuple[int, ...]] = (8, 16, 28, 32, 64)

    name: DataName = "fashion"
    size: int = 16  # pixels per side; smaller than the original means averaged, see data.py
    path: str = ""  # for what is ELSEWHERE: where the archive or the folder is on the machine that trains

    def __post_init__(self) -> None:
        check_choice("data", self.name, get_args(DataName))
        if self.size not in self.SIZES:
            raise ConfigError(
                "size is {size!r}. It must be one of {sizes} pixels.",
                size=self.size,
                sizes=", ".join(map(str, self.SIZES)),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """How to train. The defaults show each effect within a minute on one thread.

    The paper's own recipe (He et al. 2015, section 4.2) is batch 128, lr 0.1 divided by 10 at 32k and 48k of 64k steps.
    """

    MAX_STEPS: ClassVar[int] = 100_000
    MAX_BATCH: ClassVar[int] = 1024

    steps: int = 150
    batch: int = 64  # images per step
    optimiser: OptimiserKind = "sgd"
    learning_rate: float = 0.05
    momentum: float = 0.9  # SGD's; Adam's first beta
    weight_decay: float = 1e-4
    schedule: ScheduleKind = "constant"
    milestones: tuple[int, ...] = ()  # steps at which "step" divides the learning rate by ten
    warm_up: int = 0  # steps over which the learning rate rises from 0 in a straight line
    augment: bool = False  # shift by up to an eighth of the side, mirror left-right
    vary: bool = False  # crops of any size, mirrored, in other colours, a square hidden: for large networks, see vary()
    label_smoothing: float = 0.0  # share of the target that is spread over all classes (Szegedy et al. 2016, section 7)
    seed: int = 0  # decides weights, data order and augmentation
    precision: Precision = "auto"  # "auto" takes bf16 autocast where this processor has it and it measured faster
    inspect_every: int = 10  # steps between closer looks (activations, branch gradients, test error); 0 for never

    def __post_init__(self) -> None:
        check_choice("optimiser", self.optimiser, get_args(OptimiserKind))
        check_choice("schedule", self.schedule, get_args(ScheduleKind))
        check_choice("precision", self.precision, get_args(Precision))
        check_range("steps", self.steps, 1, self.MAX_STEPS)
        check_range("batch", self.batch, 2, self.MAX_BATCH)
        check_range("learning_rate", self.learning_rate, 0.0, 100.0)
        check_range("momentum", self.momentum, 0.0, 0.9999)
        check_range("weight_decay", self.weight_decay, 0.0, 1.0)
        check_range("label_smoothing", self.label_smoothing, 0.0, 0.9)
        check_range("warm_up", self.warm_up, 0, self.MAX_STEPS)
        check_range("seed", self.seed, 0, 2**31 - 1)
        check_range("inspect_every", self.inspect_every, 0, self.MAX_STEPS)
        if self.schedule == "step" and not self.milestones:
            raise ConfigError("schedule is 'step' and milestones is empty. Name the steps at which to divide by ten.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """One to four networks that see the same batches in the same order, one step of each in turn."""

    MAX_NETWORKS: ClassVar[int] = 4

    networks: tuple[ResNetConfig, ...]
    data: DataConfig = DataConfig()
    training: TrainConfig = TrainConfig()

    def __post_init__(self) -> None:
        if not 1 <= len(self.networks) <= self.MAX_NETWORKS:
            raise ConfigError(
                "A run has {count} networks. It must have from 1 to {limit}.",
                count=len(self.networks),
                limit=self.MAX_NETWORKS,
            )

    def to_json(self) -> str:
        """Plain JSON with every setting written out."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, checking every setting again.

        Raises:
            ConfigError: not JSON, an unknown or missing setting, a wrong type, or a value out of range.
        """
        try:
            content = json.loads(text)
        except json.JSONDecodeError as problem:
            raise ConfigError("The run's settings are not JSON: {problem}.", problem=problem) from None
        return build(cls, content)


def build(kind: type[Any], content: object) -> Any:  # noqa: ANN401 - the result has the type that was asked for
    """A frozen config of `kind` from the plain dict that `dataclasses.asdict` makes of one.

    A network can be named: {"preset": "cifar-resnet20", "in_channels": 1} is that preset with one setting changed.

    Raises:
        ConfigError: a setting that `kind` does not have, a value of the wrong type, or a value out of range.
    """
    if not isinstance(content, dict):
        raise ConfigError("{kind} is {value!r}. It must be an object of settings.", kind=kind.__name__, value=content)
    if kind is ResNetConfig and PRESET in content:
        named = dataclasses.asdict(preset(str(content[PRESET])))
        return build(kind, named | {name: value for name, value in content.items() if name != PRESET})
    hints = typing.get_type_hints(kind)
    fields = {field.name for field in dataclasses.fields(kind)}
    if unknown := sorted(set(content) - fields):
        raise ConfigError(
            "{kind} has no setting called {unknown}. It has {allowed}.",
            kind=kind.__name__,
            unknown=", ".join(map(str, unknown)),
            allowed=", ".join(sorted(fields)),
        )
    values = {name: _convert(f"{kind.__name__}.{name}", hints[name], value) for name, value in content.items()}
    try:
        return kind(**values)
    except TypeError as problem:
        raise ConfigError("{kind}: {problem}.", kind=kind.__name__, problem=problem) from None


def _convert(name: str, hint: Any, value: Any) -> Any:  # noqa: ANN401 - a type hint may be anything
    if dataclasses.is_dataclass(hint):
        return build(typing.cast(type[Any], hint), value)
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _convert_to_one_of(name, hint, value)
    if origin is tuple and isinstance(value, list | tuple):
        inner = typing.get_args(hint)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
        if len(kinds) == len(value):
            return tuple(_convert(name, kind, item) for kind, item in zip(kinds, value, strict=True))
    if origin is Literal and value in typing.get_args(hint):
        return value
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias) and type(value) is hint:
        return value
    raise ConfigError("{name} is {value!r}. It must be {kind}.", name=name, value=value, kind=_words(hint))


def _convert_to_one_of(name: str, hint: Any, value: Any) -> Any:  # noqa: ANN401 - a type hint may be anything
    kinds = typing.get_args(hint)
    problems = []
    for kind in kinds:
        try:
            return _convert(name, kind, value)
        except ConfigError as problem:
            problems.append(problem)
    # An object was meant for the one kind that is made of settings: what is wrong inside it says more.
    objects = [problem for kind, problem in zip(kinds, problems, strict=True) if dataclasses.is_dataclass(kind)]
    if isinstance(value, dict) and len(objects) == 1:
        raise objects[0]
    raise ConfigError("{name} is {value!r}. It must be {kind}.", name=name, value=value, kind=_words(hint))


def _words(hint: object) -> str:
    if hint is types.NoneType:
        return "null"
    if typing.get_origin(hint) is Literal:
        return "one of " + ", ".join(map(repr, typing.get_args(hint)))
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return " or ".join(map(_words, typing.get_args(hint)))
    return str(hint) if typing.get_origin(hint) else getattr(hint, "__name__", str(hint))
