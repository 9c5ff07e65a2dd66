"""What is drawn of attributions is what is in the record; each verdict follows from its numbers."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from resnet_core.records.inside import AttributionMap, AttributionReport, PictureAttributions
from ui.charts.attributions import (
    attribution_grid,
    grid_alt,
    grid_table,
    method_names,
    similarity_alt,
    similarity_bars,
    similarity_table,
)
from ui.charts.verdicts.attributions import completeness_verdict, similarity_verdict

NAN = float("nan")
METHODS = tuple(method_names())


def one(method="integrated_gradients", total=2.0, expected=NAN, values=None):
    values = np.array([[1.0, 0.0], [0.0, -0.5]]) if values is None else values
    return AttributionMap(method, values.astype(np.float16), 0.25, total, expected)


def picture(*maps):
    return PictureAttributions(np.zeros((4, 4), np.uint8), 0, 1, np.array([0.2, 0.8]), maps)


def report(untrained, loss=0.5):
    return AttributionReport((), ("bag", "boot"), METHODS, "stages.2.0", np.array(untrained), 200, loss, 0.7)


def test_each_map_stands_in_its_panel_with_its_own_colours():
    figure = attribution_grid(picture(*(one(method) for method in METHODS)))
    first, second = (
        np.array(Image.open(io.BytesIO(base64.b64decode(trace.source.split(",")[1]))))
        for trace in figure.data
        if trace.type == "image"
    )
    assert first[5, 15, 1] > first[5, 15, 0]  # the first map's largest: green
    assert first[270, 15, :3].min() > 240  # zero
    assert first[270, 285, 0] > first[270, 285, 1]  # against: purple
    assert second[5, 15, 0] > 200 > 90 > second[5, 15, 2]  # saliency has no sign: its largest is yellow
    assert figure.layout.annotations[0].text == "<b>Integrated<br>gradients</b>"
    assert len(figure.layout.annotations) == 6


def test_words_and_table_name_every_method():
    whole = picture(one(total=2.0, expected=2.04), one("occlusion", total=99.0))
    assert grid_alt(whole).startswith("Integrated gradients: strongest at row 1 and column 1 of 2 by 2; Occlusion")
    first, second = grid_table(whole)
    assert (first["Sum of all"], first["Must be"]) == ("2", "2.04")
    assert (second["Sum of all"], second["Must be"]) == ("–", "–")  # which promises nothing


@pytest.mark.parametrize(
    ("total", "expected", "words"),
    [
        (2.0, 2.05, "adds up to 2 where the score changes by 2.05, 2.4% off."),
        (2.0, 4.0, "50% off; it takes more steps"),
        (-1.0, -1.0, "0.0% off."),
        (0.01, 0.0, "it should be 0"),
        (float("inf"), 2.0, "not finite"),
    ],
)
def test_a_sum_is_held_against_the_difference_of_scores(total, expected, words):
    assert words in completeness_verdict(picture(one(total=total, expected=expected)))


def test_methods_without_a_promise_are_not_judged():
    assert "promises" in completeness_verdict(picture(one("saliency")))


def test_the_bars_are_the_correlations_of_the_record_largest_first():
    whole = report([0.1, 0.9, NAN, 0.3, 0.5, -0.2])
    (bars,) = similarity_bars(whole).data
    assert list(bars.x) == [0.9, 0.5, 0.3, 0.1, -0.2]
    assert bars.y[0] == "Conductance"
    assert "Conductance 0.9" in similarity_alt(whole)
    assert similarity_table(whole)[0]["Rank correlation"] == 0.1


def test_the_verdict_names_what_stayed_and_what_changed():
    verdict = similarity_verdict(report([0.9, 0.1, 0.5, 0.2, NAN, 0.45]))
    assert verdict == (
        "Integrated gradients: much the same map as before the network had learned anything, so it shows the picture "
        "more than what was learned. Conductance, Saliency: another map than before training."
    )
    assert similarity_verdict(report([0.5] * 6)) == "No clear difference between the methods."
    assert "diverged" in similarity_verdict(report([0.9] * 6, loss=NAN))
