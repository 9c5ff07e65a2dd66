"""What share of each layer's feature maps is exactly zero."""

import numpy as np
import plotly.graph_objects as go

from resnet_core.records import LayerMaps, PictureReport
from ui.charts import theme
from ui.charts.labels import Say, layer_label, percent

HEIGHT = 360  # pixels
HALF = 0.5  # what a ReLU leaves at zero where values below and above zero are equally frequent before it


def zero_share(layer: LayerMaps) -> float:
    """Share of a layer's values that are exactly zero; NaN where some are not finite."""
    return float((layer.maps == 0).mean()) if np.isfinite(layer.maps).all() else float("nan")


def zero_bars(report: PictureReport, say: Say = str) -> go.Figure:
    """One bar per layer, the stem first and in grey, and a line at one half."""
    shares = [zero_share(layer) for layer in report.layers]
    names = [layer_label(layer.name, say) for layer in report.layers]
    figure = theme.blank(HEIGHT)
    figure.add_bar(
        x=list(range(len(shares))),
        y=shares,
        marker_color=[theme.QUIET if layer.stage == 0 else theme.BAR for layer in report.layers],
        customdata=[[name, percent(share)] for name, share in zip(names, shares, strict=True)],
        hovertemplate="%{customdata[0]}: <b>%{customdata[1]}</b><extra></extra>",
    )
    figure.add_hline(y=HALF, line={"color": theme.QUIET, "width": 2, "dash": "dot"})
    figure.update_xaxes(title_text=say("Block (0: the stem)"), dtick=_step(shares))
    figure.update_yaxes(title_text=say("Exactly zero"), range=[0, 1], tickformat=".0%")
    return theme.finish(figure)


def zeros_alt(report: PictureReport, say: Say = str) -> str:
    """The bars in words."""
    words = say("The share of values that are exactly zero, for the stem and {blocks} blocks.")
    return words.format(blocks=sum(layer.stage > 0 for layer in report.layers))


def zeros_table(report: PictureReport, say: Say = str) -> list[dict[str, object]]:
    """One row per layer: the shape of its maps, how many values that is, and how many are zero."""
    return [
        {
            say("Layer"): layer_label(layer.name, say),
            say("Channels"): layer.maps.shape[0],
            say("Height × width"): f"{layer.maps.shape[1]} × {layer.maps.shape[2]}",
            say("Exactly zero"): percent(zero_share(layer)),
        }
        for layer in report.layers
    ]


def _step(shares: list[float]) -> int:
    return 1 if len(shares) <= 12 else 5
