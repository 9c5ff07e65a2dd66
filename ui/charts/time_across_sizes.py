"""Charts of what a bottleneck saves, counted and by the clock, at several sizes of input."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from resnet_core.records.pixels import SizeTimes, TimeReport
from ui.charts import theme
from ui.charts.labels import Say, big, count, plain_number
from ui.charts.sketch import Sketch

BARS_HEIGHT = 420  # pixels
HEIGHT = 480
_COLOURS = {"3x3": "#56606E", "bottleneck": theme.BAR, "1x1": theme.SECOND_BAR}  # of neither kind of network


def saving_bars(report: TimeReport, say: Say = str) -> go.Figure:
    """How many times fewer multiplications the bottleneck has than the 3x3, and how many times less time it takes.

    Error bars: upper quartile of the one over lower quartile of the other, and the other way round. The line at 1 is
    where nothing is saved.
    """
    figure = theme.blank(BARS_HEIGHT, top=76)
    places = [f"{side}×{side}<br>×{many}" for side, many in zip(report.sides, report.channels, strict=True)]
    counted, (low, measured, high) = counted_savings(report), measured_savings(report)
    figure.add_bar(
        x=places, y=measured, name=say("measured: less time"), marker_color=theme.BAR,
        error_y={"array": high - measured, "arrayminus": measured - low, "thickness": 2, "width": 6},
        hovertemplate="%{x}: <b>%{y:.3g}</b><extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=places, y=counted, name=say("counted: fewer multiplications"), mode="lines+markers",
        line={"color": _COLOURS["3x3"], "width": 3}, marker={"size": 12, "symbol": "diamond"},
        hovertemplate="%{x}: <b>%{y:.3g}</b><extra></extra>",
    )  # fmt: skip
    figure.add_hline(y=1, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.update_layout(showlegend=True, bargap=0.5)
    top = float(np.nanmax([*counted, *high[np.isfinite(high)]]))
    figure.update_xaxes(title_text=say("Side of the input and channels"), type="category", tickangle=0)
    figure.update_yaxes(title_text=say("Times less than one 3×3"), range=[0, 1.15 * top])
    return theme.finish(figure)


def size_scatter(report: TimeReport, say: Say = str) -> go.Figure:
    """Median time of every convolution against its multiplications, quartiles as error bars, both axes logarithmic.

    The dotted line is where all would lie if time were proportional to multiplications, drawn through the largest 3x3.
    Points of one kind are joined; the largest and the smallest input have their side in pixels beside them.
    """
    labels = [shape_name(shape.name, say) for shape in report.shapes]
    figure = theme.blank(HEIGHT, top=76)
    macs = np.array([shape.macs for shape in report.shapes], dtype=float)
    times = np.array([shape.milliseconds for shape in report.shapes])
    ends = np.array([macs.min() / 1.5, macs.max() * 1.5])
    figure.add_scatter(
        x=ends, y=times[0, 0] * ends / macs[0, 0], mode="lines", hoverinfo="skip", meta="proportional",
        name=say("time proportional to MACs"), line={"color": theme.QUIET, "width": 2, "dash": "dot"},
    )  # fmt: skip
    for shape, label in zip(report.shapes, labels, strict=True):
        _draw_shape(figure, report, shape, label)
    figure.update_layout(showlegend=True)
    figure.update_xaxes(**_log(ends, "~s"), title_text=say("Multiplications (MACs)"))
    spread = np.concatenate([[shape.low for shape in report.shapes], [shape.high for shape in report.shapes]])
    figure.update_yaxes(**_log(spread, "~g"), title_text=say("Measured time (ms)"))
    return theme.finish(figure)


def stage_times(report: TimeReport, say: Say = str) -> go.Figure:
    """Median time of every convolution at every size, where each kind has one count for all. Error bars: quartiles."""
    figure = theme.blank(HEIGHT, top=76)
    places = [f"{side}×{side}<br>×{many}" for side, many in zip(report.sides, report.channels, strict=True)]
    for shape in report.shapes:
        label = shape_name(shape.name, say)
        figure.add_scatter(
            x=places, y=shape.milliseconds, mode="lines+markers", name=f"{label}, {big(shape.macs[0])} MACs",
            line={"color": _COLOURS[shape.name], "width": 2}, marker={"size": 12}, error_y=_spread(shape),
            hovertemplate=f"{label}, %{{x}}<br><b>%{{y:.3g}} ms</b><extra></extra>",
        )  # fmt: skip
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title_text=say("Side of the input and channels"), type="category", tickangle=0)
    spread = np.concatenate([[shape.low for shape in report.shapes], [shape.high for shape in report.shapes]])
    figure.update_yaxes(**_log(spread, "~g"), title_text=say("Measured time (ms)"))
    return theme.finish(figure)


def counted_savings(report: TimeReport) -> NDArray[np.float64]:
    """Multiplications of the 3x3 over those of the bottleneck, per size."""
    direct, bottleneck = _pair(report)
    return np.array(direct.macs) / np.array(bottleneck.macs)


def measured_savings(report: TimeReport) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Time of the 3x3 over that of the bottleneck, per size: by the quartiles against, the medians, the quartiles for.

    "Against" takes the lower quartile of the 3x3 and the upper one of the bottleneck.
    """
    direct, bottleneck = _pair(report)
    return (
        direct.low / bottleneck.high,
        direct.milliseconds / bottleneck.milliseconds,
        direct.high / bottleneck.low,
    )


