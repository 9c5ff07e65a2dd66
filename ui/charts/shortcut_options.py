"""Charts of the options A, B and C: what goes around each block, what it costs, and how the networks learn."""

from collections.abc import Sequence

import plotly.graph_objects as go

from resnet_core.records.shortcuts import Around, ShortcutCounts, ShortcutRace
from ui.charts import theme
from ui.charts.labels import Say, count, layer_label
from ui.charts.roles import ON_SHORTCUT
from ui.charts.shortcut_races import Entry
from ui.charts.sketch import Sketch

HEIGHT = 330  # pixels
_LARGEST, _SMALLEST = 20, 5  # pixels, of a mark; fifty-four of them have to fit beside each other on a phone
_WIDTH = 320  # pixels that a row has on a phone
_LOOKS: dict[Around, tuple[str, str]] = {  # symbol and colour
    "nothing": ("x-thin-open", theme.PLAIN),
    "identity": ("circle", theme.RESIDUAL),
    "zeros": ("square-open", theme.RESIDUAL),
    "projection": ("diamond", ON_SHORTCUT),
}


def option_map(counts: ShortcutCounts, say: Say = str) -> go.Figure:
    """What goes around every block under each option: one row per option, blocks in the order of the forward pass."""
    figure = theme.blank(HEIGHT, top=70)
    size = max(_SMALLEST, min(_LARGEST, _WIDTH // len(counts.blocks) - 1))
    for kind, (symbol, colour) in _LOOKS.items():
        places = [
            (block + 1, row)
            for row, around in enumerate(counts.around)
            for block, found in enumerate(around)
            if found == kind
        ]
        line = {"width": 3 if symbol.endswith("open") else 0, "color": colour}
        marker = {"symbol": symbol, "size": size, "color": colour, "line": line}
        figure.add_scatter(
            x=[block for block, _ in places],
            y=[row for _, row in places],
            mode="markers",
            name=around_name(kind, say),
            marker=marker,
            text=[layer_label(counts.blocks[block - 1], say) for block, _ in places],
            hovertemplate="%{text}: <b>" + around_name(kind, say) + "</b><extra></extra>",
        )
    _draw_stages(figure, counts)
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title_text=say("Block, from the input"), range=[0.4, len(counts.blocks) + 0.6], nticks=8)
    rows = list(range(len(counts.options)))
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=rows,
        ticktext=[option_name(option, say) for option in counts.options],
        showgrid=False,
    )
    return theme.finish(figure)


def around_name(kind: Around, say: Say = str) -> str:
    """What the class calls it."""
    return {
        "nothing": say("no shortcut"),
        "identity": say("identity"),
        "zeros": say("zero padding"),
        "projection": say("1×1 projection"),
    }[kind]


def option_name(option: str, say: Say = str) -> str:
    """ "A", "B", "C", or plain."""
    return say("plain") if option == "none" else option


def option_alt(counts: ShortcutCounts, say: Say = str) -> str:
    """How many blocks of each kind every option has."""
    parts = []
    for option, around in zip(counts.options, counts.around, strict=True):
        kinds = [f"{around.count(kind)} × {around_name(kind, say)}" for kind in _LOOKS if kind in around]
        parts.append(f"{option_name(option, say)}: {', '.join(kinds)}")
    return say("What goes around each block.") + " " + "; ".join(parts) + "."


def option_table(counts: ShortcutCounts, say: Say = str) -> list[dict[str, object]]:
    """One row per option: projections, parameters, multiplications."""
    return [
        {
            say("Option"): option_name(option, say),
            say("Blocks that project"): counts.around[row].count("projection"),
            say("Parameters"): count(counts.parameters[row]),
            say("of these in shortcuts"): count(counts.shortcut_parameters[row]),
            say("MACs"): count(counts.macs[row]),
        }
        for row, option in enumerate(counts.options)
    ]


def option_entries(race: ShortcutRace, say: Say = str) -> list[Entry]:
    """The networks of a race of options: plain vermilion, options in blues."""
    blues = iter((theme.RESIDUAL, "#64B5E6", "#004A75"))
    return [
        Entry(
            name=option_name(option, say),
            words=say("plain") if option == "none" else say("option {option}").format(option=option),
            colour=theme.PLAIN if option == "none" else next(blues),
        )
        for option in race.names
    ]


def _draw_stages(figure: Sketch, counts: ShortcutCounts) -> None:
    """A line before the first block of each stage but the first."""
    for place in stage_begins(counts.blocks):
        figure.layout.setdefault("shapes", []).append(
            {
                "type": "line", "x0": place + 0.5, "x1": place + 0.5, "y0": 0, "y1": 1, "yref": "paper",
                "line": {"color": theme.QUIET, "width": 1, "dash": "dot"},
            }
        )  # fmt: skip


def stage_begins(blocks: Sequence[str]) -> list[int]:
    """Places, from 0, of the blocks that open a stage, the first stage left out."""
    return [place for place, name in enumerate(blocks) if place and name.endswith(".0")]
