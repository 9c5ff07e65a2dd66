"""Names and numbers as a class reads them: "plain-56 + BN", "stage 2, block 1, convolution 2", "2.4×10⁻⁷"."""

import math
import re
from collections.abc import Callable, Sequence

from resnet_core import ResNetConfig
from ui.charts.theme import repeated

Say = Callable[[str], str]  # translates an English sentence; `str` leaves it as it is

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_CONVOLUTION = re.compile(r"stages\.(\d+)\.(\d+)\.(?:.*\.)?conv(\d+)$")
_BLOCK = re.compile(r"stages\.(\d+)\.(\d+)(?:\.sum|\.relu\d*)?$")


def network_label(config: ResNetConfig, say: Say = str) -> str:
    """What the figures call a network: kind, weighted layers, BatchNorm."""
    if config.is_plain:
        text = say("plain-{layers} + BN") if config.norm == "batch" else say("plain-{layers}, no BN")
    else:
        text = say("residual-{layers} + BN") if config.norm == "batch" else say("residual-{layers}, no BN")
    return text.format(layers=config.layers)


def network_labels(configs: Sequence[ResNetConfig], say: Say = str) -> list[str]:
    """One label per network; those that would read the same are told apart by the settings in which they differ.

    Networks that differ in none of these are numbered.
    """
    labels = [network_label(config, say) for config in configs]
    twins = repeated(labels)
    details = [_details(config, say) for config in configs]
    for label in twins:
        members = [index for index, other in enumerate(labels) if other == label]
        for index in members:
            telling = [
                detail
                for place, detail in enumerate(details[index])
                if len({details[other][place] for other in members}) > 1
            ]
            labels[index] = ", ".join([label, *telling])
    return _numbered(labels)


def _numbered(labels: Sequence[str]) -> list[str]:
    twins = repeated(labels)
    return [
        f"{label} ({labels[: index + 1].count(label)})" if label in twins else label
        for index, label in enumerate(labels)
    ]


def _details(config: ResNetConfig, say: Say) -> list[str]:
    return [
        say("He init") if config.init == "he" else say("PyTorch init"),
        say("zero-gamma") if config.zero_gamma else say("gamma 1"),
        config.version,
        say("shortcut {kind}").format(kind=config.shortcut),
        say("widths {widths}").format(widths="-".join(map(str, config.widths))),
        say("blocks {depths}").format(depths="-".join(map(str, config.depths))),
        say("{count} shortcuts cut").format(count=len(config.cut)),
    ]


def layer_label(name: str, say: Say = str) -> str:
    """A module's name in words, counted from 1; the name itself where it follows no known pattern."""
    if found := _CONVOLUTION.search(name):
        stage, block, convolution = map(int, found.groups())
        words = say("stage {stage}, block {block}, convolution {convolution}")
        return words.format(stage=stage + 1, block=block + 1, convolution=convolution)
    if found := _BLOCK.search(name):
        stage, block = map(int, found.groups())
        return say("stage {stage}, block {block}").format(stage=stage + 1, block=block + 1)
    return say("stem") if name.startswith("stem") else name


def plain_number(value: float) -> str:
    """Three significant digits, and powers of ten where zeros would have to be counted."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}×{power_of_ten(int(exponent))}"


def number_in_words(value: float, say: Say = str) -> str:
    """As `plain_number`, and "not finite" for what has overflowed."""
    return plain_number(value) if math.isfinite(value) else say("not finite")


def power_of_ten(exponent: int) -> str:
    """10 with a raised exponent, in plain text."""
    return "10" + str(exponent).translate(_RAISED)


def percent(share: float) -> str:
    """A share from 0 to 1 in whole percent, or one decimal below ten; a dash where there is none."""
    if math.isnan(share):
        return "–"
    return f"{100 * share:.0f}%" if share >= 0.0995 else f"{100 * share:.1f}%"


def count(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}"


def big(value: float) -> str:
    """A large count with k, M or G, three digits."""
    for limit, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= 0.9995 * limit:
            return f"{value / limit:#.3g}".rstrip(".") + letter
    return f"{value:.0f}"
