"""`train`: networks side by side, one line per step."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from resnet_core.commands.as_json import header_line, record_line
from resnet_core.commands.settings import add_network_options, add_recipe_options, run_spec
from resnet_core.errors import ConfigError
from resnet_core.races import RACES
from resnet_core.recipe import RunSpec
from resnet_core.records import RunRecord

EXAMPLES = """\
examples:
  python -m resnet_core train --preset cifar-resnet20 --steps 50
  python -m resnet_core train --preset cifar-resnet56 --preset cifar-plain56 --init default --steps 150 --json
  python -m resnet_core train --preset cifar-resnet20 --no-skip --norm none --init default --steps 20
  python -m resnet_core train --race vanishing --steps 150 --json > run.jsonl
  python -m resnet_core train --spec spec.json

with --json the first line holds the settings and the names of layers and blocks, and each further line one step of
one network; numbers that are not finite are null. A network whose loss is no longer finite ends there, the others go
on. Networks get as many input channels and outputs as the data has. A run that was taken home from the app holds a
spec.json with every setting; with --spec, options for networks, data and recipe have no effect, except --path.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "train",
        help="train one to four networks and stream what happens",
        description="Train fresh networks in turn, one step each, on identical batches, and write one line per step "
        "as it happens. Ctrl-C ends the run.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_networks(parser)
    parser.add_argument("--spec", type=Path, metavar="FILE", help="a run's settings, as its spec.json has them")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    add_network_options(parser)
    add_recipe_options(parser)
    parser.set_defaults(run=run)


def add_networks(parser: argparse.ArgumentParser) -> None:
    """The two ways to name networks."""
    parser.add_argument("--preset", metavar="NAME", action="append", help="a network; see inspect --help for the names")
    parser.add_argument("--race", choices=tuple(RACES), help="networks whose comparison is a lesson")


def run(options: argparse.Namespace) -> Iterator[str]:
    """Yield a line per step."""
    import torch

    from resnet_core.training import train_together

    spec = written_spec(options.spec, options.path) if options.spec else run_spec(options)
    torch.set_num_threads(1)
    run = train_together(spec)
    if options.json:
        yield header_line(spec, run.header)
    for record in run.records():
        yield record_line(record) if options.json else _words(record)


def written_spec(file: Path, path: str = "") -> RunSpec:
    """The settings in a file; `path` says where the pictures are, if they do not come along.

    Raises:
        ConfigError: there is no such file, or it does not hold the settings of a run.
    """
    try:
        spec = RunSpec.from_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError("{file} cannot be read ({problem}).", file=file, problem=type(problem).__name__) from None
    return replace(spec, data=replace(spec.data, path=path)) if path else spec


def _words(record: RunRecord) -> str:
    step = record.record
    line = (
        f"network {record.network + 1}  step {step.step:>5}  loss {step.loss:>7.4f}  accuracy {step.accuracy:>5.1%}  "
        f"gradient, first layer {step.gradients[0]:.1e}, last {step.gradients[-1]:.1e}"
    )
    if step.inspection:
        line += f"  test loss {step.inspection.test_loss:.4f}, accuracy {step.inspection.test_accuracy:.1%}"
    return line
