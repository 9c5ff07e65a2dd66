"""What one server allows its visitors, and where their runs live."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from resnet_core.errors import EngineError
from resnet_core.recipe import TrainConfig

MAX_WORKERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """The limits of an engine. Those with a RESNET_LAB_ name can be set in the environment.

    Raises:
        EngineError: a value is out of range.
    """

    scheduler: str = ""  # RESNET_LAB_SCHEDULER, such as tcp://10.0.0.5:8786; empty: worker processes on this machine
    workers: int = 0  # RESNET_LAB_WORKERS: processes on this machine; 0 is one per core, at most two
    waiting: int = 30  # RESNET_LAB_WAITING: runs that may wait for a free worker
    grace: float = 20.0  # RESNET_LAB_GRACE: seconds without a poll after which a run's visitor counts as gone
    max_steps: int = 20_000  # RESNET_LAB_MAX_STEPS: of each network that a run may ask for
    max_seconds: float = 900.0  # RESNET_LAB_MAX_SECONDS: that a run may train; it is ended then
    turn: float = 60.0  # RESNET_LAB_TURN: seconds that a run trains at most before it makes room for others who wait
    niceness: int = 10  # RESNET_LAB_NICE: of the threads that train, so that pages and measurements come first
    keep_seconds: float = 900.0  # that an ended run can still be read after it was last looked at
    keep_runs: int = 100  # ended runs that are kept at most
    keep_bytes: int = 100_000_000  # that records and weights of ended runs may take up

    def __post_init__(self) -> None:
        _check("RESNET_LAB_WORKERS", self.workers, 0, MAX_WORKERS)
        _check("RESNET_LAB_WAITING", self.waiting, 0, 10_000)
        _check("RESNET_LAB_GRACE", self.grace, 0.1, 3600.0)
        _check("RESNET_LAB_MAX_STEPS", self.max_steps, 1, TrainConfig.MAX_STEPS)
        _check("RESNET_LAB_MAX_SECONDS", self.max_seconds, 1.0, 1e6)
        _check("RESNET_LAB_TURN", self.turn, 1.0, 1e6)
        _check("RESNET_LAB_NICE", self.niceness, 0, 19)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The defaults, changed by what the RESNET_LAB_ variables say.

        Raises:
            EngineError: a variable is not a number, or out of range.
        """
        usual = cls()
        return cls(
            scheduler=environment.get("RESNET_LAB_SCHEDULER", usual.scheduler),
            workers=int(_number(environment, "RESNET_LAB_WORKERS", usual.workers)),
            waiting=int(_number(environment, "RESNET_LAB_WAITING", usual.waiting)),
            grace=_number(environment, "RESNET_LAB_GRACE", usual.grace),
            max_steps=int(_number(environment, "RESNET_LAB_MAX_STEPS", usual.max_steps)),
            max_seconds=_number(environment, "RESNET_LAB_MAX_SECONDS", usual.max_seconds),
            turn=_number(environment, "RESNET_LAB_TURN", usual.turn),
            niceness=int(_number(environment, "RESNET_LAB_NICE", usual.niceness)),
        )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "")
    try:
        value = float(text) if text else default
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise EngineError("{name} is {text!r}. It must be a number.", name=name, text=text)
    return value


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise EngineError(
            "{name} is {value}. It must be from {low} to {high}.", name=name, value=value, low=low, high=high
        )
