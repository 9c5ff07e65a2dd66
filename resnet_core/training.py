"""A training run as a stream of records.

`train` and `TrainingRun.records` are generators: they take one step each time they are asked for the next record.
Whoever consumes them decides the pace, the display and the end. Nothing global is set: on a processor, call
`torch.set_num_threads(1)` once in the process that trains (two threads on small images gain little and lose much as
soon as anything else runs).
"""

import io
import math
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cached_property, partial
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.batches import Batches
from resnet_core.checkpoints import save_weights
from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.errors import CheckpointError, ConfigError
from resnet_core.fallback import Fallback
from resnet_core.inspection import GLANCE_IMAGES, TEST_IMAGES, Inspector, last_blocks, test_subset
from resnet_core.model import ResNet, build_model
from resnet_core.optimisers import make_optimiser
from resnet_core.precision import autocast, best_device, choose_precision
from resnet_core.probes import GradientMeter, conv_layers, residual_blocks
from resnet_core.recipe import RunSpec, TrainConfig
from resnet_core.records import NetworkHeader, RunHeader, RunRecord, StepRecord
from resnet_core.schedule import learning_rate


def train(model: nn.Module, data: DataSet, config: TrainConfig) -> Iterator[StepRecord]:
    """Train `model` in place where it lives, one optimiser step per record.

    A loss that is not finite is a finding: its record is the last one, and weights and running statistics are what the
    last step left whose loss, gradients and statistics were all finite. The model is left in training mode, its
    convolutions' weights channels-last in memory.
    """
    device = next(model.parameters()).device
    batches = Batches(data, config, device)
    trainer = Trainer(model, data, config, choose_precision(config.precision, device))
    while not trainer.ended:
        yield trainer.step(*batches.at(trainer.steps + 1))


