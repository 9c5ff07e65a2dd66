"""How fast is live training, with all its instruments, beside bare loops? Ratios, interleaved in one process.

    python -m benchmarks.training [--depths 20 56] [--rounds 12] [--json]

Each round takes ten steps of every contender, so that one closer look falls into each round of the instrumented one;
a ratio is the median over the rounds of (seconds of the bare loop / seconds of instrumented training).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import nn
from torch.nn import functional as F

from resnet_core.config import ResNetConfig
from resnet_core.data import DataSet, load_data
from resnet_core.model import build_model
from resnet_core.precision import autocast, choose_precision
from resnet_core.recipe import DataConfig, TrainConfig
from resnet_core.training import train

STEPS_PER_ROUND = 10
CPU = torch.device("cpu")


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depths", type=int, nargs="+", default=[20, 56])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    data = load_data(DataConfig(name="fashion", size=16))
    rows = [compare(depth, data, asked.rounds) for depth in asked.depths]
    print(json.dumps(rows, indent=2) if asked.json else table(rows))


def compare(depth: int, data: DataSet, rounds: int) -> dict[str, float | str]:
    """Time the contenders on one depth."""
    blocks = (depth - 2) // 6
    config = ResNetConfig(depths=(blocks,) * 3, in_channels=1, init="default", zero_gamma=True)
    recipe = TrainConfig(steps=TrainConfig.MAX_STEPS, augment=False)
    precision = choose_precision("auto", CPU)
    contenders = {
        "instrumented": train(build_model(config), data, recipe),
        "without looks": train(build_model(config), data, replace(recipe, inspect_every=0)),
        "bare, same settings": bare(config, data, recipe, channels_last=True, precision=precision),
        "bare, fp32 contiguous": bare(config, data, recipe, channels_last=False, precision="fp32"),
    }
    seconds = interleave({name: loop.__next__ for name, loop in contenders.items()}, rounds)
    live = seconds["instrumented"]
    row: dict[str, float | str] = {"network": f"ResNet-{depth}", "precision": precision, "batch": recipe.batch}
    row["images per second"] = recipe.batch * STEPS_PER_ROUND / statistics.median(live)
    for name, times in seconds.items():
        row[f"over {name}"] = statistics.median(other / own for other, own in zip(times, live, strict=True))
    return row


def bare(
    config: ResNetConfig, data: DataSet, recipe: TrainConfig, *, channels_last: bool, precision: str
) -> Iterator[None]:
    """What one writes without a thought for measuring: shuffled batches, SGD, nothing read."""
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model = build_model(config).train().to(memory_format=layout)  # pyright: ignore[reportCallIssue]
    optimiser = torch.optim.SGD(
        model.parameters(), recipe.learning_rate, recipe.momentum, weight_decay=recipe.weight_decay
    )
    while True:
        for picked in torch.randperm(len(data.train_labels)).split(recipe.batch):
            _bare_step(model, optimiser, data, picked, "bf16" if precision == "bf16" else "fp32")
            yield


def _bare_step(
    model: nn.Module, optimiser: torch.optim.Optimizer, data: DataSet, picked: torch.Tensor, precision: str
) -> None:
    with autocast("bf16" if precision == "bf16" else "fp32", CPU):
        loss = F.cross_entropy(model(data.train_images[picked]), data.train_labels[picked])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def interleave(steps: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of ten steps of each, `rounds` times in turn, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for attempt in range(rounds + 1):
        for name, step in steps.items():
            begin = time.process_time()  # one thread: what a free core would take, whoever else is at work
            for _ in range(STEPS_PER_ROUND):
                step()
            if attempt:
                seconds[name].append(time.process_time() - begin)
    return seconds


def table(rows: list[dict[str, float | str]]) -> str:
    """The rows as Markdown."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([_shown(row[name]) for name in names] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _shown(value: float | str) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
