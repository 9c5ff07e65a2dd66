"""The laboratory from a terminal: python -m resnet_core inspect | train | record | download | list | EXPERIMENT."""

import argparse
import os
import sys
from collections.abc import Sequence

from resnet_core.commands import check_assets, dissect, download, experiment, inspect, listing, record, train
from resnet_core.errors import ResNetCoreError

BAD_INPUT = 2  # the exit code that argparse uses too
INTERRUPTED = 130

DESCRIPTION = """\
Take a residual network apart: count it, train it beside its plain twin, keep what happened.

The same experiments as in the app, without the app. Results go to standard output, one line as soon as it is there;
a setting that cannot be goes to standard error in one sentence, with exit code 2.
"""
EXAMPLES = """\
examples:
  python -m resnet_core inspect resnet50
  python -m resnet_core train --preset cifar-resnet20 --steps 50
  python -m resnet_core train --race two_by_two --steps 150 --json > run.jsonl
  python -m resnet_core list
  python -m resnet_core gradient-flow --out run/
  python -m resnet_core COMMAND --help

every experiment that `list` names is a command too.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    options = make_parser().parse_args(typed)
    options.typed = typed
    try:
        for line in options.run(options):
            print(line, flush=True)
    except ResNetCoreError as problem:
        print(problem, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough, as in `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The command line, described."""
    parser = argparse.ArgumentParser(
        prog="python -m resnet_core",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (inspect, train, record, dissect, check_assets, download, listing, experiment):
        command.add_parser(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
