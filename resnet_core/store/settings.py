"""Where kept things lie on this server, how much room they may take and how long they stay."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from resnet_core.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """The limits of a store.

    Raises:
        StoreError: a value is out of range.
    """

    home: Path  # RESNET_LAB_HOME: the folder below which everything is kept
    quota_mb: float = 1000.0  # RESNET_LAB_KEEP_MB: for all runs together; the oldest go first
    keep_days: float = 60.0  # RESNET_LAB_KEEP_DAYS: after which a run goes

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("RESNET_LAB_KEEP_MB", self.quota_mb, 1.0, 1e7),
            ("RESNET_LAB_KEEP_DAYS", self.keep_days, 0.01, 36500.0),
        ):
            if not low <= value <= high:
                raise StoreError(
                    "{name} is {value}. It must be from {low} to {high}.", name=name, value=value, low=low, high=high
                )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The defaults, changed by what the RESNET_LAB_ variables say.

        Raises:
            StoreError: a variable is not a number, or out of range.
        """
        home = environment.get("RESNET_LAB_HOME", "")
        return cls(
            home=Path(home).expanduser() if home else Path.home() / ".resnet-lab",
            quota_mb=_number(environment, "RESNET_LAB_KEEP_MB", cls.__dataclass_fields__["quota_mb"].default),
            keep_days=_number(environment, "RESNET_LAB_KEEP_DAYS", cls.__dataclass_fields__["keep_days"].default),
        )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "")
    try:
        return float(text) if text else default
    except ValueError:
        raise StoreError("{name} is {text!r}. It must be a number.", name=name, text=text) from None
