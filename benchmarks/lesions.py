"""How long does it take to leave out each block of ResNet-56 in turn? Beside one forward pass per lesion.

    python -m benchmarks.lesions [--depth 56] [--size 16] [--width 16] [--images 1000] [--rounds 3] [--json]

Both give the same answers to the same pictures, in turn, in CPU seconds of one thread in float32; the ratio is the
median over the rounds. 27 lesions of ResNet-56 and the whole network are 28 passes.
"""

import argparse
import json
import statistics
import time

import torch
from torch import Tensor, nn

from resnet_core.experiments.lesions import CHUNK, modules
from resnet_core.experiments.operations import Route, draw_operations
from resnet_core.model import build_model
from resnet_core.presets import cifar
from resnet_core.probes.routes import run_routes


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("depth", 56), ("size", 16), ("width", 16), ("images", 1000), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    figures = compare(asked.depth, asked.size, asked.width, asked.images, asked.rounds)
    print(json.dumps(figures, indent=2) if asked.json else "\n".join(f"{n:<72} {v:.3f}" for n, v in figures.items()))


def compare(depth: int, size: int, width: int, images: int, rounds: int) -> dict[str, float]:
    """Time both on one network, with random weights and random pictures of three channels."""
    model = build_model(cifar(depth, width=width)).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    pictures = torch.randn(images, 3, size, size, generator=torch.Generator().manual_seed(0))
    pictures = pictures.contiguous(memory_format=torch.channels_last)
    parts = modules(model)
    operations = draw_operations(model.config, 1, 0)
    routes = operations.routes[: 1 + len(operations.blocks)]
    seconds: dict[str, list[float]] = {"one pass per lesion": [], "shared beginnings": []}
    contenders = {"one pass per lesion": one_by_one, "shared beginnings": together}
    for _ in range(rounds):
        answers = {}
        for name, act in contenders.items():
            begin = time.process_time()
            answers[name] = act(parts, pictures, routes)
            seconds[name].append(time.process_time() - begin)
        torch.testing.assert_close(answers["one pass per lesion"], answers["shared beginnings"])
    pairs = zip(seconds["one pass per lesion"], seconds["shared beginnings"], strict=True)
    what = f"ResNet-{depth}, width {width}, {images} images of {size} px, {len(routes)} routes"
    return {
        **{f"{what}, {name}, seconds": statistics.median(taken) for name, taken in seconds.items()},
        f"{what}, one pass over shared": statistics.median(slow / fast for slow, fast in pairs),
    }


def one_by_one(parts: list[nn.Module], pictures: Tensor, routes: tuple[Route, ...]) -> Tensor:
    """Every route from the picture on, (routes, images, classes)."""
    found = []
    with torch.inference_mode():
        for route in routes:
            chunks = []
            for chunk in pictures.split(CHUNK):
                x = chunk
                for module in route:
                    x = parts[module](x)
                chunks.append(x)
            found.append(torch.cat(chunks))
    return torch.stack(found)


def together(parts: list[nn.Module], pictures: Tensor, routes: tuple[Route, ...]) -> Tensor:
    """The same, as the laboratory does it."""
    chunks = [dict(run_routes(parts, chunk, routes)) for chunk in pictures.split(CHUNK)]
    return torch.stack([torch.cat([chunk[number] for chunk in chunks]) for number in range(len(routes))])


if __name__ == "__main__":
    main()
