"""ResNeXt's networks of equal cost, and who reads whom in a grouped convolution."""

import plotly.graph_objects as go
from plotly.colors import make_colorscale

from resnet_core.records.beyond import FamilyReport, Member
from ui.charts import theme
from ui.charts.labels import Say, big, count

_ROOM = 1.05  # of the largest bar: the axis ends a little behind it


def family_bars(report: FamilyReport, say: Say = str) -> go.Figure:
    """Parameters and multiplications of every member, in percent of the first one's."""
    figure = theme.blank(120 + 62 * len(report.members), right=84, top=44)
    names = [member.name for member in report.members]
    first = report.members[0]
    for title, values, whole, colour in (
        (say("MACs"), [member.macs for member in report.members], first.macs, theme.SECOND_BAR),
        (say("parameters"), [member.parameters for member in report.members], first.parameters, theme.BAR),
    ):
        figure.add_bar(
            x=[value / whole for value in values],
            y=names,
            orientation="h",
            name=title,
            marker={"color": colour},
            text=[big(value) for value in values],
            textposition="outside",
            constraintext="none",
            textfont_size=theme.FONT_SIZE,
            cliponaxis=False,
            customdata=[[count(value)] for value in values],
            hovertemplate="%{y}<br>" + title + ": <b>%{customdata[0]}</b> (%{x:.1%})<extra></extra>",
        )
    figure.update_layout(showlegend=True, bargap=0.25, legend_traceorder="reversed")
    title = say("Share of what {name} has").format(name=first.name)
    figure.update_xaxes(title_text=title, range=[0, _ROOM], tickformat=".0%", nticks=3, tickangle=0)
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], showgrid=False, type="category")
    return theme.finish(figure)


def family_alt(report: FamilyReport, say: Say = str) -> str:
    """Every member's cost in words."""
    words = say("{name}: {parameters} parameters, {macs} multiply-accumulates")
    parts = [_filled(words, member) for member in report.members]
    return "; ".join(parts) + "."


def family_table(report: FamilyReport, say: Say = str) -> list[dict[str, object]]:
    """One row per member, the whole network and one block of its first stage."""
    columns = (
        say("Groups × width"), say("Parameters"), say("Multiply-accumulates"), say("Parameters of one block"),
        say("Multiply-accumulates of one block"),
    )  # fmt: skip
    rows = [
        (one.name, count(one.parameters), count(one.macs), count(one.block_parameters), count(one.block_macs))
        for one in report.members
    ]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def wiring(report: FamilyReport, say: Say = str) -> go.Figure:
    """Who reads whom: one cell for each pair of channels, dark where no kernel leads from one to the other."""
    figure = theme.blank(430, top=84)
    figure.add_heatmap(
        z=report.wiring,
        coloraxis="coloraxis",
        hovertemplate=say("channel {out} reads channel {into}: {norm}").format(
            out="%{y}", into="%{x}", norm="<b>%{z:.2g}</b>"
        )
        + "<extra></extra>",
    )
    bar = {
        "orientation": "h", "y": 1.0, "yanchor": "bottom", "len": 0.9, "thickness": 14, "nticks": 4,
        "tickfont": {"size": theme.FONT_SIZE},
        "title": {"text": say("kernel (L2 norm)"), "side": "top", "font": {"size": theme.FONT_SIZE}},
    }  # fmt: skip
    largest = float(report.wiring.max(initial=0.0)) or 1.0
    figure.update_layout(
        coloraxis={"colorscale": make_colorscale(theme.MAGNITUDE), "cmin": 0, "cmax": largest, "colorbar": bar}
    )
    side = len(report.wiring)
    figure.update_xaxes(range=[-0.5, side - 0.5], constrain="domain", showticklabels=False)
    figure.add_annotation(  # no axis title: Plotly writes that of a shortened axis into its numbers
        text=say("Channel that is read"), x=0.5, xref="paper", xanchor="center", y=0, yref="paper", yanchor="top",
        yshift=-6, showarrow=False,
    )  # fmt: skip
    figure.update_layout(margin_b=40)
    figure.update_yaxes(
        title_text=say("Channel that reads"), range=[side - 0.5, -0.5], scaleanchor="x", constrain="domain",
        constraintoward="bottom", showgrid=False, nticks=5,
    )  # fmt: skip
    return theme.finish(figure)


def wiring_alt(report: FamilyReport, say: Say = str) -> str:
    """The wiring in words: how many of the pairs there are have a kernel."""
    member = report.members[report.shown] if report.shown < len(report.members) else None
    words = say("{name}: {there} of {pairs} pairs of channels have a kernel, in {groups} squares along the diagonal.")
    return words.format(
        name=member.name if member else "",
        there=count(int((report.wiring > 0).sum())),
        pairs=count(report.wiring.size),
        groups=member.groups if member else "",
    )


def _filled(words: str, member: Member) -> str:
    return words.format(name=member.name, parameters=big(member.parameters), macs=big(member.macs))
