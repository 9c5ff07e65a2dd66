"""A run's settings as a link to Train live: whoever opens it and presses Train makes the same run."""

from dataclasses import replace

import pytest

from resnet_core import DataConfig, RunSpec, TrainConfig, cifar, get_store, preset, race
from tests.app.screen import results, wait_for
from ui.again import train_again

DIGITS = DataConfig(name="digits", size=8)
SHAPE = {"width": 4, "in_channels": 1}
OWN = (
    cifar(8, plain=True, init="he", **SHAPE),
    cifar(14, zero_gamma=True, init="default", **SHAPE),
    cifar(8, norm="none", init="default", **SHAPE),
)
RECIPE = TrainConfig(
    steps=4,
    batch=16,
    optimiser="adam",
    learning_rate=0.001,
    schedule="step",
    milestones=(2, 3),
    warm_up=1,
    augment=True,
    seed=7,
)


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec(networks=race("vanishing", width=4), data=DIGITS, training=TrainConfig(steps=3)),
        RunSpec(networks=OWN, data=DIGITS, training=RECIPE),
    ],
    ids=["a comparison", "networks of one's own"],
)
def test_the_link_of_a_run_makes_the_same_run(open_app, spec):
    app = open_app("train", **train_again(spec))
    app.button(key="start_train").click().run()
    wait_for(app, results)
    assert not app.exception
    (kept,) = wait_for(app, lambda app: get_store().runs_of(app.session_state["_visitor"]))
    assert kept.spec == spec


@pytest.mark.parametrize(
    "changes",
    [
        {"networks": (replace(OWN[0], shortcut="B"),)},
        {"networks": (preset("resnet18"),)},
        {"networks": (cifar(8, width=6),)},
        {"training": TrainConfig(learning_rate=0.04)},
        {"training": TrainConfig(momentum=0.5)},
        {"training": TrainConfig(steps=5000)},
        {"training": TrainConfig(schedule="step", milestones=(1,))},
        {"data": DataConfig(name="digits", size=64)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_the_controls_cannot_ask_for_has_no_link(changes):
    assert train_again(replace(RunSpec(networks=OWN, data=DIGITS), **changes)) is None
