"""`list`: every experiment by name, with its question, the sections it belongs to, and who asked first."""

import argparse
import textwrap
from collections.abc import Iterator

from resnet_core.catalogue import EXPERIMENTS
from resnet_core.commands.as_json import dumps
from resnet_core.experiment_words import settings

WIDTH = 100
EXAMPLES = """\
examples:
  python -m resnet_core list
  python -m resnet_core list --json
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "list",
        help="name the experiments",
        description="Name every experiment: what it asks, sections of the curriculum, source, and about how many "
        "seconds it takes at its default settings on one thread.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON array, with the default settings")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Yield a paragraph per experiment, or one line of JSON."""
    if options.json:
        yield dumps(
            [
                {
                    "name": entry.name,
                    "question": entry.asks,
                    "section": entry.sections,
                    "source": entry.source,
                    "seconds": entry.seconds,
                    "settings": settings(entry.question()),
                }
                for entry in EXPERIMENTS.values()
            ]
        )
        return
    for entry in EXPERIMENTS.values():
        yield f"{entry.name:<24}about {entry.seconds:>3.0f} s    section {', '.join(entry.sections)}"
        for words in (entry.asks, entry.source):
            yield textwrap.fill(words, WIDTH, initial_indent="    ", subsequent_indent="    ")
