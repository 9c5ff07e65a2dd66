"""`check-assets`: whether what is shipped is what its cards say."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from resnet_core.errors import DataError
from resnet_core.recording.check import ASSETS, check_assets

EXAMPLES = """\
examples:
  python -m resnet_core check-assets

one line per recorded run and per network that is shipped: is the file whole, is it the one that was recorded, and does
the network still say about the photographs in assets/images what its card says. exit code 2 where something is wrong.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "check-assets",
        help="compare what is shipped with what its cards say",
        description="Check every recorded run and every network in assets/ against its card.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assets", type=Path, default=ASSETS, metavar="FOLDER", help="another folder (default: ours)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Yield a line per artefact.

    Raises:
        DataError: at least one is not as its card says.
    """
    wrong = []
    for found in check_assets(options.assets):
        yield f"{'WRONG' if found.problem else 'ok':<6}{found.file}: {found.problem or found.words}"
        wrong += [found.file] if found.problem else []
    if wrong:
        raise DataError(
            "{count} of the files in assets/ are not what their cards say: {files}. Fetch them again.",
            count=len(wrong),
            files=", ".join(wrong),
        )
