"""Measured time beside counted multiplications."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from resnet_core.records import LayerTime
from ui.charts import theme
from ui.charts.labels import Say, big, plain_number
from ui.charts.sketch import Sketch


def macs_vs_ms(times: Sequence[LayerTime], say: Say = str) -> go.Figure:
    """Median time of each convolution against its multiplications, quartiles as error bars, both axes logarithmic.

    Points are numbered, with their names above. The dotted line is where all would lie if time were proportional to
    multiplications, drawn through the first one.
    """
    figure = theme.blank(500, right=28)
    macs = np.array([time.macs for time in times], dtype=float)
    ends = np.array([macs.min(), macs.max()])
    line = proportional(times[0], ends)
    figure.add_scatter(
        x=ends, y=line, mode="lines", hoverinfo="skip", name=say("time proportional to MACs"), meta="proportional",
        line={"color": theme.QUIET, "width": 2, "dash": "dot"},
    )  # fmt: skip
    for number, time in enumerate(times, start=1):
        _draw_point(figure, number, time)
    low = min([*(time.low for time in times), line.min()])
    high = max([*(time.high for time in times), line.max()])
    figure.update_xaxes(**_log(ends.min(), ends.max(), "~s"), title_text=say("Multiplications (MACs)"))
    figure.update_yaxes(**_log(low, high, "~g"), title_text=say("Measured time (ms)"))
    figure.update_layout(showlegend=True)
    return theme.finish(figure)


def _draw_point(figure: Sketch, number: int, time: LayerTime) -> None:
    figure.add_scatter(
        x=[time.macs],
        y=[time.milliseconds],
        mode="markers",
        name=f"{number} · {time.name}",
        marker={"size": 14, "color": theme.BAR},
        error_y={
            "array": [time.high - time.milliseconds],
            "arrayminus": [time.milliseconds - time.low],
            "thickness": 2,
            "width": 6,
        },
        hovertemplate=f"{time.name}<br>{big(time.macs)} MACs<br><b>{plain_number(time.milliseconds)} ms</b> "
        f"({plain_number(time.low)}–{plain_number(time.high)})<extra></extra>",
    )
    figure.add_annotation(
        text=f"<b>{number}</b>", x=np.log10(time.macs), y=np.log10(time.milliseconds), xshift=16, yshift=10,
        showarrow=False,
    )  # fmt: skip


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
