"""ResNeXt and wide networks: the family against the paper's own formula, grouped wiring, equal budgets."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig, build_model
from resnet_core.catalogue import answer
from resnet_core.experiments.cardinality import check_same, wiring_of
from resnet_core.questions.beyond import FAMILY, CardinalityQuestion, FamilyQuestion, WideQuestion

TINY = {"data": DataConfig(size=8), "training": TrainConfig(steps=6, batch=8), "seeds": 1}


@pytest.fixture(scope="module")
def family():
    return answer("resnext-family", FamilyQuestion())


def test_each_block_of_the_family_has_the_papers_number_of_weights(family):
    # Xie et al. 2017, section 3.3, equation 4: C * (256 d + 3 * 3 * d * d + d * 256), about 70 thousand throughout
    by_formula = [groups * (256 * d + 9 * d * d + d * 256) for groups, d in FAMILY]
    assert [member.block_parameters for member in family.members] == by_formula
    assert all(69_000 < count < 72_000 for count in by_formula)
    # table 2: about 0.22 billion multiply-adds where the maps have 56 x 56 pixels
    assert [round(member.block_macs / 1e9, 2) for member in family.members] == [0.22] * 5


def test_the_ends_of_the_family_are_resnet50_and_resnext50_as_torchvision_counts_them(family):
    first, last = family.members[0], family.members[-1]
    assert (first.name, first.parameters, first.macs) == ("1×64d", 25_557_032, 4_089_184_256)
    assert (last.name, last.parameters, last.macs) == ("32×4d", 25_028_904, 4_230_479_872)


def test_in_the_wiring_each_channel_reads_its_own_group_and_no_other(family):
    wiring = torch.from_numpy(family.wiring)
    assert wiring.shape == (128, 128)  # 32 groups of 4
    group = torch.arange(128) // 4
    same = group[:, None] == group[None, :]
    assert (wiring[same] > 0).all()
    assert (wiring[~same] == 0).all()
    dense = answer("resnext-family", FamilyQuestion(groups=1)).wiring
    assert dense.shape == (64, 64)
    assert (dense > 0).all()


def test_a_grouped_convolution_is_a_dense_one_with_zeros_where_the_wiring_has_zeros():
    torch.manual_seed(0)
    grouped = nn.Conv2d(8, 12, 3, groups=4, bias=False)
    wiring = wiring_of(grouped)
    dense = torch.zeros(12, 8, 3, 3)
    for out in range(12):
        for into in range(8):
            if wiring[out, into]:
                dense[out, into] = grouped.weight[out, into % 2]
                assert wiring[out, into] == pytest.approx(float(dense[out, into].detach().norm()), rel=1e-6)
    picture = torch.randn(1, 8, 5, 5)
    torch.testing.assert_close(F.conv2d(picture, dense), grouped(picture))
    assert int((wiring > 0).sum()) == 12 * 8 // 4


def test_the_small_family_costs_the_same_within_its_tolerance_and_has_the_groups_it_says():
    record = answer("cardinality", CardinalityQuestion(groups=(1, 8, 32), **TINY))
    assert record.names == ("1×16d", "8×3d", "32×1d")  # a quarter of 64, 14 and 4, rounded down
    for costs in (record.parameters, record.macs):
        assert min(costs) >= (1 - CardinalityQuestion.TOLERANCE) * max(costs)
    config = CardinalityQuestion().network(32, 1, 10)
    grouped = build_model(config, device="meta").get_submodule("stages.2.0.conv2")
    assert (grouped.groups, grouped.in_channels) == (32, 128)
    assert record.whole


def test_wide_and_deep_networks_have_the_same_number_of_parameters():
    record = answer("wide", WideQuestion(depths=(8, 20), **TINY))
    assert record.layers == (8, 20)
    assert record.names[1] == "20 · 8"  # which sets the budget
    assert int(record.names[0].split(" · ")[1]) > 8
    assert record.parameters[0] == pytest.approx(record.parameters[1], rel=WideQuestion.TOLERANCE)
    assert record.whole


def test_a_depth_for_which_no_width_fits_the_budget_is_refused():
    with pytest.raises(ConfigError, match="The networks' costs differ by"):
        answer("wide", WideQuestion(depths=(56,), width=3, **TINY))


def test_costs_that_are_not_equal_are_refused():
    check_same([100, 96, 92], 0.08)
    with pytest.raises(ConfigError, match=r"differ by 9\.0%. At most 8% is allowed"):
        check_same([100, 96, 91], 0.08)


@pytest.mark.parametrize("wrong", [{"groups": (3,)}, {"groups": ()}, {"blocks": 0}, {"seeds": 11}, {"width": 65}])
def test_a_question_about_cardinality_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError):
        CardinalityQuestion(**wrong)


@pytest.mark.parametrize("wrong", [{"depths": ()}, {"depths": (9,)}, {"width": 1}, {"seeds": 0}])
def test_a_question_about_width_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError):
        WideQuestion(**wrong)


def test_a_cardinality_that_the_family_does_not_have_is_refused():
    with pytest.raises(ConfigError, match="groups is '16'"):
        FamilyQuestion(groups=16)
