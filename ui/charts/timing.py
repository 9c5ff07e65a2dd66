"""Measured time beside counted multiplications."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from resnet_core.records import LayerTime
from ui.charts import theme
from ui.charts.labels import Say, big, plain_number


def macs_vs_ms(times: Sequence[LayerTime], say: Say = str) -> go.Figure:
    """Median time of each convolution against its multiplications, quartiles as error bars, both axes logarithmic.

    The dotted line is where all would lie if time were proportional to multiplications, drawn through the first one.
    """
    figure = theme.blank(420, top=28, right=28)
    macs = np.array([time.macs for time in times], dtype=float)
    medians = np.array([time.milliseconds for time in times])
    ends = np.array([macs.min(), macs.max()])
    figure.add_scatter(
        x=ends, y=proportional(times[0], ends), mode="lines", hoverinfo="skip", meta="proportional",
        line={"color": theme.QUIET, "width": 2, "dash": "dot"},
    )  # fmt: skip
    figure.add_scatter(
        x=macs,
        y=medians,
        mode="markers+text" if len(times) <= 8 else "markers",
        text=[time.name for time in times],
        textposition=["top right" if mac < ends.mean() else "top left" for mac in macs],
        textfont_size=theme.FONT_SIZE,
        marker={"size": 14, "color": theme.BAR},
        error_y={
            "array": [time.high - time.milliseconds for time in times],
            "arrayminus": [time.milliseconds - time.low for time in times],
            "thickness": 2,
            "width": 6,
        },
        customdata=[[big(time.macs), plain_number(time.low), plain_number(time.high)] for time in times],
        hovertemplate="%{text}<br>%{customdata[0]} MACs<br><b>%{y:.3g} ms</b> "
        "(%{customdata[1]}–%{customdata[2]})<extra></extra>",
    )
    lows, highs = [time.low for time in times], [time.high for time in times]
    line = proportional(times[0], ends)
    figure.update_xaxes(_log(ends.min(), ends.max(), "~s"), title_text=say("Multiplications (MACs)"))
    figure.update_yaxes(
        _log(min([*lows, line.min()]), max([*highs, line.max()]), "~g"), title_text=say("Measured time (ms)")
    )
    figure.add_annotation(
        text=say("dotted: time proportional to MACs"), x=0, xref="paper", xanchor="left", y=1, yref="paper",
        yanchor="bottom", showarrow=False,
    )  # fmt: skip
    return theme.finish(figure)


def proportional(reference: LayerTime, macs: np.ndarray) -> np.ndarray:
    """Milliseconds that `macs` would take at the speed of `reference`."""
    return reference.milliseconds * macs / reference.macs


def timing_alt(times: Sequence[LayerTime], say: Say = str) -> str:
    """Every point in words."""
    words = say("{name}: {macs} MACs in {time} ms")
    parts = [words.format(name=time.name, macs=big(time.macs), time=plain_number(time.milliseconds)) for time in times]
    return say("Measured time against multiplications.") + " " + "; ".join(parts) + "."


def timing_table(times: Sequence[LayerTime], say: Say = str) -> list[dict[str, object]]:
    """One row per convolution: what it had to compute, how long it took, and how fast that is."""
    return [
        {
            say("Convolution"): time.name,
            say("MACs"): time.macs,
            say("Milliseconds (median)"): round(time.milliseconds, 3),
            say("Lower quartile"): round(time.low, 3),
            say("Upper quartile"): round(time.high, 3),
            say("Million MACs per ms"): round(time.macs / 1e6 / time.milliseconds, 2),
        }
        for time in times
    ]


def _log(low: float, high: float, form: str) -> dict[str, object]:
    low, high = np.log10(max(low, 1e-9)), np.log10(max(high, 1e-9))
    room = 0.12 * max(high - low, 1.0)
    return {"type": "log", "range": [low - room, high + room], "dtick": 1, "tickformat": form}
