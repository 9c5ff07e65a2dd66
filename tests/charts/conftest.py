import numpy as np
import pytest

from resnet_core import ResNetConfig
from resnet_core.records import GradientReport, Inspection, NetworkHeader, RunHeader, RunRecord, StepRecord
from ui.charts import sketch


@pytest.fixture(autouse=True)
def _plotly_checks_every_figure(monkeypatch):
    """The app leaves the checking out: it takes longer than the drawing."""
    monkeypatch.setattr(sketch, "CHECK", True)


def _network(blocks=3, *, skip=True, norm=True, **settings):
    return ResNetConfig(
        depths=(blocks,) * 3, shortcut="A" if skip else "none", norm="batch" if norm else "none", **settings
    )


@pytest.fixture
def network():
    return _network


@pytest.fixture
def report():
    def make(*seeds, steps=0):
        norms = np.array(seeds, dtype=float)
        layers = ("stem.conv", *(f"stages.0.{block}.conv1" for block in range(norms.shape[1] - 1)))
        return GradientReport(layers, norms, np.full(len(seeds), 2.3), tuple(range(len(seeds))), steps)

    return make


@pytest.fixture
def run():
    """Records of networks with these losses, one network after another at each step."""

    def make(*losses, accuracy=0.5, gradients=(1.0, 2.0, 4.0), inspect=()):
        records = []
        for step in range(1, max(map(len, losses)) + 1):
            for index, series in enumerate(losses):
                if step <= len(series):
                    look = _inspection(step) if step in inspect else None
                    norms = np.array(gradients, dtype=np.float32)
                    records.append(
                        RunRecord(index, StepRecord(step, float(series[step - 1]), accuracy, 0.05, norms, look))
                    )
        return tuple(records)

    return make


def _inspection(step):
    empty = np.zeros(3, np.float32)
    maps = (np.full((16, 32, 32), step, np.uint8), np.full((32, 4, 4), 200, np.uint8))
    return Inspection(1.0, 0.25, empty, empty, empty, empty, maps)


@pytest.fixture
def header():
    def make(count):
        network = NetworkHeader(
            ("stem.conv", "stages.0.0.conv1", "stages.0.0.conv2"), ("stages.0.0",), ("stages.0.0",), 9
        )
        sample = np.arange(16, dtype=np.uint8).reshape(4, 4)
        return RunHeader((network,) * count, "fp32", "cpu", sample, "bag", tuple("abcdefghij"))

    return make
