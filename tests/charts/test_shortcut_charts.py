import numpy as np
import pytest

from resnet_core.records.shortcuts import ShortcutCounts, ShortcutKinds, ShortcutRace
from ui.charts import theme
from ui.charts.roles import ON_SHORTCUT
from ui.charts.shortcut_kinds import kind_dots, kind_entries, kind_formula, kind_table
from ui.charts.shortcut_options import option_alt, option_entries, option_map, option_table
from ui.charts.shortcut_races import centres, curves_alt, error_dots, loss_curves, race_alt, race_table, smoothed
from ui.charts.verdicts.shortcut_kinds import kinds_verdict
from ui.charts.verdicts.shortcut_options import counts_verdict, options_verdict


def race(errors, names=("none", "A", "B", "C"), losses=None, diverged=None):
    """A race of which every seed's test error is given in whole percent."""
    errors = np.array(errors, dtype=float) / 100
    shape = errors.shape
    return ShortcutRace(
        names=tuple(names),
        layers=20,
        parameters=tuple(range(100, 100 + len(names))),
        macs=tuple(range(2000, 2000 + len(names))),
        seeds=tuple(range(shape[1])),
        losses=np.full((*shape, 20), 1.5, np.float32) if losses is None else np.array(losses, np.float32),
        test_error=errors,
        diverged=np.zeros(shape, bool) if diverged is None else np.array(diverged),
        classes=10,
        test_images=500,
    )


def counts(b=("projection", "identity", "projection"), added=(0, 0, 10, 40)):
    return ShortcutCounts(
        layers=8,
        size=32,
        options=("none", "A", "B", "C"),
        blocks=("stages.0.0", "stages.0.1", "stages.1.0"),
        around=(("nothing",) * 3, ("identity", "identity", "zeros"), tuple(b), ("projection",) * 3),
        parameters=tuple(1000 + more for more in added),
        macs=tuple(5000 + 2 * more for more in added),
        shortcut_parameters=added,
    )


def kinds(errors, carried, names=("identity", "half", "gated")):
    there = np.array(carried, dtype=float)
    factors = np.repeat(there[:, None, None], 2, axis=2).repeat(len(errors[0]), axis=1)
    return ShortcutKinds(race(errors, names), -3, factors)


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def test_every_block_has_one_mark_in_every_option():
    figure = option_map(counts())
    marks = {name: sorted(zip(trace.y, trace.x, strict=True)) for name, trace in named(figure).items()}
    assert marks == {
        "no shortcut": [(0, 1), (0, 2), (0, 3)],
        "identity": [(1, 1), (1, 2), (2, 2)],
        "zero padding": [(1, 3)],
        "1×1 projection": [(2, 1), (2, 3), (3, 1), (3, 2), (3, 3)],
    }
    assert list(figure.layout.yaxis.ticktext) == ["plain", "A", "B", "C"]
    assert [shape.x0 for shape in figure.layout.shapes] == [2.5]  # the second stage begins with the third block
    assert "B: 1 × identity, 2 × 1×1 projection" in option_alt(counts())
    assert option_table(counts())[2] == {
        "Option": "B", "Blocks that project": 2, "Parameters": "1,010", "of these in shortcuts": "10", "MACs": "5,020",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("b", "words"),
    [
        (("identity", "identity", "projection"), "stand where a stage begins, except the first"),
        (("projection", "identity", "projection"), "stand where a stage begins, also the first"),
    ],
)
def test_the_count_says_where_b_projects(b, words):
    sentence = counts_verdict(counts(b))
    assert words in sentence
    assert sentence.startswith("Option A adds nothing to count. Option B projects in ")
    assert f"{b.count('projection')} of 3 blocks and adds 10 parameters (1.0%)" in sentence


def test_the_count_claims_no_place_that_b_does_not_have():
    assert "stand where" not in counts_verdict(counts(("identity", "projection", "projection")))
    assert counts_verdict(counts(added=(0, 0, 0, 0))) == "In this network no option adds a single parameter."


def test_dots_are_the_errors_and_the_large_one_their_median():
    found = race([[50, 60, 90], [30, 10, 20], [10, 10, 10], [np.nan] * 3])
    figure = error_dots(found, option_entries(found))
    small = [trace for trace in figure.data if trace.mode == "markers" and not trace.name and trace.marker.size == 10]
    assert [sorted(trace.x) for trace in small[:2]] == [[0.5, 0.6, 0.9], [0.1, 0.2, 0.3]]
    assert {name: list(trace.x) for name, trace in named(figure).items()} == {"plain": [0.6], "A": [0.2], "B": [0.1]}
    assert named(figure)["plain"].marker.color == theme.PLAIN
    guessing = next(trace for trace in figure.data if trace.meta == "guessing")
    assert list(guessing.x) == [0.9, 0.9]
    assert "plain: 60%" in race_alt(found, option_entries(found))
    assert "option C: not there yet" in race_alt(found, option_entries(found))


