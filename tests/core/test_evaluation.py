"""Testing a network: the loss and the wrong answers of all pictures, however they are split."""

import pytest
import torch
from torch.nn import functional as F

from resnet_core.evaluation import evaluate
from resnet_core.model import build_model
from tests.core.random_configs import small


def test_the_score_is_that_of_one_pass_over_all_pictures():
    model = build_model(small(), 0).train()
    images, labels = torch.randn(23, model.config.in_channels, 16, 16), torch.randint(model.config.classes, (23,))
    score = evaluate(model, images, labels, chunk=5)
    assert model.training
    with torch.no_grad():
        logits = model.eval()(images)
    assert score.images == 23
    assert score.wrong == int((logits.argmax(1) != labels).sum())
    assert score.error == score.wrong / 23
    assert score.loss == pytest.approx(float(F.cross_entropy(logits, labels)), rel=1e-5)