def size_name(report: TimeReport, place: int) -> str:
    """Read alike in every language: side, side, channels."""
    return f"{report.sides[place]}×{report.sides[place]}×{report.channels[place]}"


def shape_name(name: str, say: Say = str) -> str:
    """What the class calls a kind of convolution."""
    return {"3x3": "3×3", "1x1": "1×1", "bottleneck": say("bottleneck")}[name]


def savings_alt(report: TimeReport, say: Say = str) -> str:
    """Both factors of every size in words."""
    words = say("{size}: {counted} times fewer multiplications, {measured} times less time")
    _, measured, _ = measured_savings(report)
    parts = [
        words.format(size=size_name(report, place), counted=plain_number(counted), measured=plain_number(factor))
        for place, (counted, factor) in enumerate(zip(counted_savings(report), measured, strict=True))
    ]
    return say("A bottleneck beside one 3x3 convolution.") + " " + "; ".join(parts) + "."


def times_alt(report: TimeReport, say: Say = str) -> str:
    """Multiplications and time of the largest and the smallest of each kind."""
    words = say(
        "{name}: {most} MACs in {longest} ms at the largest input, {fewest} MACs in {shortest} ms at the smallest"
    )
    parts = [
        words.format(
            name=shape_name(shape.name, say),
            most=big(shape.macs[0]),
            longest=plain_number(float(shape.milliseconds[0])),
            fewest=big(shape.macs[-1]),
            shortest=plain_number(float(shape.milliseconds[-1])),
        )
        for shape in report.shapes
    ]
    return say("Measured time against multiplications.") + " " + "; ".join(parts) + "."


def times_table(report: TimeReport, say: Say = str) -> list[dict[str, object]]:
    """One row per kind and size."""
    return [
        {
            say("Convolution"): shape_name(shape.name, say),
            say("Input"): size_name(report, place),
            say("MACs"): count(shape.macs[place]),
            say("Milliseconds (median)"): round(float(shape.milliseconds[place]), 3),
            say("Lower quartile"): round(float(shape.low[place]), 3),
            say("Upper quartile"): round(float(shape.high[place]), 3),
            say("Million MACs per ms"): round(shape.macs[place] / 1e6 / float(shape.milliseconds[place]), 2),
        }
        for shape in report.shapes
        for place in range(len(report.sides))
    ]


def _pair(report: TimeReport) -> tuple[SizeTimes, SizeTimes]:
    found = {shape.name: shape for shape in report.shapes}
    return found["3x3"], found["bottleneck"]


def _draw_shape(figure: Sketch, report: TimeReport, shape: SizeTimes, label: str) -> None:
    figure.add_scatter(
        x=shape.macs,
        y=shape.milliseconds,
        mode="lines+markers+text",
        name=label,
        text=[str(side) if place in (0, len(report.sides) - 1) else "" for place, side in enumerate(report.sides)],
        textposition="middle right",
        textfont_size=theme.FONT_SIZE,
        line={"color": _COLOURS[shape.name], "width": 2},
        marker={"size": 12, "color": _COLOURS[shape.name]},
        error_y=_spread(shape),
        customdata=[[size_name(report, place), big(macs)] for place, macs in enumerate(shape.macs)],
        hovertemplate=f"{label}, %{{customdata[0]}}<br>%{{customdata[1]}} MACs<br><b>%{{y:.3g}} ms</b><extra></extra>",
    )


def _spread(shape: SizeTimes) -> dict[str, object]:
    return {
        "array": shape.high - shape.milliseconds,
        "arrayminus": shape.milliseconds - shape.low,
        "thickness": 2,
        "width": 6,
    }


def _log(values: NDArray[np.float64], form: str) -> dict[str, object]:
    low, high = np.log10(max(float(np.nanmin(values)), 1e-9)), np.log10(max(float(np.nanmax(values)), 1e-9))
    room = 0.08 * max(high - low, 1.0)
    return {"type": "log", "range": [low - room, high + room], "dtick": 1, "tickformat": form}
