"""`inspect`: what a network is and what it costs."""

import argparse
import dataclasses
from collections.abc import Iterator

from resnet_core.commands.as_json import dumps
from resnet_core.commands.settings import add_network_options, switch
from resnet_core.config import ResNetConfig
from resnet_core.presets import preset, preset_names

EXAMPLES = """\
examples:
  python -m resnet_core inspect resnet50
  python -m resnet_core inspect cifar-resnet20 --plain --json
  python -m resnet_core inspect resnet18 --size 64
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "inspect",
        help="count a network's parameters, multiply-accumulates and shapes",
        description="Build a network without memory and count it: parameters, multiply-accumulates (the paper's "
        "FLOPs; torch's counter says twice as many), receptive field, and the shape of every stage.",
        epilog=f"{EXAMPLES}\nnetworks:\n  " + "\n  ".join(_columns(preset_names())),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="a network of the list below")
    parser.add_argument("--size", type=int, help="pixels per side (default: 32 after a CIFAR stem, else 224)")
    parser.add_argument("--json", action="store_true", help="everything, layer by layer, as one JSON object")
    add_network_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Yield a table, or one line of JSON."""
    config = switch(preset(options.name), options)
    size = options.size if options.size is not None else (32 if config.stem == "cifar" else 224)
    facts = describe(config, size)
    if options.json:
        yield dumps({"name": options.name, **facts})
        return
    yield f"{options.name}, for {config.in_channels}x{size}x{size} pictures and {config.classes} classes"
    for label in ("layers", "parameters", "macs", "activation_bytes", "receptive_field"):
        yield f"  {label.replace('_', ' '):<18}{facts[label]:>16,}"
    yield f"  {'not in macs':<18}{', '.join(facts['not_counted']):>16}"
    yield f"  {'stage':<10}{'channels':>9}{'size':>12}{'blocks':>8}{'parameters':>14}{'macs':>18}"
    for stage in facts["stages"]:
        channels, *sides = stage["output"]
        side = "x".join(map(str, sides))
        yield (
            f"  {stage['stage']:<10}{channels:>9,}{side:>12}{stage['blocks']:>8}{stage['parameters']:>14,}"
            f"{stage['macs']:>18,}"
        )


def describe(config: ResNetConfig, size: int) -> dict:
    """All that can be counted of a network before it has weights.

    Raises:
        ConfigError: pictures of `size` pixels are none.
    """
    from resnet_core.checks import check_range
    from resnet_core.experiments.costs import cost_report
    from resnet_core.model import build_model
    from resnet_core.probes import receptive_field

    check_range("size", size, 1, 1024)
    model = build_model(config, device="meta")
    costs = cost_report(model, (config.in_channels, size, size))
    return {
        "config": dataclasses.asdict(config),
        "input": costs.input,
        "layers": config.layers,
        "parameters": costs.parameters,
        "macs": costs.macs,
        "activation_bytes": costs.activation_bytes,
        "not_counted": costs.not_counted,
        "receptive_field": receptive_field(model),
        "stages": [_stage(config, costs.layers, stage) for stage in dict.fromkeys(cost.stage for cost in costs.layers)],
        "layer_costs": costs.layers,
    }


def _stage(config: ResNetConfig, layers: tuple, stage: str) -> dict[str, object]:
    own = [layer for layer in layers if layer.stage == stage]
    return {
        "stage": stage,
        "output": own[-1].output,
        "blocks": config.depths[int(stage) - 1] if stage.isdigit() else 0,
        "parameters": sum(layer.parameters for layer in own),
        "macs": sum(layer.macs for layer in own),
    }


def _columns(names: tuple[str, ...], across: int = 4) -> list[str]:
    rows = [names[start : start + across] for start in range(0, len(names), across)]
    return ["".join(f"{name:<20}" for name in row).rstrip() for row in rows]
