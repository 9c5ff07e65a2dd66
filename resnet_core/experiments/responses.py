"""How small is F? What each block adds to what it is given, before and during training."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.data import load_data
from resnet_core.errors import Sentence
from resnet_core.inspection import test_subset
from resnet_core.model import build_model
from resnet_core.probes import ResponseMeter, conv_layers, record, residual_blocks, response_layers
from resnet_core.questions.responses import ResponsesQuestion
from resnet_core.records.progress import Progress
from resnet_core.records.responses import NetworkResponses, ResponsesReport
from resnet_core.training import check_fit, train


def responses(question: ResponsesQuestion) -> Iterator[Progress]:
    """norm(F) / norm(x) and their cosine in every block, and the deviation of every layer's response, over training.

    He et al. 2015 (arXiv:1512.03385), figure 7: the standard deviations of the layers' responses, after BatchNorm and
    before ReLU or addition, are smaller in residual networks than in plain ones, and smaller in deeper residual
    networks. That F goes to 0 is not what the figure says; here both can be looked at. Every look is taken on the same
    test images as one batch with BatchNorm in training mode, so at initialisation all responses have deviation 1 by
    construction. Each record holds the looks that were taken by then.

    Raises:
        ConfigError: a network does not fit the pictures.
    """
    pictures = load_data(question.data)
    for config in question.networks:
        check_fit(config, pictures)
    chosen = test_subset(pictures)[: question.images]
    images, labels = pictures.test_images[chosen], pictures.test_labels[chosen]
    steps = steps_looked_at(question)
    found: list[NetworkResponses] = []
    work, done = sum(config.layers for config in question.networks) * max(1, question.steps), 0
    for config in question.networks:
        model = build_model(config, question.training.seed).train()
        found.append(nothing_yet(model, len(steps)))
        look(model, images, labels, found[-1], 0)
        yield Progress(done / work, ResponsesReport(_copy(found), steps), Sentence("Training"))
        recipe = replace(question.training, steps=max(1, question.steps), precision="fp32", inspect_every=0)
        for step in train(model, pictures, recipe) if question.steps else ():
            report = None
            if step.step in steps and np.isfinite(step.loss):
                look(model, images, labels, found[-1], steps.index(step.step))
                report = ResponsesReport(_copy(found), steps)
            yield Progress(min(0.999, (done + config.layers * step.step) / work), report, Sentence("Training"))
        found[-1].losses[np.isnan(found[-1].losses)] = np.inf  # it diverged, or there was nothing to come
        done += config.layers * max(1, question.steps)
    yield Progress(1.0, ResponsesReport(_copy(found), steps))


def steps_looked_at(question: ResponsesQuestion) -> tuple[int, ...]:
    """0 and then even distances up to the last step."""
    return tuple(sorted({round(question.steps * look / question.looks) for look in range(question.looks + 1)}))


def look(model: nn.Module, images: Tensor, labels: Tensor, into: NetworkResponses, row: int) -> None:
    """Measure every block and layer on one batch, and write it into `row`. The model is left as it was."""
    statistics = {name: buffer.clone() for name, buffer in model.named_buffers()}  # which a pass moves on
    meter = ResponseMeter(model, response_layers(model, images[:1]))
    present = dict(model.named_modules())
    taps = [f"{block}.{tap}" for block in into.blocks for tap in ("branch_in", "skip", "branch")]
    with (
        record(model, [tap for tap in taps if present.get(tap) is not None], copy=False) as tape,
        meter,
        torch.no_grad(),
    ):
        into.losses[row] = float(F.cross_entropy(model(images), labels))
    for place, block in enumerate(into.blocks):
        x = tape.activations.get(f"{block}.skip", tape.activations[f"{block}.branch_in"])
        out = tape.activations[f"{block}.branch"]
        added = out if f"{block}.skip" in tape.activations else _difference(out, x)
        into.ratio[row, place], into.cosine[row, place] = _compare(added, x)
    into.response[row] = meter.moments()[1].numpy()
    with torch.no_grad():
        for name, buffer in model.named_buffers():
            buffer.copy_(statistics[name])


def _difference(out: Tensor, x: Tensor) -> Tensor | None:
    return out - x if out.shape == x.shape else None


def _compare(added: Tensor | None, x: Tensor) -> tuple[float, float]:
    """norm(F) / norm(x), and the cosine between the two; NaN where there is nothing to compare or to divide by."""
    if added is None:
        return np.nan, np.nan
    size, given = float(added.double().norm()), float(x.double().norm())
    product = float((added.double() * x.double()).sum())
    return (size / given if given else np.nan), (product / (size * given) if size * given else np.nan)


def nothing_yet(model: nn.Module, looks: int) -> NetworkResponses:
    """The record of a network before anything is measured."""
    layers, blocks = conv_layers(model), residual_blocks(model)
    ratio, cosine = (np.full((looks, len(blocks)), np.nan) for _ in range(2))
    return NetworkResponses(
        layers, blocks, ratio, cosine, np.full((looks, len(layers)), np.nan), np.full(looks, np.nan)
    )


def _copy(networks: list[NetworkResponses]) -> tuple[NetworkResponses, ...]:
    """As they are now: they go on being filled."""
    names = ("ratio", "cosine", "response", "losses")
    return tuple(replace(network, **{name: getattr(network, name).copy() for name in names}) for network in networks)
