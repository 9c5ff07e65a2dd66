"""`EXPERIMENT`: run an experiment of the catalogue and keep what it finds. `list` names them."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from resnet_core.catalogue import EXPERIMENTS
from resnet_core.commands.as_json import dumps
from resnet_core.commands.asked import wanted
from resnet_core.experiment_words import QUESTION_FILE, experiment_command, question_json, settings
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import build
from resnet_core.records.progress import Progress

EXAMPLES = """\
examples:
  python -m resnet_core {name} --out run/
  python -m resnet_core {name} --json > record.json
  python -m resnet_core {name} --config question.json --take-home {name}.zip

settings and their defaults:
{defaults}

--config takes an object with some of these, or a file with one; what it leaves out keeps its default. A network can be
given by name: {{"preset": "cifar-resnet20", "in_channels": 1}}. Ctrl-C ends an experiment; with --out, what it had
found by then is kept.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands to argparse: one per experiment, none of them in the list of commands."""
    for entry in EXPERIMENTS.values():
        parser = commands.add_parser(
            entry.name,
            description=f"{entry.asks} About {entry.seconds:.0f} s on one thread. Source: {entry.source}.",
            epilog=EXAMPLES.format(name=entry.name, defaults=_defaults(entry)),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--config", metavar="JSON", default="{}", help="settings, or a file that holds them")
        parser.add_argument(
            "--set", metavar="NAME=VALUE", action="append", default=[], help="one setting, as in training.seed=1"
        )
        parser.add_argument("--out", type=Path, metavar="FOLDER", help="write record.json, record.npz, question.json")
        parser.add_argument("--json", action="store_true", help="print the record as one JSON object")
        parser.add_argument("--take-home", type=Path, metavar="ZIP", help="write code and data instead of running it")
        parser.set_defaults(run=run, experiment=entry.name)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Run, with progress on standard error, and yield a summary or the record."""
    entry = EXPERIMENTS[options.experiment]
    question = build(entry.question, wanted(entry, options.config, options.set))
    if options.take_home:
        from resnet_core.export.pack import pack_experiment

        options.take_home.write_bytes(pack_experiment(entry.name, question))
        yield str(options.take_home)
        return
    record = _record(entry, question, options.out)
    if options.json:
        about = {"experiment": entry.name, "question": settings(question)}
        yield dumps(about | {"record": record})
        return
    from resnet_core.record_words import summary

    yield from summary(record)
    if options.out:
        yield f"written to {options.out}"


def _record(entry: Experiment, question: object, out: Path | None) -> object:
    import torch

    from resnet_core.alone import Teller, last_moment

    torch.set_num_threads(1)
    begin = time.monotonic()
    found: list[Progress] = []
    try:
        record = last_moment(entry.ask(question), Teller(sys.stderr), found).record
    finally:  # also when it is interrupted
        if out and found and found[0].record is not None:
            command = experiment_command(entry, question)
            keep(out, entry, question, found[0].record, command, time.monotonic() - begin, found[0].done)
    return record


def keep(
    out: Path, entry: Experiment, question: object, record: object, command: str, seconds: float, done: float = 1.0
) -> None:
    """Write an answer as `load_answer` reads it. `done` below 1: it was interrupted, and this was known by then."""
    import platform
    from datetime import UTC, datetime

    import numpy as np
    import torch

    from resnet_core.record_files import write_record
    from resnet_core.recording.machine import machine

    write_record(out, record)
    text = question_json(
        entry,
        question,
        command=command,
        done=done,
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        seconds=round(seconds, 1),
        versions={"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
    )
    (out / QUESTION_FILE).write_text(text, encoding="utf-8")


def _defaults(entry: Experiment) -> str:
    return "\n".join(f"  {name} = {json.dumps(value)}" for name, value in settings(entry.question()).items())
