"""The network drawing: stem, blocks and head to scale, shortcuts by kind, and switches on the drawing itself.

Its scripts are fetched once from `/assets/components/drawing/`, where the app serves this folder.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from resnet_core import ResNetConfig
from ui.components.stub import stub

HERE = Path(__file__).parent
Cut = tuple[tuple[int, int], ...]  # (stage, block), from 0, as in ResNetConfig
_component = component("resnet_lab_drawing", html='<div class="drawing"></div>', js=stub(HERE, "drawing.js"))


def drawing(data: dict[str, Any], *, key: str, block: str, cut: Cut = (), can_cut: bool = False) -> str:
    """Draw a network (see ui/charts/network_plan.py). Gives the block that is open: "stem", "stages.1.0", "head".

    Args:
        data: of the network, with these shortcuts cut.
        key: of the widget.
        block: the one to open before the visitor has chosen one.
        cut: what is cut.
        can_cut: whether a click on a shortcut cuts it; `cuts` says which the visitor has clicked.
    """
    names = [node["id"] for node in data["nodes"]]
    chosen = _state(key).get("block")
    chosen = chosen if chosen in names else block if block in names else names[0]
    pairs = [list(place) for place in cut]
    found = _component(
        key=key,
        data=data | {"block": chosen, "cut": pairs, "canCut": can_cut},
        default={"block": chosen, "cut": pairs},
        height="content",
        on_block_change=_kept,
        on_cut_change=_kept,
    )
    return found.block if found.block in names else chosen


def picker(data: dict[str, Any], *, key: str, block: str, picks: Sequence[str], pick: Callable[[str], None]) -> None:
    """Draw a network small, as a choice among its blocks that something else keeps, a slider for example.

    Args:
        data: of the network.
        key: of the widget.
        block: the one that is chosen; one that the network does not have marks none.
        picks: what can be chosen.
        pick: is told what was clicked, before the page runs again.
    """

    def picked() -> None:
        block = _state(key).get("picked")
        if block in picks:
            pick(block)

    nodes = [node | {"parts": []} for node in data["nodes"]]  # what is inside is not drawn
    sent = data | {"nodes": nodes, "block": block, "cut": [], "canCut": False, "picks": list(picks)}
    _component(key=key, data=sent, height="content", on_picked_change=picked)


def cuts(key: str, config: ResNetConfig) -> Cut | None:
    """The shortcuts that the visitor has cut on a drawing, as far as the network has them; None: none was clicked."""
    sent = _state(key).get("cut")
    if not isinstance(sent, list):
        return None
    return sensible({tuple(pair) for pair in sent if isinstance(pair, list) and len(pair) == 2}, config)


def sensible(places: set[tuple[Any, ...]], config: ResNetConfig) -> Cut:
    """Those of some places that are blocks of a network, in order."""
    blocks = {(stage, block) for stage, depth in enumerate(config.depths) for block in range(depth)}
    return tuple(sorted(blocks & places))


def _state(key: str) -> Any:  # noqa: ANN401 - what Streamlit keeps for a component
    return st.session_state.get(key) or {}


def _kept() -> None:
    """Streamlit keeps a state only where somebody listens."""
