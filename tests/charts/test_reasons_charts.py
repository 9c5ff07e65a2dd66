"""What the page says of one picture follows from the record, and so does every dot."""

import numpy as np
import pytest

from resnet_core.records.inside import AttributionMap, PictureAttributions, PictureReasons
from ui.charts.class_names import class_names
from ui.charts.reasons import sees_another, without_alt, without_block, without_table, without_verdict

BLOCKS = ("stages.0.0", "stages.0.1", "stages.1.0")


def reasons(*without, whole=(0.1, 0.8, 0.1)):
    scores = np.array(whole)
    maps = (AttributionMap("saliency", np.zeros((2, 2), np.float16), 0.0, 0.0, float("nan")),)
    explained = PictureAttributions(np.zeros((2, 2, 3), np.uint8), -1, 1, scores, maps)
    return PictureReasons(explained, ("tabby", "bee", "something new"), BLOCKS[-1], BLOCKS, np.array(without))


MIXED = reasons((0.1, 0.85, 0.05), (0.2, 0.6, 0.2), (0.7, 0.2, 0.1))


def test_every_dot_is_the_score_without_its_block_and_a_cross_sees_something_else():
    (dots,) = (trace for trace in without_block(MIXED).data if trace.meta == "without")
    assert list(dots.x) == [1, 2, 3]
    np.testing.assert_allclose(dots.y, [0.85, 0.6, 0.2])
    assert list(dots.marker.symbol) == ["circle", "circle", "x"]
    assert sees_another(MIXED) == [False, False, True]
    assert [data[2] for data in dots.customdata] == ["bee", "bee", "tabby cat"]


def test_the_line_is_the_whole_network():
    (line,) = without_block(MIXED).layout.shapes
    assert line.y0 == line.y1 == 0.8


def test_the_sentence_counts_and_names_the_block_that_is_needed_most():
    assert without_verdict(MIXED) == (
        "It sees something other than “bee” without 1 of its 3 blocks, each taken out alone. It needs stage 2, block 1 "
        "most: without it the score falls from 80% to 20%."
    )


@pytest.mark.parametrize(("lowest", "said"), [(0.85, "85%"), (0.78, "78%")])
def test_a_network_that_clearly_needs_no_single_block_is_said_to_need_none(lowest, said):
    steady = reasons((0.05, 0.9, 0.05), (0.0, 0.95, 0.05), (0.95 - lowest, lowest, 0.05))
    assert without_verdict(steady) == (
        "Without any one of its 3 blocks it still sees “bee”. No block is clearly needed: the score is 80% with all, "
        f"and lowest, {said}, without stage 2, block 1."
    )


def test_a_block_without_which_nothing_is_finite_is_named_without_a_number():
    broken = reasons((0.1, 0.8, 0.1), (np.nan,) * 3, (0.1, 0.8, 0.1))
    assert without_verdict(broken).endswith("Without stage 1, block 2 the scores are not finite.")


def test_scores_that_are_not_finite_say_nothing():
    nothing = (np.nan,) * 3
    broken = reasons(nothing, nothing, nothing, whole=nothing)
    assert without_verdict(broken).startswith("The scores are not finite")
    assert without_block(broken).data


def test_words_and_table_say_every_number():
    words = without_alt(MIXED)
    assert words == (
        "Score of “bee”: 80% with all blocks; without stage 1, block 1 85%, without stage 1, block 2 60%, without "
        "stage 2, block 1 20%."
    )
    assert [list(row.values()) for row in without_table(MIXED)] == [
        ["stage 1, block 1", "85%", "bee"],
        ["stage 1, block 2", "60%", "bee"],
        ["stage 2, block 1", "20%", "tabby cat"],
    ]


@pytest.mark.parametrize(("name", "called"), [("hog", "pig"), ("automobile", "car"), ("a name of one's own",) * 2])
def test_classes_are_called_what_people_call_them(name, called):
    assert class_names((name,)) == (called,)
