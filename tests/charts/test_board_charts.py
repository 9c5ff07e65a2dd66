"""The class board: what is drawn, what may be compared, and what the numbers say, all known by pencil."""

import math
from dataclasses import replace

import pytest

from resnet_core import BoardEntry, ClassTask, DataConfig, NetworkSummary, RunSpec, TrainConfig, cifar
from ui.charts.board import board_alt, board_chart, board_table
from ui.charts.board_points import Kind, deviation, samples
from ui.charts.board_recipes import left_out, recipe_label, recipes, usual_recipe
from ui.charts.theme import PLAIN, RESIDUAL
from ui.charts.verdicts.board import board_verdict

RECIPE = TrainConfig(steps=200)


def entry(depth, error, seed=0, *, plain=True, run="", name="", diverged=False, training=RECIPE, data=None, **network):
    config = cifar(depth, plain=plain, width=8, in_channels=1, init="default", **network)
    spec = RunSpec(networks=(config,), data=data or DataConfig(), training=replace(training, seed=seed))
    summary = NetworkSummary(200, 1.0, error, None, diverged=diverged)
    run = run or f"{depth} {seed} {plain} {error}"
    return BoardEntry(run_id=run, network=0, nickname=name, spec=spec, summary=summary, created=0.0)


def several(depth, *errors, plain=True, **more):
    return [entry(depth, error, seed, plain=plain, **more) for seed, error in enumerate(errors)]


def classroom(plain_low, plain_high, residual_low, residual_high, **more):
    return [
        *several(20, *plain_low, **more),
        *several(56, *plain_high, **more),
        *several(20, *residual_low, plain=False, **more),
        *several(56, *residual_high, plain=False, **more),
    ]


SEEN = classroom((0.25, 0.28, 0.25), (0.80, 0.85, 0.90), (0.26, 0.28, 0.27), (0.25, 0.27, 0.26))


def means(figure):
    return {trace.name: trace for trace in figure.data if trace.meta == "mean"}


def marks(figure):
    return {trace.name: trace for trace in figure.data if trace.meta == "entries"}


def test_students_who_repeated_one_experiment_count_once():
    found = samples([entry(20, 0.2, 1, run="a"), entry(20, 0.3, 1, run="b"), entry(20, 0.5, 2)], "training")
    assert found == {Kind(True, "batch"): {20: pytest.approx([0.25, 0.5])}}


def test_the_deviation_is_that_of_a_sample():
    assert deviation(samples(several(20, 0.1, 0.2, 0.3), "training")[Kind(True, "batch")][20]) == pytest.approx(0.1)
    assert math.isnan(deviation(samples(several(20, 0.1), "training")[Kind(True, "batch")][20]))


def test_every_network_has_one_mark_and_every_depth_one_mean():
    figure = board_chart(SEEN)
    assert {name: len(trace.x) for name, trace in marks(figure).items()} == {"plain + BN": 6, "residual + BN": 6}
    plain = means(figure)["plain + BN"]
    assert plain.y == pytest.approx((0.26, 0.85))
    assert plain.error_y.array == pytest.approx((math.sqrt(0.0003), 0.05))
    assert plain.line.color == PLAIN
    assert means(figure)["residual + BN"].line.color == RESIDUAL


def test_kinds_are_told_apart_without_colour():
    figure = board_chart([*SEEN, *several(20, 0.9, norm="none"), *several(20, 0.3, plain=False, norm="none")])
    shapes = {name: set(trace.marker.symbol) for name, trace in marks(figure).items()}
    assert shapes == {
        "plain + BN": {"square"},
        "residual + BN": {"circle"},
        "plain, no BN": {"square-open"},
        "residual, no BN": {"circle-open"},
    }
    assert {name: trace.line.dash for name, trace in means(figure).items()} == {
        "plain + BN": "solid", "residual + BN": "solid", "plain, no BN": "dash", "residual, no BN": "dash",
    }  # fmt: skip


def test_a_mark_stays_beside_its_depth_and_where_it_was_when_others_come():
    few, many = marks(board_chart(SEEN[:7])), marks(board_chart(SEEN))
    assert many["plain + BN"].x[:6] == few["plain + BN"].x
    assert all(depth - 3 < x < depth for x, depth in zip(many["plain + BN"].x, (20,) * 3 + (56,) * 3, strict=True))
    assert all(depth < x < depth + 3 for x, depth in zip(many["residual + BN"].x, (20,) * 3 + (56,) * 3, strict=True))


