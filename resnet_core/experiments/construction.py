"""The construction: a deeper network that computes exactly what a shallow one does, and what training makes of it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.batches import Batches
from resnet_core.blocks import Block
from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import ResNet, build_model
from resnet_core.precision import choose_precision
from resnet_core.probes import record as listen
from resnet_core.questions.depth import ConstructionQuestion
from resnet_core.recipe import TrainConfig
from resnet_core.records.depth import ConstructionReport
from resnet_core.records.progress import Progress
from resnet_core.records.training import StepRecord
from resnet_core.training import Trainer, check_fit

PICTURES = 512  # training pictures on which statistics are taken and the two networks compared
SHALLOW, BUILT, SCRATCH = range(3)
DOING = (
    Sentence("training the shallow network"),
    Sentence("training the deep network that was built from it"),
    Sentence("training a deep network from scratch"),
)


def construction(question: ConstructionQuestion) -> Iterator[Progress]:
    """Is a network that was made deeper by layers that do nothing as good, and does it stay so in training?

    A shallow network is trained for `grow_after` steps and copied into a deep one whose further blocks do nothing
    (`grow`). Their losses on the same training pictures are compared at once, in eval mode. Then both train on with
    fresh momentum, beside a deep network that has trained from scratch all the time; every network sees the same batch
    at the same step.

    He et al. 2015 (arXiv:1512.03385), section 1: since this solution exists, a deeper network should have no higher
    training error; "our current solvers on hand" do not find one as good.

    Raises:
        ConfigError: the networks do not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    report = _nothing_yet(question, data)
    whole, done = question.seeds * sum(2 * cost for *_, cost in _plan(question)), 0.0
    for number, seed in enumerate(report.seeds):
        recipe = replace(question.training, seed=seed, inspect_every=0)
        for kind in (0, 1):
            networks: dict[int, ResNet] = {}
            for which, first, last, cost in _plan(question):
                if which not in networks:
                    networks |= _start(question, data, kind == 0, seed, which, networks)
                if which == BUILT:
                    report = _compared(report, (kind, number), networks, data)
                for step in train_on(networks[which], data, replace(recipe, steps=last), first):
                    losses = report.losses.copy()
                    losses[kind, which, number, step.step - 1] = step.loss if np.isfinite(step.loss) else np.inf
                    report = replace(report, losses=losses)
                    share = (step.step - first) / (last - first)
                    yield Progress(min(0.999, (done + cost * share) / whole), report, DOING[which])
                done += cost
    yield Progress(1.0, report)


def train_on(model: nn.Module, data: DataSet, recipe: TrainConfig, first: int) -> Iterator[StepRecord]:
    """As `train`, from step `first` + 1 on, with fresh momentum: batches and learning rate are those of that step."""
    device = next(model.parameters()).device
    batches = Batches(data, recipe, device)
    trainer = Trainer(model, data, recipe, choose_precision(recipe.precision, device))
    trainer.steps = first
    while not trainer.ended:
        yield trainer.step(*batches.at(trainer.steps + 1))


def grow(shallow: ResNet, deep: ResNetConfig, pictures: Tensor, seed: int) -> ResNet:
    """A deeper network that computes what `shallow` does: its layers, and blocks at its stages' ends that do nothing.

    With a shortcut a block does nothing once its branch gives 0: the last norm's scale and shift are 0, or without
    norms the last convolution. Its other weights are drawn as ever.

    Without a shortcut both convolutions pass each channel on (a kernel of zeros with a 1 in the middle), and the ReLUs
    change nothing, since what comes in is not negative. A BatchNorm in between has to be undone: it subtracts its
    channel's mean and divides by the deviation, so its shift and scale put them back. They are measured on `pictures`
    (N, C, H, W) and are its running statistics too: in eval mode the block is the identity. In training mode every
    batch has a mean and a deviation of its own, and the block nearly is.

    Both networks must be of version v1 and differ in depth only.
    """
    model = build_model(deep, seed)
    model.load_state_dict(shallow.state_dict(), strict=False)  # what has the same name has the same shape
    there = {name for name, _ in shallow.named_blocks()}
    ends = [f"stages.{stage}.{count - 1}" for stage, count in enumerate(shallow.config.depths)]
    was_training = shallow.training
    with torch.no_grad(), listen(shallow.eval(), ends, copy=False) as tape:
        shallow(pictures)
    shallow.train(was_training)
    for name, block in model.named_blocks():
        if name not in there:
            stage = int(name.split(".")[1])
            _do_nothing(block, tape.activations[ends[stage]])
    return model


