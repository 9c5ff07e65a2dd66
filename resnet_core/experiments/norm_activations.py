"""Activations with and without BatchNorm: while a network trains, and before its first step."""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.batches import Batches
from resnet_core.config import ResNetConfig
from resnet_core.data import load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.presets import plain_twin
from resnet_core.probes import GradientMeter, ResponseMeter, conv_layers, record, residual_blocks, response_layers
from resnet_core.probes.distributions import percentiles
from resnet_core.probes.norm_statistics import batch_statistics
from resnet_core.questions.norm import NormActivationsQuestion, NormStartQuestion, without_norm
from resnet_core.records.norm import NormActivations, NormStart
from resnet_core.records.progress import Progress
from resnet_core.training import Trainer, check_fit

TRAINING = Sentence("Training both networks and looking at every layer")
START = Sentence("Sending one batch through four fresh networks")
WATCHED = 64  # training pictures, the same at every look


def norm_activations(question: NormActivationsQuestion) -> Iterator[Progress]:
    """How are each layer's activations distributed during training, with and without BatchNorm?

    A network with BatchNorm and its twin without take the same batches in the same order. Every `every` steps the
    same pictures pass through both without training them, BatchNorm with the statistics of this batch, and the
    values at every convolution are told: as it puts them out, and where there is BatchNorm, as that passes them on.
    float32. A network whose loss is not finite ends, the other goes on.

    Source: Ioffe & Szegedy 2015 (arXiv:1502.03167), figure 1(b, c): the 15th, 50th and 85th percentile of the inputs
    to a typical sigmoid over training.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    recipe = replace(question.training, precision="fp32", inspect_every=0)
    models = [build_model(network, recipe.seed) for network in (without_norm(question.network), question.network)]
    trainers = [Trainer(model, data, recipe, "fp32") for model in models]
    batches = Batches(data, recipe, torch.device("cpu"))
    watched = data.train_images[torch.randperm(len(data.train_labels), generator=torch.Generator().manual_seed(0))]
    watched = watched[:WATCHED].contiguous(memory_format=torch.channels_last)
    found = _nothing_yet(question, conv_layers(models[0]))
    for taken in range(recipe.steps + 1):
        looking = taken in found.steps
        for kind, (model, trainer) in enumerate(zip(models, trainers, strict=True)):
            if looking and not trainer.diverged:
                _look(found, kind, int(np.searchsorted(found.steps, taken)), model, watched)
                yield Progress(min(taken / recipe.steps, 0.999), deepcopy(found) if kind else None, TRAINING)
            if not trainer.ended:
                found.losses[kind, taken] = trainer.step(*batches.at(taken + 1)).loss
        yield Progress(min(taken / recipe.steps, 0.999), None, TRAINING)
    yield Progress(1.0, found)


@torch.no_grad()
def _look(found: NormActivations, kind: int, look: int, model: nn.Module, images: Tensor) -> None:
    received = found.layers
    passed = response_layers(model, images[:1])  # the BatchNorm that reads each convolution, else itself
    with batch_statistics(model), record(model, [*received, *passed], copy=False) as tape:
        model(images)
    for view, names in ((1, received), (2, passed)) if kind else ((0, received),):
        for place, name in enumerate(names):
            values = tape.activations[name]
            found.percentiles[view, :, place, look] = percentiles(values)
            found.means[view, place, look] = float(values.mean())
            found.deviations[view, place, look] = float(values.std(correction=0))


def _nothing_yet(question: NormActivationsQuestion, layers: tuple[str, ...]) -> NormActivations:
    steps = np.array(sorted({*range(0, question.training.steps, question.every), question.training.steps}))
    shape = len(layers), len(steps)
    return NormActivations(
        layers=layers,
        steps=steps,
        percentiles=np.full((3, 3, *shape), np.nan),
        means=np.full((3, *shape), np.nan),
        deviations=np.full((3, *shape), np.nan),
        losses=np.full((2, question.training.steps), np.nan),
        plain=question.network.is_plain,
        depth=question.network.layers,
        classes=question.network.classes,
    )


def norm_start(question: NormStartQuestion) -> Iterator[Progress]:
    """What does BatchNorm do to signal and gradient before the first step?

    One batch passes through the residual network and its plain twin, each with and without BatchNorm. Of the
    residual ones the standard deviations of shortcut and branch at every addition are told, of all four the gradient
    norms of the convolutions. float32, BatchNorm in training mode.

    Source: De & Smith 2020 (arXiv:2002.10444), section 3: in block l of a normalised residual network the shortcut's
    variance is about l, so the branch, whose variance is about 1, is smaller by sqrt(l). Yang et al. 2019
    (arXiv:1902.08129), theorem 8: without shortcuts the squared gradient norm grows by pi / (pi - 1) per layer.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    images, labels = Batches(data, question.training, torch.device("cpu")).at(1)
    networks = [
        (norm, plain, plain_twin(network) if plain else network)
        for norm, network in enumerate((without_norm(question.network), question.network))
        for plain in (0, 1)
    ]
    skeleton = build_model(question.network, device="meta")
    blocks, layers = residual_blocks(skeleton), conv_layers(skeleton)
    found = NormStart(
        blocks=blocks,
        skip=np.full((2, len(blocks)), np.nan),
        branch=np.full((2, len(blocks)), np.nan),
        layers=layers,
        gradients=np.full((2, 2, len(layers)), np.nan),
        depth=question.network.layers,
    )
    for done, (norm, plain, network) in enumerate(networks):
        yield Progress(done / len(networks), None, START)
        moments, gradients = _start(network, question.training.seed, images, labels)
        found.gradients[plain, norm] = gradients
        if not plain:
            for place, name in enumerate(blocks):
                found.skip[norm, place] = moments.get(f"{name}.skip", math.nan)
                found.branch[norm, place] = moments.get(f"{name}.branch", math.nan)
    yield Progress(1.0, found)


def _start(network: ResNetConfig, seed: int, images: Tensor, labels: Tensor) -> tuple[dict[str, float], np.ndarray]:
    """Standard deviations of what comes along each path, by the path's name, and every convolution's gradient norm."""
    model = build_model(network, seed).train()
    paths = [name for name, _ in model.named_modules() if name.endswith((".skip", ".branch"))]
    with ResponseMeter(model, paths) as meter:
        F.cross_entropy(model(images), labels).backward()
    deviations = dict(zip(paths, meter.moments()[1].tolist(), strict=True)) if paths else {}
    return deviations, GradientMeter(model).norms().double().numpy()
