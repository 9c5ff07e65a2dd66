import pytest

from resnet_core.records import ConvCost, CostReport, LayerCost, LayerTime
from ui.charts import (
    cost_alt,
    cost_bars,
    cost_table,
    cost_verdict,
    macs_vs_ms,
    reduction_alt,
    reduction_bars,
    stage_verdict,
    timing_alt,
    timing_table,
    timing_verdict,
    total_verdict,
)

# Szegedy et al. 2015's 5x5 on 28x28x192, and with a 1x1 to 16 channels before it, worked on paper.
DIRECT = ConvCost(28, 28, 32, 5, 192)
REDUCED = (ConvCost(28, 28, 16, 1, 192), ConvCost(28, 28, 32, 5, 16))


@pytest.fixture
def costs():
    layers = (
        LayerCost("stem.conv", "conv", "stem", (8, 4, 4), 10, 100, 512),
        LayerCost("stages.0.0.conv1", "conv", "1", (8, 4, 4), 20, 300, 512),
        LayerCost("stages.0.0.relu1", "relu", "1", (8, 4, 4), 0, 0, 512),
        LayerCost("head", "linear", "head", (10,), 90, 80, 40),
    )
    return CostReport((3, 4, 4), layers, 120, 480, 1576, ("relu",))


def test_the_two_bars_are_the_notes_example_to_the_last_multiplication():
    figure = reduction_bars(DIRECT, REDUCED)
    assert [bar.x[0] for bar in figure.data] == [120_422_400, 2_408_448, 10_035_200]
    assert figure.layout.barmode == "stack"
    assert "2,408,448 + 10,035,200, together 12,443,648" in reduction_alt(DIRECT, REDUCED)


def test_the_hover_shows_every_factor():
    assert reduction_bars(DIRECT, REDUCED).data[0].hovertemplate.startswith("28·28·32·5·5·192 =")


def test_the_reduction_is_9_68_times_cheaper():
    assert cost_verdict(DIRECT, REDUCED) == "12,443,648 multiplications instead of 120,422,400: 9.68 times fewer."


def test_a_reduction_that_reduces_nothing_is_said_to_cost_more():
    wide = (ConvCost(28, 28, 192, 1, 192), ConvCost(28, 28, 32, 5, 192))
    assert "costs 1.24 times more" in cost_verdict(DIRECT, wide)  # 1 + 192 * 192 / (32 * 25 * 192)


def test_equal_counts_are_no_clear_difference():
    assert "no clear difference" in cost_verdict(DIRECT, (DIRECT,))


def test_stage_bars_are_sums_over_layers(costs):
    (bars,) = cost_bars(costs).data
    assert dict(zip(bars.x, bars.y, strict=True)) == {"stem": 100, "1": 300, "head": 80}
    assert cost_alt(costs) == "Multiply-accumulates (MACs): stem 100, stage 1 300, head 80."


def test_layer_bars_leave_out_what_costs_nothing(costs):
    (bars,) = cost_bars(costs, "parameters", by="layer").data
    assert list(bars.y) == [10, 20, 90]


def test_the_table_lists_every_layer(costs):
    rows = cost_table(costs)
    assert [row["Multiply-accumulates"] for row in rows] == [100, 300, 0, 80]
    assert rows[0]["Output"] == "8×4×4"


def test_the_most_expensive_stage_follows_the_quantity(costs):
    assert stage_verdict(costs) == "Most of the cost is in stage 1: 62% of the whole."
    assert stage_verdict(costs, "parameters") == "Most of the cost is in the head: 75% of the whole."


def test_most_is_more_than_half():
    layers = tuple(LayerCost(str(macs), "conv", str(macs), (1,), 1, macs, 4) for macs in (36, 34, 30))
    assert stage_verdict(CostReport((1, 1, 1), layers, 3, 100, 12, ())) == (
        "The largest share is in stage 36: 36% of the whole."
    )


def test_kinds_of_layers_are_words_in_the_readers_language(costs):
    korean = {"convolution": "합성곱", "fully connected": "완전 연결", "ReLU": "렐루"}

    def say(text):
        return korean.get(text, text)

    assert [row["Kind"] for row in cost_table(costs, say)] == ["합성곱", "합성곱", "렐루", "완전 연결"]
    assert "렐루" in total_verdict(costs, say)
    (bars,) = cost_bars(costs, say=say, by="layer").data
    assert bars.customdata[0][1] == "합성곱"


def test_stages_that_cost_the_same_are_no_clear_difference():
    layers = tuple(LayerCost(name, "conv", name, (1,), 1, 50, 4) for name in ("1", "2"))
    assert "No clear difference between stage 1 and stage 2" in stage_verdict(
        CostReport((1, 1, 1), layers, 2, 100, 8, ())
    )


def test_points_carry_their_quartiles_and_the_line_is_proportional():
    times = [LayerTime("direct", 100_000, 4.0, 3.5, 5.0), LayerTime("small", 10_000, 1.0, 0.9, 1.3)]
    figure = macs_vs_ms(times)
    line, first, second = figure.data
    assert list(line.y) == [pytest.approx(0.4), pytest.approx(4.0)]
    assert [(*point.x, *point.y, point.name) for point in (first, second)] == [
        (100_000, 4, "1 · direct"),
        (10_000, 1, "2 · small"),
    ]
    assert (first.error_y.array[0], first.error_y.arrayminus[0]) == (pytest.approx(1.0), pytest.approx(0.5))
    assert [note.text for note in figure.layout.annotations] == ["<b>1</b>", "<b>2</b>"]
    assert "small: 10.0 k MACs in 1 ms" in timing_alt(times)
    assert [row[next(iter(row))] for row in timing_table(times)] == ["direct", "small"]


def test_time_that_follows_the_count_is_no_clear_difference():
    times = [LayerTime("a", 100, 1.0, 0.9, 1.1), LayerTime("b", 200, 2.1, 1.9, 2.3)]
    assert timing_verdict(times).startswith("No clear difference")


def test_the_slower_one_per_multiplication_is_named_whichever_it_is():
    fast, slow = (100, 1.0, 0.9, 1.1), (100, 3.0, 2.9, 3.1)
    assert "3 times as long in b as in a" in timing_verdict([LayerTime("a", *fast), LayerTime("b", *slow)])
    assert "3 times as long in a as in b" in timing_verdict([LayerTime("a", *slow), LayerTime("b", *fast)])


def test_overlapping_quartiles_are_no_clear_difference():
    times = [LayerTime("a", 100, 1.0, 0.5, 4.0), LayerTime("b", 100, 3.0, 0.8, 5.0)]
    assert timing_verdict(times).startswith("No clear difference")


def test_the_whole_network_is_told_in_exact_numbers():
    """ResNet-50 at 224 pixels, torchvision's own counts (v1.5)."""
    from resnet_core.experiments.costs import cost_report
    from resnet_core.presets import preset

    sentence = total_verdict(cost_report(preset("resnet50"), (3, 224, 224)))
    assert sentence.startswith("25,557,032 parameters, 4,089,184,256 multiply-accumulates for one picture of 224×224")
    assert sentence.endswith("Not counted as multiplications: BatchNorm, ReLU, pooling, addition.")
