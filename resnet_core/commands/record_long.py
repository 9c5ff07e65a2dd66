"""`record` of a long run: train in as many sittings as it takes, then write card and weights."""

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_core.errors import ConfigError
from resnet_core.recorded import Provenance
from resnet_core.recording.card import Card, save_card
from resnet_core.recording.corpora import corpus
from resnet_core.recording.machine import machine
from resnet_core.recording.plans import Plan
from resnet_core.recording.words import model_card

if TYPE_CHECKING:
    from resnet_core.data import DataSet
    from resnet_core.recording.long_run import LongRun

SUFFIX = ".safetensors"


def record(plan: Plan, options: argparse.Namespace) -> Iterator[str]:
    """Train, a line per look; then write FOLDER/NAME.json, and FOLDER/NAME.safetensors where weights are kept.

    Raises:
        ConfigError: it was not said where the pictures are.
        DataError: they are not what they should be.
    """
    import torch

    from resnet_core.data import load_data
    from resnet_core.precision import best_device
    from resnet_core.recording.long_run import LongRun

    if not options.path:
        raise ConfigError(
            "{name} learns from pictures that are not shipped. Say with --path where {file} is.",
            name=plan.name,
            file=corpus(plan.corpus).file,
        )
    device = best_device()
    if device.type == "cpu":
        torch.set_num_threads(1)
    data = load_data(replace(plan.spec.data, path=options.path))
    run = LongRun(plan, Path(options.path), data, options.keep or options.out, device)
    if run.looks:
        yield f"{plan.name}: goes on after step {run.looks[-1].step}"
    for look in run.go_on():
        yield (
            f"{plan.name}  step {look.step:>6}  training loss {look.train_loss:.4f}, error {look.train_error:.1%}  "
            f"test loss {look.test_loss:.4f}, error {look.test_error:.1%}  {run.seconds:.0f} s"
        )
    yield from write(plan, run, data, options.out)
    run.forget()


def write(plan: Plan, run: "LongRun", data: "DataSet", folder: Path) -> Iterator[str]:
    """Test the network as it is shipped, and write what there is to know."""
    import torch

    from resnet_core.checkpoints import load_checkpoint
    from resnet_core.recording import finish

    weights = finish.shipped_weights(run.model, data)
    model, _ = load_checkpoint(weights, plan.name + SUFFIX)
    place = Path(corpus(plan.corpus).file)
    card = Card(
        name=plan.name,
        corpus=plan.corpus,
        spec=plan.spec,
        recorded=Provenance(
            date=datetime.now(UTC).date().isoformat(),
            machine=machine(run.device),
            torch=torch.__version__,
            seconds=round(run.seconds, 1),
            command=f"python -m resnet_core record {plan.name} --path {place.name} --out {folder.name}",
            precision=run.precision,
        ),
        parameters=sum(weight.numel() for weight in model.parameters()),
        train_images=len(data.train_labels),
        looks=run.looks,
        tests=finish.tests_at(model, data, plan.sizes),
        weaknesses=finish.weaknesses(model, data),
        samples=finish.samples(weights, plan.sizes[-1]) if plan.weights else (),
        sha256=hashlib.sha256(weights).hexdigest() if plan.weights else "",
    )
    save_card(card, folder / f"{plan.name}.json")
    if plan.weights:
        (folder / f"{plan.name}{SUFFIX}").write_bytes(weights)
        (folder / f"{plan.name}.md").write_text(model_card(card), encoding="utf-8")
    for test in card.tests:
        low, high = test.interval()
        yield f"{plan.name}: {test.error:.1%} ({low:.1%} to {high:.1%}) of {test.images} wrong at {test.size} pixels"
