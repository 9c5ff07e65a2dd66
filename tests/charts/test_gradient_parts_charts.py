"""The gradient's parts and paths, and the sizes of F: figures and sentences follow the record."""

import numpy as np
import pytest

from resnet_core import cifar
from resnet_core.records.gradient_parts import BlockGradients, GradientPathsReport
from resnet_core.records.responses import NetworkResponses, ResponsesReport
from ui.charts.gradient_parts import (
    factor_histogram,
    factor_shares,
    formula_errors,
    part_angles,
    parts_alt,
    parts_profile,
    parts_table,
)
from ui.charts.gradient_paths import path_norms, path_shares, paths_alt, paths_table, spread_of
from ui.charts.responses import response_course, response_profile, responses_alt, responses_table
from ui.charts.verdicts.gradient_parts import (
    angle_verdict,
    factor_verdict,
    formula_verdict,
    parts_verdict,
    whole_verdict,
)
from ui.charts.verdicts.gradient_paths import paths_verdict
from ui.charts.verdicts.responses import responses_verdict

V2, V1 = cifar(20, version="v2"), cifar(20)
PLAIN = cifar(20, version="v2", plain=True)


def parts(**changes):
    """Three blocks, of which the second changes the shape."""
    usual = {
        "arriving": [2.0, 2.0, 1.0],
        "skip": [2.0, 1.0, 1.0],
        "branch": [1.0, 3.0, 0.5],
        "total": [2.5, 3.0, 1.2],
        "cosine": [0.1, 0.0, -0.1],
        "sum_error": [0.0, 0.0, 1e-8],
        "formula_error": [0.0, np.nan, 1e-7],
        "factors": [[1.2, 1.3], [0.5, 1.5], [1.1, 1.2]],
        "whole": [2.0, 3.0],
    }
    values = {name: np.array(value, dtype=float) for name, value in (usual | changes).items()}
    return BlockGradients(tuple(f"stages.{stage}.0" for stage in range(3)), **values)


def plain(**changes):
    nothing = [np.nan] * 3
    return parts(skip=nothing, cosine=nothing, formula_error=nothing, **changes)


def lines(figure):
    return {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}


def test_the_profile_shows_what_arrives_both_parts_and_what_leaves():
    drawn = lines(parts_profile(parts()))
    assert drawn["arrives"].y.tolist() == [2, 2, 1]
    assert drawn["through the branch"].y.tolist() == [1, 3, 0.5]
    assert set(lines(parts_profile(plain()))) == {"arrives", "leaves", "through the branch"}


def test_the_verdict_on_the_parts_compares_them_by_medians():
    found = parts_verdict(V2, parts())
    assert "the shortcut carries 50% to 100% of what arrives" in found
    assert "The branch's part is 0.5 times as large in the median, and the larger one at 1 of 3 blocks." in found
    assert "one way only, and the gradient leaves the first block 2.5 times" in parts_verdict(PLAIN, plain())
    assert "all parts are exactly 0" in parts_verdict(V2, parts(total=[0, 0, 0]))
    assert "not finite" in parts_verdict(V2, parts(total=[1, np.nan, 1]))


def test_the_formulas_error_is_drawn_on_the_floor_where_it_is_exact_and_left_out_where_shapes_differ():
    drawn = lines(formula_errors([(V2, parts()), (V1, parts(formula_error=[0.3, np.nan, 0.2])), (PLAIN, plain())]))
    assert set(drawn) == {"v2, identity", "v1, identity"}
    assert drawn["v2, identity"].y[0] == pytest.approx(1e-8)
    assert np.isnan(drawn["v2, identity"].y[1])
    assert drawn["v1, identity"].y[0] == pytest.approx(0.3)


def test_the_verdict_on_the_formula_tells_exact_from_approximate():
    found = formula_verdict([(V2, parts()), (V1, parts(formula_error=[0.3, np.nan, 0.2])), (PLAIN, plain())])
    assert "v2, identity: exact to float precision at all 2 blocks that keep the shape." in found
    assert "v1, identity: off by 20% to 30% of the gradient, at every one of 2 blocks." in found
    assert found.endswith("The two parts always add up to the gradient that leaves: that is the chain rule.")
    mixed = formula_verdict([(V2, parts(formula_error=[0.3, np.nan, 0.0]))])
    assert "exact at 1 of 2 blocks, elsewhere off by up to 30%" in mixed
    assert "miss the gradient that leaves by up to 0.1" in formula_verdict([(V2, parts(sum_error=[0, 0.1, 0]))])
    assert "no formula to check" in formula_verdict([(PLAIN, plain(sum_error=[np.nan] * 3))])


