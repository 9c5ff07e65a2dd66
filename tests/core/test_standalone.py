"""The program that a built network is written as: the same network, in plain PyTorch and nothing else."""

import ast
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings

from resnet_core.config import ResNetConfig
from resnet_core.export.standalone import standalone_code
from resnet_core.model import build_model
from resnet_core.presets import cifar, preset
from tests.core.random_configs import configs, small


def written(config):
    """The network that the program builds, with the laboratory's weights one by one."""
    scope = {"__name__": "a_program"}
    exec(compile(standalone_code(config), "network.py", "exec"), scope)
    model, ours = scope["network"](), build_model(config, 0)
    theirs = model.state_dict()
    assert len(theirs) == len(ours.state_dict())
    model.load_state_dict(dict(zip(theirs, ours.state_dict().values(), strict=True)))
    return model, ours


def same(config, side=32):
    model, ours = written(config)
    torch.manual_seed(0)
    picture = torch.randn(2, config.in_channels, side, side)
    for mode in (True, False):
        torch.testing.assert_close(model.train(mode)(picture), ours.train(mode)(picture), rtol=1e-4, atol=1e-5)


@given(configs())
@settings(max_examples=60, deadline=None)
def test_the_program_computes_what_the_laboratory_computes(config):
    same(config)


@pytest.mark.parametrize("name", ["resnet18", "resnet50-v1", "resnext50_32x4d", "preresnet110", "plain34", "wrn-16-4"])
def test_the_papers_networks_are_written_right(name):
    same(preset(name), 64 if preset(name).stem == "imagenet" else 32)


def test_it_runs_alone_and_counts_its_parameters(tmp_path):
    """He et al. 2015, table 6: ResNet-20 has 0.27 million parameters."""
    (tmp_path / "network.py").write_text(standalone_code(cifar(20)), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", "network.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["269722 parameters", "torch.Size([1, 10])"]


def test_it_imports_torch_and_nothing_else():
    for config in (cifar(20), cifar(20, shortcut="B"), small(norm="none", shortcut="none")):
        imports = [
            node
            for node in ast.walk(ast.parse(standalone_code(config)))
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert {(getattr(node, "module", None) or node.names[0].name).split(".")[0] for node in imports} == {"torch"}


def test_what_the_network_does_not_have_is_not_written():
    plain = standalone_code(cifar(20, plain=True, norm="none"))
    assert "skip" not in plain
    assert "BatchNorm2d" not in plain
    assert "F.pad" in standalone_code(cifar(20))
    assert "F.pad" not in standalone_code(cifar(20, shortcut="B"))


def test_blocks_that_are_alike_are_written_once():
    assert len(standalone_code(cifar(110)).splitlines()) == len(standalone_code(cifar(20)).splitlines())


def test_zero_gamma_starts_every_residual_block_as_the_identity():
    scope = {"__name__": "a_program"}
    exec(compile(standalone_code(ResNetConfig(zero_gamma=True)), "network.py", "exec"), scope)
    model = scope["network"]()
    scope["start"](model)
    blocks = [part for part in model if isinstance(part, scope["Block"])]
    assert len(blocks) == 9
    assert all(not block.norm2.weight.any() for block in blocks)
    x = torch.rand(1, 16, 8, 8)
    torch.testing.assert_close(blocks[0].eval()(x), x)
