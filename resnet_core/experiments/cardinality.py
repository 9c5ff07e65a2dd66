"""Beyond depth: networks that spend the same on groups (ResNeXt) or on width (Wide ResNet)."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from resnet_core.config import ResNetConfig
from resnet_core.data import load_data
from resnet_core.errors import ConfigError
from resnet_core.experiments.contests import Entrant, contest
from resnet_core.experiments.costs import cost_report
from resnet_core.model import build_model
from resnet_core.presets import preset
from resnet_core.questions.beyond import FAMILY, CardinalityQuestion, FamilyQuestion, WideQuestion
from resnet_core.records import Progress
from resnet_core.records.beyond import FamilyReport, Member

SECOND_BLOCK = "stages.0.1"  # the first whose shortcut is the identity: 256 channels in and out


def resnext_family(question: FamilyQuestion) -> Iterator[Progress]:
    """What do 1×64d, 2×40d, 4×24d, 8×14d and 32×4d cost, and which channel reads which in the 3x3?

    Each is ResNet-50 with another cardinality and group width (Xie et al. 2017, table 2), counted on the network
    itself. The wiring is that of the shown member's first identity block, read from its weights: the L2 norm of the
    3x3 kernel from each input channel to each output channel, and 0 where the groups leave no kernel.
    """
    config = next(_family_member(groups, width) for groups, width in FAMILY if groups == question.groups)
    wiring = wiring_of(_second_convolution(config)).numpy()
    shown = [groups for groups, _ in FAMILY].index(question.groups)
    members: list[Member] = []
    for groups, width in FAMILY:
        members.append(_count(groups, width, question.size))
        yield Progress(len(members) / len(FAMILY), FamilyReport(question.size, tuple(members), shown, wiring))


def cardinality(question: CardinalityQuestion) -> Iterator[Progress]:
    """Do more and narrower groups learn the same batches better at the same cost?

    See `CardinalityQuestion` for the networks and `contests.contest` for what is measured.

    Raises:
        ConfigError: parameters or multiplications differ by more than the tolerance.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(question.data)
    shape = (pictures.channels, pictures.size, pictures.size)
    configs = {groups: question.network(groups, pictures.channels, len(pictures.classes)) for groups in question.groups}
    costs = [cost_report(config, shape) for config in configs.values()]
    check_same([cost.parameters for cost in costs], question.TOLERANCE)
    check_same([cost.macs for cost in costs], question.TOLERANCE)
    entrants = [Entrant(f"{groups}×{config.inner_width(0) // groups}d", config) for groups, config in configs.items()]
    yield from contest(entrants, question.data, question.training, question.seeds)


def wide(question: WideQuestion) -> Iterator[Progress]:
    """Wide and shallow, or deep and thin: which learns the same batches better with as many parameters?

    See `WideQuestion` for the networks and `contests.contest` for what is measured. Entrants are called by layers and
    width, "20 · 8".

    Raises:
        ConfigError: at some depth no width comes near enough to the budget.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(question.data)
    channels, classes = pictures.channels, len(pictures.classes)
    budget = _parameters(question.network(question.BUDGET_DEPTH, question.width, channels, classes))
    entrants, found = [], []
    for depth in question.depths:
        counts: dict[int, int] = {}
        for width in range(1, question.MAX_WIDTH + 1):
            counts[width] = _parameters(question.network(depth, width, channels, classes))
            if counts[width] >= budget:  # and the next one is further away still
                break
        width = min(counts, key=lambda width: abs(counts[width] - budget))
        entrants.append(Entrant(f"{depth} · {width}", question.network(depth, width, channels, classes)))
        found.append(counts[width])
        yield Progress(0.001 * len(found) / len(question.depths))
    for count in found:
        check_same([count, budget], question.TOLERANCE)
    for moment in contest(entrants, question.data, question.training, question.seeds):
        yield moment._replace(done=max(0.001, moment.done))


def check_same(costs: list[int], tolerance: float) -> None:
    """Refuse to compare what does not cost the same.

    Raises:
        ConfigError: the largest cost exceeds the smallest one by more than `tolerance` of the largest.
    """
    apart = 1 - min(costs) / max(costs)
    if apart > tolerance:
        raise ConfigError(
            "The networks' costs differ by {apart:.1%}. At most {tolerance:.0%} is allowed where equal cost is "
            "claimed. Choose other depths, groups or widths.",
            apart=apart,
            tolerance=tolerance,
        )


def wiring_of(convolution: nn.Conv2d) -> Tensor:
    """How strongly each output channel reads each input channel, (out, in): the L2 norm of the kernel, or 0 for none.

    A convolution with g groups is a dense one whose matrix of kernels has g blocks on its diagonal and zeros elsewhere.
    """
    norms = torch.linalg.vector_norm(convolution.weight.detach(), dim=(2, 3))  # (out, in / groups)
    blocks = norms.chunk(convolution.groups)
    return torch.block_diag(*blocks)


def _family_member(groups: int, width: int) -> ResNetConfig:
    return replace(preset("resnet50"), groups=groups, width_per_group=width)


def _second_convolution(config: ResNetConfig) -> nn.Conv2d:
    """The 3x3 of the first identity block, its weights drawn as in a whole network; no other stage is built."""
    first_stage = replace(config, depths=config.depths[:1], widths=config.widths[:1])
    convolution = build_model(first_stage).get_submodule(f"{SECOND_BLOCK}.conv2")
    assert isinstance(convolution, nn.Conv2d)
    return convolution


def _count(groups: int, width: int, size: int) -> Member:
    costs = cost_report(_family_member(groups, width), (3, size, size))
    block = [layer for layer in costs.layers if layer.name.startswith(f"{SECOND_BLOCK}.") and layer.kind == "conv"]
    weights, macs = sum(layer.parameters for layer in block), sum(layer.macs for layer in block)
    return Member(groups, width, costs.parameters, costs.macs, weights, macs)


def _parameters(config: ResNetConfig) -> int:
    return sum(weight.numel() for weight in build_model(config, device="meta").parameters())