@torch.no_grad()
def _do_nothing(block: Block, x: Tensor) -> None:
    """Make `block` the identity for inputs that are distributed as `x` (N, C, H, W) and nowhere negative."""
    convolutions = [module for module in block.children() if isinstance(module, nn.Conv2d)]
    norms = [module for module in block.children() if isinstance(module, nn.BatchNorm2d)]
    if block.shortcut is not None:
        last = norms[-1] if norms else convolutions[-1]
        for weight in last.parameters():
            weight.zero_()
        return
    for convolution in convolutions:
        nn.init.dirac_(convolution.weight)
        if convolution.bias is not None:
            convolution.bias.zero_()
    variance, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
    for norm in norms:
        norm.running_mean, norm.running_var = mean.clone(), variance.clone()
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.copy_(mean)


def _plan(question: ConstructionQuestion) -> list[tuple[int, int, int, float]]:
    """Which network trains, from which step to which, and how long that takes, about."""
    fork, end, shallow, deep = question.grow_after, question.training.steps, question.shallow, question.deep
    return [
        (SHALLOW, 0, fork, shallow * fork),
        (BUILT, fork, end, deep * (end - fork)),
        (SHALLOW, fork, end, shallow * (end - fork)),
        (SCRATCH, 0, end, deep * end),
    ]


def _start(
    question: ConstructionQuestion, data: DataSet, plain: bool, seed: int, which: int, networks: dict[int, ResNet]
) -> dict[int, ResNet]:
    """The network that is about to train for the first time; with the built one, the shallow one as it was then."""
    shape = {"channels": data.channels, "classes": max(2, len(data.classes))}
    config = question.network(question.shallow if which == SHALLOW else question.deep, plain=plain, **shape)
    check_fit(config, data)
    if which == BUILT:
        return {BUILT: grow(networks[SHALLOW], config, data.train_images[:PICTURES], seed)}
    return {which: build_model(config, seed)}


@torch.no_grad()
def _compared(
    report: ConstructionReport, place: tuple[int, int], networks: dict[int, ResNet], data: DataSet
) -> ConstructionReport:
    images, labels = data.train_images[:PICTURES], data.train_labels[:PICTURES]
    scores = [deepcopy(networks[which]).eval()(images) for which in (SHALLOW, BUILT)]
    copied, difference, largest = report.copied.copy(), report.difference.copy(), report.scores.copy()
    kind, number = place
    copied[kind, :, number] = [F.cross_entropy(found, labels).item() for found in scores]
    difference[place] = (scores[0] - scores[1]).abs().max().item()
    largest[place] = scores[0].abs().max().item()
    return replace(report, copied=copied, difference=difference, scores=largest)


def _nothing_yet(question: ConstructionQuestion, data: DataSet) -> ConstructionReport:
    return ConstructionReport(
        shallow=question.shallow,
        deep=question.deep,
        seeds=tuple(question.training.seed + number for number in range(question.seeds)),
        steps=question.training.steps,
        grow_after=question.grow_after,
        norm=question.norm,
        guess=float(np.log(max(2, len(data.classes)))),
        losses=np.full((2, 3, question.seeds, question.training.steps), np.nan),
        copied=np.full((2, 2, question.seeds), np.nan),
        difference=np.full((2, question.seeds), np.nan),
        scores=np.full((2, question.seeds), np.nan),
    )
