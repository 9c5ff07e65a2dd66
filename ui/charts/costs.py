"""What networks cost: per layer, per stage, with and without a 1x1 reduction."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from resnet_core.records import ConvCost, CostReport, LayerCost
from ui.charts import theme
from ui.charts.labels import Say, big, count
from ui.charts.sketch import Sketch

Quantity = Literal["macs", "parameters", "activation_bytes"]


def cost_bars(
    report: CostReport, quantity: Quantity = "macs", say: Say = str, *, by: Literal["layer", "stage"] = "stage"
) -> go.Figure:
    """One bar per stage (or per layer that costs anything), in the order of the forward pass."""
    figure = theme.blank(400, top=36)
    if by == "stage":
        stages = stage_costs(report, quantity)
        _bars(figure, [_short(stage, say) for stage in stages], list(stages.values()), quantity)
        figure.update_xaxes(title_text=say("Stage"), type="category")
    else:
        layers = [layer for layer in report.layers if _cost(layer, quantity)]
        _layer_bars(figure, layers, quantity, say)
    figure.update_yaxes(title_text=_title(quantity, say), rangemode="tozero", tickformat="~s", nticks=6)
    return theme.finish(figure)


def stage_costs(report: CostReport, quantity: Quantity = "macs") -> dict[str, int]:
    """The sum over each stage's layers: "stem", "1", ..., "head"."""
    sums: dict[str, int] = {}
    for layer in report.layers:
        sums[layer.stage] = sums.get(layer.stage, 0) + _cost(layer, quantity)
    return sums


def cost_alt(report: CostReport, quantity: Quantity = "macs", say: Say = str) -> str:
    """The stage bars in words."""
    parts = [f"{_stage_name(stage, say)} {big(value)}" for stage, value in stage_costs(report, quantity).items()]
    return f"{_title(quantity, say)}: " + ", ".join(parts) + "."


def cost_table(report: CostReport, say: Say = str) -> list[dict[str, object]]:
    """One row per layer."""
    columns = (
        say("Layer"), say("Kind"), say("Stage"), say("Output"), say("Parameters"), say("Multiply-accumulates"),
        say("Activation (bytes)"),
    )  # fmt: skip
    kinds = {kind: kind_name(kind, say) for kind in {layer.kind for layer in report.layers}}
    stages = {stage: _stage_name(stage, say) for stage in {layer.stage for layer in report.layers}}
    rows = [
        (
            layer.name, kinds[layer.kind], stages[layer.stage], "×".join(map(str, layer.output)),
            layer.parameters, layer.macs, layer.activation_bytes,
        )
        for layer in report.layers
    ]  # fmt: skip
    return [dict(zip(columns, row, strict=True)) for row in rows]


def reduction_bars(direct: ConvCost, reduced: Sequence[ConvCost], say: Say = str) -> go.Figure:
    """Multiplications of one convolution, and of the chain of convolutions that replaces it, stacked."""
    figure = theme.blank(300, right=80, top=70)
    names = [say("direct"), say("with 1x1")]
    _piece(figure, names[0], direct, theme.QUIET)
    for cost, colour in zip(reduced, _alternating(len(reduced)), strict=True):
        _piece(figure, names[1], cost, colour)
    for name, total in zip(names, (direct.macs, sum(cost.macs for cost in reduced)), strict=True):
        figure.add_annotation(
            x=total, y=name, text=f"<b>{big(total)}</b>", xanchor="left", xshift=6, showarrow=False
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.35, showlegend=True, legend_traceorder="normal")
    top = max(direct.macs, sum(cost.macs for cost in reduced))
    figure.update_xaxes(title_text=say("Multiplications (MACs)"), range=[0, top], tickformat="~s", nticks=5)
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], showgrid=False)
    return theme.finish(figure)