def test_the_verdict_on_the_angle_knows_right_angles_and_opposition():
    assert "nearly at right angles at all 3 blocks (−0.10 to 0.10)" in angle_verdict([(V2, parts())])
    assert "opposed at 1 of 3 blocks (down to −0.80)" in angle_verdict([(V2, parts(cosine=[0.1, -0.8, 0]))])
    assert "between −0.30 and 0.40, nowhere opposed" in angle_verdict([(V2, parts(cosine=[0.4, -0.3, 0]))])
    assert "two parts to compare" in angle_verdict([(PLAIN, plain())])
    drawn = lines(part_angles([(V2, parts()), (PLAIN, plain())]))
    assert drawn["v2, identity"].y.tolist() == [0.1, 0.0, -0.1]


def test_the_histogram_counts_every_factor_once_and_zeros_apart():
    edges = np.linspace(-1, 1, 3)  # 0.1 to 1 to 10
    shares, zeros = factor_shares(np.array([0.5, 2.0, 3.0, 0.0, np.nan]), edges)
    assert shares.tolist() == [0.25, 0.5]
    assert zeros == 0.25
    figure = factor_histogram([(V2, parts()), (PLAIN, plain(factors=[[0.0, 1], [1, 1], [1, 1]]))])
    ticks = [trace for trace in figure.data if trace.meta == "smallest"]
    assert ticks[0].x[0] == pytest.approx(0.5)
    assert "smallest: 0.5" in ticks[0].hovertemplate
    assert "17% are 0" in ticks[1].hovertemplate
    whole = factor_histogram([(V2, parts(whole=[1e3, 2e3]))], whole=True)
    assert next(trace.x[0] for trace in whole.data if trace.meta == "smallest") == pytest.approx(1e3)


def test_the_verdict_on_the_factor_says_how_close_to_zero_it_came():
    found = factor_verdict([(V2, parts())])
    assert "v2, identity: the smallest of 6 factors is 0.5, none is close to 0." in found
    assert found.endswith("unlikely is not impossible.")
    assert "1 of 6 factors are exactly 0" in factor_verdict([(V2, parts(factors=[[0.0, 1], [1, 1], [1, 1]]))])
    assert "1 of 6 factors are below 0.01" in factor_verdict([(V2, parts(factors=[[0.001, 1], [1, 1], [1, 1]]))])
    assert "there is no factor" in factor_verdict([(V2, parts(factors=np.full((3, 2), np.nan)))])


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ([2, 3], "stays within a factor of a hundred (2.5, from 2 to 3)"),
        ([200, 300], "grows on the way (250 times"),
        ([1e-3, 1e-4], "vanishes on the way"),
        ([np.nan, np.nan], "there is no factor"),
    ],
)
def test_the_verdict_on_all_blocks_has_a_word_for_every_size(whole, words):
    assert words in whole_verdict([(V2, parts(whole=whole))])


def test_parts_in_words_and_numbers():
    assert "v2, identity: branch over shortcut 0.5, formula off by" in parts_alt([(V2, parts())])
    rows = parts_table(parts())
    assert rows[1]["Formula, off by"] == "–"
    assert rows[1]["Smallest factor"] == "0.5"
    assert rows[0]["Block"] == "stage 1, block 1"


def paths(means, counts, total=1.0):
    return GradientPathsReport(np.array(means, dtype=float)[:, None], counts, total, 10, 2.0)


COUNTS = (1, 8, 28, 56, 70, 56, 28, 8, 1)


def test_the_bars_are_shares_of_paths_and_of_the_gradient():
    record = paths(10.0 ** -np.arange(9), COUNTS)
    gray, blue = path_shares(record).data
    assert sum(gray.y) == pytest.approx(1)
    assert gray.y[4] == pytest.approx(70 / 256)
    assert blue.y[0] == pytest.approx(1 / 1.1**8)  # the sum of C(8, k) / 10^k
    (line,) = [trace for trace in path_norms(record).data if trace.mode == "lines+markers"]
    assert line.y.tolist() == pytest.approx(list(10.0 ** -np.arange(9)))


def test_the_middle_nine_tenths_are_found_by_counting_up():
    assert spread_of(np.array([0.04, 0.3, 0.4, 0.2, 0.06])) == (1, 4)
    assert spread_of(np.zeros(3)) == (0, 2)


def test_the_verdict_on_paths_prefers_short_ones_long_ones_or_neither():
    short = paths_verdict(paths(10.0 ** -np.arange(9), COUNTS))
    assert "The gradient prefers short paths: 0.7 branches on average, where a path passes 4." in short
    assert "The gradient prefers long paths: 7.3" in paths_verdict(paths(10.0 ** np.arange(9), COUNTS))
    assert "No clear preference" in paths_verdict(paths(np.ones(9), COUNTS))
    assert "point in many directions" in paths_verdict(paths(np.ones(9), COUNTS, total=1))
    assert "point nearly the same way" in paths_verdict(paths(np.ones(9), COUNTS, total=250))
    assert "not every length" in paths_verdict(paths([1, *[np.nan] * 8], COUNTS))
    assert "No gradient arrives" in paths_verdict(paths(np.zeros(9), COUNTS))


