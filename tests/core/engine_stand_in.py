"""A source of records that says when it ends, how long a step takes and how it fails, so that engines can be tested.

Workers import it by name. `DataConfig.path` chooses what happens and `TrainConfig.learning_rate` is a step's seconds.
"""

import os
import signal
import time
from dataclasses import dataclass

import numpy as np

from resnet_core import ConfigError, DataConfig, ResNetConfig, RunSpec, TrainConfig
from resnet_core.records import NetworkHeader, RunHeader, RunRecord, StepRecord

NETWORK = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4, in_channels=1)


def spec(behaviour: str = "ordinary", *, steps: int = 5, step_seconds: float = 0.01) -> RunSpec:
    return RunSpec(
        networks=(NETWORK,),
        data=DataConfig(name="digits", size=8, path=behaviour),
        training=TrainConfig(steps=steps, learning_rate=step_seconds),
    )


def small_run(steps: int, **settings):
    """Real training with steps of a few milliseconds."""
    network = ResNetConfig(depths=(1, 1, 1), widths=(8, 16, 32), stem_width=8, in_channels=1)
    training = TrainConfig(steps=steps, batch=16, precision="fp32", inspect_every=50, **settings)
    return RunSpec(networks=(network,), data=DataConfig(name="digits", size=8), training=training)


def open_run(spec: RunSpec):
    """Real training where the spec asks for no particular behaviour."""
    if spec.data.path:
        return StandIn(spec)
    import torch

    from resnet_core.training import train_together

    torch.set_num_threads(1)
    return train_together(spec)


@dataclass
class StandIn:
    spec: RunSpec
    taken: int = 0

    @property
    def header(self):
        network = NetworkHeader(("stem",), (), ("stem",), 1)
        return RunHeader((network,), "fp32", "cpu", np.zeros((8, 8), np.uint8), "0", ("0", "1"))

    def records(self):
        for step in range(self.taken + 1, self.spec.training.steps + 1):
            time.sleep(self.spec.training.learning_rate)
            if step == 3 and self.spec.data.path == "bad input":
                raise ConfigError("size is {size}. It must be 8.", size=7)
            if step == 3 and self.spec.data.path == "surprise":
                raise ZeroDivisionError("a secret path /etc/passwd")
            if step == 30 and self.spec.data.path == "deadly":
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            if step == 30 and self.spec.data.path == "deaf":
                time.sleep(600.0)
            self.taken = step
            yield RunRecord(0, StepRecord(step, 1 / step, 0.5, 0.1, np.ones(1, np.float32)))

    def weights(self):
        return (f"weights after step {self.taken}".encode(),)

    def checkpoint(self):
        return str(self.taken).encode()

    def restore(self, checkpoint):
        self.taken = int(checkpoint)
