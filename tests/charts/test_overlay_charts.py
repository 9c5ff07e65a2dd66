import itertools
import math

import pytest

from resnet_core import DataConfig, RunSpec, TrainConfig, cifar, race
from ui.charts import (
    OverlaidRun,
    courses,
    difference_verdict,
    letter,
    overlay,
    overlay_alt,
    overlay_table,
    overlay_verdict,
    run_label,
)
from ui.charts.settings import differences
from ui.charts.theme import PLAIN, RESIDUAL

STUCK, LEARNS, HALFWAY = [2.3] * 40, [2.3] * 10 + [0.5] * 30, [2.3] * 10 + [1.2] * 30
TEN = tuple("abcdefghij")


@pytest.fixture
def laid(run):
    """A run of a comparison: `laid("name", losses of each network, settings of the recipe)`."""

    def make(name, *losses, networks=None, classes=TEN, data=None, accuracy=0.5, **recipe):
        networks = networks or race("vanishing", width=4)[: len(losses)]
        training = TrainConfig(**{"steps": 40, **recipe})
        spec = RunSpec(networks=networks, data=data or DataConfig(name="digits", size=8), training=training)
        records = run(*losses, accuracy=accuracy, inspect=(40,))
        return OverlaidRun(name, spec, tuple(courses(records, len(networks))), classes)

    return make


def lines(figure):
    return [trace for trace in figure.data if trace.meta == "mean"]


def test_every_network_of_every_run_has_its_curve(laid):
    runs = [laid("one", STUCK, LEARNS), laid("two", HALFWAY, LEARNS, seed=1)]
    drawn = lines(overlay(runs, "loss"))
    assert [line.name for line in drawn] == [
        "● A plain-20, no BN",
        "● A residual-20, no BN",
        "■ B plain-20, no BN",
        "■ B residual-20, no BN",
    ]
    assert [list(line.y)[-1] for line in drawn] == [2.3, 0.5, 1.2, 0.5]
    assert [line.marker.symbol for line in drawn] == ["circle", "circle", "square", "square"]


def test_hue_and_dash_mean_the_network_and_shade_means_the_run(laid):
    mixed = (cifar(20, width=4, plain=True), cifar(20, width=4, norm="none"))
    drawn = lines(overlay([laid("one", STUCK, LEARNS, networks=mixed), laid("two", STUCK, networks=mixed[:1])], "loss"))
    assert (drawn[0].line.color, drawn[0].line.dash) == (PLAIN, "solid")
    assert (drawn[1].line.color, drawn[1].line.dash) == (RESIDUAL, "dash")
    assert drawn[2].line.color not in (PLAIN, RESIDUAL)


def test_the_training_error_is_what_is_missing_to_all_right(laid):
    figure = overlay([laid("one", STUCK, accuracy=0.75)], "error")
    (line,) = lines(figure)
    assert list(line.y) == [0.25] * 40
    assert tuple(figure.layout.yaxis.range) == (0, 1)
    assert [shape.y0 for shape in figure.layout.shapes] == [0.9]  # of ten classes, nine guesses in ten are wrong
    assert "%" in figure.layout.yaxis.title.text
    assert figure.layout.xaxis.title.text == "Step"


def test_the_step_axis_is_as_long_as_the_longest_run(laid):
    figure = overlay([laid("one", STUCK), laid("two", STUCK, steps=90)], "loss")
    assert tuple(figure.layout.xaxis.range) == (0, 90)
    assert "nats" in figure.layout.yaxis.title.text


def test_a_diverged_network_ends_with_a_cross(laid):
    figure = overlay([laid("one", [2.0, 9.0, math.inf])], "loss")
    (cross,) = [trace for trace in figure.data if trace.meta == "diverged at step 3"]
    assert list(cross.x) == [3]


def test_in_a_crowd_lines_are_thin_and_names_keep_their_distance(laid):
    runs = [laid("run", STUCK, LEARNS, HALFWAY, STUCK, networks=race("two_by_two", width=4)) for _ in range(6)]
    figure = overlay(runs, "loss")
    assert len(lines(figure)) == 24
    assert {line.line.width for line in lines(figure)} == {1.5}
    heights = sorted(note.y for note in figure.layout.annotations if note.name)
    assert len(heights) == 3  # where three groups of curves end
    assert min(b - a for a, b in itertools.pairwise(heights)) * 350 >= 22


def test_a_name_that_is_markup_is_written_as_it_stands(laid):
    (line,) = lines(overlay([laid("<b>bold</b>", STUCK)], "loss"))
    assert "&lt;b&gt;bold&lt;/b&gt;" in line.hovertemplate