def test_a_network_that_diverged_is_marked_and_in_no_mean():
    figure = board_chart([*several(20, 0.2, 0.4), entry(20, 0.9, 7, diverged=True)])
    assert means(figure)["plain + BN"].y == pytest.approx((0.3,))
    (cross,) = [
        y for y, symbol in zip(marks(figure)["plain + BN"].y, marks(figure)["plain + BN"].marker.symbol, strict=True)
        if symbol == "x"
    ]  # fmt: skip
    assert cross == 1.0
    assert "diverged: 1. The means" in board_verdict([*SEEN, entry(20, 0.9, 7, diverged=True)])


def test_a_nickname_is_text_and_nothing_else():
    figure = board_chart([entry(20, 0.2, name="<a href='http://x.example'>%{x}</a>")])
    (hover,) = marks(figure)["plain + BN"].text
    assert "<a" not in hover
    assert "&lt;a href=&#x27;" in hover
    assert marks(figure)["plain + BN"].hovertemplate == "%{text}<extra></extra>"


def test_axes_say_what_and_in_which_unit():
    figure = board_chart(SEEN)
    assert figure.layout.xaxis.title.text == "Depth (layers with weights)"
    assert figure.layout.yaxis.title.text == "Final training error (% wrong)"
    assert figure.layout.xaxis.tickvals == (20, 56)
    assert "plain + BN: 20 layers 26%, 56 layers 85%" in board_alt(SEEN)


def test_the_table_gives_seeds_mean_and_spread_in_percent():
    rows = board_table(SEEN)
    assert [tuple(row.values()) for row in rows] == [
        ("plain-20 + BN", 3, 3, 26.0, 1.7, 0),
        ("plain-56 + BN", 3, 3, 85.0, 5.0, 0),
        ("residual-20 + BN", 3, 3, 27.0, 1.0, 0),
        ("residual-56 + BN", 3, 3, 26.0, 1.0, 0),
    ]


def test_an_empty_board_can_be_drawn():
    assert not board_chart([]).data
    assert board_table([]) == []
    assert board_verdict([]) == "Nothing is on this board yet."
    assert board_alt([]) == "Final training error against depth."


def test_entries_of_another_recipe_are_left_out_and_told():
    longer = entry(20, 0.1, training=TrainConfig(steps=300))
    wider = replace(
        longer,
        run_id="w",
        spec=RunSpec(networks=(cifar(20, width=16, in_channels=1, init="default"),), training=RECIPE),
    )
    entries = [*SEEN, longer, replace(longer, run_id="again"), wider]
    recipe = recipes(entries)[0]
    assert sum(recipe.holds(one) for one in entries) == 12
    told = left_out(entries, recipe)
    assert told.startswith("3 of 15 networks are left out")
    assert "Steps (2)" in told
    assert "Channels per stage" in told
    assert left_out(SEEN, recipes(SEEN)[0]) == ""


def test_depth_shortcut_batchnorm_and_seed_are_what_is_compared():
    mixed = [*SEEN, *several(32, 0.5, 0.6, norm="none"), *several(44, 0.5, plain=False)]
    assert len(recipes(mixed)) == 1


def test_plain_networks_belong_to_the_recipe_of_either_kind_of_shortcut():
    plain = several(20, 0.5)
    usual, zero = several(20, 0.4, 0.3, plain=False), several(20, 0.2, plain=False, zero_gamma=True)
    first, second = recipes([*plain, *usual, *zero])
    assert [sum(recipe.holds(one) for one in [*plain, *usual, *zero]) for recipe in (first, second)] == [3, 2]
    assert "Zero-gamma (1)" in left_out([*plain, *usual, *zero], first)
    assert recipe_label([*plain, *usual, *zero], second).endswith("Zero-gamma: yes")


def test_the_recipe_of_the_task_comes_first_once_a_run_has_it():
    others = several(20, 0.5, 0.6, 0.7, plain=False)
    task = ClassTask(training=TrainConfig(steps=30))
    assert usual_recipe(others, task) == recipes(others)[0]
    assert usual_recipe([], task) is None
    own = replace(entry(20, 0.1), spec=replace(entry(20, 0.1).spec, training=TrainConfig(steps=30, seed=4)))
    assert usual_recipe([*others, own], task).holds(own)
    pair = task.spec(task.seat(3))
    both = [BoardEntry(run_id="p", network=n, nickname="", spec=pair, summary=own.summary, created=0) for n in (0, 1)]
    chosen = usual_recipe([*others, *both], task)
    assert all(chosen.holds(one) for one in both)
    assert not any(chosen.holds(one) for one in others)


