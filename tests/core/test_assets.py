"""Provenance: everything that is shipped as evidence is what it says, can be made again, and is small."""

from itertools import islice
from pathlib import Path

import pytest

from resnet_core.__main__ import main
from resnet_core.recorded import load_recorded
from resnet_core.recording.check import check_assets
from resnet_core.training import train_together

ASSETS = Path(__file__).parents[2] / "assets"
RUNS = sorted((ASSETS / "runs").glob("*.json"))
PROSE = {".md", ".json", ".txt"}


def test_everything_that_is_shipped_is_what_it_says(capsys):
    assert main(["check-assets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    curves = (ASSETS / "curves").glob("*.json")
    kept = [*RUNS, *(ASSETS / "answers").iterdir(), *curves, *(ASSETS / "weights").glob("*.safetensors")]
    assert len(lines) == len(kept) == len(list(check_assets()))


def test_a_terminal_learns_of_the_first_file_that_is_not(capsys, tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "odd.json").write_text("{}")
    assert main(["check-assets", "--assets", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out.startswith("WRONG runs/odd.json: odd.json cannot be read as a recorded run")
    assert "1 of the files in assets/" in told.err


def test_all_of_it_is_smaller_than_60_mb_and_weights_hold_no_code():
    assert sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file()) < 60e6
    kinds = {path.suffix for path in (ASSETS / "weights").iterdir()}
    assert kinds <= PROSE | {".safetensors"}


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_every_recorded_run_begins_again_as_it_was(path):
    """Three steps of each network. Another processor rounds differently: two digits, not four."""
    kept = load_recorded(path)
    assert kept.recorded.command.startswith("python -m resnet_core record ")
    assert kept.recorded.command.endswith(f" --out assets/runs/{path.name}")
    again = train_together(kept.spec).records()
    for network, record in islice(again, 3 * len(kept.spec.networks)):
        expected = kept.of(network)[record.step - 1].loss
        assert record.loss == pytest.approx(expected, rel=0.02, nan_ok=True), (network, record.step)


@pytest.mark.slow
def test_a_small_recorded_run_comes_again_from_beginning_to_end():
    """Digits without BatchNorm: rounding errors stay small, so that even the last losses agree."""
    kept = load_recorded(ASSETS / "runs" / "vanishing-digits.json")
    again = train_together(kept.spec)
    records = list(again.records())
    assert len(records) == len(kept.records)
    for index in range(len(kept.spec.networks)):
        steps = kept.of(index)
        losses = [record.loss for network, record in records if network == index]
        assert len(losses) == len(steps)
        assert sum(losses[-15:]) == pytest.approx(sum(step.loss for step in steps[-15:]), rel=0.1, abs=0.3)
        assert losses[:10] == pytest.approx([step.loss for step in steps[:10]], rel=0.02)
