"""Recorded runs: written by the command, read without torch, and the one that is shipped."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resnet_core import DataConfig, DataError, ResNetConfig, RunSpec, TrainConfig
from resnet_core.races import race
from resnet_core.recorded import Provenance, RecordedRun, load_recorded, save_recorded
from resnet_core.training import train_together

SHIPPED = Path(__file__).parents[2] / "assets" / "runs" / "two_by_two.json"
TINY = ResNetConfig(depths=(1, 1), widths=(4, 8), stem_width=4, in_channels=1)
EXPLODES = replace(TINY, depths=(20, 20), norm="none")
HOW = Provenance(date="2026-01-01", machine="a test", torch="2", seconds=1.0, command="none", precision="fp32")


@pytest.fixture(scope="module")
def run():
    recipe = TrainConfig(steps=5, batch=8, inspect_every=2, learning_rate=5.0, precision="fp32")
    running = train_together(
        RunSpec(networks=(EXPLODES, TINY), data=DataConfig(name="digits", size=8), training=recipe)
    )
    return RecordedRun(running.spec, running.header, tuple(running.records()), HOW)


def test_a_run_is_read_back_to_four_digits_in_the_same_order(run, tmp_path):
    size = save_recorded(run, tmp_path / "runs" / "run.json")
    again = load_recorded(tmp_path / "runs" / "run.json")
    assert size == (tmp_path / "runs" / "run.json").stat().st_size
    assert (again.spec, again.recorded) == (run.spec, HOW)
    assert again.header.networks[1].layers == run.header.networks[1].layers
    np.testing.assert_array_equal(again.header.sample, run.header.sample)
    assert [(r.network, r.record.step) for r in again.records] == [(r.network, r.record.step) for r in run.records]
    for new, old in zip(again.records, run.records, strict=True):
        np.testing.assert_allclose(new.record.loss, old.record.loss, rtol=5e-4)
        np.testing.assert_allclose(new.record.gradients, old.record.gradients, rtol=5e-4)
        assert (new.record.inspection is None) == (old.record.inspection is None)


def test_a_loss_that_was_not_finite_stays_so_and_the_file_is_json_for_everyone(run, tmp_path):
    assert not np.isfinite(run.of(0)[-1].loss)
    save_recorded(run, tmp_path / "run.json")
    json.loads((tmp_path / "run.json").read_text(), parse_constant=pytest.fail)  # NaN and Infinity are no JSON
    assert np.isnan(load_recorded(tmp_path / "run.json").of(0)[-1].loss)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"networks": []}', "\ufffd"])
def test_anything_else_is_refused_by_name(content, tmp_path):
    path = tmp_path / "notes.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"notes\.json cannot be read as a recorded run"):
        load_recorded(path)


def test_the_shipped_run_is_the_two_by_two_and_says_how_to_make_it_again():
    run = load_recorded(SHIPPED)
    assert run.spec.networks == race("two_by_two")
    assert {(network.is_plain, network.norm) for network in run.spec.networks} == {
        (plain, norm) for plain in (True, False) for norm in ("batch", "none")
    }
    assert run.recorded.command.startswith("python -m resnet_core record two_by_two ")
    assert SHIPPED.stat().st_size < 400_000
    assert len(run.records) == 4 * run.spec.training.steps


def test_in_the_shipped_run_only_the_network_with_neither_stands_still():
    """Without skip and BatchNorm, PyTorch's default init lets the signal die: the loss stays at ln 10."""
    run = load_recorded(SHIPPED)
    for index, network in enumerate(run.spec.networks):
        last = np.mean([step.loss for step in run.of(index)[-15:]])
        if network.is_plain and network.norm == "none":
            assert last == pytest.approx(np.log(10), abs=0.02)
        else:
            assert last < 1.3


@pytest.mark.slow
def test_the_shipped_run_repeats_on_this_machine():
    """The first steps again. Another processor rounds differently, so the figures agree to two digits, not to four."""
    run = load_recorded(SHIPPED)
    for record in train_together(run.spec).records():
        shipped = run.of(record.network)[record.record.step - 1]
        assert record.record.loss == pytest.approx(shipped.loss, rel=0.01)
        if record.record.step == 4 and record.network == 3:
            break


def test_reading_a_recorded_run_does_not_wait_for_torch():
    code = f"""
import sys
from pathlib import Path
from resnet_core.recorded import load_recorded
run = load_recorded(Path({str(SHIPPED)!r}))
sys.exit("torch" in sys.modules or len(run.header.networks) != 4)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=SHIPPED.parents[2], check=False).returncode == 0
