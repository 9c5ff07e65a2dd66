"""What a network takes a picture for."""

import math
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go

from resnet_core.records import PictureReport
from ui.charts import theme
from ui.charts.class_names import class_names
from ui.charts.labels import Say, percent

NAME = 12  # letters of a name in a line: on a desk the figure has a quarter of the page


def class_scores(report: PictureReport, say: Say = str, *, most: int = 10) -> go.Figure:
    """The `most` likely classes with their softmax scores, best on top. Without finite ones: words, no bars."""
    order = best_classes(report, most)
    scores = [float(report.scores[index]) for index in order]
    every = class_names(report.classes, say)
    names = [every[index] for index in order]
    lines = ["<br>".join(wrap(name, NAME)) for name in names]
    tall = any("<br>" in name for name in lines)
    figure = theme.blank(90 + (46 if tall else 34) * len(order), right=64)
    figure.add_bar(
        x=[score if math.isfinite(score) else 0.0 for score in scores],
        y=names,
        orientation="h",
        marker_color=theme.BAR,
        text=[percent(score) if math.isfinite(score) else say("not finite") for score in scores],
        textposition="outside",
        textfont_size=theme.FONT_SIZE,
        cliponaxis=False,
        hovertemplate="%{y}: <b>%{x:.2%}</b><extra></extra>",
    )
    figure.update_xaxes(title_text=say("Score (softmax)"), range=[0, 1], tickformat=".0%", tickvals=[0, 1], tickangle=0)
    # digits are names here, not numbers
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False, tickvals=names, ticktext=lines)
    return theme.finish(figure)


def best_classes(report: PictureReport, most: int = 10) -> list[int]:
    """Numbers of the likeliest classes, best first; equals in their own order."""
    return [int(index) for index in np.argsort(-report.scores, kind="stable")[:most]]


def scores_alt(report: PictureReport, say: Say = str) -> str:
    """The three likeliest classes in words."""
    if not np.isfinite(report.scores).all():
        return say("Class scores. They are not finite, as in a network that has diverged: no class is the likeliest.")
    names = class_names(report.classes, say)
    parts = [f"{names[index]} {percent(float(report.scores[index]))}" for index in best_classes(report, 3)]
    return say("Class scores. The highest: {classes}.").format(classes=", ".join(parts))
