"""What is drawn of effective fields is what is in the record; each verdict follows from its numbers."""

import numpy as np
import pytest

from resnet_core.records.inside import FieldReport, UnitField
from ui.charts.effective_field import cut, field_pair, field_profile, field_sizes, pair_alt, sizes_alt, sizes_table
from ui.charts.verdicts.effective_field import depth_verdict, exponent, pair_verdict, profile_verdict


def unit(depth=20, plain=True, side=50.0, theoretical=81, sides=None, steps=0, fit=0.96, sigma=9.0):
    places = np.arange(theoretical) - theoretical // 2
    bell = np.exp(-(places[:, None] ** 2 + places[None, :] ** 2) / (2 * sigma**2))
    sides = np.array([side] if sides is None else sides)
    return UnitField(depth, plain, steps, theoretical, bell.astype(np.float16), side, sides, sigma, sigma, fit)


def report(**settings):
    values = {"fresh": (), "before": (), "after": (), "losses": (), "inputs": "noise"}
    return FieldReport(**(values | settings))


FRESH = (
    unit(8, True, 20.0, 25),
    unit(8, False, 19.0, 25),
    unit(32, True, 60.0, 137),
    unit(32, False, 40.0, 137),
)


def test_the_lines_are_the_sides_of_the_record():
    figure = field_sizes(report(fresh=FRESH, after=(unit(20, True, 33.0, steps=100),)))
    lines = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert lines["could see"] == ([8, 32], [25, 137])
    assert lines["plain, uses"] == ([8, 32], [20, 60])
    assert lines["residual, uses"] == ([8, 32], [19, 40])
    assert lines["plain-20, after 100 steps"] == ([20], [33])


def test_the_square_in_a_panel_is_as_wide_as_the_effective_side():
    figure = field_pair((unit(side=50.0), unit(plain=False, side=30.0)))
    for shape, axis, side in zip(
        figure.layout.shapes, (figure.layout.xaxis, figure.layout.xaxis2), (50, 30), strict=True
    ):
        panel = axis.range[1] - axis.range[0]
        assert (shape.x1 - shape.x0) / panel == pytest.approx(side / 81)
        assert (shape.x0 + shape.x1) / 2 == pytest.approx(panel / 2)


def test_a_cut_through_a_gaussian_lies_on_its_gaussian():
    places, values, bell = cut(unit(sigma=9.0))
    assert places[values.argmax()] == 0
    np.testing.assert_allclose(values, bell, atol=0.01)
    plain, its_bell, *_ = field_profile((unit(), unit(plain=False))).data
    np.testing.assert_allclose(plain.y, values)
    np.testing.assert_allclose(its_bell.y, bell)


def test_words_and_table_give_every_network():
    whole = report(fresh=FRESH)
    assert sizes_alt(whole).startswith("plain-8: a unit could see 25 pixels across and uses 20, 80% of it; residual-8")
    assert [row["Share"] for row in sizes_table(whole)] == ["80%", "76%", "44%", "29%"]
    assert "uses 50, 62% of it" in pair_alt([unit()])


@pytest.mark.parametrize(
    ("residual", "words"),
    [
        ({"side": 30.0}, "the shortcuts make the field smaller"),
        ({"side": 80.0, "sides": [79.0, 81.0]}, "here the shortcuts make the field larger"),
        ({"side": 46.0}, "No clear difference"),
        ({"side": 30.0, "sides": [20.0, 49.5]}, "No clear difference"),  # one of its draws lies among the other's
        ({"side": 0.0}, "nothing to compare"),
    ],
)
def test_the_pair_is_judged_by_sides_and_draws(residual, words):
    assert words in pair_verdict(unit(sides=[49.0, 51.0]), unit(plain=False, **({"sides": [29.0, 31.0]} | residual)))


def test_a_single_draw_is_judged_by_its_side():
    assert "smaller" in pair_verdict(unit(), unit(plain=False, side=30.0))


@pytest.mark.parametrize(
    ("fits", "words"),
    [((0.96, 0.94), "94% to 96%"), ((0.96, 0.96), "explains 96% of how"), ((0.96, 0.5), "Not everywhere a bell"),
     ((0.96, float("nan")), "no curve fits it")],
)  # fmt: skip
def test_a_field_is_called_a_bell_where_a_gaussian_explains_it(fits, words):
    assert words in profile_verdict(unit(fit=fits[0]), unit(plain=False, fit=fits[1]))


def test_the_exponent_is_that_of_the_power_law():
    fields = [unit(1 + layers, True, 100 * layers**-0.5, 100) for layers in (7, 13, 31)]
    assert exponent(fields) == pytest.approx(-0.5)
    assert "to the power −0.50; 1/√n would be −0.5." in depth_verdict(report(fresh=tuple(fields)))


def test_a_share_that_does_not_fall_is_called_no_fall():
    flat = (unit(8, True, 20.0, 25), unit(32, True, 109.0, 137))
    assert depth_verdict(report(fresh=flat)) == "Plain: no clear fall with depth, from 80% to 80%."


@pytest.mark.parametrize(
    ("after", "loss", "words"),
    [(60.0, 0.5, "has grown from 50 to 60 pixels"), (40.0, 0.5, "has shrunk from 50 to 40 pixels"),
     (52.0, 0.5, "has not clearly changed: 50 and 52"), (52.0, float("nan"), "diverged"),
     (0.0, 0.5, "nothing comes back")],
)  # fmt: skip
def test_what_training_did_is_said_with_its_direction(after, loss, words):
    whole = report(before=(unit(),), after=(unit(side=after, steps=100),), losses=(loss,))
    assert words in depth_verdict(whole)


def test_an_empty_report_says_that_it_is_too_early():
    assert depth_verdict(report()) == "Too early to say."
    assert field_sizes(report()).data
