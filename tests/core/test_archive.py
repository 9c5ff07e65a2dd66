"""The file that a visitor takes home from a run."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest

from resnet_core import DataConfig, ResNetConfig, RunResult, RunSpec, TrainConfig, load_checkpoint, pack_run
from resnet_core.training import train_together

TINY = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4, in_channels=1)
SPEC = RunSpec(
    networks=(TINY, replace(TINY, shortcut="none")),
    data=DataConfig(name="digits", size=8),
    training=TrainConfig(steps=3, batch=16, inspect_every=2, precision="fp32"),
)


@pytest.fixture(scope="module")
def result():
    run = train_together(SPEC)
    return RunResult(run.header, tuple(run.records()), run.weights(), "finished", 1.5)


def unpacked(spec, result):
    with zipfile.ZipFile(io.BytesIO(pack_run(spec, result))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_settings_in_the_file_describe_the_same_run(result):
    assert RunSpec.from_json(unpacked(SPEC, result)["spec.json"].decode()) == SPEC


@pytest.mark.parametrize("name", ["folder", "cifar10"])
def test_the_file_does_not_say_where_pictures_lie_on_the_server(result, name):
    spec = replace(SPEC, data=DataConfig(name=name, size=8, path="/srv/school/uploads/of-fred.npz"))
    files = unpacked(spec, result)
    assert not [name for name, content in files.items() if b"/srv" in content or b"of-fred" in content]
    assert RunSpec.from_json(files["spec.json"].decode()) == replace(spec, data=DataConfig(name=name, size=8))


def test_every_step_is_a_row_and_every_network_a_file_of_weights(result):
    files = unpacked(SPEC, result)
    rows = list(csv.DictReader(io.StringIO(files["metrics.csv"].decode())))
    assert [(row["network"], row["step"]) for row in rows] == [(n, s) for s in "123" for n in "12"]
    assert [float(row["loss"]) for row in rows] == [record.loss for _, record in result.records]
    assert [bool(row["test_accuracy"]) for row in rows] == [False, False, True, True, True, True]
    gradients = list(csv.DictReader(io.StringIO(files["gradients.csv"].decode())))
    assert len(gradients) == 2 * 3 * len(result.header.networks[0].layers)
    for number, config in enumerate(SPEC.networks, start=1):
        assert load_checkpoint(files[f"network-{number}.safetensors"], "a.safetensors")[0].config == config