def test_degradation_is_told_with_its_numbers():
    words = board_verdict(SEEN)
    assert words.startswith("Degradation: from 20 to 56 layers the training error of plain networks rises clearly")
    assert "plain 26% to 85%, residual 27% to 26% (seeds: 3, 3, 3, 3)" in words


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([*several(20, 0.2, 0.2, 0.2), *several(56, 0.9, 0.9, 0.9)], "Too early to say"),
        (classroom((0.25, 0.28), (0.8, 0.85, 0.9), (0.26, 0.28, 0.27), (0.25, 0.27, 0.26)), "20: 2, 3; 56: 3, 3"),
        (classroom((0.3, 0.31, 0.32), (0.31, 0.3, 0.32), (0.3, 0.3, 0.31), (0.3, 0.3, 0.3)), "No clear difference"),
        (classroom((0.5, 0.51, 0.52), (0.3, 0.31, 0.32), (0.3, 0.3, 0.31), (0.3, 0.3, 0.3)), "No degradation here"),
        (classroom((0.2, 0.21, 0.22), (0.8, 0.81, 0.82), (0.2, 0.2, 0.21), (0.4, 0.4, 0.41)), "clearly more for plain"),
        (classroom((0.2, 0.21, 0.22), (0.4, 0.41, 0.42), (0.2, 0.2, 0.21), (0.4, 0.4, 0.41)), "for both kinds of"),
        (classroom((0.2, 0.21, 0.22), (0.2, 0.21, 0.22), (0.2, 0.2, 0.21), (0.4, 0.4, 0.41)), "not for plain ones"),
        (classroom((0.2, 0.21, 0.22), (0.4, 0.41, 0.42), (0.1, 0.3, 0.5), (0.1, 0.4, 0.7)), "is not clear"),
    ],
    ids=["no residual", "two seeds", "same", "better", "both, plain more", "both", "residual", "noisy residual"],
)  # fmt: skip
def test_every_other_case_has_its_own_sentence(entries, words):
    said = board_verdict(entries)
    assert words in said
    assert not said.startswith("Degradation")


def test_a_wide_spread_between_seeds_hides_what_a_narrow_one_shows():
    """Means 0.2 and 0.4; s 0.01: bound 2.78 * 0.01 * sqrt(2/3) = 0.023; s 0.2: 0.45."""
    narrow = classroom((0.19, 0.2, 0.21), (0.39, 0.4, 0.41), (0.2, 0.2, 0.2), (0.2, 0.2, 0.2))
    wide = classroom((0.0, 0.2, 0.4), (0.2, 0.4, 0.6), (0.2, 0.2, 0.2), (0.2, 0.2, 0.2))
    assert board_verdict(narrow).startswith("Degradation")
    assert board_verdict(wide).startswith("No clear difference")


def test_more_seeds_show_what_few_hide():
    """Means 0.2 and 0.4, s 0.1. Three seeds: 2.78 * 0.1 * sqrt(2/3) = 0.23. Nine, s 0.087: 2.23 * 0.041 = 0.09."""
    low, high, flat = (0.1, 0.2, 0.3), (0.3, 0.4, 0.5), (0.2, 0.2, 0.2)
    assert board_verdict(classroom(low, high, flat, flat)).startswith("No clear difference")
    assert board_verdict(classroom(low * 3, high * 3, flat, flat)).startswith("Degradation")


def test_thirty_students_with_one_seed_are_one_experiment():
    same = [entry(depth, error, 0, plain=plain, run=f"{depth}{plain}{n}") for n in range(8) for depth, error, plain in
            ((20, 0.2, True), (56, 0.9, True), (20, 0.2, False), (56, 0.2, False))]  # fmt: skip
    assert "Too early to say" in board_verdict(same)
    assert "20: 1, 1; 56: 1, 1" in board_verdict(same)


def test_a_small_change_is_no_difference_however_exactly_it_is_measured():
    tiny = classroom((0.20,) * 30, (0.24,) * 30, (0.2,) * 30, (0.2,) * 30)
    assert board_verdict(tiny).startswith("No clear difference")


def test_the_paper_speaks_of_training_error_and_so_does_the_verdict():
    with_test = [replace(one, summary=one.summary._replace(test_error=one.summary.error)) for one in SEEN]
    said = board_verdict(with_test, "test")
    assert not said.startswith("Degradation")
    assert "the training error decides" in said


def test_with_and_without_batchnorm_are_judged_apart():
    flat = classroom((0.3, 0.31, 0.32), (0.31, 0.3, 0.32), (0.3, 0.3, 0.31), (0.3, 0.3, 0.3), norm="none")
    said = board_verdict([*SEEN, *flat])
    assert "With BatchNorm: Degradation" in said
    assert "Without BatchNorm: No clear difference" in said
