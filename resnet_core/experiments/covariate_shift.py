"""Two explanations of BatchNorm: less internal covariate shift, or a smoother loss?"""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor

from resnet_core.batches import Batches
from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.probes import record as listen
from resnet_core.probes import response_layers
from resnet_core.probes.distributions import channel_moments
from resnet_core.probes.line_of_gradient import Weights, loss_of, walk_down
from resnet_core.probes.noise import NoisyNorms
from resnet_core.probes.shift import layer_shift, layers_in_order
from resnet_core.questions.norm import CovariateShiftQuestion, without_norm
from resnet_core.records.norm import CovariateShift
from resnet_core.records.progress import Progress
from resnet_core.training import Trainer, check_fit

DOING = Sentence("Training three networks side by side and looking down their gradients")
NETWORKS = 3  # without BN, with BN, with BN and noise
LAYERS = 3  # whose shift is measured


def covariate_shift(question: CovariateShiftQuestion) -> Iterator[Progress]:
    """Does BatchNorm reduce internal covariate shift, or does it smooth the loss?

    Three networks take the same batches in the same order: without BatchNorm, with it, and with it and noise after
    it. At every `every`-th step, before the update, the loss and the gradient are followed down the gradient of the
    step's batch; after the update the internal covariate shift of three layers is worked out from the weights before
    and after. float32, BatchNorm in training mode. A network whose loss is not finite ends, the others go on.

    Source: Santurkar et al. 2018 (arXiv:1805.11604). Figure 4 and section 3.2: loss variation, gradient
    predictiveness, effective beta-smoothness. Definition 2.1 and figure 2: internal covariate shift. Figure 1 and
    section 2.1: noise. The range of step sizes and the size of the noise are the question's, not the paper's.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    with ExitStack() as noise:
        runs = [_Run(question, data, kind) for kind in range(NETWORKS)]
        for run in runs:
            if run.noise is not None:
                noise.enter_context(run.noise)
        batches = Batches(data, question.training, torch.device("cpu"))
        record = _empty(question, tuple(layer for layer, _ in runs[0].layers))
        look = 0
        for step in range(1, question.training.steps + 1):
            looking = look < len(record.steps) and step == record.steps[look]
            for kind, run in enumerate(runs):
                if not run.trainer.ended:
                    run.step(record, kind, step, look if looking else None, *batches.at(step))
                yield Progress(
                    min((step - 1 + (kind + 1) / NETWORKS) / question.training.steps, 0.999),
                    deepcopy(record) if looking and kind == NETWORKS - 1 else None,
                    DOING,
                )
            look += looking
    yield Progress(1.0, record)


class _Run:
    """One network on its way."""

    def __init__(self, question: CovariateShiftQuestion, data: DataSet, kind: int) -> None:
        network = question.network if kind else without_norm(question.network)
        recipe = question.training
        self.model = build_model(network, recipe.seed)
        self.trainer = Trainer(self.model, data, recipe, "fp32")
        self.noise = None
        if kind == NETWORKS - 1:
            self.noise = NoisyNorms(self.model, recipe.seed, question.noise_mean, question.noise_deviation)
        layers = layers_in_order(self.model)
        places = [len(layers) * part // LAYERS - 1 for part in range(1, LAYERS + 1)]
        self.layers = [layers[place] for place in places]
        put_out = response_layers(self.model, data.train_images[:1])
        self._put_out = [put_out[place] for place in places]
        self._means: list[Tensor] = []  # of each layer's channels at the look before

    def step(
        self, record: CovariateShift, kind: int, step: int, look: int | None, images: Tensor, labels: Tensor
    ) -> None:
        """One step of training and, where it is the turn of `look`, what there is to see on both sides of it."""
        if self.noise is not None:
            self.noise.step = step
        if look is None:
            record.losses[kind, step - 1] = self._train(images, labels)
            return
        loss = loss_of(self.model, images, labels)
        before = {name: weight.detach().clone() for name, weight in self.model.named_parameters()}
        record.moved[kind, :, look] = self._moved(loss, before)
        line = walk_down(loss, before, [record.rate * reach for reach in record.reach])
        record.start[kind, look], record.norm[kind, look] = line.start, line.norm
        record.line[kind, :, look], record.change[kind, :, look] = line.losses, line.changes
        record.smoothness[kind, look] = line.smoothness
        record.losses[kind, step - 1] = self._train(images, labels)
        if self.trainer.diverged:
            return
        after = {name: weight.detach() for name, weight in self.model.named_parameters()}
        for place, (layer, earlier) in enumerate(self.layers):
            shift = layer_shift(loss, line.gradient[layer], before, after, layer, earlier)
            record.gradient[kind, place, look] = shift.gradient
            record.distance[kind, place, look] = shift.distance
            record.cosine[kind, place, look] = shift.cosine

    def _train(self, images: Tensor, labels: Tensor) -> float:
        """One step and its loss, infinite where that is not finite."""
        loss = self.trainer.step(images, labels).loss
        return loss if math.isfinite(loss) else math.inf

    @torch.no_grad()
    def _moved(self, loss: Callable[[Weights], Tensor], weights: Weights) -> list[float]:
        """How far each layer's channel means have moved since the last call, in standard deviations."""
        with listen(self.model, self._put_out, copy=False) as tape:
            loss(weights)
        moments = [channel_moments(tape.activations[name]) for name in self._put_out]
        means, self._means = self._means, [mean for mean, _ in moments]
        if not means:
            return [math.nan] * len(moments)
        return [
            float(((mean - earlier).abs() / deviation).median())
            for (mean, deviation), earlier in zip(moments, means, strict=True)
        ]


def _empty(question: CovariateShiftQuestion, layers: tuple[str, ...]) -> CovariateShift:
    """A record in which nothing has been measured yet."""
    steps = np.arange(1, question.training.steps + 1, question.every)
    looks, points = len(steps), len(question.reach)
    return CovariateShift(
        losses=np.full((NETWORKS, question.training.steps), np.nan),
        steps=steps,
        reach=np.array(question.reach),
        start=np.full((NETWORKS, looks), np.nan),
        line=np.full((NETWORKS, points, looks), np.nan),
        norm=np.full((NETWORKS, looks), np.nan),
        change=np.full((NETWORKS, points, looks), np.nan),
        smoothness=np.full((NETWORKS, looks), np.nan),
        layers=layers,
        gradient=np.full((NETWORKS, len(layers), looks), np.nan),
        distance=np.full((NETWORKS, len(layers), looks), np.nan),
        cosine=np.full((NETWORKS, len(layers), looks), np.nan),
        moved=np.full((NETWORKS, len(layers), looks), np.nan),
        rate=question.training.learning_rate,
        plain=question.network.is_plain,
        depth=question.network.layers,
        classes=question.network.classes,
    )
