"""`record`: run a comparison once and keep it as a small file, or make one of the networks that are shipped."""

import argparse
import shlex
import textwrap
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from resnet_core.commands import record_long
from resnet_core.commands.settings import add_network_options, add_recipe_options, run_spec
from resnet_core.races import RACES
from resnet_core.recorded import Provenance, RecordedRun, save_recorded
from resnet_core.recording.machine import machine
from resnet_core.recording.plans import plans

EXAMPLES = """\
examples:
  python -m resnet_core record two_by_two --out assets/runs/two_by_two.json
  python -m resnet_core record degradation --steps 200 --seed 1 --out degradation.json
  python -m resnet_core record photos-residual --path photos64.npz --out weights/

the file of a comparison holds the settings, when and on what machine it was recorded, how long it took, the command
that makes it again, and for every step loss, accuracy and gradient norms to four significant digits.

a long run takes hours. It is kept after every look, and the same command goes on where it was interrupted. What it
learns from is not shipped. Its settings are fixed: options for networks and recipe have no effect. It writes
NAME.json, what is known of it, and for some NAME.safetensors. The long runs:
  {plans}
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "record",
        help="train a comparison and keep the curves in a file",
        description="Train the networks of a comparison and write what happened to a JSON file that resnet_core can "
        "read again without torch.",
        epilog=EXAMPLES.replace("{plans}", "\n  ".join(textwrap.wrap(", ".join(plans()), 110))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = (*RACES, *plans())
    parser.add_argument("name", metavar="NAME", choices=names, help=f"one of {', '.join(RACES)}, or a long run")
    parser.add_argument("--out", required=True, type=Path, help="the file to write; for a long run a folder")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where a long run is kept meanwhile (--out)")
    add_network_options(parser)
    add_recipe_options(parser)
    parser.set_defaults(run=run, preset=None)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Train, write the file, and yield a line that says so; of a long run a line per look."""
    if options.name in plans():
        yield from record_long.record(plans()[options.name], options)
        return
    import torch

    from resnet_core.training import train_together

    options.race = options.name
    spec = run_spec(options)
    torch.set_num_threads(1)
    run = train_together(spec)
    begin = time.perf_counter()
    records = tuple(run.records())
    provenance = Provenance(
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        torch=torch.__version__,
        seconds=round(time.perf_counter() - begin, 1),
        command=shlex.join(["python", "-m", "resnet_core", *options.typed]),
        precision=run.header.precision,
    )
    size = save_recorded(RecordedRun(spec, run.header, records, provenance), options.out)
    yield f"{options.out}: {len(records)} steps, {size / 1000:.0f} kB, {provenance.seconds} s"
