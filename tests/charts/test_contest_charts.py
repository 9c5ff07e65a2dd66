"""Contests at equal cost: what is drawn is in the record, and each sentence has its record."""

import numpy as np
import pytest

from resnet_core.records.contests import Contest
from ui.charts.contests import contest_alt, contest_curves, contest_points, contest_table, entrant_name
from ui.charts.verdicts.contests import contest_verdict


def record(train, test, *, names=("basic", "bottleneck"), diverged=None, macs=(100, 96), parameters=(50, 48)):
    """Errors by network and seed, the same in both windows."""
    twice = [np.repeat(np.array(errors, dtype=float)[..., None], 2, axis=2) for errors in (train, test)]
    networks, seeds = twice[0].shape[:2]
    return Contest(
        names=names,
        layers=(14, 20, 26)[:networks],
        parameters=parameters,
        macs=macs,
        seeds=tuple(range(seeds)),
        steps=np.array([30, 60]),
        train_error=twice[0],
        test_error=twice[1],
        diverged=np.zeros((networks, seeds), bool) if diverged is None else np.array(diverged),
        test_images=500,
    )


CLEAR = ([[0.20, 0.22, 0.21], [0.30, 0.28, 0.29]], [[0.25, 0.26, 0.24], [0.25, 0.27, 0.26]])


def test_the_lines_are_the_medians_and_the_bands_the_ranges():
    figure = contest_curves(record(*CLEAR), "train")
    lines = {trace.name: trace for trace in figure.data if trace.name}
    assert list(lines["basic"].x) == [30, 60]
    assert list(lines["basic"].y) == pytest.approx([0.21, 0.21])
    assert list(lines["bottleneck"].y) == pytest.approx([0.29, 0.29])
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert [(min(band.y), max(band.y)) for band in bands] == [(0.20, 0.22), (0.28, 0.30)]
    assert figure.layout.yaxis.range == (0, 0.8)
    assert [note.name for note in figure.layout.annotations] == ["basic", "bottleneck"]


def test_a_network_that_does_no_better_than_guessing_stays_on_the_axes():
    figure = contest_curves(record([[0.9], [0.2]], [[0.9], [0.2]]), "test")
    assert figure.layout.yaxis.range == (0, 1)


def test_points_show_both_errors_and_their_ranges():
    figure = contest_points(record(*CLEAR), "kind of block")
    training, test = figure.data
    assert (training.name, test.name) == ("training", "test")
    assert list(training.y) == pytest.approx([0.21, 0.29])
    assert list(test.y) == pytest.approx([0.25, 0.26])
    assert list(test.error_y.array) == pytest.approx([0.01, 0.01])
    assert list(test.error_y.arrayminus) == pytest.approx([0.01, 0.01])
    assert list(figure.layout.xaxis.ticktext) == ["basic", "bottleneck"]
    assert figure.layout.xaxis.title.text == "kind of block"


def test_a_record_without_any_number_yet_can_be_drawn():
    nothing = record([[np.nan], [np.nan]], [[np.nan], [np.nan]])
    assert contest_curves(nothing, "train").data
    assert contest_points(nothing, "").data
    assert "–" in contest_alt(nothing)
    assert contest_verdict(nothing).startswith("0 of 2 runs have come to their end")


def test_words_and_table_have_the_numbers():
    assert "basic: 21.0% of the answers wrong in training, 25.0% in the test" in contest_alt(record(*CLEAR))
    rows = contest_table(record(*CLEAR))
    assert rows[1]["Network"] == "bottleneck"
    assert rows[1]["Training error"] == "29.0% (28.0–30.0)"
    assert rows[0]["Layers"] == 14


def test_names_are_told_in_words():
    assert entrant_name("20 · 8") == "20 layers of width 8"
    assert entrant_name("32×4d") == "32×4d"
    assert entrant_name("basic", lambda text: f"<{text}>") == "<basic>"


def test_a_difference_is_clear_only_if_it_is_large_and_no_seed_contradicts():
    words = contest_verdict(record(*CLEAR))
    assert words.startswith("Multiplications differ by at most 4.0%, parameters by 4.0%.")
    assert "Training error: lowest for basic (21.0%), clearly higher for bottleneck (29.0%)." in words
    assert words.endswith("Test error: no clear difference, 25.0% to 26.0%.")
    overlapping = record([[0.20, 0.29, 0.21], [0.30, 0.28, 0.29]], CLEAR[1])
    assert "Training error: no clear difference, 21.0% to 29.0%." in contest_verdict(overlapping)


def test_the_lowest_of_several_is_held_against_the_highest():
    errors = [[0.25, 0.26, 0.25], [0.20, 0.21, 0.20], [0.31, 0.30, 0.31]]
    several = record(errors, errors, names=("1×16d", "4×6d", "32×1d"), macs=(10, 10, 10), parameters=(9, 9, 9))
    assert "Test error: lowest for 4×6d (20.0%), clearly higher for 32×1d (31.0%)." in contest_verdict(several)
    closer = [[0.25, 0.26, 0.25], [0.24, 0.24, 0.24], [0.28, 0.29, 0.28]]  # would be clear between two
    several = record(closer, closer, names=("1×16d", "4×6d", "32×1d"), macs=(10, 10, 10), parameters=(9, 9, 9))
    assert "Test error: no clear difference, 24.0% to 28.0%." in contest_verdict(several)


def test_fewer_than_three_seeds_claim_nothing():
    words = contest_verdict(record([[0.1, 0.1], [0.5, 0.5]], [[0.1, 0.1], [0.5, 0.5]]))
    assert words.endswith("With fewer than 3 seeds no difference can be told from chance.")


def test_what_diverged_is_named_and_not_compared():
    errors = [[0.2, 0.2, 0.2], [np.nan, 0.3, 0.3]]
    words = contest_verdict(record(errors, errors, diverged=[[False] * 3, [True, False, False]]))
    assert words.endswith("Diverged with at least one seed: bottleneck.")
    assert "lowest" not in words
