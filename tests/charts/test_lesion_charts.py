"""The lesions' figures show what is in the record, and the sentences follow from it."""

import numpy as np
import pytest

from resnet_core.records.lesions import Lesions
from ui.charts.lesions import (
    lesions_alt,
    many_alt,
    many_curves,
    many_table,
    order_alt,
    order_dots,
    single_dots,
    single_table,
)
from ui.charts.verdicts.lesions import many_verdict, order_verdict, single_verdict

BLOCKS = ("stages.0.0", "stages.0.1", "stages.1.0", "stages.1.1")


@pytest.fixture
def networks(network):
    return (network(skip=False), network())


def lesions(single=((0.9,) * 4, (0.1, 0.12, 0.3, 0.1)), base=(0.1, 0.08), many=None, order=None, diverged=(False,) * 2):
    many = [[[0.9, 0.9]] * 4, [[0.1, 0.2], [0.3, 0.5], [0.6, 0.8], [0.9, 0.9]]] if many is None else many
    order = [[0.9, 0.8], [0.1, 0.14]] if order is None else order
    return Lesions(
        blocks=BLOCKS,
        reshaping=(False, False, True, False),
        base=np.array(base, dtype=float),
        single=np.array(single, dtype=float),
        counts=np.array([1, 2, 3, 4]),
        many=np.array(many, dtype=float),
        tau=np.array([0.9, 0.5])[: len(order[0])],
        order=np.array(order, dtype=float),
        guess=0.9,
        train_loss=np.zeros(2),
        images=(100, 100),
        diverged=np.array(diverged),
    )


def traces(figure, meta):
    return {trace.name: trace for trace in figure.data if trace.meta == meta}


def test_every_dot_is_the_error_without_a_block(networks):
    drawn = traces(single_dots(networks, lesions()), "single")
    assert list(drawn["residual-20 + BN"].y) == [0.1, 0.12, 0.3, 0.1]
    assert list(drawn["residual-20 + BN"].marker.symbol) == ["diamond", "diamond", "diamond-open", "diamond"]
    assert np.round(drawn["plain-20 + BN"].x).tolist() == [1, 2, 3, 4]


def test_the_thin_lines_are_the_whole_networks(networks):
    whole = [trace for trace in single_dots(networks, lesions()).data if trace.meta == "whole"]
    assert [list(trace.y) for trace in whole] == [[0.1, 0.1], [0.08, 0.08]]


def test_a_curve_is_the_median_over_the_draws_and_begins_at_the_whole_network(networks):
    figure = many_curves(networks, lesions())
    drawn = traces(figure, "many")["residual-20 + BN"]
    assert list(drawn.x) == [0, 1, 2, 3, 4]
    assert list(drawn.y) == pytest.approx([0.08, 0.15, 0.4, 0.7, 0.9])
    band = [trace for trace in figure.data if trace.meta == "band"][1]
    assert list(band.y) == pytest.approx([0.08, 0.2, 0.5, 0.8, 0.9, 0.9, 0.6, 0.3, 0.1, 0.08])


def test_an_order_stands_at_its_agreement_with_the_right_one(networks):
    drawn = traces(order_dots(networks, lesions()), "order")["residual-20 + BN"]
    assert list(drawn.y) == [0.08, 0.1, 0.14]
    assert list(drawn.x) == pytest.approx([1, 0.9, 0.5], abs=0.01)


def test_a_network_that_is_still_to_be_trained_is_left_out(networks):
    none = np.full((2, 4), np.nan)
    none[0] = 0.9
    record = lesions(single=none, base=(0.1, np.nan), many=[[[0.9, 0.9]] * 4, [[np.nan] * 2] * 4])
    assert list(traces(single_dots(networks, record), "single")) == ["plain-20 + BN"]
    assert list(traces(many_curves(networks, record), "many")) == ["plain-20 + BN"]
    assert "residual" not in single_verdict(networks, record)


def test_nothing_is_written_smaller_than_sixteen_pixels(networks):
    for draw in (single_dots, many_curves, order_dots):
        figure = draw(networks, lesions())
        sizes = [note.font.size for note in figure.layout.annotations]
        sizes += [figure.layout.xaxis.tickfont.size, figure.layout.yaxis.title.font.size]
        assert min(sizes) >= 16


def test_the_verdict_counts_the_blocks_that_are_hardly_missed(networks):
    words = single_verdict(networks, lesions())
    assert "plain-20 + BN (10% wrong): whichever block goes, it is as good as guessing." in words
    assert "residual-20 + BN (8.0% wrong): 3 of 4 blocks are hardly missed and 0 leave it as good as guessing" in words
    assert "stage 2, block 1 is missed most (30% wrong without it)." in words
    assert words.endswith("In the median plain-20 + BN loses 80 points and residual-20 + BN 3.")


def test_networks_that_lose_alike_are_no_clear_difference(networks):
    assert single_verdict(networks, lesions(single=((0.3,) * 4, (0.25,) * 4))).endswith(
        "No clear difference between plain-20 + BN / residual-20 + BN."
    )


def test_a_network_that_has_not_learned_has_nothing_to_lose(networks):
    words = single_verdict(networks, lesions(base=(0.85, 0.08)))
    assert "plain-20 + BN has not learned, it is wrong in 85%; there is nothing to take from it." in words
    assert "In the median" not in words
    assert "plain" not in many_verdict(networks, lesions(base=(0.85, 0.08)))


def test_a_training_that_broke_off_is_told(networks):
    words = single_verdict(networks, lesions(diverged=(True, False)))
    assert "plain-20 + BN: the training broke off with a loss that was not finite." in words


def test_the_curves_are_judged_by_where_they_are_halfway_to_guessing(networks):
    words = many_verdict(networks, lesions())  # halfway is at 0.5 and at 0.49
    assert words == (
        "plain-20 + BN is halfway to guessing with 1 of 4 blocks gone. "
        "residual-20 + BN is halfway to guessing with 3 of 4 blocks gone."
    )
    robust = [[[0.1, 0.1]] * 4] * 2
    assert "nearer to its own error than to guessing however many" in many_verdict(networks, lesions(many=robust))
    assert many_verdict(networks, lesions(many=robust)).endswith(
        "No clear difference between plain-20 + BN / residual-20 + BN."
    )


def test_the_orders_are_judged_by_their_median(networks):
    words = order_verdict(networks, lesions())
    assert "residual-20 + BN: 8.0% in the right order, 12% in the median of 2 others." in words
    assert words.endswith("In the median plain-20 + BN loses 75 points and residual-20 + BN 4.")
    assert "none can change places" in order_verdict(networks, lesions(order=[[], []]))


def test_the_tables_and_the_words_have_the_numbers(networks):
    rows = single_table(networks, lesions())
    assert rows[0] == {"Taken out": "none", "plain-20 + BN": "10%", "residual-20 + BN": "8.0%"}
    assert rows[3] == {"Taken out": "stage 2, block 1", "plain-20 + BN": "90%", "residual-20 + BN": "30%"}
    assert many_table(networks, lesions())[1]["residual-20 + BN"] == "40% (30%–50%)"
    assert "residual-20 + BN: 8.0% whole, from 10% to 30% without one block" in lesions_alt(networks, lesions())
    assert "residual-20 + BN: 15% without one block, 40% without half of them, 90% without any" in many_alt(
        networks, lesions()
    )
    assert "residual-20 + BN: 8.0% in the right order, 10% to 14% in 2 others" in order_alt(networks, lesions())
