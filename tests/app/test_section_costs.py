"""1x1 and cost: the numbers on the screen are those of the lecture notes, of the papers, and of a pencil."""

import math
import re

import pytest

from resnet_core import EngineError
from resnet_core.engine.inline_engine import InlineEngine
from tests.app.screen import alerts, figure, results, table, timed, wait_for

EQUATION = re.compile(r"(\d+(?: \\cdot \d+)+) = ([\d,]+)")


def products(app):
    """Every product that is written out on the page, and what the page says it is."""
    text = " ".join(formula.value for formula in app.latex).replace("{,}", ",")
    found = EQUATION.findall(text)
    return [([int(n) for n in left.split(r" \cdot ")], int(right.replace(",", ""))) for left, right in found]


def totals(app):
    """What stands under each sum of products."""
    text = " ".join(formula.value for formula in app.latex).replace("{,}", ",")
    return [int(total.replace(",", "")) for total in re.findall(r"\\\\ &= ([\d,]+)", text)]


def test_the_example_of_the_lecture_notes_is_exact(open_app):
    app = open_app("shortcuts", part="count")
    assert results(app)[0] == "12,443,648 multiplications instead of 120,422,400: 9.68 times fewer."
    assert products(app)[:3] == [
        ([28, 28, 5, 5, 192, 32], 120_422_400),
        ([28, 28, 1, 1, 192, 16], 2_408_448),
        ([28, 28, 5, 5, 16, 32], 10_035_200),
    ]
    assert totals(app)[0] == 12_443_648
    assert [trace["x"] for trace in figure(app, "reduction")] == [[120_422_400], [2_408_448], [10_035_200]]


def test_resnets_own_bottleneck_is_counted(open_app):
    app = open_app("shortcuts", part="count")
    assert results(app)[1] == "218,365,952 multiplications instead of 1,849,688,064: 8.47 times fewer."
    assert products(app)[3:] == [
        ([56, 56, 3, 3, 256, 256], 1_849_688_064),
        ([56, 56, 1, 1, 256, 64], 51_380_224),
        ([56, 56, 3, 3, 64, 64], 115_605_504),
        ([56, 56, 1, 1, 64, 256], 51_380_224),
    ]
    assert totals(app)[1] == 218_365_952


@pytest.mark.parametrize(
    ("side", "before", "after", "kernel", "reduced"),
    [
        (14, 480, 48, 5, 16),  # inception 4a: Szegedy et al. 2015, table 1
        (7, 512, 128, 3, 512),  # a 1x1 that keeps every channel only adds
        (10, 16, 16, 1, 512),  # a reduction that reduces nothing
    ],
)
def test_moving_the_sliders_gives_what_a_pencil_gives(open_app, side, before, after, kernel, reduced):
    app = open_app("shortcuts", part="count")
    for key, value in {"side": side, "c_in": before, "c_out": after, "reduce": reduced}.items():
        app.slider(key=key).set_value(value)
    app.select_slider(key="kernel").set_value(kernel).run()
    direct = side * side * kernel * kernel * before * after
    chain = side * side * (before * reduced + kernel * kernel * reduced * after)
    fewer = direct > chain
    ratio = max(direct, chain) / min(direct, chain)
    end = f"{ratio:.2f} times fewer." if fewer else f"here the reduction costs {ratio:.2f} times more."
    assert results(app)[0] == f"{chain:,} multiplications instead of {direct:,}: {end}"
    assert all(math.prod(factors) == product for factors, product in products(app))
    assert totals(app)[0] == chain == sum(product for _, product in products(app)[1:3])


def test_later_stages_of_resnet50_cost_the_same(open_app):
    app = open_app("shortcuts", part="count")  # He et al. 2015, section 3.1: half the side, twice the channels
    for number, side in zip("35", (28, 7), strict=True):
        app.button_group(key="stage").set_value(number).run()
        assert results(app)[1].startswith("218,365,952 multiplications instead of 1,849,688,064")
        assert products(app)[3][0][:2] == [side, side]


@pytest.mark.parametrize(
    ("network", "macs", "parameters"),
    [  # of torchvision's networks, counted by fvcore at 224 pixels
        ("resnet50", 4_089_184_256, 25_557_032),
        ("resnet18", 1_814_073_344, 11_689_512),
        ("resnet152", 11_513_626_624, 60_192_808),
    ],
)
def test_a_whole_network_costs_what_others_count(open_app, network, macs, parameters):
    app = open_app("shortcuts", part="count", count_net=network)
    layers = table(app, "Parameters", "Multiply-accumulates")
    assert layers["Multiply-accumulates"].sum() == macs
    assert layers["Parameters"].sum() == parameters
    assert any(f"{parameters:,} parameters, {macs:,} multiply-accumulates" in text.value for text in app.markdown)
    (bars,) = figure(app, "costs")
    assert sum(bars["y"]) == macs
    assert results(app)[3].endswith(f"{100 * max(bars['y']) / macs:.0f}% of the whole.")


def test_measured_milliseconds_stand_beside_the_count(open_app):
    app = timed(open_app("shortcuts", part="count"))
    times = table(app, "MACs", "Milliseconds (median)")
    assert sorted(times["MACs"]) == sorted(product for _, product in products(app))
    assert (times["Lower quartile"] > 0).all()
    assert (times["Lower quartile"] <= times["Milliseconds (median)"]).all()
    assert (times["Milliseconds (median)"] <= times["Upper quartile"]).all()
    speeds = times["MACs"] / times["Milliseconds (median)"]
    said = re.search(r"takes ([\d.]+) times as long in (.+) as in (.+)\.", results(app)[2])
    assert said or results(app)[2].startswith("No clear difference")
    if said:
        assert float(said[1]) == pytest.approx(speeds.max() / speeds.min(), rel=0.05)
        assert said[2] == times["Convolution"][speeds.idxmin()]
        assert said[3] == times["Convolution"][speeds.idxmax()]


def test_measuring_again_measures_again_and_keeps_the_settings(open_app):
    app = timed(open_app("shortcuts", part="count", side=14))
    before = table(app, "Milliseconds (median)")
    timed(app.button(key="measure_again").click().run())
    after = table(app, "Milliseconds (median)")
    assert (after["MACs"] == before["MACs"]).all()
    assert (after["Milliseconds (median)"] != before["Milliseconds (median)"]).any()
    assert app.slider(key="side").value == 14


def test_times_that_cannot_be_measured_are_told_and_the_rest_of_the_page_is_there(open_app, monkeypatch):
    def no_worker(*_):
        raise EngineError("The processes that measure cannot be reached at the moment. Try again in a minute.")

    monkeypatch.setattr(InlineEngine, "measure", no_worker)
    app = open_app("shortcuts", part="count", side=9)
    wait_for(app, lambda app: [text for text in alerts(app) if text.startswith("The processes that measure")])
    assert figure(app, "costs")
    assert not app.exception
