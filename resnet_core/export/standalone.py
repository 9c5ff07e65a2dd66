"""A network as a program of its own: plain PyTorch, only what this very network needs, nothing of the laboratory."""

from collections.abc import Iterator
from itertools import groupby

from resnet_core.config import ResNetConfig


def standalone_code(config: ResNetConfig) -> str:
    """A Python file that builds the network, with weights of its own, and tries it on one picture of zeros.

    Parameters come in the order of `build_model`'s, so that weights of one fit into the other one by one. Parts that
    the network does not have, such as a projection or a BatchNorm, are not in the file.
    """
    parts = [_header(config), _block(config), _network(config), _start(config), _main(config)]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _header(config: ResNetConfig) -> str:
    kind = "plain" if config.is_plain else "residual"
    lines = [
        f'"""A {kind} network of {config.layers} layers. Written by ResNet Lab; MIT licence."""',
        "",
        "import torch",
    ]
    lines += ["from torch import nn"]
    if "padding" in _kinds(config):
        lines += ["from torch.nn import functional as F"]
    return "\n".join(lines)


def _block(config: ResNetConfig) -> str:
    kinds = _kinds(config)
    wide = "in_channels, inner, out_channels" if config.block == "bottleneck" else "in_channels, out_channels"
    lines = ["class Block(nn.Module):", *_indented([f'"""{_WORDS[config.version, config.block]}"""', ""])]
    made = ["super().__init__()", *_branch(config)]
    if "projection" in kinds:
        made += ['if shortcut == "projection":', *_indented(_projection(config))]
    made += ["self.stride, self.shortcut = stride, shortcut"]
    if "padding" in kinds:
        before = "(out_channels - in_channels) // 2" if config.zero_padding == "both" else "0"
        made += [f"self.before = {before}", "self.after = out_channels - in_channels - self.before"]
    lines += _indented([f"def __init__(self, {wide}, stride, shortcut):", *_indented(made), ""])
    lines += _indented(["def forward(self, x):", *_indented(_forward(config))])
    if kinds - {"none"}:
        lines += ["", *_indented(["def skip(self, x):", *_indented(_skip(kinds, config))])]
    return "\n".join(lines)


_WORDS = {
    ("v1", "basic"): "Two 3x3 convolutions; the ReLU comes after the addition (He et al. 2015).",
    ("v1.5", "basic"): "Two 3x3 convolutions; the ReLU comes after the addition (He et al. 2015).",
    ("v1", "bottleneck"): "1x1 with the stride, 3x3, 1x1; the ReLU comes after the addition (He et al. 2015).",
    ("v1.5", "bottleneck"): "1x1, 3x3 with the stride, 1x1; the ReLU comes after the addition.",
    ("v2", "basic"): "BatchNorm and ReLU before each of two 3x3 convolutions (He et al. 2016).",
    ("v2", "bottleneck"): "BatchNorm and ReLU before each convolution: 1x1, 3x3, 1x1 (He et al. 2016).",
}


def _convolutions(config: ResNetConfig) -> list[tuple[str, str, int, str]]:
    """Input, output, kernel and stride of each, as they are written."""
    if config.block == "basic":
        return [("in_channels", "out_channels", 3, "stride"), ("out_channels", "out_channels", 3, "1")]
    first, second = ("stride", "1") if config.version == "v1" else ("1", "stride")
    return [
        ("in_channels", "inner", 1, first),
        ("inner", "inner", 3, second),
        ("inner", "out_channels", 1, "1"),
    ]


def _branch(config: ResNetConfig) -> Iterator[str]:
    for number, (before, after, kernel, stride) in enumerate(_convolutions(config), start=1):
        groups = (
            f", groups={config.groups}" if config.groups > 1 and kernel == 3 and config.block == "bottleneck" else ""
        )
        padding = kernel // 2
        convolution = (
            f"self.conv{number} = nn.Conv2d({before}, {after}, {kernel}, {stride}, {padding}{groups}{_bias(config)})"
        )
        norm = f"self.norm{number} = nn.BatchNorm2d({before if config.version == 'v2' else after})"
        pair = [convolution] if config.norm == "none" else [convolution, norm]
        yield from reversed(pair) if config.version == "v2" else pair


def _projection(config: ResNetConfig) -> Iterator[str]:
    yield f"self.project = nn.Conv2d(in_channels, out_channels, 1, stride{_bias(config)})"
    if config.norm == "batch" and config.version != "v2":
        yield "self.project_norm = nn.BatchNorm2d(out_channels)"


