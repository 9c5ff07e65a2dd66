"""Logarithmic axes that a class can read: few, whole powers of ten, and a name for the floor."""

import math

from ui.charts.labels import power_of_ten


def log_axis(low: int, high: int, floor: bool = False) -> dict[str, object]:
    """A logarithmic axis with few, whole powers of ten. With `floor`, its lowest number reads 0."""
    step = max(1, math.ceil((high - low) / 6))
    exponents = [exponent for exponent in range(low, high + 1) if exponent % step == 0]
    if floor:
        exponents = [low, *(exponent for exponent in exponents if exponent - low >= step)]
    names = ["0" if floor and exponent == low else power_of_ten(exponent) for exponent in exponents]
    return {
        "type": "log",
        "range": [low - 0.02 * (high - low), high],
        "tickvals": [10.0**exponent for exponent in exponents],
        "ticktext": ["1" if name == power_of_ten(0) else name for name in names],
    }
