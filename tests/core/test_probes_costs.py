"""Costs and receptive fields: against published numbers, and against torch's own counter layer by layer."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from resnet_core import ProbeError, ResNetConfig, build_model
from resnet_core.presets import preset
from resnet_core.probes import conv_layers, count_costs, receptive_field, receptive_fields


def meta(name):
    return build_model(preset(name), device="meta")


def test_one_convolution_worked_by_hand():
    """3x3, 2 to 5 channels, 4x4 outputs: 3*3*2*5 = 90 weights and 5 biases, 16*90 = 1440 multiplications."""
    costs = count_costs(nn.Sequential(nn.Conv2d(2, 5, 3, padding=1), nn.ReLU()), (2, 4, 4))
    conv, relu = costs.layers
    assert (conv.parameters, conv.macs, conv.output, conv.activation_bytes) == (95, 1440, (5, 4, 4), 320)
    assert (relu.parameters, relu.macs, relu.activation_bytes) == (0, 0, 320)
    assert costs.not_counted == ("relu",)


# He et al. 2015, table 1, in 10^9 "FLOPs", which are multiply-accumulates (section 3.3); its 3.8 for 50 layers is 3.858
# cut off, so it is asked for below to its last digit from a second count
@pytest.mark.parametrize(("depth", "billions"), [(18, "1.8"), (34, "3.6"), (101, "7.6"), (152, "11.3")])
def test_multiplications_are_those_of_the_papers_table(depth, billions):
    assert f"{count_costs(meta(f'resnet{depth}-v1'), (3, 224, 224)).macs / 1e9:.1f}" == billions


# counted with torchvision 0.28 models and torch.utils.flop_counter; the CIFAR ones are 14155776 n - 1916288
@pytest.mark.parametrize(
    ("name", "side", "parameters", "macs"),
    [
        ("resnet18", 224, 11_689_512, 1_814_073_344),
        ("resnet50", 224, 25_557_032, 4_089_184_256),
        ("resnet50-v1", 224, 25_557_032, 3_857_973_248),
        ("resnet152", 224, 60_192_808, 11_513_626_624),
        ("resnext50_32x4d", 224, 25_028_904, 4_230_479_872),
        ("wide_resnet50_2", 224, 68_883_240, 11_398_021_120),
        ("cifar-resnet20", 32, 269_722, 14_155_776 * 3 - 1_916_288),
        ("cifar-resnet110", 32, 1_727_962, 14_155_776 * 18 - 1_916_288),
        ("cifar-plain110", 32, 1_727_962, 14_155_776 * 18 - 1_916_288),
    ],
)
def test_counts_are_the_reference_counts(name, side, parameters, macs):
    costs = count_costs(meta(name), (3, side, side))
    assert (costs.parameters, costs.macs) == (parameters, macs)


@pytest.mark.parametrize(
    "config",
    [
        ResNetConfig(),
        ResNetConfig(block="bottleneck", shortcut="C", version="v1.5", norm="none", groups=4, width_per_group=16),
        ResNetConfig(stem="imagenet", shortcut="B", version="v2", in_channels=1),
    ],
)
def test_looking_operations_up_changes_no_layers_count(config):
    model = build_model(config).eval()
    shape = (config.in_channels, 40, 40)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, *shape))
    per_module = counter.get_flop_counts()
    costs = count_costs(model, shape)
    assert 2 * costs.macs == counter.get_total_flops()
    for layer in costs.layers:
        assert 2 * layer.macs == sum(per_module.get(f"ResNet.{layer.name}", {}).values()), layer.name


def test_every_parameter_belongs_to_exactly_one_layer():
    costs = count_costs(build_model(ResNetConfig(shortcut="B")), (3, 32, 32))
    assert sum(layer.parameters for layer in costs.layers) == costs.parameters == 272_474  # published for option B
    assert sum(layer.macs for layer in costs.layers) == costs.macs


def test_a_plain_block_has_no_addition_to_count():
    kinds = [layer.kind for layer in count_costs(meta("cifar-plain20"), (3, 32, 32)).layers]
    assert kinds.count("add") == 0
    assert [layer.kind for layer in count_costs(meta("cifar-resnet20"), (3, 32, 32)).layers].count("add") == 9


def test_arithmetic_between_layers_is_in_the_total():
    class Attends(nn.Module):
        def forward(self, x):
            return F.softmax(x @ x.transpose(-1, -2), -1)

    assert count_costs(Attends(), (1, 4, 6)).macs == 4 * 6 * 4


# Recomputed by an independent walk for ResNets of torchvision's shapes (v1.5) and of the paper's (v1)
@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("resnet18", 435),
        ("resnet34", 899),
        ("resnet50", 427),
        ("resnet101", 971),
        ("resnet152", 1451),
        ("resnet18-v1", 435),
        ("resnet34-v1", 899),
        ("resnet50-v1", 483),
        ("resnet101-v1", 1027),
        ("resnet152-v1", 1507),
        ("cifar-resnet20", 81),
        ("cifar-resnet32", 137),
        ("cifar-resnet44", 193),
        ("cifar-resnet56", 249),
        ("cifar-resnet110", 501),
    ],
)
def test_receptive_fields_are_the_reference_ones(name, side):
    assert receptive_field(meta(name)) == side


def test_the_receptive_field_is_where_the_gradient_of_one_unit_ends():
    """With positive weights and inputs nothing cancels, so the gradient is non-zero on exactly the field's square."""
    model = build_model(ResNetConfig(depths=(1, 1), widths=(2, 2), stem_width=2, norm="none", in_channels=1))
    with torch.no_grad():
        for weight in model.parameters():
            weight.fill_(0.1)
    picture = torch.ones(1, 1, 64, 64, requires_grad=True)
    x = model.stem(picture)
    for stage in model.stages:
        x = stage(x)
    x[0, 0, 16, 16].backward()
    seen = picture.grad[0, 0].abs().sum(1).nonzero()
    assert int(seen.max() - seen.min() + 1) == receptive_field(model)


def test_every_convolution_sees_at_least_as_much_as_the_one_before():
    model = meta("resnet50")
    sides = receptive_fields(model)
    assert set(conv_layers(model)) < set(sides)
    assert list(sides.values()) == sorted(sides.values())
    assert receptive_field(model, "stem.conv") == 7


def test_asking_for_the_field_of_a_layer_that_has_none_names_those_that_have():
    with pytest.raises(ProbeError, match=r"head is not a convolution.*stem\.conv"):
        receptive_field(meta("cifar-resnet20"), "head")
