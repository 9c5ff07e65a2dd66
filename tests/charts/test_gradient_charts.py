import numpy as np
import pytest

from ui.charts import (
    gradient_alt,
    gradient_heatmap,
    gradient_profile,
    gradient_table,
    gradient_verdict,
    heatmap_alt,
    profile_limits,
    theme,
)


def lines(figure):
    return {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}


def test_the_line_is_the_median_over_the_seeds(network, report):
    figure = gradient_profile({network(): report([1, 10, 3], [2, 20, 3], [9, 30, 3])})
    assert list(lines(figure)["residual-20 + BN"].y) == [2, 20, 3]
    assert list(lines(figure)["residual-20 + BN"].x) == [1, 2, 3]


def test_the_band_reaches_from_the_smallest_to_the_largest_seed(network, report):
    figure = gradient_profile({network(): report([1, 10], [2, 20], [9, 30])})
    (band,) = [trace for trace in figure.data if trace.fill == "toself"]
    assert list(band.y) == [9, 30, 10, 1]


def test_an_exact_zero_is_drawn_on_the_floor_and_said_so(network, report):
    figure = gradient_profile({network(skip=False, norm=False): report([0, 1e-6, 1e-2])})
    low, _ = profile_limits({network(): report([0, 1e-6, 1e-2])})
    line = lines(figure)["plain-20, no BN"]
    assert line.y[0] == pytest.approx(10.0**low)
    assert line.y[0] < 1e-6
    assert line.customdata[0][1] == "0"
    assert "0, drawn on the floor" in [note.text for note in figure.layout.annotations]
    assert figure.layout.yaxis.ticktext[0] == "0"


def test_without_zeros_there_is_no_floor(network, report):
    figure = gradient_profile({network(): report([1, 2, 3])})
    assert "0, drawn on the floor" not in [note.text for note in figure.layout.annotations]


def test_a_flat_profile_gets_at_least_four_decades(network, report):
    low, high = profile_limits({network(): report([1, 1.1, 1.2])})
    assert high - low >= 4


def test_a_run_that_diverged_leaves_a_gap_and_not_a_zero(network, report):
    figure = gradient_profile({network(): report([np.nan, np.nan]), network(9): report([1, 2])})
    assert np.isnan(lines(figure)["residual-20 + BN"].y).all()


def test_each_line_is_named_at_its_end(network, report):
    figure = gradient_profile({network(): report([1, 2]), network(skip=False): report([3, 4])})
    assert {"residual-20 + BN", "plain-20 + BN"} <= {note.name for note in figure.layout.annotations}


def test_nothing_is_written_smaller_than_sixteen_pixels(network, report):
    figure = gradient_profile({network(): report([0, 2])})
    sizes = [note.font.size for note in figure.layout.annotations]
    sizes += [figure.layout.xaxis.tickfont.size, figure.layout.yaxis.title.font.size, figure.layout.font.size]
    assert min(sizes) >= 16


def test_the_profile_in_words_gives_first_and_last(network, report):
    assert "plain-20 + BN: from 400 at the first convolution to 0.3 at the last" in gradient_alt(
        {network(skip=False): report([400, 20, 0.3])}
    )


def test_what_is_not_finite_is_said_in_words_where_a_number_would_stand(network, report, header, run):
    assert "from not finite at the first convolution to 2 at the last" in gradient_alt({network(): report([np.nan, 2])})
    overflowed = run([1.0], gradients=(1.0, 2.0, np.inf))
    assert heatmap_alt(header(1).networks[0], overflowed, 0, "a").endswith("now 1 first, not finite last.")


def test_the_table_has_the_medians_and_stops_where_a_network_ends(network, report):
    rows = gradient_table({network(): report([1, 2]), network(9): report([5, 6, 7])})
    assert rows[0] == {"Convolution": 1, "residual-20 + BN": 1, "residual-56 + BN": 5}
    assert rows[2] == {"Convolution": 3, "residual-56 + BN": 7}


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (0.0, "exactly 0"),
        (1e-3, "vanishes towards the input"),
        (0.5, "neither vanishes nor explodes"),
        (480.0, "explodes towards the input"),
        (np.nan, "diverged"),
    ],
)
def test_the_verdict_follows_the_ratio_of_first_to_last(network, report, first, words):
    assert words in gradient_verdict({network(skip=False): report([first, 1, 1], [first, 1, 1])})


def test_the_more_even_network_is_named_whichever_it_is(network, report):
    even, steep = report([1.1, 1, 1], [1.2, 1, 1]), report([90, 1, 1], [80, 1, 1])
    assert "most even of these is residual-20 + BN" in gradient_verdict({network(): even, network(skip=False): steep})
    assert "most even of these is plain-20 + BN" in gradient_verdict({network(): steep, network(skip=False): even})


def test_equal_numbers_are_no_clear_difference(network, report):
    same = report([2, 1, 1], [3, 1, 1])
    assert "No clear difference" in gradient_verdict({network(): same, network(skip=False): same})


def test_overlapping_seeds_are_no_clear_difference(network, report):
    wide, other = report([1, 1], [500, 1], [1, 1]), report([20, 1], [20, 1], [20, 1])
    assert "No clear difference" in gradient_verdict({network(): wide, network(skip=False): other})


def test_zero_gamma_at_the_start_is_not_called_an_explosion(network, report):
    verdict = gradient_verdict({network(zero_gamma=True): report([0.06, 0, 0])})
    assert "zero-gamma silences every branch" in verdict
    assert "explodes" not in verdict


def test_the_heat_map_shows_log10_with_zeros_and_overflows_apart(header, run):
    records = run([1.0, 1.0], gradients=(0.0, 10.0, np.inf))
    figure = gradient_heatmap(header(1).networks[0], records, 0, steps=5, limits=(-8, 3))
    (heat,) = figure.data
    assert heat.z[:, 0].tolist() == [-9, 1, 4]
    assert heat.customdata[1][0] == 10
    assert tuple(figure.layout.xaxis.range) == (0.5, 5.5)
    assert heat.colorscale[0][1] == theme.ZERO


def test_the_heat_map_in_words_gives_the_last_step(header, run):
    text = heatmap_alt(header(1).networks[0], run([1.0, 1.0]), 0, "plain-20 + BN")
    assert text == "plain-20 + BN: gradient norms of 3 layers over 2 steps; now 1 first, 4 last."
