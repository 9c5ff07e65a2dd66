"""The network drawing on paper: a box for each block in its colour, and its shortcut over it."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

MOST = 16  # boxes in a line
WIDTH, HEIGHT, STEP, ROW = 44, 26, 56, 74  # pixels of a box, from box to box, and from line to line
LINES = {  # of a shortcut: colour, dashes, width
    "identity": ("#0072B2", "", 2.5),
    "padding": ("#0072B2", "6 4", 2.5),
    "projection": ("#004A75", "", 4.5),
    "cut": ("#8A8F98", "2 5", 2.5),
}


def strip(data: Mapping[str, Any]) -> str:
    """An SVG of a plan (ui/charts/network_plan.py), and what its lines and colours mean."""
    nodes: Sequence[Mapping[str, Any]] = data["nodes"]
    rows = -(-len(nodes) // MOST)
    width, height = STEP * min(len(nodes), MOST), ROW * rows
    boxes = "".join(_box(node, number) for number, node in enumerate(nodes))
    kinds = [kind for kind in LINES if any(node["shortcut"] == kind for node in nodes)]
    words, legend = data["words"], data["legend"]
    told = " · ".join(f"{_sample(kind)} {escape(words[kind])}" for kind in kinds)
    colours = ", ".join(legend["colours"])
    scale = f'<span class="scale" style="background:linear-gradient(to right,{colours})"></span>'
    ends = f"{escape(legend['title'])}: {escape(legend['low'])} {scale} {escape(legend['high'])}"
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(_spoken(nodes))}">{boxes}</svg>'
        f"<figcaption>{ends}{' · ' if told else ''}{told}</figcaption>"
    )


def _box(node: Mapping[str, Any], number: int) -> str:
    x, y = number % MOST * STEP + (STEP - WIDTH) / 2, number // MOST * ROW + 22
    arc = ""
    if line := LINES.get(node["shortcut"]):
        colour, dashes, thick = line
        arc = (
            f'<path d="M{x} {y} C{x + 4} {y - 22} {x + WIDTH - 4} {y - 22} {x + WIDTH} {y}" fill="none" '
            f'stroke="{colour}" stroke-width="{thick}" stroke-dasharray="{dashes}"/>'
        )
    name = ".".join(_numbers(node["id"])) if node["stage"].isdigit() else node["label"]
    return (
        f'<g><title>{escape(node["text"])}</title>{arc}<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="3" '
        f'fill="{node["colour"] or "#FFFFFF"}" stroke="#4A5663"/>'
        f'<text x="{x + WIDTH / 2}" y="{y + HEIGHT + 15}" text-anchor="middle" font-size="13" fill="#1B2430">'
        f"{escape(name)}</text></g>"
    )


def _numbers(name: str) -> list[str]:
    """Stage and block from 1: "stages.0.1" is 1 and 2."""
    return [str(int(part) + 1) for part in name.split(".")[1:]]


def _sample(kind: str) -> str:
    colour, dashes, thick = LINES[kind]
    return (
        '<svg width="30" height="8" aria-hidden="true" style="display:inline"><line x1="0" x2="30" y1="4" y2="4" '
        f'stroke="{colour}" stroke-width="{thick}" stroke-dasharray="{dashes}"/></svg>'
    )


def _spoken(nodes: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{text} ×{len(list(alike))}" for text, alike in groupby(nodes, lambda node: node["label"]))
