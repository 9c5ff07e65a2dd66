"""The experiment that the app is about: the same network with and without shortcuts, with and without BatchNorm."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from resnet_core import ResNetConfig
from resnet_core.records import RunRecord
from ui.charts import theme
from ui.charts.curves import loss_limits
from ui.charts.labels import Say, network_label, plain_number
from ui.charts.runs import Course, courses

HEIGHT = 570  # pixels


def two_by_two(
    networks: Sequence[ResNetConfig],
    recorded: Sequence[RunRecord],
    steps: int,
    live: Sequence[RunRecord] = (),
    say: Say = str,
) -> go.Figure:
    """Four panels, one per network: no shortcuts on the left, shortcuts on the right; BatchNorm above, none below.

    Each shows its own training loss in colour over the other three in grey. With `live`, the recorded run turns wide
    and pale and the live one is drawn on top.
    """
    figure = go.Figure(
        make_subplots(2, 2, shared_xaxes=True, shared_yaxes=True, horizontal_spacing=0.1, vertical_spacing=0.16)
    )
    figure.update_layout(theme.frame(HEIGHT, right=20, top=58))
    old, new = courses(recorded, len(networks)), courses(live, len(networks))
    chance = math.log(networks[0].classes)
    limits = loss_limits([*old, *new], chance)
    for index, network in enumerate(networks):
        place = panel(network)
        _draw_others(figure, [course for other, course in enumerate(old) if other != index], place)
        _draw_own(figure, network, old[index], new[index], place, say)
        _draw_guessing(figure, chance, steps, place)
        _write(figure, network, new[index] if new[index].step.size else old[index], place, limits[1], steps, say)
    _note(figure, bool(live), say)
    figure.update_xaxes(range=[0, steps], nticks=4, showgrid=False, **theme.AXIS)
    figure.update_yaxes(range=list(limits), nticks=5, **theme.AXIS)
    figure.update_xaxes(title_text=say("Step"), row=2)
    figure.update_yaxes(title_text=say("Training loss"), col=1)
    figure.update_annotations(font={"size": theme.FONT_SIZE})
    return figure


def panel(network: ResNetConfig) -> tuple[int, int]:
    """(row, column) of a network, from 1."""
    return (1 if network.norm == "batch" else 2), (1 if network.is_plain else 2)


def two_by_two_alt(networks: Sequence[ResNetConfig], records: Sequence[RunRecord], say: Say = str) -> str:
    """The four panels in words."""
    parts = [
        say("{label}: {result}").format(label=network_label(network, say), result=_result(course, say))
        for network, course in zip(networks, courses(records, len(networks)), strict=True)
    ]
    return say("Training loss of four networks, each in its own panel.") + " " + "; ".join(parts) + "."


def _draw_others(figure: go.Figure, others: Sequence[Course], place: tuple[int, int]) -> None:
    for course in others:
        figure.add_scatter(
            x=course.step, y=course.mean_loss, mode="lines", hoverinfo="skip", meta="other",
            line={"color": theme.see_through(theme.QUIET, 0.45), "width": 1.5}, row=place[0], col=place[1],
        )  # fmt: skip


def _draw_guessing(figure: go.Figure, chance: float, steps: int, place: tuple[int, int]) -> None:
    figure.add_scatter(
        x=[0, steps], y=[chance, chance], mode="lines", hoverinfo="skip", meta="guessing",
        line={"color": theme.QUIET, "width": 2, "dash": "dot"}, row=place[0], col=place[1],
    )  # fmt: skip


def _draw_own(
    figure: go.Figure, network: ResNetConfig, old: Course, new: Course, place: tuple[int, int], say: Say
) -> None:
    style, name = theme.network_style(network), network_label(network, say)
    line = {"color": style.colour, "dash": style.dash, "width": 4}
    pale = {"color": theme.see_through(style.colour, 0.35), "width": 10}
    hover = f"{name}<br>{say('step')} %{{x}}: <b>%{{y:.3g}}</b><extra></extra>"
    for course, kind, how in ((old, "recorded", pale if new.step.size else line), (new, "live", line)):
        figure.add_scatter(
            x=course.step, y=course.mean_loss, name=name, meta=kind, mode="lines", line=how, hovertemplate=hover,
            row=place[0], col=place[1],
        )  # fmt: skip


def _write(
    figure: go.Figure, network: ResNetConfig, course: Course, place: tuple[int, int], top: float, steps: int, say: Say
) -> None:
    name, result = network_label(network, say), _result(course, say)
    row, column = place
    figure.add_annotation(
        text=f"<b>{_in_two_lines(name)}</b>",
        x=steps / 2,
        y=top,
        yanchor="bottom",
        yshift=2,
        showarrow=False,
        row=row,
        col=column,
    )
    figure.add_annotation(
        text=f"<b>{result}</b>",
        x=steps,
        xanchor="right",
        y=0,
        yanchor="bottom",
        yshift=4,
        showarrow=False,
        row=row,
        col=column,
    )


def _in_two_lines(name: str) -> str:
    """ "plain-20, no BN" side by side with its neighbour is wider than a phone."""
    return name.replace(", ", ",<br>").replace(" + ", "<br>+ ")


def _result(course: Course, say: Say) -> str:
    if not course.step.size:
        return say("no step yet")
    if course.diverged:
        return say("diverged at step {step}").format(step=course.diverged)
    return say("loss {loss}").format(loss=plain_number(float(course.tail.mean())))


def _note(figure: go.Figure, live: bool, say: Say) -> None:
    text = say("pale: recorded run, grey: the other three") if live else say("grey: the other three networks")
    figure.add_annotation(
        text=text, x=0.5, xref="paper", xanchor="center", y=0, yref="paper", yanchor="top", yshift=-54, showarrow=False
    )
    figure.update_layout(margin_b=84)
