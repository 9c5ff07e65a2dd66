"""One network trained for hours, in as many sittings as it takes."""

import io
import time
from collections.abc import Iterator
from dataclasses import astuple, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from resnet_core.data import DataSet
from resnet_core.errors import DataError
from resnet_core.evaluation import evaluate
from resnet_core.model import ResNet
from resnet_core.precision import autocast
from resnet_core.recording.card import Look
from resnet_core.recording.plans import Plan
from resnet_core.training import TrainingRun

CHUNK = 250  # test pictures per forward pass
GLANCE = 2000  # test pictures of one look, or a few more; the finished network is tested on all


class LongRun:
    """A plan under way. What it is after each look is in `folder`, and the next one begins there.

    Args:
        plan: which run.
        path: where its archive of pictures is.
        data: what is in there.
        folder: for the state; it is deleted when the run has ended and been recorded, see `forget`.
        device: where to train.

    Raises:
        CheckpointError: the folder holds the state of another run.
    """

    def __init__(self, plan: Plan, path: Path, data: DataSet, folder: Path, device: torch.device) -> None:
        self._plan, self._file = plan, folder / f"{plan.name}.state"
        spec = replace(plan.spec, data=replace(plan.spec.data, path=path.name))
        self._run = TrainingRun(spec, data, device)
        every = max(1, len(data.test_labels) // GLANCE)
        self._test = data.test_images[::every], data.test_labels[::every]
        self._autocast = partial(autocast, self._run.header.precision, device)
        self.looks: tuple[Look, ...] = ()
        self.seconds = 0.0  # of training and testing, in all sittings
        if self._file.exists():
            self._restore()

    @property
    def model(self) -> ResNet:
        """The network as it is now."""
        return self._run.models[0]

    @property
    def device(self) -> str:
        """Where it is computed: "cpu", "cuda" or "mps"."""
        return self._run.header.device

    @property
    def precision(self) -> str:
        """What it is computed in."""
        return self._run.header.precision

    def go_on(self) -> Iterator[Look]:
        """Train from the last look to the end; a look at a time.

        Raises:
            DataError: the loss is no longer finite.
        """
        steps, every = self._plan.spec.training.steps, self._plan.look_every
        losses, errors = [], []
        begin = time.perf_counter()
        for _, record in self._run.records():
            losses.append(record.loss)
            errors.append(1 - record.accuracy)
            if not np.isfinite(record.loss):
                raise DataError("The loss of step {step} is not finite. The run ends here.", step=record.step)
            if record.step % every and record.step != steps:
                continue
            score = evaluate(self.model, *self._test, self._autocast, CHUNK)
            look = Look(
                step=record.step,
                train_loss=float(np.mean(losses)),
                train_error=float(np.mean(errors)),
                test_loss=score.loss,
                test_error=score.error,
            )
            self.looks += (look,)
            self.seconds += time.perf_counter() - begin
            self._keep()
            yield look
            losses, errors = [], []
            begin = time.perf_counter()

    def forget(self) -> None:
        """Delete the state."""
        self._file.unlink(missing_ok=True)

    def _keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        torch.save(
            {
                "run": self._run.checkpoint(),
                "looks": [astuple(look) for look in self.looks],
                "seconds": self.seconds,
            },
            part,
        )
        part.replace(self._file)

    def _restore(self) -> None:
        state = torch.load(io.BytesIO(self._file.read_bytes()), weights_only=True)
        self._run.restore(state["run"])
        self.looks = tuple(Look(*values) for values in state["looks"])
        self.seconds = state["seconds"]
