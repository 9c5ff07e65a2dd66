"""The cost of blocks as bars: every piece is in the record, and each sentence has its record."""

from resnet_core.records.block_kinds import BlockCostReport, BlockShare, ConvolutionShare, NetworkShare, PartCost
from ui.charts.block_kinds import block_alt, block_bars, block_table, network_alt, network_bars, network_table
from ui.charts.verdicts.block_kinds import block_verdict, network_verdict


def conv(part, macs, kernel=3, before=8, after=8):
    return ConvolutionShare(part, kernel, before, after, 4, macs // 16, macs)


def report(basic=(90, 90), bottleneck=(40, 90, 40), projection=0):
    spatial = tuple(conv("3x3", macs) for macs in basic)
    squeeze, middle, widen = bottleneck
    narrow = (conv("1x1", squeeze, 1, 32, 8), conv("3x3", middle), conv("1x1", widen, 1, 8, 32))
    if projection:
        narrow = (*narrow, conv("projection", projection, 1, 16, 32))
    networks = tuple(
        NetworkShare(name, layers, 900, macs, (PartCost("3x3", 1, macs - 20), PartCost("ends", 1, 20)))
        for name, layers, macs in (("ResNet-34", 34, 400), ("ResNet-50, v1", 50, 420), ("ResNet-50, v1.5", 50, 440))
    )
    return BlockCostReport(
        size=224,
        blocks=(
            BlockShare("ResNet-34", "basic", 1, 2, spatial),
            BlockShare("ResNet-50, v1", "bottleneck", 1, 2, narrow),
            BlockShare("ResNet-50, v1.5", "bottleneck", 1, 2, narrow),
        ),
        networks=networks,
    )


def pieces(figure):
    return [(trace.y[0], trace.x[0]) for trace in figure.data]


def test_each_convolution_is_a_piece_and_equal_blocks_are_drawn_once():
    figure = block_bars(report(projection=25))
    assert pieces(figure) == [
        ("ResNet-34", 90), ("ResNet-34", 90),
        ("ResNet-50", 40), ("ResNet-50", 90), ("ResNet-50", 40), ("ResNet-50", 25),
    ]  # fmt: skip
    assert [note.text for note in figure.layout.annotations] == ["<b>180</b>", "<b>195</b>"]
    assert [trace.name for trace in figure.data if trace.showlegend] == ["3×3", "1×1", "projection"]


def test_the_same_kind_of_layer_has_the_same_colour_in_both_figures():
    colours = {trace.name: trace.marker.color for trace in block_bars(report()).data}
    others = {trace.name: trace.marker.color for trace in network_bars(report()).data}
    assert colours["3×3"] == others["3×3"] != colours["1×1"]


def test_the_parts_of_each_network_are_stacked():
    figure = network_bars(report())
    assert figure.layout.barmode == "stack"
    assert pieces(figure)[:2] == [("ResNet-34", 380), ("ResNet-34", 20)]
    assert pieces(figure)[-1] == ("ResNet-50<br>v1.5", 20)


def test_words_and_tables_have_the_numbers():
    assert "ResNet-50: 1×1 40, 3×3 90, 1×1 40" in block_alt(report())
    assert "ResNet-34: 400 (3×3 95%, stem, head 5.0%)" in network_alt(report())
    assert [row["Multiply-accumulates"] for row in block_table(report())][:3] == ["90", "90", "40"]
    assert network_table(report())[2]["3×3"] == "95%"


def test_within_a_tenth_the_blocks_cost_about_the_same():
    words = block_verdict(report())
    assert words.startswith("About the same cost: 180 for the basic block, 170 for the bottleneck.")
    assert words.endswith("The bottleneck spends 53% on its 3×3 and hands on 32 channels instead of 8.")


def test_the_dearer_block_is_named():
    assert block_verdict(report(projection=60)).startswith("Here the bottleneck costs more: 230 against 180")
    assert block_verdict(report(basic=(150, 150))).startswith("Here the basic block costs more: 300 against 170")


def test_the_whole_networks_are_compared_in_both_orders_of_strides():
    words = network_verdict(report())
    assert "16 more layers" in words
    assert "420 as in the paper (v1), 440 with the stride on the 3×3 (v1.5), against 400: 1.05 and 1.10" in words
