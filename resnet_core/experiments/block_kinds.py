"""Basic and bottleneck: what do the two kinds of block cost, and which learns better where both cost the same?"""

from collections.abc import Iterator

from torch import nn

from resnet_core.config import ResNetConfig
from resnet_core.data import load_data
from resnet_core.errors import ConfigError
from resnet_core.experiments.contests import Entrant, contest
from resnet_core.experiments.costs import cost_report
from resnet_core.model import build_model
from resnet_core.presets import preset
from resnet_core.probes import count_costs
from resnet_core.questions.blocks import BlockCostsQuestion, BlockKindsQuestion
from resnet_core.records import CostReport, LayerCost, Progress
from resnet_core.records.block_kinds import (
    BlockCostReport,
    BlockShare,
    ConvolutionShare,
    NetworkShare,
    Part,
    PartCost,
)

NETWORKS = {"ResNet-34": "resnet34", "ResNet-50, v1": "resnet50-v1", "ResNet-50, v1.5": "resnet50"}
PARTS: tuple[Part, ...] = ("3x3", "1x1", "projection", "ends")


def block_costs(question: BlockCostsQuestion) -> Iterator[Progress]:
    """Where does the cost of one block go, and of the whole network, for ResNet-34 and ResNet-50?

    Every number is counted on the network itself, see `probes.count_costs`; nothing is taken from a table. ResNet-50
    comes twice: with the stride on the first 1x1 as in the paper (v1), and on the 3x3 as in torchvision (v1.5). The
    paper prints 3.6 and 3.8 billion multiply-adds for 34 and 50 layers (He et al. 2015, table 1), torchvision 3.66
    and 4.09.
    """
    shape = (3, question.size, question.size)
    blocks: list[BlockShare] = []
    networks: list[NetworkShare] = []
    for name, known_as in NETWORKS.items():
        config = preset(known_as)
        model = build_model(config, device="meta")
        costs = count_costs(model, shape)
        blocks.append(_block(name, config, model, costs, question))
        networks.append(_network(name, config, model, costs))
        record = BlockCostReport(question.size, tuple(blocks), tuple(networks))
        yield Progress(len(networks) / len(NETWORKS), record)


def block_kinds(question: BlockKindsQuestion) -> Iterator[Progress]:
    """Which learns better from the same batches at equal cost: basic blocks, or as many bottlenecks?

    See `BlockKindsQuestion` for the two networks and `contests.contest` for what is measured.

    Raises:
        ConfigError: the two networks' multiplications differ by more than the tolerance.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(question.data)
    basic, bottleneck = question.networks(pictures.channels, len(pictures.classes))
    shape = (pictures.channels, pictures.size, pictures.size)
    check_equal_cost(cost_report(basic, shape).macs, cost_report(bottleneck, shape).macs, question.TOLERANCE)
    entrants = (Entrant("basic", basic), Entrant("bottleneck", bottleneck))
    yield from contest(entrants, question.data, question.training, question.seeds)


def check_equal_cost(one: int, other: int, tolerance: float) -> None:
    """Refuse to compare what does not cost the same.

    Raises:
        ConfigError: the larger cost exceeds the smaller one by more than `tolerance` of the larger.
    """
    apart = abs(one - other) / max(one, other)
    if apart > tolerance:
        raise ConfigError(
            "The two networks' costs differ by {apart:.1%}. At most {tolerance:.0%} is allowed where equal cost is "
            "claimed. Choose other blocks or another width.",
            apart=apart,
            tolerance=tolerance,
        )


def _block(
    name: str, config: ResNetConfig, model: nn.Module, costs: CostReport, question: BlockCostsQuestion
) -> BlockShare:
    block = 1 if question.first else 2
    prefix = f"stages.{question.stage - 1}.{block - 1}."
    layers = [layer for layer in costs.layers if layer.name.startswith(prefix) and layer.kind == "conv"]
    shares = [_share(model, layer) for layer in layers]
    shares.sort(key=lambda share: share.part == "projection")  # a stable sort: the branch keeps its order
    return BlockShare(name, config.block, question.stage, block, tuple(shares))


def _share(model: nn.Module, layer: LayerCost) -> ConvolutionShare:
    convolution = model.get_submodule(layer.name)
    assert isinstance(convolution, nn.Conv2d)
    return ConvolutionShare(
        part=_part(model, layer),
        kernel=convolution.kernel_size[0],
        before=convolution.in_channels,
        after=convolution.out_channels,
        side=layer.output[-1],
        parameters=layer.parameters,
        macs=layer.macs,
    )


def _network(name: str, config: ResNetConfig, model: nn.Module, costs: CostReport) -> NetworkShare:
    parts = []
    for part in PARTS:
        own = [layer for layer in costs.layers if layer.kind in ("conv", "linear") and _part(model, layer) == part]
        parts.append(PartCost(part, sum(layer.parameters for layer in own), sum(layer.macs for layer in own)))
    return NetworkShare(name, config.layers, costs.parameters, costs.macs, tuple(parts))


def _part(model: nn.Module, layer: LayerCost) -> Part:
    convolution = model.get_submodule(layer.name)
    if not layer.stage.isdigit() or not isinstance(convolution, nn.Conv2d):
        return "ends"
    if "shortcut" in layer.name.split("."):
        return "projection"
    return "3x3" if convolution.kernel_size == (3, 3) else "1x1"