def _forward(config: ResNetConfig) -> Iterator[str]:
    count = len(_convolutions(config))
    batch = config.norm == "batch"
    skips = _kinds(config) - {"none"}
    if config.version == "v2":
        yield f"y = torch.relu({'self.norm1(x)' if batch else 'x'})"
        if "projection" in skips:
            yield 'x = y if self.shortcut == "projection" else x  # a projection shares the first BatchNorm and ReLU'
        yield "y = self.conv1(y)"
        for number in range(2, count + 1):
            yield f"y = self.conv{number}(torch.relu({f'self.norm{number}(y)' if batch else 'y'}))"
    else:
        for number in range(1, count + 1):
            inside = f"self.conv{number}({'x' if number == 1 else 'y'})"
            inside = f"self.norm{number}({inside})" if batch else inside
            yield f"y = torch.relu({inside})" if number < count else f"y = {inside}"
    if skips:
        alone = ' if self.shortcut != "none" else y' if "none" in _kinds(config) else ""
        yield f"y = y + self.skip(x){alone}"
    yield "return y" if config.version == "v2" else "return torch.relu(y)"


def _skip(kinds: set[str], config: ResNetConfig) -> Iterator[str]:
    if "projection" in kinds:
        normed = config.norm == "batch" and config.version != "v2"
        yield 'if self.shortcut == "projection":'
        yield f"    return {'self.project_norm(self.project(x))' if normed else 'self.project(x)'}"
    if "padding" in kinds:
        yield 'if self.shortcut == "padding":  # zeros are the new channels (option A)'
        yield "    x = x[:, :, :: self.stride, :: self.stride]"
        yield "    return F.pad(x, (0, 0, 0, 0, self.before, self.after))"
    yield "return x"


def _network(config: ResNetConfig) -> str:
    kernel, stride = (7, 2) if config.stem == "imagenet" else (3, 1)
    lines = [f"nn.Conv2d({config.in_channels}, {config.stem_width}, {kernel}, {stride}, {kernel // 2}{_bias(config)}),"]
    if config.version != "v2":
        lines += _norm_and_relu(config, config.stem_width)
    if config.stem == "imagenet":
        lines += ["nn.MaxPool2d(3, 2, 1),"]
    for block, group in groupby(_blocks(config)):
        times = len(list(group))
        lines += [f"{block}," if times == 1 else f"*[{block} for _ in range({times})],"]
    features = config.widths[-1] * config.expansion
    if config.version == "v2":  # the last sum has not been activated yet
        lines += _norm_and_relu(config, features)
    lines += ["nn.AdaptiveAvgPool2d(1),", "nn.Flatten(),", f"nn.Linear({features}, {config.classes}),"]
    inside = ["return nn.Sequential(", *_indented(lines), ")"]
    doc = f'"""(N, {config.in_channels}, H, W) pictures to (N, {config.classes}) scores."""'
    return "\n".join(["def network():", *_indented([doc, *inside])])


def _norm_and_relu(config: ResNetConfig, channels: int) -> list[str]:
    return [*([f"nn.BatchNorm2d({channels}),"] if config.norm == "batch" else []), "nn.ReLU(),"]


def _blocks(config: ResNetConfig) -> Iterator[str]:
    for (stage, _), before, stride, kind in _places(config):
        after = config.widths[stage] * config.expansion
        inner = f"{config.inner_width(stage)}, " if config.block == "bottleneck" else ""
        yield f'Block({before}, {inner}{after}, {stride}, "{kind}")'


def _places(config: ResNetConfig) -> Iterator[tuple[tuple[int, int], int, int, str]]:
    """Each block: where it is, channels before it, stride, and what goes around it."""
    before = config.stem_width
    for stage, depth in enumerate(config.depths):
        after = config.widths[stage] * config.expansion
        for block in range(depth):
            stride = 2 if stage and not block else 1
            same = stride == 1 and before == after
            if config.shortcut == "none" or (stage, block) in config.cut:
                kind = "none"
            elif config.shortcut == "C" or (config.shortcut == "B" and not same):
                kind = "projection"
            else:
                kind = "identity" if same else "padding"
            yield (stage, block), before, stride, kind
            before = after


def _kinds(config: ResNetConfig) -> set[str]:
    return {kind for *_, kind in _places(config)}


def _start(config: ResNetConfig) -> str:
    lines = ["for part in model.modules():"]
    if config.init == "he":
        inside = ['nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")']
        inside += ["nn.init.zeros_(part.bias)"] if config.norm == "none" else []
        lines += _indented(["if isinstance(part, nn.Conv2d):", *_indented(inside)])
    if config.zero_gamma and _kinds(config) - {"none"}:
        last = len(_convolutions(config))
        lines += _indented(
            ['if isinstance(part, Block) and part.shortcut != "none":', f"    nn.init.zeros_(part.norm{last}.weight)"]
        )
    body = lines if len(lines) > 1 else ["pass  # PyTorch's own"]
    return "\n".join(["def start(model):", *_indented(['"""The first weights."""', *body])])


def _main(config: ResNetConfig) -> str:
    side = 224 if config.stem == "imagenet" else 32
    inside = [
        "model = network()",
        "start(model)",
        'print(sum(weight.numel() for weight in model.parameters()), "parameters")',
        f"print(model.eval()(torch.zeros(1, {config.in_channels}, {side}, {side})).shape)",
    ]
    return "\n".join(['if __name__ == "__main__":', *_indented(inside)])


def _bias(config: ResNetConfig) -> str:
    return "" if config.norm == "none" else ", bias=False"


def _indented(lines: Iterator[str] | list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]