def test_a_curve_is_the_mean_of_ten_steps_and_the_median_of_the_seeds():
    losses = np.arange(20.0)[None, None] + np.array([0.0, 1.0, 5.0])[None, :, None]
    found = race([[50] * 3], names=["A"], losses=losses)
    figure = loss_curves(found, [0], option_entries(found))
    line = named(figure)["A"]
    assert list(line.x) == [5.5, 15.5] == list(centres(found))
    assert list(line.y) == [5.5, 15.5]  # 0..9 and 10..19, plus the middle seed's 1
    assert "from 5.5 to 15.5" in curves_alt(found, [0], option_entries(found))
    assert race_table(found, option_entries(found))[0]["Training loss at the end"] == "15.5"


def test_steps_that_are_not_there_yet_leave_their_point_out():
    losses = np.full((1, 1, 20), np.nan)
    losses[..., :15] = 2.0
    assert smoothed(race([[50]], names=["A"], losses=losses).losses[0]).tolist() == [
        [2.0, pytest.approx(np.nan, nan_ok=True)]
    ]


def test_a_seed_that_diverged_is_a_cross():
    found = race([[np.nan, 20]], names=["A"], diverged=[[True, False]])
    crosses = [trace for trace in error_dots(found, option_entries(found)).data if trace.meta == "diverged"]
    assert [list(trace.x) for trace in crosses] == [[1.0]]


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([[50, 52], [30, 31], [29, 32], [30, 30]], "Every option is clearly better than the plain network. Among A, B"),
        ([[50, 52], [30, 31], [49, 55], [30, 30]], "Clearly better than the plain network: A, C."),
        ([[33, 34], [30, 31], [30, 32], [30, 30]], "No option is clearly better than the plain network here."),
        ([[50, 52], [50, 51], [49, 53], [20, 22]], "Among the options, C is better than A. Among the options, C is"),
        ([[88, 90], [89, 91], [90, 90], [88, 89]], "None of them has learned anything yet"),
        ([[50], [30], [30], [30]], "One seed is one accident"),
        ([[50, 52], [30, 31], [30, np.nan], [np.nan] * 2], "So far 2 of 4 networks"),
    ],
)
def test_the_options_verdict_follows_the_errors(errors, words):
    assert words in options_verdict(race(errors))


def test_a_diverged_seed_ends_the_comparison():
    diverged = [[False, False], [False, True], [False, False], [False, False]]
    found = race([[50, 52], [30, np.nan], [29, 32], [30, 30]], diverged=diverged)
    assert options_verdict(found).endswith("so they are not compared: option A.")


def test_kinds_are_named_by_formula_with_what_they_carry():
    found = kinds([[10, 12], [40, 44], [11, 13]], [1, 3e-5, 0.5])
    carries = ("carries 1", "carries 3×10⁻⁵", "carries 0.5")
    assert list(kind_dots(found).layout.yaxis.ticktext) == [
        f"<b>{kind_formula(kind)}</b><br>{words}" for kind, words in zip(found.race.names, carries, strict=True)
    ]
    assert kind_formula("half").split() == ["½x", "+", "F"]
    row = kind_table(found)[1]
    assert (row["Sum"], row["Shortcut"], row["Carried at the end"]) == (
        kind_formula("half"),
        "constant scaling",
        "3×10⁻⁵",
    )
    convolved = kinds([[10, 12], [40, 44]], [1, np.nan], ("identity", "conv"))
    assert kind_dots(convolved).layout.yaxis.ticktext[1].endswith("no factor")
    assert [entry.colour for entry in kind_entries(found)] == [theme.RESIDUAL, ON_SHORTCUT, ON_SHORTCUT]


@pytest.mark.parametrize(
    ("errors", "carried", "words"),
    [
        (
            [[10, 12], [40, 44], [11, 13]], [1, 3e-5, 0.5],
            "Clearly worse than the identity: constant scaling. "
            "No clear difference from the identity: shortcut-only gate. "
            "Every shortcut that carries less than 0.01 of x through all blocks is among the worse ones.",
        ),
        (
            [[30, 32], [31, 33], [11, 13]], [1, 3e-5, 0.5],
            "Clearly better than the identity: shortcut-only gate. "
            "No clear difference from the identity: constant scaling.",
        ),
        ([[10], [40], [11]], [1, 3e-5, 0.5], "One seed is one accident: take two or more before you compare."),
    ],
)  # fmt: skip
def test_the_kinds_verdict_follows_errors_and_factors(errors, carried, words):
    assert kinds_verdict(kinds(errors, carried)) == words


def test_without_the_identity_there_is_nothing_to_compare_with():
    assert kinds_verdict(kinds([[10, 12], [40, 44]], [1e-5, 0.5], ("half", "gated"))).startswith("Without the identity")
