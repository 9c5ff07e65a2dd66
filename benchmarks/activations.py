"""All activations of a network, and its cost table, beside the tools that one would take instead.

    python -m benchmarks.activations [--rounds 7] [--size 64] [--cost-size 224] [--json]

The rivals are no dependencies of this project: install them into an environment of their own that also sees it,

    python -m venv --system-site-packages /path/to/rivals
    /path/to/rivals/bin/pip install torchlens torchinfo fvcore ptflops

and run this there, started from the project's folder. Where one is missing it is left out and said so. Contenders do
the same work in turn; the numbers are medians of CPU seconds of one thread, and ratios over ours.
"""

import argparse
import importlib
import io
import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from resnet_core.model import build_model
from resnet_core.presets import preset
from resnet_core.probes import count_costs, record

NETWORK = "resnet50"


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, default=64, help="pixels per side, for the activations")
    parser.add_argument("--cost-size", type=int, default=224, help="pixels per side, for the cost table")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    # ptflops asks for torchvision and does without, unless there is one that was built for another torch
    sys.modules["torchvision"] = None  # pyright: ignore[reportArgumentType]
    model = as_pytorchs(build_model(preset(NETWORK)).eval())
    figures = activations(model, asked.size, asked.rounds) | costs(model, asked.cost_size, asked.rounds)
    if asked.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:<72} {value if isinstance(value, str) else format(value, ',.4g')}")


def as_pytorchs(model: nn.Module) -> nn.Module:
    """The same network of PyTorch's own layers. ptflops knows layers by their very class and would pass over ours."""
    for module in model.modules():
        for kind in (nn.Conv2d, nn.Linear):
            if isinstance(module, kind):
                module.__class__ = kind  # pyright: ignore[reportAttributeAccessIssue]
    return model


def activations(model: nn.Module, size: int, rounds: int) -> dict[str, float | str]:
    """The output of every module without children, for one picture."""
    layers = [name for name, module in model.named_modules() if name and not list(module.children())]
    image = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))

    def ours() -> dict[str, Tensor]:
        with torch.no_grad(), record(model, layers) as tape:
            model(image)
        return tape.activations

    def captum_loop() -> dict[str, Any]:
        from captum.attr import LayerActivation

        with torch.no_grad():
            return {name: LayerActivation(model, model.get_submodule(name)).attribute(image) for name in layers}

    def torchlens() -> object:
        import torchlens as tl  # pyright: ignore[reportMissingImports]

        with torch.no_grad():
            return tl.trace(model, image)

    contenders: dict[str, Callable[[], object]] = {"ours": ours, "captum LayerActivation in a loop": captum_loop}
    contenders |= {"torchlens": torchlens} if there("torchlens") else {}
    found = table(f"activations of {len(layers)} layers of {NETWORK} at {size} px", contenders, rounds)
    one, other = ours(), captum_loop()
    same = all(torch.equal(one[name], other[name]) for name in layers)
    return found | {"  activations equal captum's": "yes" if same else "no"} | missing("torchlens")


def costs(model: nn.Module, size: int, rounds: int) -> dict[str, float | str]:
    """Parameters and multiply-accumulates of every layer, for one picture.

    Ours and torchinfo count convolutions and linear layers; fvcore and ptflops add normalisation, pooling and ReLUs,
    each in a way of its own. So fvcore's convolutions and linear layers are shown by themselves too.
    """
    shape = (3, size, size)

    def torchinfo() -> float:
        from torchinfo import summary  # pyright: ignore[reportMissingImports]

        return summary(model, (1, *shape), verbose=0).total_mult_adds

    def fvcore(only: tuple[str, ...] = ()) -> float:
        from fvcore.nn import FlopCountAnalysis  # pyright: ignore[reportMissingImports]

        counting = FlopCountAnalysis(model, torch.zeros(1, *shape))
        counting.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        counting.by_module()
        found = counting.by_operator()
        return sum(count for name, count in found.items() if not only or name in only)

    def ptflops() -> float:
        from ptflops import get_model_complexity_info  # pyright: ignore[reportMissingImports]

        macs, _ = get_model_complexity_info(
            model, shape, as_strings=False, print_per_layer_stat=True, verbose=False, backend="pytorch",
            ost=io.StringIO(),
        )  # fmt: skip
        return float(macs or 0)

    rivals: dict[str, Callable[[], float]] = {"torchinfo": torchinfo, "fvcore": fvcore, "ptflops": ptflops}
    rivals = {name: count for name, count in rivals.items() if there(name)}
    ours = count_costs(model, shape)
    found = table(
        f"cost table of {NETWORK} at {size} px", {"ours": lambda: count_costs(model, shape), **rivals}, rounds
    )
    found |= {"  MACs, ours (convolutions and linear layers, no biases)": float(ours.macs)}
    for name, count in rivals.items():
        found[f"  MACs, {name}, over ours"] = count() / ours.macs
    if "fvcore" in rivals:
        found["  MACs, fvcore, convolutions and linear layers alone, over ours"] = (
            fvcore(("conv", "linear")) / ours.macs
        )
    return found | missing("torchinfo", "fvcore", "ptflops")


def table(work: str, contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float | str]:
    """Median CPU seconds of each, and how many times ours that is."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for attempt in range(rounds + 1):  # the first is to warm up
        for name, act in contenders.items():
            begin = time.process_time()
            act()
            if attempt:
                seconds[name].append(time.process_time() - begin)
    found: dict[str, float | str] = {}
    for name, own in seconds.items():
        found[f"{work}: {name}, seconds"] = statistics.median(own)
        if name != "ours":
            ratios = [theirs / mine for theirs, mine in zip(own, seconds["ours"], strict=True)]
            found[f"  {name} over ours"] = statistics.median(ratios)
    return found


def there(package: str) -> bool:
    """Whether a rival is installed."""
    try:
        importlib.import_module(package)
    except ImportError:
        return False
    return True


def missing(*packages: str) -> dict[str, float | str]:
    """A line for each rival that is not installed."""
    return {f"  {package}": "not installed, left out" for package in packages if not there(package)}


if __name__ == "__main__":
    main()
