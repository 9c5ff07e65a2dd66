"""Basic and bottleneck: what blocks cost against the papers and against pencil, and two networks of equal cost."""

import pytest

from resnet_core import ConfigError, DataConfig, TrainConfig, cost_report
from resnet_core.catalogue import answer
from resnet_core.experiments.block_kinds import check_equal_cost
from resnet_core.questions.blocks import BlockCostsQuestion, BlockKindsQuestion


@pytest.fixture(scope="module")
def costs():
    return answer("block-costs", BlockCostsQuestion())


def test_the_whole_networks_have_the_counts_that_torchvision_and_the_paper_state(costs):
    names = [(network.name, network.layers) for network in costs.networks]
    assert names == [("ResNet-34", 34), ("ResNet-50, v1", 50), ("ResNet-50, v1.5", 50)]
    basic, paper, torchvision = costs.networks
    assert (basic.parameters, basic.macs) == (21_797_672, 3_663_761_408)  # torchvision's resnet34: 3.66 G
    assert (torchvision.parameters, torchvision.macs) == (25_557_032, 4_089_184_256)  # its resnet50: 4.09 G
    assert paper.parameters == torchvision.parameters  # only strides move
    # v1.5 runs the first 1x1 of three blocks at full size: 3/4 * H * W * C_in * w = 77,070,336 more in each
    assert torchvision.macs - paper.macs == 3 * 77_070_336
    assert round(basic.macs / 1e9, 1) == 3.7  # table 1 prints 3.6, with zero-padding shortcuts
    assert paper.macs // 100_000_000 == 38  # table 1 prints 3.8


def test_the_parts_of_a_network_add_up_to_its_whole(costs):
    for network in costs.networks:
        assert sum(part.macs for part in network.parts) == network.macs
        assert sum(part.parameters for part in network.parts) <= network.parameters  # BatchNorm's are left out


def test_a_basic_block_costs_18_w2_per_pixel_and_a_bottleneck_17_w2(costs):
    basic, bottleneck, _ = costs.blocks
    assert basic.macs == 18 * 64**2 * 56**2
    assert bottleneck.macs == 17 * 64**2 * 56**2
    assert (basic.parameters, bottleneck.parameters) == (18 * 64**2, 17 * 64**2)
    assert [(one.part, one.kernel, one.before, one.after) for one in bottleneck.convolutions] == [
        ("1x1", 1, 256, 64),
        ("3x3", 3, 64, 64),
        ("1x1", 1, 64, 256),
    ]  # He et al. 2015, figure 5, right


def test_the_block_that_opens_a_stage_has_its_projection_last():
    report = answer("block-costs", BlockCostsQuestion(stage=2, first=True))
    basic, paper, torchvision = report.blocks
    assert [one.part for one in basic.convolutions] == ["3x3", "3x3", "projection"]
    # pencil: conv3_1 of ResNet-50, 256 -> 128 -> 128 -> 512 from 56 to 28 pixels
    side = 28**2
    v1 = [side * 256 * 128, side * 9 * 128**2, side * 128 * 512, side * 256 * 512]
    assert [one.macs for one in paper.convolutions] == v1
    assert [one.macs for one in torchvision.convolutions] == [4 * v1[0], *v1[1:]]


def test_pictures_of_half_the_side_cost_a_quarter():
    large, small = (answer("block-costs", BlockCostsQuestion(size=size)) for size in (128, 64))
    for one, other in zip(large.blocks, small.blocks, strict=True):
        assert one.macs == 4 * other.macs


@pytest.mark.parametrize("blocks", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("width", [4, 8, 16])
def test_the_two_networks_cost_the_same_within_the_stated_tolerance(blocks, width):
    question = BlockKindsQuestion(blocks=blocks, width=width)
    basic, bottleneck = (cost_report(network, (1, 16, 16)) for network in question.networks(1, 10))
    assert abs(1 - bottleneck.macs / basic.macs) <= question.TOLERANCE


def test_the_default_pair_is_cheap_enough_to_count_with_a_pencil():
    # basic, w = 8, two blocks per stage, 16x16: stem 9w; per stage of s^2 pixels and w channels 4 * 9 w^2, where the
    # first 3x3 of stages 2 and 3 reads w / 2; head 4w * 10
    def network(question_width=8):
        total = 256 * 9 * question_width
        for stage, side in enumerate((16, 8, 4)):
            width = question_width * 2**stage
            before = width if stage == 0 else width // 2
            total += side**2 * 9 * (before * width + 3 * width**2)
        return total + 4 * question_width * 10

    basic, _ = BlockKindsQuestion().networks(1, 10)
    assert cost_report(basic, (1, 16, 16)).macs == network()


def test_the_contest_is_between_one_of_each_kind():
    tiny = BlockKindsQuestion(
        blocks=1, width=4, data=DataConfig(size=8), training=TrainConfig(steps=6, batch=8), seeds=1
    )
    record = answer("block-kinds", tiny)
    assert record.names == ("basic", "bottleneck")
    assert record.layers == (8, 11)
    assert abs(1 - record.macs[1] / record.macs[0]) <= tiny.TOLERANCE
    assert record.whole


def test_costs_that_are_not_equal_are_refused():
    check_equal_cost(100, 95, 0.06)
    with pytest.raises(ConfigError, match=r"differ by 10\.0%. At most 6% is allowed"):
        check_equal_cost(90, 100, 0.06)


@pytest.mark.parametrize(
    "wrong", [{"blocks": 0}, {"blocks": 10}, {"width": 17}, {"seeds": 0}, {"training": TrainConfig(steps=2001)}]
)
def test_a_question_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError):
        BlockKindsQuestion(**wrong)


@pytest.mark.parametrize("wrong", [{"stage": 0}, {"stage": 5}, {"size": 16}])
def test_a_question_about_costs_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError):
        BlockCostsQuestion(**wrong)
