"""The feature pyramid: strides, sizes, fields and anchors with a pencil, and the top-down sums exactly."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core import ConfigError, DataError, build_model, preset
from resnet_core.catalogue import answer, experiment
from resnet_core.experiments.pyramid import anchor_sizes, backbone, lateral_convolutions, shipped_picture, top_down
from resnet_core.images import to_input
from resnet_core.questions.beyond import SAMPLES, PyramidQuestion
from tests.publisher import publishing


@pytest.fixture(scope="module")
def report():
    return answer("feature-pyramid", PyramidQuestion(size=128, channel=3))


def test_levels_have_the_strides_and_sizes_of_the_paper(report):
    assert [level.name for level in report.levels] == ["C2", "C3", "C4", "C5", "P6"]
    assert [level.stride for level in report.levels] == [4, 8, 16, 32, 64]  # Lin et al. 2017, section 3
    assert [level.side for level in report.levels] == [32, 16, 8, 4, 2]
    assert [level.channels for level in report.levels] == [64, 128, 256, 512, 256]  # ResNet-18's stages
    assert [level.shape for level in report.backbone] == [(32, 32), (16, 16), (8, 8), (4, 4)]


def test_receptive_fields_of_resnet18_are_those_that_a_pencil_gives(report):
    # 7x7/2: 7; 3x3/2 pool: 7 + 2*2 = 11; four 3x3 at spacing 4: 11 + 4*8 = 43; then one 3x3/2 at the old spacing and
    # three at the new one: 43 + 8 + 3*16 = 99; 99 + 16 + 3*32 = 211; 211 + 32 + 3*64 = 435
    assert [level.field for level in report.levels[:4]] == [43, 99, 211, 435]


def test_anchors_have_the_papers_areas_and_ratios(report):
    sizes = report.anchors
    assert sizes.shape == (5, 3, 2)
    assert np.prod(sizes, axis=2) == pytest.approx(np.array([[side**2] * 3 for side in (32, 64, 128, 256, 512)]))
    assert sizes[..., 1] / sizes[..., 0] == pytest.approx(np.array([[0.5, 1, 2]] * 5))  # height to width
    assert anchor_sizes()[0, 1].tolist() == [32, 32]


def test_every_level_is_exactly_lateral_plus_upsampled(report):
    for fine in range(3):
        assert np.array_equal(report.sums[fine], report.lateral[fine] + report.above[fine])
        doubled = report.sums[fine + 1].repeat(2, axis=0).repeat(2, axis=1)  # nearest neighbour
        assert np.array_equal(report.above[fine], doubled)
    assert np.array_equal(report.sums[3], report.lateral[3])
    assert not report.above[3].any()


def test_the_pyramid_is_the_one_that_plain_torch_computes(report):
    model = build_model(preset("resnet18"), 0).eval()
    maps = []
    with torch.no_grad():
        x = model.stem(to_input(shipped_picture("cat"), 128))
        for stage in model.stages:
            x = stage(x)
            maps.append(x)
        laterals = lateral_convolutions([64, 128, 256, 512], 256, 0)
        p5 = F.conv2d(maps[3], laterals[3].weight)
        p4 = F.conv2d(maps[2], laterals[2].weight) + F.interpolate(p5, scale_factor=2)
    for level, expected in zip(report.backbone, maps, strict=True):
        assert level == pytest.approx(expected[0].mean(0).numpy(), rel=1e-5, abs=1e-6)
    assert report.sums[2] == pytest.approx(p4[0, 3].numpy(), rel=1e-4, abs=1e-4)
    assert report.lateral_norms[3] == pytest.approx(float(p5.double().norm()), rel=1e-6)


def test_top_down_of_ones_counts_the_levels_above():
    identity = nn.ModuleList(nn.Identity() for _ in range(4))
    maps = [torch.ones(1, 1, 2**power, 2**power) for power in (4, 3, 2, 1)]
    _, above, sums = top_down(maps, identity)
    assert [float(level.unique()) for level in sums] == [4, 3, 2, 1]
    assert [float(level.unique()) for level in above] == [3, 2, 1, 0]


def test_laterals_come_from_the_seed_and_keep_the_variance():
    first, again, other = (lateral_convolutions([512], 256, seed)[0].weight for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert float(first.detach().var()) == pytest.approx(1 / 512, rel=0.02)
    before = torch.get_rng_state()
    lateral_convolutions([8], 8, 0)
    assert torch.equal(before, torch.get_rng_state())


def test_the_probe_leaves_no_hook_and_the_moments_end_at_one():
    seen = list(experiment("feature-pyramid").ask(PyramidQuestion(size=64)))
    assert [moment.done for moment in seen] == [0.5, 1.0]
    assert seen[-1].record.picture.shape == (64, 64, 3)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_shipped_picture_can_be_had(name):
    assert shipped_picture(name).ndim == 3


@pytest.mark.parametrize(
    "wrong", [{"size": 100}, {"size": 32}, {"picture": "dog"}, {"backbone": "vgg"}, {"channel": 256}, {"seed": -1}]
)
def test_a_question_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError):
        PyramidQuestion(**wrong)


def test_imagenets_weights_are_used_where_they_are_and_missed_where_they_are_not(monkeypatch, tmp_path):
    monkeypatch.delenv("RESNET_LAB_WEIGHTS_DIR", raising=False)
    with publishing(monkeypatch, tmp_path) as server:
        question = PyramidQuestion(size=64, weights="imagenet")
        with pytest.raises(DataError, match="The ImageNet weights of resnet18 are not on this machine"):
            answer("feature-pyramid", question)
        ((name, content),) = server.files.items()
        (tmp_path / name).write_bytes(content)
        monkeypatch.setenv("RESNET_LAB_WEIGHTS_DIR", str(tmp_path))
        loaded = torch.load(tmp_path / name, weights_only=True)
        stem = backbone(question).get_parameter("stem.conv.weight")
        assert torch.equal(stem, loaded["conv1.weight"])
