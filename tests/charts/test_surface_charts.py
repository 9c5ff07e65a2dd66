"""The map, the relief and the lines show what is in the record, and the sentences follow from it."""

import math

import numpy as np
import pytest

from resnet_core.records.surface import LossSurface
from ui.charts import theme
from ui.charts.surface import (
    captured_words,
    lines_alt,
    surface_alt,
    surface_lines,
    surface_map,
    surface_relief,
    surface_table,
)
from ui.charts.surface_numbers import better_than_guessing, reach, valleys
from ui.charts.verdicts.surface import lines_verdict, path_verdict, surface_verdict

GUESS = math.log(10)
LINE = np.linspace(-1, 1, 5)


@pytest.fixture
def networks(network):
    return (network(skip=False), network())


def surface(*losses, lines=None, centre=None, points=None, plane="random", diverged=(False, False)):
    """A record of two networks with these planes, (side, side) each."""
    loss = np.array(losses, dtype=float)
    side = loss.shape[1]
    axis = np.tile(np.linspace(-1, 1, side), (2, 1))
    if lines is None:
        lines = np.full((2, 2, 5), 1.0)
    return LossSurface(
        plane=plane,
        points=points or side,
        x=axis,
        y=axis,
        loss=loss,
        path=np.array([[[0.5, 0.25], [0.1, 0.1], [0, 0]]] * 2),
        path_steps=np.array([0, 5, 10]),
        captured=np.array([0.5, 0.00002]),
        line=LINE,
        line_loss=np.array(lines, dtype=float),
        centre=loss[:, side // 2, side // 2] if centre is None else np.array(centre),
        test_error=np.array([0.25, 0.1]),
        guess=GUESS,
        images=32,
        weights=(100, 100),
        diverged=np.array(diverged),
    )


def bowl(below, centre=0.1, side=5):
    """A plane of which so many points, the middle first, are better than guessing."""
    loss = np.full(side * side, 5.0)
    order = np.argsort([(i // side - side // 2) ** 2 + (i % side - side // 2) ** 2 for i in range(side * side)])
    loss[order[:below]] = 1.0
    loss[order[0]] = centre
    return loss.reshape(side, side)


def traces(figure, meta):
    return [trace for trace in figure.data if trace.meta == meta]


def test_every_cell_of_the_map_is_the_logarithm_of_a_measured_loss(networks):
    record = surface([[0.01, 0.1, 1], [10, 100, 1e6], [np.inf, 1e-9, np.nan]], np.ones((3, 3)))
    (cells,) = traces(surface_map(networks[0], record, 0), "cells")
    np.testing.assert_allclose(cells.z, [[-2, -1, 0], [1, 2, 2], [2, -3, np.nan]])
    np.testing.assert_array_equal(cells.customdata, record.loss[0])
    assert (cells.zmin, cells.zmax) == (-3, 2)
    assert cells.colorscale[0][1] == theme.MAGNITUDE[0]
    np.testing.assert_array_equal(cells.x, [-1, 0, 1])


def test_the_thick_contour_is_the_loss_of_guessing(networks):
    (line,) = traces(surface_map(networks[0], surface(bowl(9), bowl(9)), 0), "guessing")
    assert line.contours.start == line.contours.end == pytest.approx(math.log10(GUESS))
    assert line.line.width > 2


def test_the_path_runs_from_its_first_save_to_the_trained_network(networks):
    figure = surface_map(networks[0], surface(bowl(9), bowl(9), plane="path"), 0)
    (path,) = traces(figure, "path")
    assert list(zip(path.x, path.y, path.customdata, strict=True)) == [(0.5, 0.25, 0), (0.1, 0.1, 5), (0, 0, 10)]
    assert figure.layout.xaxis.title.text.startswith("Along the path")


def test_the_relief_has_the_same_heights_as_the_map(networks):
    record = surface(bowl(9), bowl(9))
    (cells,) = traces(surface_map(networks[1], record, 1), "cells")
    (relief,) = traces(surface_relief(networks[1], record, 1), "relief")
    np.testing.assert_array_equal(relief.z, cells.z)
    assert tuple(relief.colorscale) == tuple(cells.colorscale)


def test_a_line_is_the_median_over_the_directions_and_its_band_their_range(networks):
    lines = np.array([[[1, 2, 3, 4, 5], [3, 4, 5, 6, 7], [8, 8, 8, 8, np.inf]]] * 2, dtype=float)
    figure = surface_lines(networks, surface(bowl(9), bowl(9), lines=lines))
    drawn = {trace.name: list(trace.y) for trace in figure.data if trace.name}
    assert drawn["plain-20 + BN"] == [3, 4, 5, 6, 7]
    band = traces(figure, "band")[0]
    assert list(band.y) == [8, 8, 8, 8, 100, 5, 4, 3, 2, 1]


def test_lines_that_are_not_measured_yet_are_left_out(networks):
    lines = np.full((2, 2, 5), np.nan)
    lines[0] = 1.0
    figure = surface_lines(networks, surface(bowl(9), bowl(9), lines=lines))
    assert [trace.name for trace in figure.data if trace.name] == ["plain-20 + BN"]


def test_nothing_is_written_smaller_than_sixteen_pixels(networks):
    record = surface(bowl(9), bowl(9))
    for figure in (surface_map(networks[0], record, 0), surface_lines(networks, record)):
        sizes = [note.font.size for note in figure.layout.annotations]
        sizes += [figure.layout.xaxis.tickfont.size, figure.layout.yaxis.title.font.size]
        assert min(sizes) >= 16
    assert surface_relief(networks[0], record, 0).layout.scene.zaxis.tickfont.size >= 16


def test_the_share_better_than_guessing_counts_measured_points_only():
    half = bowl(10)
    half[0] = np.nan  # one row of five, none of it among the ten best
    shares = better_than_guessing(surface(bowl(10), half))
    assert shares.tolist() == pytest.approx([10 / 25, 10 / 20])
    assert np.isnan(better_than_guessing(surface(np.full((3, 3), np.nan), bowl(1, side=3)))).tolist() == [True, False]


def test_a_valley_lies_lower_than_its_eight_neighbours():
    plane = np.full((5, 5), 5.0)
    plane[1, 1], plane[3, 3] = 1, 2
    assert valleys(plane) == 2
    plane[2, 2] = 0.5
    assert valleys(plane) == 1
    assert valleys(np.full((5, 5), 5.0)) == 0
    plane[1, 2] = np.nan
    assert valleys(plane) == 0


def test_the_reach_is_where_the_logarithm_of_the_loss_crosses_that_of_guessing():
    rising = [GUESS**3, GUESS, 0.5, GUESS / 10, GUESS * 10]  # left: at 0.5; right: half way from 0.5 to 1
    staying = [1.0] * 5
    record = surface(bowl(9), bowl(9), lines=[[rising, staying]] * 2)
    found = reach(record, 0)
    assert found.distances.tolist() == pytest.approx([0.75, 0.5, 1, 1])
    assert found.open_ends == 2
    assert reach(surface(bowl(9), bowl(9), lines=[[rising, [np.nan] * 5]] * 2), 0) is None


def test_the_verdict_names_the_larger_basin_by_its_factor(networks):
    words = surface_verdict(networks, surface(bowl(5), bowl(15)))
    assert "plain-20 + BN: 20% of this plane is better than guessing, with a single valley." in words
    assert words.endswith("The basin of residual-20 + BN is 3.0 times as large in this plane as that of plain-20 + BN.")
    swapped = surface_verdict(networks, surface(bowl(15), bowl(5)))
    assert "The basin of plain-20 + BN is 3.0 times" in swapped


def test_nearly_equal_basins_are_no_clear_difference(networks):
    assert "No clear difference" in surface_verdict(networks, surface(bowl(10), bowl(12)))


def test_a_network_that_has_not_learned_is_not_compared(networks):
    words = surface_verdict(networks, surface(bowl(1, centre=2.2), bowl(15)))
    assert "plain-20 + BN has not learned: its loss is 2.2, and guessing has 2.3." in words
    assert "basin" not in words
    assert "difference" not in words


def test_a_training_that_broke_off_is_told(networks):
    assert "broke off" in surface_verdict(networks, surface(bowl(5), bowl(15), diverged=(True, False)))


def test_a_plane_that_is_still_coarse_is_not_judged(networks):
    words = surface_verdict(networks, surface(bowl(5), bowl(15), points=9))
    assert words.startswith("So far 5 × 5 of 9 × 9 points.")
    assert "basin" not in words


def test_the_lines_are_judged_by_where_their_middle_halves_lie(networks):
    near, far = [9, 9, 0.1, 9, 9], [9, 1, 0.1, 1, 9]
    words = lines_verdict(networks, surface(bowl(5), bowl(5), lines=[[near] * 2, [far] * 2]))
    assert words.endswith("Along these lines residual-20 + BN reaches further than plain-20 + BN.")
    same = lines_verdict(networks, surface(bowl(5), bowl(5), lines=[[near, far]] * 2))
    assert same.endswith("No clear difference between plain-20 + BN and residual-20 + BN along these lines.")
    endless = lines_verdict(networks, surface(bowl(5), bowl(5), lines=[[[1.0] * 5] * 2] * 2))
    assert "still better than guessing at the end of most lines, 1 away" in endless


def test_the_share_of_the_path_is_told_however_small(networks):
    assert path_verdict(networks, surface(bowl(5), bowl(5))).endswith("plain-20 + BN 50%, residual-20 + BN 0.002%.")
    assert captured_words(0.4) == "40%"


def test_the_table_and_the_words_have_the_numbers(networks):
    record = surface(bowl(5), bowl(15))
    assert surface_table(networks, record)[1]["Better than guessing"] == "60%"
    assert surface_table(networks, record)[0]["Test error"] == "25%"
    assert "5 by 5 points, from 0.1 to 5; 0.1 in the middle" in surface_alt(networks[0], record, 0)
    assert "plain-20 + BN: 0.1 in the middle, 1 and 1 at the ends" in lines_alt(networks, record)
