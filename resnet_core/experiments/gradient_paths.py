"""Paths: does the gradient come through the short ones or through the long ones?"""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.probes.detours import detours
from resnet_core.questions.gradients import GradientPathsQuestion
from resnet_core.records.gradient_parts import GradientPathsReport
from resnet_core.records.progress import Progress
from resnet_core.training import check_fit, train

TRAINING_SHARE = 0.6  # of the time, where the network is trained before it is measured


def gradient_paths(question: GradientPathsQuestion) -> Iterator[Progress]:
    """Gradient norm at the first block's input, path by path, for paths through 0, 1, 2, ... residual branches.

    A residual network of n blocks is a sum over 2^n paths, each through the branch of some blocks and around all
    others. As in Veit et al. 2016 (arXiv:1605.06431, section 5, figure 6): send the gradient back through k branches
    drawn at random and around the other n - k blocks, measure the norm that arrives, and multiply the mean by the
    number of such paths. The sum of the norms is more than the norm of the sum: paths may cancel. BatchNorm is in
    training mode. Each record holds the lengths that are there by then, the shortest first.

    Raises:
        ConfigError: the network does not fit the pictures.
    """
    pictures = load_data(question.data)
    check_fit(question.network, pictures)
    model = build_model(question.network, question.training.seed).train()
    recipe = replace(question.training, steps=max(1, question.steps), precision="fp32", inspect_every=0)
    for record in train(model, pictures, recipe) if question.steps else ():
        yield Progress(TRAINING_SHARE * record.step / question.steps, None, Sentence("Training"))
    before = TRAINING_SHARE if question.steps else 0.0
    for done, report in follow_paths(model, pictures, question):
        yield Progress(before + (1 - before) * done, report, Sentence("Sending the gradient along single paths"))


def follow_paths(
    model: nn.Module, pictures: DataSet, question: GradientPathsQuestion
) -> Iterator[tuple[float, GradientPathsReport | None]]:
    """Measure `model` as it is. Yields the share that is done, and at the end of each length what is known."""
    images, labels = pictures.train_images[: question.images], pictures.train_labels[: question.images]
    with detours(model) as chosen:
        entrance: list[torch.Tensor] = []
        first = model.get_submodule(f"{chosen.blocks[0]}")
        handle = first.register_forward_pre_hook(lambda module, inputs: entrance.append(inputs[0]))
        try:
            loss = F.cross_entropy(model(images), labels)
        finally:
            handle.remove()
        total = _norm(loss, entrance[0])
        blocks = len(chosen.blocks)
        drawing = random.Random(question.training.seed)
        norms = np.full((blocks + 1, question.paths), np.nan)
        for length in range(blocks + 1):
            paths = _draw_paths(chosen.blocks, length, question.paths, drawing)
            for place, path in enumerate(paths):
                chosen.through = path
                norms[length, place] = _norm(loss, entrance[0])
                yield (length + (place + 1) / len(paths)) / (blocks + 1) * 0.999, None
            counts = tuple(math.comb(blocks, known) for known in range(blocks + 1))
            report = GradientPathsReport(norms.copy(), counts, total, question.steps, float(loss.detach()))
            yield (length + 1) / (blocks + 1), report


def _norm(loss: torch.Tensor, entrance: torch.Tensor) -> float:
    (gradient,) = torch.autograd.grad(loss, entrance, retain_graph=True)
    return float(gradient.double().norm())


def _draw_paths(blocks: tuple[str, ...], length: int, paths: int, drawing: random.Random) -> list[frozenset[str]]:
    """Different paths through `length` branches: all there are, or `paths` drawn at random."""
    if math.comb(len(blocks), length) <= paths:
        return [frozenset(chosen) for chosen in combinations(blocks, length)]
    found: dict[frozenset[str], None] = {}
    while len(found) < paths:
        found[frozenset(drawing.sample(blocks, length))] = None
    return list(found)
