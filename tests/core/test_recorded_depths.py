"""Cards of long runs as one record: every number where it belongs, gaps where there was no run."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_core.errors import DataError
from resnet_core.recorded import Provenance
from resnet_core.recording.card import Card, Look, SizeTest, save_card
from resnet_core.recording.depths import depth_curves, recorded_depths
from resnet_core.recording.plans import plans

HOW = Provenance(date="2026-01-01", machine="a test", torch="2", seconds=60.0, command="none", precision="fp32")


def card(name, errors):
    """A run with these training errors, a look each; its test errors are 0.05 higher, the last on 10,000 pictures."""
    spec = plans()[name].spec
    looks = tuple(
        Look(step=25 * number, train_loss=2 * error, train_error=error, test_loss=1.0, test_error=error + 0.05)
        for number, error in enumerate(errors, start=1)
    )
    tests = (SizeTest(size=32, images=10_000, wrong=round(10_000 * (errors[-1] + 0.04))),)
    return Card(
        name=name, corpus="cifar10_jpeg", spec=spec, recorded=HOW, parameters=1, train_images=50_000, looks=looks,
        tests=tests,
    )  # fmt: skip


FALLING = tuple(np.linspace(0.9, 0.2, 16))
CARDS = (
    card("degradation-plain-20", FALLING),
    card("degradation-plain-20-seed-1", FALLING[::-1]),
    card("degradation-residual-56", FALLING),
)


def test_every_run_stands_at_its_kind_depth_and_seed():
    record = depth_curves(CARDS)
    assert (record.report.depths, record.report.seeds) == ((20, 56), (0, 1))
    assert list(record.looks) == [25 * number for number in range(1, 17)]
    np.testing.assert_allclose(record.train[0, 0, 0], FALLING)
    np.testing.assert_allclose(record.train[0, 0, 1], FALLING[::-1])
    np.testing.assert_allclose(record.test[1, 1, 0], np.add(FALLING, 0.05))
    there = np.isfinite(record.test).all(axis=-1)
    assert there.sum() == 3


def test_the_end_is_the_mean_of_the_last_eighth_and_the_test_on_all_pictures():
    report = depth_curves(CARDS).report
    assert report.train_error[0, 0, 0] == pytest.approx((FALLING[-1] + FALLING[-2]) / 2)
    assert report.train_loss[0, 0, 0] == pytest.approx(FALLING[-1] + FALLING[-2])
    assert report.test_error[1, 1, 0] == pytest.approx(0.24)
    assert (report.guess, report.norm, report.steps) == (pytest.approx(0.9), "batch", 400)


def test_runs_of_other_lengths_do_not_go_together():
    with pytest.raises(DataError, match="recorded for different steps"):
        depth_curves([CARDS[0], replace(CARDS[2], looks=CARDS[2].looks[:5])])


def test_a_folder_of_cards_is_read_and_an_empty_one_is_none(tmp_path):
    (tmp_path / "empty").mkdir()
    assert recorded_depths(tmp_path / "empty") is None
    for one in CARDS:
        save_card(one, tmp_path / f"{one.name}.json")
    found = recorded_depths(tmp_path)
    assert found is not None
    np.testing.assert_array_equal(found.curves.train, depth_curves(CARDS).train)
    assert {one.name for one in found.cards} == {one.name for one in CARDS}
