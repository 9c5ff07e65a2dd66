"""`download`: fetch a data set that is not shipped. Only this command ever goes to the network."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from resnet_core.datasets.download import CIFAR10_URL, download_cifar10

MEGABYTE = 1_000_000
EXAMPLES = """\
examples:
  python -m resnet_core download cifar10 --to data
  python -m resnet_core train --data cifar10 --path data --size 32 --steps 100

an interrupted download goes on where it ended; the archive is checked against its published MD5 sum.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "download",
        help="fetch CIFAR-10 once, checked",
        description="Fetch CIFAR-10's python archive (about 170 MB) from its authors' page.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=("cifar10",), help="the data set")
    parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="where to put it")
    parser.add_argument("--url", default=CIFAR10_URL, help="another place that has the same archive")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Download, with progress on standard error, and yield the path."""
    archive = download_cifar10(options.to, url=options.url, progress=_show if sys.stderr.isatty() else None)
    yield str(archive)


def _show(done: int, total: int | None) -> None:
    of = f" of {total / MEGABYTE:.0f}" if total else ""
    sys.stderr.write(f"\r{done / MEGABYTE:.0f}{of} MB")
    if done == total:
        sys.stderr.write("\n")
    sys.stderr.flush()