def test_paths_in_words_and_numbers():
    record = paths(10.0 ** -np.arange(9), COUNTS)
    assert "nine tenths of all paths pass 2 to 6" in paths_alt(record)
    assert paths_table(record)[2]["Paths"] == "28"
    assert len(paths_table(paths([1, *[np.nan] * 8], COUNTS))) == 1


DEEP = cifar(56)


def sizes(ratio, response=(1.0, 1.0), losses=(2.3, 1.0)):
    """Two looks, one number at each for every block and layer."""
    both = [np.repeat(np.array(values, dtype=float)[:, None], 3, axis=1) for values in (ratio, response)]
    blocks = ("stages.0.0", "stages.0.1", "stages.1.0")
    return NetworkResponses(blocks, blocks, both[0], both[0] / 10, both[1], np.array(losses, dtype=float))


def responses(*networks):
    return ResponsesReport(networks, (0, 60))


def test_the_profile_is_one_look_and_without_one_the_newest_of_each_network():
    record = responses(sizes([0.8, 0.4]), sizes([0.6, np.nan], losses=[2.3, np.nan]))
    networks = (V1, DEEP)
    first = lines(response_profile(networks, record, "ratio", 0))
    assert first["residual-20 + BN"].y.tolist() == pytest.approx([0.8] * 3)
    newest = lines(response_profile(networks, record, "ratio", None))
    assert newest["residual-20 + BN"].y.tolist() == pytest.approx([0.4] * 3)
    assert newest["residual-56 + BN"].y.tolist() == pytest.approx([0.6] * 3)
    course = lines(response_course(networks, record, "ratio"))
    assert course["residual-20 + BN"].y.tolist() == pytest.approx([0.8, 0.4])
    assert set(lines(response_profile(networks, responses(sizes([1, 1])), "cosine", 0))) == {"residual-20 + BN"}


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ([0.8, 0.78], "training hardly changed F, 0.8 and 0.78 of x"),
        ([0.8, 0.4], "F shrank in training, from 0.8 to 0.4 of x, but did not go to 0"),
        ([0.4, 0.8], "F grew in training"),
        ([0.0, 0.2], "F began at 0 and grew to 0.2 of x"),
        ([0.4, 0.01], "F is nearly nothing beside x, 0.01"),
    ],
)
def test_the_verdict_says_what_training_did_to_f(ratio, words):
    assert words in responses_verdict((V1,), responses(sizes(ratio)), "ratio")


def test_the_verdict_says_the_order_by_depth_or_that_there_is_none():
    def verdict(shallow, deep, quantity="response"):
        values = {"ratio": (1.0, 1.0), "response": (1.0, 1.0)}
        one, other = (values | {quantity: (1.0, last)} for last in (shallow, deep))
        return responses_verdict((V1, DEEP), responses(sizes(**one), sizes(**other)), quantity)

    assert "Responses are smaller in residual-56 + BN than in residual-20 + BN, the order of the paper." in verdict(
        1.0, 0.5
    )
    assert "not the paper's order" in verdict(0.5, 1.0)
    assert "No clear difference between residual-20 + BN and residual-56 + BN" in verdict(1.0, 0.95)
    assert "Beside x, F is smaller in residual-56 + BN" in verdict(1.0, 0.5, "ratio")
    assert "Beside x, F is larger in residual-56 + BN" in verdict(0.5, 1.0, "ratio")


def test_the_verdict_waits_for_all_networks_and_names_those_that_diverged():
    done, half = sizes([0.8, 0.4]), sizes([0.8, np.nan], losses=[2.3, np.nan])
    assert "not every network" in responses_verdict((V1, DEEP), responses(done), "ratio")
    assert "not every network" in responses_verdict((V1, DEEP), responses(done, half), "ratio")
    gone = sizes([0.8, np.nan], losses=[2.3, np.inf])
    found = responses_verdict((V1, DEEP), responses(done, gone), "ratio")
    assert "Not finite any more: residual-56 + BN." in found
    assert "residual-56 + BN nan" not in found


def test_responses_in_words_and_numbers():
    record = responses(sizes([0.8, 0.4]))
    assert "residual-20 + BN: first 0.4, last 0.4, median 0.4" in responses_alt((V1,), record, "ratio", None)
    rows = responses_table((V1,), record, "ratio")
    assert [row["Median"] for row in rows] == ["0.8", "0.4"]
    assert rows[1]["Loss"] == "1"
