"""How many points of a loss surface per second? Beside the loop that one writes without a thought for speed.

    python -m benchmarks.surface [--rounds 15] [--points 8] [--json]

Both measure the same points of the same networks on the same pictures, in turn, in CPU seconds of one thread; a ratio
is the median over the rounds. The plain loop sets every weight tensor, runs the network as it is, and reads the loss.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.data import load_data
from resnet_core.model import build_model
from resnet_core.presets import cifar
from resnet_core.probes.directions import filter_direction, filter_weights
from resnet_core.probes.landscape import Landscape
from resnet_core.recipe import DataConfig

IMAGES = 256
Loss = Callable[[float, float], float]


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--points", type=int, default=8, help="per round")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    figures: dict[str, float] = {}
    for depth, width, data in (
        (20, 8, DataConfig(name="digits", size=8)),
        (56, 8, DataConfig(name="digits", size=8)),
        (20, 16, DataConfig(name="fashion", size=16)),
    ):
        figures |= compare(depth, width, data, asked.rounds, asked.points)
    print(json.dumps(figures, indent=2) if asked.json else "\n".join(f"{n:<72} {v:.3f}" for n, v in figures.items()))


def compare(depth: int, width: int, config: DataConfig, rounds: int, points: int) -> dict[str, float]:
    """Time both on one network."""
    data = load_data(config)
    model = build_model(cifar(depth, width=width, in_channels=1, init="default")).eval()
    images, labels = data.train_images[:IMAGES], data.train_labels[:IMAGES]
    generator = torch.Generator().manual_seed(0)
    directions = [filter_direction(model, generator) for _ in range(2)]
    contenders = {
        "plain loop": plain_loop(model, images, labels, directions),
        "ours": Landscape(model, images, labels).towards(*directions),
    }
    places = [(number / points, -number / points) for number in range(points)]
    apart = max(abs(contenders["ours"](*place) / contenders["plain loop"](*place) - 1) for place in places)
    seconds = in_turn(contenders, places, rounds)
    name = f"ResNet-{depth}, width {width}, {config.name} at {config.size} px"
    ratios = [slow / fast for slow, fast in zip(seconds["plain loop"], seconds["ours"], strict=True)]
    return {
        f"{name}, points per second, plain loop": points / statistics.median(seconds["plain loop"]),
        f"{name}, points per second, ours": points / statistics.median(seconds["ours"]),
        f"{name}, ours over plain loop": statistics.median(ratios),
        f"{name}, largest relative difference of a loss": apart,
    }


def plain_loop(model: nn.Module, images: Tensor, labels: Tensor, directions: Sequence[Tensor]) -> Loss:
    """What one writes at first: add the directions to every tensor, set it, run, read."""
    weights = filter_weights(model)
    sizes = [weight.numel() for weight in weights]
    home = [weight.detach().clone() for weight in weights]
    one, other = (
        [part.view(weight.shape) for part, weight in zip(direction.split(sizes), weights, strict=True)]
        for direction in directions
    )

    def loss(a: float, b: float) -> float:
        with torch.no_grad():
            for weight, middle, first, second in zip(weights, home, one, other, strict=True):
                weight.copy_(middle + a * first + b * second)
            return F.cross_entropy(model(images), labels).item()

    return loss


def in_turn(contenders: dict[str, Loss], places: Sequence[tuple[float, float]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds that each takes for all places, `rounds` times in turn, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for attempt in range(rounds + 1):
        for name, loss in contenders.items():
            begin = time.process_time()
            for place in places:
                loss(*place)
            if attempt:
                seconds[name].append(time.process_time() - begin)
    return seconds


if __name__ == "__main__":
    main()
