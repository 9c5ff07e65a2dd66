"""The network drawing, small, as what chooses a layer for the figures beside it."""

from collections.abc import Callable, Sequence

from resnet_core import ResNetConfig
from ui import cache, figure, link
from ui.charts import network_plan
from ui.charts.network_plan import Shade
from ui.text import say


def draw(
    network: ResNetConfig,
    size: int,
    shade: Shade,
    *,
    key: str,
    chosen: str,
    layers: Sequence[str],
    pick: Callable[[str], None],
) -> None:
    """Draw a network for pictures of `size` pixels, with the chosen block marked.

    Args:
        network: to draw.
        size: gives the shapes.
        shade: the colours.
        key: of the drawing.
        chosen: the stem or a block, "" for none.
        layers: what can be chosen, unless a teacher's link forbids it.
        pick: is told what was clicked, before the page runs again. It sets what the page's own controls set.
    """
    data = network_plan.plan(network, cache.cost_report(network, size), shade, say)
    figure.picker(data, key=key, block=chosen, picks=() if link.is_locked() else layers, pick=pick)
