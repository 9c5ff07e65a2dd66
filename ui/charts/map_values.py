"""Ranges of feature maps, in numbers, in words and as a colour bar. Values that are not finite belong to no range."""

import numpy as np
from numpy.typing import NDArray

from ui.charts import theme
from ui.charts.labels import Say, plain_number


def value_range(values: NDArray[np.floating]) -> tuple[float, float]:
    """Smallest and largest of the finite values and 0."""
    present = values[np.isfinite(values)]
    return float(present.min(initial=0.0)), float(present.max(initial=0.0))


def range_in_words(values: NDArray[np.floating], words: tuple[str, str, str], **names: object) -> str:
    """One of three templates, for values that are all finite, some, or none. Its {low} and {high} are filled in."""
    present = values[np.isfinite(values)]
    if not present.size:
        return words[2].format(**names)
    low, high = plain_number(float(present.min())), plain_number(float(present.max()))
    return words[0 if present.size == values.size else 1].format(low=low, high=high, **names)


def colour_bar(say: Say, above: float = 0.0, *, holes: bool = False) -> dict[str, object]:
    """The bar over a figure of activations; with `holes` it says what the empty places are."""
    title = say("activation (left empty: not finite)") if holes else say("activation")
    return {
        "orientation": "h",
        "y": 1.0 + above,
        "yanchor": "bottom",
        "len": 0.8,
        "thickness": 14,
        "nticks": 5,
        "tickfont": {"size": theme.FONT_SIZE},
        "title": {"text": title, "side": "top", "font": {"size": theme.FONT_SIZE}},
    }
