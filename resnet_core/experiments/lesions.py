"""Lesions: what is left of a trained network when blocks are taken out or change places?"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resnet_core.blocks import Block
from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.experiments.operations import Operations, draw_operations
from resnet_core.model import ResNet, build_model
from resnet_core.probes.routes import run_routes
from resnet_core.questions.lesions import LesionsQuestion
from resnet_core.records.lesions import Lesions
from resnet_core.records.progress import Progress
from resnet_core.shortcuts import ProjectionShortcut, ZeroPadShortcut
from resnet_core.training import check_fit, train

CHUNK = 128  # pictures that go through all routes together; their activations are kept
STEP_COST = 3.0  # time of a training step over that of a whole forward pass of as many pictures
TRAINING = Sentence("Training the next network")
CUTTING = Sentence("Taking blocks out and swapping them")


def lesions(question: LesionsQuestion) -> Iterator[Progress]:
    """Train the networks of `question`, then test them without some blocks and with blocks in other orders.

    A residual block that is taken out leaves its shortcut, followed by its last ReLU in versions v1 and v1.5. A plain
    block that is taken out leaves nothing; where it changed the shape, option A's shortcut stands in for it, which
    keeps every second pixel and fills the new channels with zeros. Blocks that change places are of the same stage and
    shape. Nothing is trained again. Source: Veit et al. 2016 (arXiv:1605.06431), section 4.

    All operations are tested on the same pictures, chunk by chunk, so that every number is there after the first
    chunk and grows more exact. The record holds errors from 0 to 1: (networks, blocks), (networks, counts, draws),
    (networks, orders).

    Raises:
        ConfigError: a network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    for config in question.networks:
        check_fit(config, data)
    operations = draw_operations(question.networks[0], question.draws, question.seed)
    images = min(question.images, len(data.test_labels))
    record = blank(len(question.networks), question.draws, operations, len(data.classes))
    step = STEP_COST * question.training.batch / images
    cost = len(question.networks) * (question.training.steps * step + len(operations.routes))
    spent = 0.0
    for index, config in enumerate(question.networks):
        model = build_model(config, question.training.seed)
        losses: list[float] = []
        for step_record in train(model, data, replace(question.training, precision="fp32", inspect_every=0)):
            losses.append(step_record.loss)
            spent += step
            yield Progress(min(spent / cost, 0.999), record, TRAINING)
        before, routes = spent, len(operations.routes)
        for done, found in cut_apart(with_training(record, index, losses), index, model, data, images, operations):
            spent, record = before + done * routes, found
            yield Progress(min(spent / cost, 0.999), record, CUTTING)
    yield Progress(1.0, record)


def cut_apart(
    record: Lesions, index: int, model: ResNet, data: DataSet, images: int, operations: Operations
) -> Iterator[tuple[float, Lesions]]:
    """Test a trained network, number `index` of the record, after every operation on the first `images` test pictures.

    Yields the share that is done and the record, which grows after every chunk of pictures.
    """
    wrong, seen, done = np.zeros(len(operations.routes)), 0, 0.0
    parts = modules(model)
    for pictures, labels in _chunks(data, images):
        for route, answers in run_routes(parts, pictures, operations.routes):
            wrong[route] += float((answers.argmax(1) != labels).sum())
            done += len(labels) / images / len(operations.routes)
            yield done, record
        seen += len(labels)
        record = _filled(record, index, operations, wrong / seen, seen)
    yield 1.0, record


def modules(model: ResNet) -> list[nn.Module]:
    """What routes are made of: the stem, every block, what stands in for every block, and the rest of the network.

    With n blocks the stem is number 0, the blocks are 1 to n, their stand-ins n + 1 to 2 n, and the rest 2 n + 1. All
    are in eval mode.
    """
    model.eval()
    blocks = [block for _, block in model.named_blocks()]
    rest = nn.Sequential(model.pool, nn.Flatten(1), model.head)
    if model.config.version == "v2":
        rest = nn.Sequential(model.norm, model.relu, *rest)
    return [model.stem, *blocks, *(stand_in(block, model.config) for block in blocks), rest.eval()]


def stand_in(block: Block, config: ResNetConfig) -> nn.Module:
    """What is left where a block is taken out."""
    around = _around(block, config) if block.shortcut is None else block.shortcut
    if config.version != "v2":
        return nn.Sequential(around, nn.ReLU())
    if isinstance(around, ProjectionShortcut):  # it shares the branch's first BN and ReLU, see PreActivation
        return nn.Sequential(block.get_submodule("norm1"), block.get_submodule("relu1"), around).eval()
    return around


def _around(block: Block, config: ResNetConfig) -> nn.Module:
    """Option A's shortcut for a block that has none."""
    convolutions = [module for module in block.modules() if isinstance(module, nn.Conv2d)]
    stride = math.prod(int(convolution.stride[0]) for convolution in convolutions)
    new = convolutions[-1].out_channels - convolutions[0].in_channels
    return nn.Identity() if stride == 1 and new == 0 else ZeroPadShortcut(new, stride, config.zero_padding)


def _chunks(data: DataSet, images: int) -> Iterator[tuple[Tensor, Tensor]]:
    pictures = data.test_images[:images].contiguous(memory_format=torch.channels_last)
    yield from zip(pictures.split(CHUNK), data.test_labels[:images].split(CHUNK), strict=True)


def blank(networks: int, draws: int, operations: Operations, classes: int) -> Lesions:
    """The record of so many networks before anything is known of them."""

    def nothing(*shape: int) -> NDArray[np.float64]:
        return np.full((networks, *shape), np.nan)

    return Lesions(
        blocks=operations.blocks,
        reshaping=operations.reshaping,
        base=nothing(),
        single=nothing(len(operations.blocks)),
        counts=np.array(operations.counts),
        many=nothing(len(operations.counts), draws),
        tau=np.array(operations.tau),
        order=nothing(len(operations.tau)),
        guess=1 - 1 / classes,
        train_loss=nothing(),
        images=(0,) * networks,
        diverged=np.zeros(networks, dtype=bool),
    )


def with_training(record: Lesions, index: int, losses: Sequence[float]) -> Lesions:
    """The record with what is known of a network when its training is over."""
    loss, diverged = record.train_loss.copy(), record.diverged.copy()
    loss[index], diverged[index] = np.mean(losses[-max(1, len(losses) // 10) :]), not math.isfinite(losses[-1])
    return replace(record, train_loss=loss, diverged=diverged)


def _filled(record: Lesions, index: int, operations: Operations, errors: NDArray[np.float64], images: int) -> Lesions:
    """The record with the errors of a network, one per route, over so many pictures."""
    base, single, many, order = (values.copy() for values in (record.base, record.single, record.many, record.order))
    first, second = 1 + single.shape[1], 1 + single.shape[1] + many[index].size
    base[index], single[index] = errors[0], errors[1:first]
    many[index], order[index] = errors[first:second].reshape(many[index].shape), errors[second:]
    seen = tuple(images if place == index else known for place, known in enumerate(record.images))
    return replace(record, base=base, single=single, many=many, order=order, images=seen)
