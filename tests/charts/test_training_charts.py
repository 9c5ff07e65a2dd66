import math

import numpy as np
import pytest

from ui.charts import (
    accuracy_curves,
    curves_alt,
    loss_curves,
    training_table,
    training_verdict,
    two_by_two,
    two_by_two_alt,
    two_by_two_verdict,
)
from ui.charts.runs import courses, running_mean

STUCK, LEARNS = [2.3] * 40, list(np.linspace(2.3, 0.6, 40))


def traces(figure, meta):
    return [trace for trace in figure.data if trace.meta == meta]


def test_the_thin_line_is_every_batch_and_the_thick_one_its_running_mean(network, run):
    losses = [4.0, 2.0] * 20
    figure = loss_curves([network()], run(losses), steps=40)
    (each,), (mean,) = traces(figure, "each batch"), traces(figure, "mean")
    assert list(each.y) == losses
    assert list(mean.y) == [4.0, *[3.0] * 39]  # 40 steps, so a mean of two
    assert tuple(figure.layout.xaxis.range) == (0, 40)


def test_a_running_mean_begins_with_what_there_is():
    assert running_mean(np.array([6.0, 2.0, 1.0, 3.0]), 3).tolist() == [6, 4, 3, 2]


def test_guessing_is_drawn_at_the_logarithm_of_the_number_of_classes(network, run):
    figure = loss_curves([network(classes=10)], run(LEARNS), steps=40)
    assert [shape.y0 for shape in figure.layout.shapes] == [pytest.approx(math.log(10))]


def test_a_running_mean_recovers_from_one_huge_loss():
    assert running_mean(np.array([1e25, 1.0, 1.0, 1.0]), 2)[2:].tolist() == [1, 1]


def test_a_diverged_run_is_marked_at_its_step(network, run):
    figure = loss_curves([network(norm=False)], run([22.0, 5e3, 5e25, math.nan]), steps=40)
    (cross,) = traces(figure, "diverged at step 4")
    assert list(cross.x) == [4]
    (over,) = traces(figure, "off the scale")
    assert list(over.x) == [1, 2, 3]


def test_a_recorded_run_lies_underneath_and_is_named(network, run):
    figure = loss_curves([network()], run(LEARNS[:5]), 40, recorded=run(STUCK))
    kinds = [trace.meta for trace in figure.data]
    assert kinds.index("recorded") < kinds.index("mean")
    assert "wide and pale: recorded run" in [note.text for note in figure.layout.annotations]


def test_rings_are_the_test_pictures(network, run):
    figure = accuracy_curves([network()], run(LEARNS, inspect=(10, 20)), steps=40)
    (rings,) = traces(figure, "tests")
    assert list(zip(rings.x, rings.y, strict=True)) == [(10, 0.25), (20, 0.25)]
    assert tuple(figure.layout.yaxis.range) == (0, 1)


def test_curves_in_words_give_loss_accuracy_and_divergence(network, run):
    text = curves_alt([network(), network(9)], run(STUCK, [9.0, math.inf]))
    assert "residual-20 + BN: loss 2.3, 50% right after 40 steps" in text
    assert "residual-56 + BN: diverged at step 2" in text


def test_the_table_has_no_number_for_what_diverged(network, run):
    whole, broken = training_table([network(), network(9)], run(STUCK, [9.0, math.inf]))
    assert (whole["Training loss"], whole["Diverged at step"]) == (2.3, None)
    assert (broken["Training loss"], broken["Diverged at step"]) == (None, 2)


def test_the_final_loss_is_the_mean_of_the_last_eighth(run):
    (course,) = courses(run([9.0] * 14 + [1.0, 3.0]), 1)
    assert course.tail.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        (LEARNS, "learns"),
        (STUCK, "still guessing"),
        ([5.0] * 40, "worse than guessing"),
        ([2.3, math.nan], "diverged at step 2"),
        ([0.1] * 5, "too early to say after 5 steps"),
    ],
)
def test_the_verdict_says_what_became_of_a_network(network, run, losses, words):
    assert words in training_verdict([network()], run(losses))


def test_the_lowest_loss_is_named_whichever_network_has_it(network, run):
    networks = [network(9, skip=False), network(9)]
    assert "lowest loss is that of residual-56" in training_verdict(networks, run(STUCK, LEARNS))
    assert "lowest loss is that of plain-56" in training_verdict(networks, run(LEARNS, STUCK))


def test_equal_losses_are_no_clear_difference(network, run):
    networks = [network(9, skip=False), network(9)]
    assert "No clear difference between plain-56 + BN / residual-56 + BN." in training_verdict(
        networks, run(LEARNS, LEARNS)
    )


def test_a_difference_smaller_than_a_tenth_of_guessing_is_no_clear_difference(network, run):
    near = [loss + 0.2 for loss in LEARNS]  # a tenth of log(10) is 0.23
    assert "No clear difference" in training_verdict([network(), network(9)], run(LEARNS, near))
    far = [loss + 0.3 for loss in LEARNS]
    assert "No clear difference" not in training_verdict([network(), network(9)], run(LEARNS, far))


@pytest.fixture
def four(network):
    return [network(norm=norm, skip=skip) for norm in (True, False) for skip in (False, True)]


def test_each_network_stands_in_its_own_panel(four, run):
    figure = two_by_two(four, run(LEARNS, LEARNS, STUCK, LEARNS), steps=40)
    own = {trace.name: (trace.yaxis, trace.y[-1]) for trace in traces(figure, "recorded")}
    assert own["plain-20 + BN"][0] == "y"
    assert own["residual-20 + BN"][0] == "y2"
    assert own["plain-20, no BN"] == ("y3", pytest.approx(2.3))
    assert own["residual-20, no BN"][0] == "y4"


def test_the_panels_write_their_own_result(four, run):
    figure = two_by_two(four, run(LEARNS, LEARNS, STUCK, [3.0, math.nan]), steps=40)
    notes = [note.text for note in figure.layout.annotations]
    assert "<b>loss 2.3</b>" in notes
    assert "<b>diverged at step 2</b>" in notes


def test_a_live_run_is_drawn_over_the_recorded_one(four, run):
    figure = two_by_two(four, run(STUCK, STUCK, STUCK, STUCK), 40, live=run(LEARNS, LEARNS, LEARNS, LEARNS))
    live = [trace.y[-1] for trace in traces(figure, "live")]
    assert all(last < 1 for last in live)
    assert len(live) == 4


def test_the_verdict_on_shortcuts_flips_with_the_numbers(four, run):
    helps = two_by_two_verdict(four, run(LEARNS, LEARNS, STUCK, LEARNS))
    assert "With BatchNorm: no clear difference" in helps
    assert "Without BatchNorm: the shortcuts lower the final loss from 2.3 to" in helps
    harms = two_by_two_verdict(four, run(LEARNS, STUCK, LEARNS, [4.0, math.nan]))
    assert "With BatchNorm: the shortcuts raise the final loss" in harms
    assert "Without BatchNorm: residual-20, no BN diverged at step 2; plain-20, no BN did not" in harms


def test_the_four_panels_in_words(four, run):
    text = two_by_two_alt(four, run(STUCK, STUCK, STUCK, [4.0, math.nan]))
    assert "plain-20 + BN: loss 2.3" in text
    assert "residual-20, no BN: diverged at step 2" in text
