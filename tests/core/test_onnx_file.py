"""The ONNX file computes what the network computes, as ONNX's own reference program says."""

import numpy as np
import onnx
import pytest
import torch
from onnx.reference import ReferenceEvaluator

from resnet_core.checkpoints import save_weights
from resnet_core.model import build_model
from resnet_core.onnx_file import onnx_bytes
from resnet_core.presets import cifar
from tests.core.random_configs import small

NETWORKS = {
    "pads": cifar(8, width=4),
    "projects": small(shortcut="B"),
    "plain without norm": small(shortcut="none", norm="none"),
    "bottleneck v2": small(block="bottleneck", version="v2", shortcut="C"),
    "stem of photographs": small(stem="imagenet", cut=((1, 0),)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_gives_the_networks_scores(name):
    config = NETWORKS[name]
    content = onnx.load_from_string(onnx_bytes(config, 16, seed=3))
    onnx.checker.check_model(content)
    pictures = torch.randn(3, config.in_channels, 16, 16, generator=torch.Generator().manual_seed(0))
    (scores,) = ReferenceEvaluator(content).run(None, {"picture": pictures.numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(scores, build_model(config, 3).eval()(pictures).numpy(), rtol=1e-4, atol=1e-5)


def test_trained_weights_go_into_the_file():
    model = build_model(NETWORKS["pads"], 5)
    content = onnx.load_from_string(onnx_bytes(NETWORKS["pads"], 16, seed=0, weights=save_weights(model)))
    picture = torch.ones(1, 3, 16, 16)
    (scores,) = ReferenceEvaluator(content).run(None, {"picture": picture.numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(scores, model.eval()(picture).numpy(), rtol=1e-4, atol=1e-5)
