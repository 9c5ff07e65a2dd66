"""How long does it take to read what is shipped? Each recorded run, answer and network, against the goal of 0.5 s.

    python -m benchmarks.assets [--rounds 5] [--json]

The median over the rounds, in CPU seconds of one thread, with everything imported before; a network is read, built and
filled with its weights. The ratio is to the goal.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from resnet_core.checkpoints import load_checkpoint
from resnet_core.recorded import load_recorded
from resnet_core.recording.answers import load_answer
from resnet_core.recording.card import load_card
from resnet_core.recording.check import ASSETS

GOAL = 0.5  # seconds for any of them


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    figures = {}
    for path, read in artefacts(ASSETS):
        seconds = taken(read, asked.rounds)
        figures[path.relative_to(ASSETS).as_posix()] = {"seconds": seconds, "share of the goal": seconds / GOAL}
    if asked.json:
        print(json.dumps(figures, indent=2))
        return
    for name, found in sorted(figures.items(), key=lambda one: -one[1]["seconds"]):
        print(f"{name:<48} {found['seconds']:.4f} s  {found['share of the goal']:6.1%}")


def artefacts(assets: Path) -> Iterator[tuple[Path, Callable[[], object]]]:
    """Every artefact and what reads it."""
    for path in sorted((assets / "runs").glob("*.json")):
        yield path, lambda path=path: load_recorded(path)
    for path in sorted((assets / "answers").iterdir()):
        yield path, lambda path=path: load_answer(path).record()
    for folder in ("curves", "weights"):
        for path in sorted((assets / folder).glob("*.json")):
            yield path, lambda path=path: load_card(path)
    for path in sorted((assets / "weights").glob("*.safetensors")):
        yield path, lambda path=path: load_checkpoint(path.read_bytes(), path.name)


def taken(read: Callable[[], object], rounds: int) -> float:
    """The median CPU time of a reading."""
    seconds = []
    read()
    for _ in range(rounds):
        begin = time.process_time()
        read()
        seconds.append(time.process_time() - begin)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
