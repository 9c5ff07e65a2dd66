"""Small networks, recorded as those are that come with the laboratory."""

import argparse
from dataclasses import replace

from resnet_core.commands import record_long
from resnet_core.recipe import DataConfig, RunSpec, TrainConfig
from resnet_core.recording.plans import Plan
from tests.core import jpeg_archive
from tests.core.random_configs import small

ARCHIVE = "photos64.npz"
DATA = DataConfig(name="jpegs", size=16)
TRAINING = TrainConfig(steps=6, batch=8, precision="fp32", inspect_every=0)


def write(place):
    """Two networks that were trained alike, and one from another seed, in place/weights; and their pictures."""
    archive = jpeg_archive.write(place / ARCHIVE)
    for name, shortcut, seed in (("residual", "A", 0), ("plain", "none", 0), ("other", "A", 1)):
        networks = (small(shortcut=shortcut, classes=2),)
        spec = RunSpec(networks=networks, data=DATA, training=replace(TRAINING, seed=seed))
        plan = Plan(name=name, corpus="photos64", spec=spec, look_every=3, weights=True, sizes=(16,))
        list(record_long.record(plan, argparse.Namespace(path=str(archive), out=place / "weights", keep=place)))
    return place
