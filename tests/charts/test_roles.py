"""Shortcut, branch and sum have one colour each wherever they occur, and their names can be read on both grounds."""

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from resnet_core.records import BlockAnatomy
from ui.charts.block_paths import anatomy
from ui.charts.roles import ROLES, letters
from ui.charts.theme import inked
from ui.figure import INK

ROOT = Path(__file__).parents[2]
GROUNDS = {
    scheme: settings
    for scheme, settings in tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"].items()
    if scheme in {"light", "dark"}
}
PAIRS = list(itertools.product(ROLES, GROUNDS))
# Linear sRGB as people without one kind of cone see it: Machado, Oliveira, Fernandes 2009, severity 1.
EYES = {
    kind: np.array(rows).reshape(3, 3)
    for kind, rows in {
        "usual": (1, 0, 0, 0, 1, 0, 0, 0, 1),
        "protan": (0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
        "deutan": (0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
        "tritan": (1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900),
    }.items()
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2.2, from the relative luminances."""
    dark, bright = sorted(float(linear(colour) @ TO_XYZ[1]) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def lab(colour, eyes):
    """CIE L*a*b* of what these eyes see."""
    share = TO_XYZ @ np.clip(EYES[eyes] @ linear(colour), 0, 1) / [0.9505, 1, 1.089]
    f = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def block(*, plain=False):
    x = np.array([[[1.0, 2.0], [3.0, 4.0]]], dtype=np.float32)
    return BlockAnatomy("stages.1.0", x, None if plain else x, -x, x - x)


def test_contrast_is_what_wcag_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)  # the lightest grey that passes


@pytest.mark.parametrize(("role", "scheme"), PAIRS)
def test_words_in_the_colour_of_a_role_can_be_read(role, scheme):
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(letters(role, scheme), GROUNDS[scheme][ground]) >= 4.5


@pytest.mark.parametrize(("role", "scheme"), PAIRS)
def test_lines_in_the_colour_of_a_role_can_be_seen(role, scheme):
    assert contrast(ROLES[role], GROUNDS[scheme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", GROUNDS)
def test_the_roles_are_apart_from_one_another_and_from_text_for_every_kind_of_eye(scheme, eyes):
    seen = [lab(colour, eyes) for colour in (*(letters(role, scheme) for role in ROLES), GROUNDS[scheme]["textColor"])]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) > 15  # 2 can be told


@pytest.mark.parametrize("scheme", GROUNDS)
def test_the_three_maps_of_a_block_are_titled_and_framed_in_the_colours_of_the_formulas(scheme):
    figure = inked(anatomy(block()), INK[scheme])
    titles = [re.search(r'color:(#\w+)">(.+)</span>', note.text).groups() for note in figure.layout.annotations]
    assert titles == [
        (letters("shortcut", scheme), "x"),
        (letters("branch", scheme), "F(x)"),
        (letters("total", scheme), "x + F(x)"),
    ]
    assert [shape.line.color for shape in figure.layout.shapes] == list(ROLES.values())


def test_a_plain_block_has_the_branch_alone():
    assert [shape.line.color for shape in anatomy(block(plain=True)).layout.shapes] == [ROLES["branch"]]


def test_a_figure_that_was_inked_for_one_ground_can_be_inked_for_the_other():
    figure = anatomy(block())
    dark = inked(figure, INK["dark"])
    assert inked(dark, INK["light"]) == inked(figure, INK["light"]) != dark


def test_the_network_drawing_has_the_same_colours():
    style = (ROOT / "ui" / "components" / "drawing" / "drawing.css").read_text()
    found = dict(re.findall(r"--(\w+): (#\w{6});", style))
    assert {found["residual"], found["branch"], found["total"]} == {colour.lower() for colour in ROLES.values()}
    assert re.search(r"\.sum {\s*fill: var\(--total\)", style)
