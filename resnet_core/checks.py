"""How a config checks itself: one sentence for a wrong word, one for a number out of range."""

from resnet_core.errors import ConfigError


def check_choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse a `value` that is not one of `allowed`.

    Raises:
        ConfigError: it is not.
    """
    if value not in allowed:
        raise ConfigError(
            "{name} is {value!r}. It must be one of {allowed}.",
            name=name,
            value=value,
            allowed=", ".join(map(repr, allowed)),
        )


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Refuse a `value` outside low..high, NaN included. Where both limits are whole numbers it must be one too.

    Raises:
        ConfigError: it is not.
    """
    whole = isinstance(low, int) and isinstance(high, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not low <= value <= high:
        raise ConfigError(
            "{name} is {value!r}. It must be a whole number from {low} to {high}."
            if whole
            else "{name} is {value!r}. It must be a number from {low} to {high}.",
            name=name,
            value=value,
            low=low,
            high=high,
        )
