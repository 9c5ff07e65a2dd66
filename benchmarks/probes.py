"""What do probes cost? Activations of ResNet-50 beside a bare forward pass; the cost table of ResNet-152.

    python -m benchmarks.probes [--rounds 15] [--json]

Ratios are medians over rounds in which the contenders take turns, in CPU seconds of one thread.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import torch

from resnet_core.experiments.costs import cost_report
from resnet_core.experiments.pictures import picture_report
from resnet_core.images import to_input
from resnet_core.model import build_model
from resnet_core.presets import preset
from resnet_core.probes import record
from resnet_core.samples import edge_pattern


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    figures = activations(asked.rounds) | costs(asked.rounds)
    print(json.dumps(figures, indent=2) if asked.json else "\n".join(f"{n:<52} {v:.3f}" for n, v in figures.items()))


def activations(rounds: int) -> dict[str, float]:
    """Forward passes of ResNet-50 at 224 pixels: bare, with stem and blocks kept, with every layer kept."""
    model = build_model(preset("resnet50")).eval()
    picture, image = edge_pattern(224), to_input(edge_pattern(224), 224)
    layers = [name for name, module in model.named_modules() if name and not list(module.children())]

    def bare() -> None:
        with torch.no_grad():
            model(to_input(picture, 224))

    def every_layer() -> None:
        with torch.no_grad(), record(model, layers, copy=False):
            model(image)

    seconds = in_turn(
        {"bare": bare, "picture_report": lambda: picture_report(model, picture), "every layer": every_layer}, rounds
    )
    found = {"ResNet-50 at 224 px, bare forward pass, seconds": statistics.median(seconds["bare"])}
    for name in ("picture_report", "every layer"):
        ratio = statistics.median(own / bare for own, bare in zip(seconds[name], seconds["bare"], strict=True))
        found[f"{name} over bare"] = ratio
    return found


def costs(rounds: int) -> dict[str, float]:
    """The cost table of ResNet-152 at 224 pixels, from its config, in seconds."""
    config = preset("resnet152")
    seconds = in_turn({"table": lambda: cost_report(config, (3, 224, 224))}, rounds)["table"]
    return {
        "ResNet-152 cost table with building, seconds, best": min(seconds),
        "ResNet-152 cost table with building, seconds, median": statistics.median(seconds),
    }


def in_turn(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each, `rounds` times in turn, after two rounds to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for attempt in range(rounds + 2):
        for name, act in contenders.items():
            begin = time.process_time()
            act()
            if attempt >= 2:
                seconds[name].append(time.process_time() - begin)
    return seconds


if __name__ == "__main__":
    main()
