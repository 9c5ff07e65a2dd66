"""Reasons: the scores without a block are those of the network with that block replaced by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from resnet_core.errors import ProbeError
from resnet_core.experiments.pictures import picture_report
from resnet_core.experiments.reasons import METHODS, picture_reasons
from resnet_core.images import IMAGENET_MEAN, IMAGENET_STD, to_input
from resnet_core.model import build_model
from resnet_core.presets import cifar
from resnet_core.samples import edge_pattern
from tests.core.random_configs import small

PICTURE = edge_pattern(48)


class OnlyTheShortcut(nn.Module):
    """A residual block without its branch: what its shortcut hands on, and the ReLU after the sum."""

    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return torch.relu(x if self.block.shortcut is None else self.block.shortcut(x))


@pytest.mark.parametrize("shortcut", ["A", "B"])
def test_without_a_block_the_scores_are_those_of_a_network_where_it_was_replaced(shortcut):
    model = build_model(small(shortcut=shortcut), 3).eval()
    record = picture_reasons(model, PICTURE, size=32)
    assert record.blocks == tuple(name for name, _ in model.named_blocks())
    for name, scores in zip(record.blocks, record.without, strict=True):
        cut = build_model(small(shortcut=shortcut), 3).eval()
        _, stage, block = name.split(".")
        cut.stages[int(stage)][int(block)] = OnlyTheShortcut(cut.get_submodule(name))
        with torch.no_grad():
            image = to_input(PICTURE, 32, 3, IMAGENET_MEAN, IMAGENET_STD)
            expected = cut(image)[0].double().softmax(0)
        np.testing.assert_allclose(scores, expected.numpy(), atol=1e-6)


def test_its_scores_and_its_picture_are_those_of_the_maps_page():
    model = build_model(small(), 3)
    record, report = picture_reasons(model, PICTURE, "abc", 32), picture_report(model, PICTURE, "abc", 32)
    np.testing.assert_allclose(record.explained.scores, report.scores, atol=1e-7)
    np.testing.assert_array_equal(record.explained.picture, report.picture)
    assert record.explained.target == int(report.scores.argmax())
    assert record.classes == report.classes


def test_every_method_says_something_and_grad_cam_looks_at_the_last_block():
    model = build_model(small(), 3)
    record = picture_reasons(model, PICTURE, size=32)
    assert tuple(one.method for one in record.explained.maps) == METHODS
    assert record.layer == record.blocks[-1]
    by_name = {one.method: one for one in record.explained.maps}
    last = picture_report(model, PICTURE, size=32).layers[-1].maps
    assert by_name["grad_cam"].values.shape == last.shape[1:]
    assert by_name["saliency"].values.shape == (32, 32)
    for one in by_name.values():
        assert np.abs(one.values).max() == 1


def test_grad_cam_behind_a_mean_and_a_linear_head_is_the_maps_times_the_heads_weights():
    """With global average pooling the gradient of a score to a map is its weight over the number of pixels."""
    model = build_model(small(), 3).eval()
    record = picture_reasons(model, PICTURE, size=32)
    last = picture_report(model, PICTURE, size=32).layers[-1].maps
    weight = model.head.weight[record.explained.target].detach().numpy()
    cam = np.tensordot(weight, last, axes=1) / (last.shape[1] * last.shape[2])
    (found,) = (one for one in record.explained.maps if one.method == "grad_cam")
    np.testing.assert_allclose(found.values * found.largest, cam, atol=2e-3 * np.abs(cam).max())


def test_the_network_is_left_as_it_was():
    model = build_model(small(), 3)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    picture_reasons(model, PICTURE, size=32)
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(module._forward_hooks for module in model.modules())


def test_a_wrong_number_of_names_is_refused():
    with pytest.raises(ProbeError, match="10 outputs and 2 class names"):
        picture_reasons(build_model(cifar(8, width=4), 0), PICTURE, "ab", 32)
