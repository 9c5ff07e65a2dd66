"""`dissect`: ask an experiment of networks that are shipped, and keep the answer as a recorded one."""

import argparse
import shlex
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

EXAMPLES = """\
examples:
  python -m resnet_core dissect lesions cifar-plain-20 cifar-residual-20 --path cifar10_jpeg.npz --out lesions-20
  python -m resnet_core dissect responses cifar-plain-20 cifar-residual-20 --path cifar10_jpeg.npz --out responses

the networks are those whose weights are in assets/weights; --path says where the pictures are from which they learned.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to argparse."""
    parser = commands.add_parser(
        "dissect",
        help="take shipped networks apart on the pictures that they were tested on",
        description="Ask the experiment `lesions` or `responses` of networks that are already trained.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("experiment", help="lesions or responses")
    parser.add_argument("names", nargs="+", metavar="NAME", help="of shipped networks")
    parser.add_argument("--path", required=True, metavar="FILE", help="the pictures")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the answer goes")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Take them apart, write the answer, and say it in short.

    Raises:
        ConfigError: they cannot be asked this together.
        DataError: there is no such network, or the pictures are not what they should be.
    """
    import torch

    from resnet_core.catalogue import experiment
    from resnet_core.checkpoints import load_checkpoint
    from resnet_core.commands.experiment import keep
    from resnet_core.data import load_data
    from resnet_core.experiments.dissect import Shipped, dissect
    from resnet_core.record_words import summary
    from resnet_core.shipped import shipped_card, shipped_weights

    torch.set_num_threads(1)
    begin = time.monotonic()
    networks = [
        Shipped(load_checkpoint(shipped_weights(name), f"{name}.safetensors")[0], shipped_card(name))
        for name in options.names
    ]
    data = load_data(replace(networks[0].card.spec.data, path=options.path))
    question, record = dissect(options.experiment, networks, data)
    words = ["python", "-m", "resnet_core", "dissect", options.experiment, *options.names]
    command = shlex.join([*words, "--path", Path(options.path).name])
    keep(options.out, experiment(options.experiment), question, record, command, time.monotonic() - begin)
    yield from summary(record)
    yield f"written to {options.out}"
