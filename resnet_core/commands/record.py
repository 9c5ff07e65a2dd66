"""`record`: run a comparison once and keep it as a small file."""

import argparse
import platform
import shlex
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from resnet_core.commands.settings import add_network_options, add_recipe_options, run_spec
from resnet_core.races import RACES
from resnet_core.recorded import Provenance, RecordedRun, save_recorded

EXAMPLES = """\
examples:
  python -m resnet_core record two_by_two --out assets/runs/two_by_two.json
  python -m resnet_core record degradation --steps 200 --seed 1 --out degradation.json

the file holds the settings, when and on what machine it was recorded, how long it took, the command that makes it
again, and for every step loss, accuracy and gradient norms to four significant digits.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "record",
        help="train a comparison and keep the curves in a file",
        description="Train the networks of a comparison and write what happened to a JSON file that resnet_core can "
        "read again without torch.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("race", metavar="NAME", choices=tuple(RACES), help=f"one of {', '.join(RACES)}")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to write")
    add_network_options(parser)
    add_recipe_options(parser)
    parser.set_defaults(run=run, preset=None)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Train, write the file, and yield one line that says so."""
    import torch

    from resnet_core.training import train_together

    spec = run_spec(options)
    torch.set_num_threads(1)
    run = train_together(spec)
    begin = time.perf_counter()
    records = tuple(run.records())
    provenance = Provenance(
        date=datetime.now(UTC).date().isoformat(),
        machine=_machine(),
        torch=torch.__version__,
        seconds=round(time.perf_counter() - begin, 1),
        command=shlex.join(["python", "-m", "resnet_core", *options.typed]),
        precision=run.header.precision,
    )
    size = save_recorded(RecordedRun(spec, run.header, records, provenance), options.out)
    yield f"{options.out}: {len(records)} steps, {size / 1000:.0f} kB, {provenance.seconds} s"


def _machine() -> str:
    """Processor and number of cores, without anything that names the computer."""
    import os

    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        name = models[0] if models else name
    return f"{name}, {os.cpu_count()} cores, one thread used"