def test_the_figure_in_words_says_where_each_curve_ends(laid):
    runs = [laid("one", STUCK), laid("two", [9.0, math.inf])]
    words = overlay_alt(runs, "loss")
    assert words.startswith("Training loss, runs: 2.")
    assert "● A plain-20, no BN: 2.3 after 40 steps" in words
    assert "■ B plain-20, no BN: diverged at step 2" in words
    assert "● A plain-20, no BN: 50% after 40 steps" in overlay_alt(runs, "error")


def test_the_table_has_a_row_per_network_and_no_number_for_what_diverged(laid):
    whole, broken = overlay_table([laid("one", STUCK), laid("two", [9.0, math.inf])])
    assert whole == {
        "Run": "● A one",
        "Network": "plain-20, no BN",
        "Steps": 40,
        "Training loss": 2.3,
        "Training error": "50%",
        "Test error": "75%",
        "Diverged at step": None,
    }
    assert (broken["Training loss"], broken["Training error"], broken["Diverged at step"]) == (None, None, 2)


def test_the_lowest_is_named_only_by_a_clear_margin(laid):
    assert overlay_verdict([laid("one", STUCK), laid("two", LEARNS)]) == (
        "The lowest final loss, 0.5, is that of ■ B plain-20, no BN, by a clear margin."
    )
    close = [loss + 0.2 for loss in LEARNS]  # less than a tenth of ln 10
    assert overlay_verdict([laid("one", LEARNS), laid("two", close)]).startswith(
        "No clear difference between ● A plain-20, no BN / ■ B plain-20, no BN; the lowest ends at a loss of 0.5."
    )


def test_what_diverged_or_was_stopped_is_said(laid):
    words = overlay_verdict([laid("one", [9.0, math.inf]), laid("two", STUCK[:20]), laid("three", LEARNS)])
    assert "● A plain-20, no BN: diverged at step 2." in words
    assert "■ B plain-20, no BN: ended after 20 of 40 steps." in words
    assert words.startswith("The lowest final loss, 0.5, is that of ◆ C")


def test_losses_on_other_pictures_are_not_ranked(laid):
    for other in ({"data": DataConfig(name="fashion", size=8)}, {"classes": ("cat", "dog")}):
        runs = [laid("one", STUCK), laid("two", LEARNS, **other)]
        assert overlay_verdict(runs).startswith("These runs learned from different pictures")
        assert "Pictures" in difference_verdict(runs)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({}, "All settings and the seed are the same"),
        ({"seed": 3}, "The runs differ only in their seed: how far their curves lie apart is chance."),
        ({"learning_rate": 0.1}, "The runs differ in one setting: Learning rate (● A 0.05, ■ B 0.1)."),
        ({"learning_rate": 0.1, "seed": 3}, "The runs differ in 2 settings: Learning rate (● A 0.05, ■ B 0.1); Seed"),
    ],
)
def test_what_differs_is_said_and_what_follows_from_it(laid, other, words):
    assert difference_verdict([laid("one", STUCK), laid("two", LEARNS, **other)]).startswith(words)


def test_one_switch_of_the_network_is_one_difference():
    def spec(*networks):
        return RunSpec(networks=networks)

    one = cifar(20, width=4, plain=True)
    found = differences([spec(one), spec(cifar(20, width=4))])
    assert [(each.name, each.values) for each in found] == [("Skip connections", ("no", "shortcut A"))]
    deeper = differences([spec(one), spec(cifar(56, width=4, plain=True))])
    assert [(each.name, each.values) for each in deeper] == [("Depth (layers)", ("20", "56"))]
    more = differences([spec(one), spec(one, cifar(20, width=4))])
    assert [(each.name, each.values) for each in more] == [("Networks", ("plain-20", "plain-20, residual-20"))]


def test_what_the_pictures_decide_is_no_difference_between_networks():
    gray, colour = (cifar(20, in_channels=channels, classes=classes) for channels, classes in ((1, 10), (3, 2)))
    specs = [RunSpec(networks=(gray,)), RunSpec(networks=(colour,), data=DataConfig(name="cifar10"))]
    assert [each.name for each in differences(specs)] == ["Pictures"]


@pytest.mark.parametrize(
    ("networks", "name"),
    [
        (race("degradation"), "plain-20, plain-56, residual-56 · Digits 8 px · 150 steps"),
        (race("vanishing"), "plain-20, residual-20, no BN · Digits 8 px · 150 steps"),
        (race("two_by_two"), "plain-20, residual-20, with and without BN · Digits 8 px · 150 steps"),
    ],
    ids=["degradation", "vanishing", "two_by_two"],
)
def test_a_run_without_a_name_is_called_by_what_it_is(networks, name):
    assert run_label(RunSpec(networks=networks, data=DataConfig(name="digits", size=8))) == name


def test_six_runs_have_six_letters_and_marks():
    assert [letter(number) for number in range(6)] == ["● A", "■ B", "◆ C", "▲ D", "▼ E", "★ F"]