def train_together(spec: RunSpec, data: DataSet | None = None, device: torch.device | None = None) -> "TrainingRun":
    """The networks of `spec`, fresh from its seed, ready to train side by side on identical batches.

    `data` saves loading what the caller has; without `device` the best one is taken.

    Raises:
        ConfigError: a network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    return TrainingRun(spec, data or load_data(spec.data), device or best_device())


class Trainer:
    """One network on its way: model, optimiser, instruments."""

    def __init__(
        self, model: nn.Module, data: DataSet, config: TrainConfig, precision: Literal["fp32", "bf16"]
    ) -> None:
        device = next(model.parameters()).device
        self.model = model.train().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.steps = 0  # that were taken
        self.diverged = False
        self._config = config
        self._autocast = partial(autocast, precision, device)
        self._optimiser = make_optimiser(model, config)
        self._gradients = GradientMeter(model)
        self._fallback = Fallback(model)
        self._data = data

    @cached_property
    def _inspector(self) -> Inspector:
        """Made when it is first asked for: a measurement without looks need not wait for it."""
        return Inspector(self.model, self._data, next(self.model.parameters()).device, self._autocast)

    @property
    def ended(self) -> bool:
        """Whether no step is left to take."""
        return self.diverged or self.steps >= self._config.steps

    def step(self, images: Tensor, labels: Tensor) -> StepRecord:
        """One forward and backward pass, one record, and one update unless the loss is not finite."""
        number = self.steps + 1
        inspected = self._is_inspected(number)
        rate = learning_rate(number, self._config)
        with self._inspector.watching() if inspected else nullcontext():
            with self._autocast():
                logits = self.model(images)
                loss = F.cross_entropy(logits, labels, label_smoothing=self._config.label_smoothing)
            self._optimiser.zero_grad()
            loss.backward()
        accuracy = (logits.detach().argmax(1) == labels).float().mean()
        # one transfer from the device for all numbers of the step
        shown = [torch.stack([loss.detach().float(), accuracy]), self._gradients.norms()]
        numbers = torch.cat([*shown, self._fallback.largest_statistic()]).cpu().numpy()
        self.steps = number
        self.diverged = not math.isfinite(numbers[0])
        self._move_on(rate, sound=bool(np.isfinite(numbers).all()))
        look = None
        if inspected and not self.diverged:
            look = self._inspector.look(TEST_IMAGES if number == self._config.steps else GLANCE_IMAGES)
        return StepRecord(number, float(numbers[0]), float(numbers[1]), rate, numbers[2:-1], look)

    def state(self) -> dict[str, object]:
        """All that decides the steps to come."""
        return {
            "model": self.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "steps": self.steps,
            "diverged": self.diverged,
        }

    def restore(self, state: dict[str, object]) -> None:
        """Go back to what `state` returned."""
        self.model.load_state_dict(state["model"])  # pyright: ignore[reportArgumentType]
        self._optimiser.load_state_dict(state["optimiser"])  # pyright: ignore[reportArgumentType]
        self._fallback.keep()
        self.steps = int(state["steps"])  # pyright: ignore[reportArgumentType]
        self.diverged = bool(state["diverged"])

    def _is_inspected(self, number: int) -> bool:
        every = self._config.inspect_every
        return every > 0 and (number % every == 0 or number == self._config.steps)

    def _move_on(self, rate: float, sound: bool) -> None:
        if self.diverged:
            self._fallback.put_back()
            return
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        if sound:
            self._fallback.keep()


class TrainingRun:
    """Up to four networks that train in turn, one step each, on the same batches in the same order."""

    def __init__(self, spec: RunSpec, data: DataSet, device: torch.device) -> None:
        for config in spec.networks:
            check_fit(config, data)
        self.spec = spec
        precision = choose_precision(spec.training.precision, device)
        self._pictures = {"data": {"name": spec.data.name, "size": spec.data.size}, "mean": data.mean, "std": data.std}
        self._batches = Batches(data, spec.training, device)
        self._models = [build_model(config, spec.training.seed, device) for config in spec.networks]
        self._trainers = [Trainer(model, data, spec.training, precision) for model in self._models]
        sample = int(test_subset(data)[0])
        self.header = RunHeader(
            networks=tuple(map(network_header, self._models)),
            precision=precision,
            device=device.type,
            sample=data.pixels(data.test_images[sample]),
            sample_class=data.classes[int(data.test_labels[sample])],
            classes=data.classes,
        )

    @property
    def models(self) -> tuple[ResNet, ...]:
        """The networks as they are now. Probe a copy while the run goes on."""
        return tuple(self._models)

    def records(self) -> Iterator[RunRecord]:
        """The steps still to take. A network whose loss is no longer finite ends; the others go on."""
        while waiting := [index for index, trainer in enumerate(self._trainers) if not trainer.ended]:
            index = min(waiting, key=lambda index: self._trainers[index].steps)
            trainer = self._trainers[index]
            yield RunRecord(index, trainer.step(*self._batches.at(trainer.steps + 1)))

    def weights(self) -> tuple[bytes, ...]:
        """The networks as safetensors that say how to build them and how to normalise pictures. See load_checkpoint."""
        classes = self.header.classes
        return tuple(
            save_weights(model, classes=classes if model.config.classes == len(classes) else (), **self._pictures)
            for model in self._models
        )

    def checkpoint(self) -> bytes:
        """The state between two records. A run of the same spec that restores it goes on with the same numbers."""
        file = io.BytesIO()
        torch.save({"spec": self.spec.to_json(), "networks": [trainer.state() for trainer in self._trainers]}, file)
        return file.getvalue()

    def restore(self, checkpoint: bytes) -> None:
        """Go back, or forward, to what `checkpoint` returned.

        Raises:
            CheckpointError: the bytes are no checkpoint, or one of another run.
        """
        try:
            state = torch.load(io.BytesIO(checkpoint), weights_only=True, map_location="cpu")
            spec, networks = state["spec"], state["networks"]
        except Exception as problem:  # noqa: BLE001 - torch.load fails in many ways on foreign bytes
            raise CheckpointError("This is not a checkpoint of a run: {problem}.", problem=problem) from None
        if RunSpec.from_json(spec) != self.spec:
            raise CheckpointError(
                "This checkpoint belongs to a run with other settings. Start a run with its settings."
            )
        for trainer, saved in zip(self._trainers, networks, strict=True):
            trainer.restore(saved)


def network_header(model: nn.Module) -> NetworkHeader:
    """What is known of a network before its first step."""
    return NetworkHeader(
        layers=conv_layers(model),
        blocks=residual_blocks(model),
        map_layers=last_blocks(model),
        parameters=sum(weight.numel() for weight in model.parameters()),
    )


def check_fit(config: ResNetConfig, data: DataSet) -> None:
    """Refuse a network that cannot read these pictures or name their classes.

    Raises:
        ConfigError: the number of channels differs, or there are more classes than outputs.
    """
    if config.in_channels != data.channels:
        raise ConfigError(
            "The network reads {expected} channels and the pictures have {channels}. Set in_channels={channels}.",
            expected=config.in_channels,
            channels=data.channels,
        )
    if config.classes < len(data.classes):
        raise ConfigError(
            "The network has {outputs} outputs and the data {classes} classes. Set classes={classes}.",
            outputs=config.classes,
            classes=len(data.classes),
        )
