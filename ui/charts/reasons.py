"""What a network sees in one picture without each of its blocks."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from resnet_core.records.inside import PictureReasons
from ui.charts import theme
from ui.charts.class_names import class_names
from ui.charts.labels import Say, layer_label, percent

HEIGHT = 430  # pixels
CLEAR = 0.03  # of the score, three percentage points: a block that lowers it by less is not called needed


def without_block(record: PictureReasons, say: Say = str) -> go.Figure:
    """The score of the class that the whole network sees, without each block; the line is the whole network.

    A cross marks a block without which another class is the likeliest.
    """
    target, whole = record.explained.target, float(record.explained.scores[record.explained.target])
    scores, names, changed = record.without[:, target], class_names(record.classes, say), sees_another(record)
    figure = theme.blank(HEIGHT)
    figure.add_hline(y=whole, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.add_annotation(
        text=say("whole network"), x=1, xref="paper", xanchor="right", y=whole, yanchor="bottom", showarrow=False
    )
    figure.add_scatter(
        x=np.arange(1, len(scores) + 1), y=scores, mode="markers", meta="without",
        marker={
            "size": 13 if len(scores) < 30 else 9,
            "symbol": ["x" if other else "circle" for other in changed],
            "color": theme.BAR,
        },
        customdata=[
            [layer_label(block, say), percent(float(score)), names[int(np.argmax(row))]]
            for block, score, row in zip(record.blocks, scores, record.without, strict=True)
        ],
        hovertemplate="%{customdata[0]}: <b>%{customdata[1]}</b><br>"
        + say("likeliest")
        + ": %{customdata[2]}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(
        title_text=say("Block taken out, from the input"),
        range=[0.4, len(scores) + 0.6],
        dtick=1 if len(scores) <= 12 else None,
    )
    figure.update_yaxes(
        title_text=say("Score of “{name}” (softmax)").format(name=names[target]), range=[-0.03, 1.03], tickformat=".0%"
    )
    return theme.finish(figure)


def sees_another(record: PictureReasons) -> Sequence[bool]:
    """Per block, whether another class is the likeliest without it."""
    return [int(np.argmax(row)) != record.explained.target for row in record.without]


def without_alt(record: PictureReasons, say: Say = str) -> str:
    """The dots in words."""
    words = say("without {block} {score}")
    parts = [
        words.format(block=layer_label(block, say), score=percent(float(row[record.explained.target])))
        for block, row in zip(record.blocks, record.without, strict=True)
    ]
    name = class_names(record.classes, say)[record.explained.target]
    whole = percent(float(record.explained.scores[record.explained.target]))
    return say("Score of “{name}”: {whole} with all blocks; {parts}.").format(
        name=name, whole=whole, parts=", ".join(parts)
    )


def without_verdict(record: PictureReasons, say: Say = str) -> str:
    """Whether the network still sees the same without single blocks, and which block its answer needs most.

    A block is needed if the score falls by at least three percentage points without it.
    """
    names, target = class_names(record.classes, say), record.explained.target
    if not np.isfinite(record.explained.scores).all():
        return say("The scores are not finite, as in a network that has diverged: they say nothing.")
    changed, scores = sees_another(record), record.without[:, target]
    worst = int(np.argmin(np.nan_to_num(scores, nan=-1.0)))
    same = say("Without any one of its {total} blocks it still sees “{name}”.")
    some = say("It sees something other than “{name}” without {count} of its {total} blocks, each taken out alone.")
    first = (some if any(changed) else same).format(name=names[target], count=sum(changed), total=len(changed))
    words = say("It needs {block} most: without it the score falls from {whole} to {score}.")
    if not np.isfinite(scores[worst]):
        words = say("Without {block} the scores are not finite.")
    elif record.explained.scores[target] - scores[worst] < CLEAR:
        words = say("No block is clearly needed: the score is {whole} with all, and lowest, {score}, without {block}.")
    return f"{first} " + words.format(
        block=layer_label(record.blocks[worst], say),
        whole=percent(float(record.explained.scores[target])),
        score=percent(float(scores[worst])),
    )


def without_table(record: PictureReasons, say: Say = str) -> list[dict[str, object]]:
    """One row per block: the score without it, and the likeliest class."""
    names = class_names(record.classes, say)
    return [
        {
            say("Block"): layer_label(block, say),
            say("Score without it"): percent(float(row[record.explained.target])),
            say("Likeliest class"): names[int(np.argmax(row))],
        }
        for block, row in zip(record.blocks, record.without, strict=True)
    ]
