"""Where the cost of basic and of bottleneck blocks goes."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from resnet_core.records.block_kinds import BlockCostReport, BlockShare, ConvolutionShare, Part
from ui.charts import theme
from ui.charts.labels import Say, big, count, percent
from ui.charts.roles import IN_BRANCH, ON_SHORTCUT, ROLES
from ui.charts.sketch import Sketch

COLOURS: dict[Part, str] = {
    "3x3": ROLES["branch"],
    "1x1": IN_BRANCH,
    "projection": ON_SHORTCUT,
    "ends": theme.QUIET,
}


class Piece(NamedTuple):
    """A part of a bar."""

    part: Part
    macs: int
    words: str  # that a pointer on it reads


def block_bars(report: BlockCostReport, say: Say = str) -> go.Figure:
    """One bar per kind of block, one piece per convolution in the order of the forward pass."""
    blocks = different_blocks(report)
    rows = [_broken(_block_name(names, say)) for names, _ in blocks]
    pieces = [[_named(one) for one in block.convolutions] for _, block in blocks]
    return _stacked(rows, pieces, say)


def network_bars(report: BlockCostReport, say: Say = str) -> go.Figure:
    """One bar per network, one piece per kind of layer."""
    rows = [_broken(network.name) for network in report.networks]
    pieces = [
        [Piece(part.part, part.macs, _part_name(part.part, say)) for part in one.parts] for one in report.networks
    ]
    return _stacked(rows, pieces, say)


def different_blocks(report: BlockCostReport) -> list[tuple[list[str], BlockShare]]:
    """The blocks without repetitions, each with the names of the networks that have it."""
    found: list[tuple[list[str], BlockShare]] = []
    for block in report.blocks:
        for names, known in found:
            if known.convolutions == block.convolutions:
                names.append(block.network)
                break
        else:
            found.append(([block.network], block))
    return found


def block_alt(report: BlockCostReport, say: Say = str) -> str:
    """Every convolution of each block in words."""
    parts = [
        f"{_block_name(names, say)}: "
        + ", ".join(f"{one.kernel}×{one.kernel} {big(one.macs)}" for one in block.convolutions)
        for names, block in different_blocks(report)
    ]
    return say("Multiplications of one block, convolution by convolution.") + " " + "; ".join(parts) + "."


def network_alt(report: BlockCostReport, say: Say = str) -> str:
    """Every network's whole cost and the shares of its kinds of layer in words."""
    parts = [
        f"{network.name}: {big(network.macs)} ("
        + ", ".join(f"{_part_name(part.part, say)} {percent(part.macs / network.macs)}" for part in network.parts)
        + ")"
        for network in report.networks
    ]
    return say("Multiplications of whole networks by kind of layer.") + " " + "; ".join(parts) + "."


def block_table(report: BlockCostReport, say: Say = str) -> list[dict[str, object]]:
    """One row per convolution."""
    columns = (
        say("Network"), say("Kernel"), say("Channels in"), say("Channels out"), say("Output"), say("Parameters"),
        say("Multiply-accumulates"),
    )  # fmt: skip
    rows = [
        (
            block.network, f"{one.kernel}×{one.kernel}", one.before, one.after, f"{one.side}×{one.side}",
            count(one.parameters), count(one.macs),
        )
        for block in report.blocks
        for one in block.convolutions
    ]  # fmt: skip
    return [dict(zip(columns, row, strict=True)) for row in rows]


def network_table(report: BlockCostReport, say: Say = str) -> list[dict[str, object]]:
    """One row per network."""
    columns = (say("Network"), say("Layers"), say("Parameters"), say("Multiply-accumulates"))
    rows = [(one.name, one.layers, count(one.parameters), count(one.macs)) for one in report.networks]
    named: list[dict[str, object]] = [dict(zip(columns, row, strict=True)) for row in rows]
    for row, network in zip(named, report.networks, strict=True):
        row.update({_part_name(part.part, say): percent(part.macs / network.macs) for part in network.parts})
    return named


def _stacked(rows: Sequence[str], pieces: Sequence[Sequence[Piece]], say: Say) -> go.Figure:
    totals = [sum(piece.macs for piece in row) for row in pieces]
    longest = max(totals)
    figure = theme.blank(150 + 64 * len(rows), right=72, top=76)
    told: set[Part] = set()
    for name, row in zip(rows, pieces, strict=True):
        for piece in row:
            if piece.macs:
                _draw(figure, name, piece, say, first=piece.part not in told)
                told.add(piece.part)
    for name, total in zip(rows, totals, strict=True):
        figure.add_annotation(
            x=total, y=name, text=f"<b>{big(total)}</b>", xanchor="left", xshift=6, showarrow=False
        )  # fmt: skip
    figure.update_layout(
        barmode="stack",
        bargap=0.3,
        showlegend=True,
        legend_traceorder="normal",
        uniformtext={"mode": "hide", "minsize": theme.FONT_SIZE},  # a piece too narrow for its number has none
    )
    figure.update_xaxes(
        title_text=say("Multiplications (MACs)"), range=[0, longest], tickformat="~s", nticks=4, tickangle=0
    )
    figure.update_yaxes(categoryorder="array", categoryarray=list(rows)[::-1], showgrid=False)
    return theme.finish(figure)


def _named(share: ConvolutionShare) -> Piece:
    channels, side = f"{share.before}→{share.after}", f"{share.side}×{share.side}"
    return Piece(share.part, share.macs, f"{share.kernel}×{share.kernel}, {channels}, {side}")


def _draw(figure: Sketch, row: str, piece: Piece, say: Say, *, first: bool) -> None:
    figure.add_bar(
        x=[piece.macs],
        y=[row],
        orientation="h",
        marker={"color": COLOURS[piece.part], "line": {"color": "#FFFFFF", "width": 2}},
        name=_part_name(piece.part, say),
        legendgroup=piece.part,
        legendrank=list(COLOURS).index(piece.part),
        showlegend=first,
        text=[big(piece.macs)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"size": theme.FONT_SIZE, "color": "#000000"},
        hovertemplate=f"{piece.words}<br><b>%{{x:,}}</b><extra></extra>",
    )


def _part_name(part: Part, say: Say) -> str:
    names = {"projection": say("projection"), "ends": say("stem, head")}
    return names.get(part) or part.replace("x", "×")


def _block_name(networks: Sequence[str], say: Say) -> str:
    if len(networks) > 1:  # v1 and v1.5 differ where the stride is, and nowhere else
        return networks[0].partition(",")[0]
    return networks[0]


def _broken(name: str) -> str:
    return name.replace(", ", "<br>")