def reduction_alt(direct: ConvCost, reduced: Sequence[ConvCost], say: Say = str) -> str:
    """Both bars in words, to the last multiplication."""
    words = say("Direct: {direct} multiplications. With the 1x1 reduction: {parts}, together {total}.")
    return words.format(
        direct=count(direct.macs),
        parts=" + ".join(count(cost.macs) for cost in reduced),
        total=count(sum(cost.macs for cost in reduced)),
    )


def conv_name(cost: ConvCost) -> str:
    """ "5×5, 192→32": kernel and channels of a convolution."""
    return f"{cost.kernel}×{cost.kernel}, {cost.in_channels}→{cost.out_channels}"


def kind_name(kind: str, say: Say = str) -> str:
    """What the figures call a kind of layer; the kind itself where it is none of records.LayerCost's."""
    names = {
        "conv": say("convolution"),
        "norm": say("BatchNorm"),
        "linear": say("fully connected"),
        "relu": say("ReLU"),
        "pool": say("pooling"),
        "add": say("addition"),
    }
    return names.get(kind, kind)


def _bars(figure: Sketch, names: list[str], values: list[int], quantity: Quantity) -> None:
    figure.add_bar(
        x=names,
        y=values,
        marker_color=theme.BAR,
        text=[big(value) for value in values],
        textposition="outside",
        constraintext="none",
        textangle=0,
        textfont_size=theme.FONT_SIZE,
        cliponaxis=False,
        name=quantity,
        hovertemplate="%{x}: <b>%{y:,}</b><extra></extra>",
    )


def _layer_bars(figure: Sketch, layers: Sequence[LayerCost], quantity: Quantity, say: Say) -> None:
    figure.add_bar(
        x=list(range(1, len(layers) + 1)),
        y=[_cost(layer, quantity) for layer in layers],
        marker_color=[theme.BAR if _place(layer.stage) % 2 else theme.SECOND_BAR for layer in layers],
        customdata=[[layer.name, kind_name(layer.kind, say), "×".join(map(str, layer.output))] for layer in layers],
        name=quantity,
        hovertemplate="%{customdata[0]} (%{customdata[1]})<br>%{customdata[2]}<br><b>%{y:,}</b><extra></extra>",
    )
    stages = [stage for stage in dict.fromkeys(layer.stage for layer in layers) if stage.isdigit()]
    for stage in stages:
        places = [index for index, layer in enumerate(layers, start=1) if layer.stage == stage]
        if len(places) > len(layers) / 12:
            figure.add_annotation(
                x=sum(places) / len(places), y=1, yref="paper", yanchor="bottom", showarrow=False,
                text=_stage_name(stage, say) if stage == stages[0] else stage,
            )  # fmt: skip
    figure.update_xaxes(title_text=say("Layer, counted from the input"))


def _piece(figure: Sketch, name: str, cost: ConvCost, colour: str) -> None:
    height, width, out, kernel, into = cost
    figure.add_bar(
        x=[cost.macs],
        y=[name],
        orientation="h",
        marker={"color": colour},
        name=f"{conv_name(cost)}: {big(cost.macs)}",
        hovertemplate=f"{height}·{width}·{out}·{kernel}·{kernel}·{into} = <b>%{{x:,}}</b><extra></extra>",
    )


def _alternating(length: int) -> list[str]:
    return [(theme.BAR, theme.SECOND_BAR)[index % 2] for index in range(length)]


def _cost(layer: LayerCost, quantity: Quantity) -> int:
    return getattr(layer, quantity)


def _place(stage: str) -> int:
    return int(stage) if stage.isdigit() else 0


def _short(stage: str, say: Say) -> str:
    return stage if stage.isdigit() else _stage_name(stage, say)


def _stage_name(stage: str, say: Say) -> str:
    if stage == "stem":
        return say("stem")
    return say("head") if stage == "head" else say("stage {number}").format(number=stage)


def _title(quantity: Quantity, say: Say) -> str:
    if quantity == "macs":
        return say("Multiply-accumulates (MACs)")
    return say("Parameters") if quantity == "parameters" else say("Activation memory (bytes)")
