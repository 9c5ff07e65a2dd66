"""What a network costs for one picture: weights, multiplications, memory, layer by layer."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

from resnet_core.probes.shapes import meta_forward
from resnet_core.records import CostReport, LayerCost

FLOAT_BYTES = 4
WITH_ARITHMETIC = ("conv", "linear")
_KINDS: tuple[tuple[str, tuple[type[nn.Module], ...]], ...] = (
    ("conv", (nn.Conv2d,)),
    ("norm", (nn.modules.batchnorm._BatchNorm,)),
    ("linear", (nn.Linear,)),
    ("relu", (nn.ReLU,)),
    ("pool", (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)),
)


def count_costs(model: nn.Module, input: tuple[int, int, int]) -> CostReport:
    """Parameters, multiply-accumulates and activation memory for one picture of shape `input` (C, H, W).

    Multiply-accumulates are half of what torch.utils.flop_counter reports in a pass on the meta device: convolutions
    and linear layers, without biases. That is what He et al. 2015 call FLOPs (section 3.3). The stage of a layer is
    read off its name: "stages.0.…" is stage 1, "stem.…" the stem, everything else the head.
    """
    arithmetic = _Arithmetic()
    weights: Counter[str] = Counter()
    for name, weight in model.named_parameters():
        weights[name.rpartition(".")[0]] += weight.numel()
    layers: list[LayerCost] = []
    with ExitStack() as listening:
        for name, kind in _layers(model):
            module = model.get_submodule(name)
            if kind in WITH_ARITHMETIC:
                listening.enter_context(module.register_forward_pre_hook(arithmetic.open_layer))
            hook = _listener(name, kind, weights[name], arithmetic, layers)
            listening.enter_context(module.register_forward_hook(hook))
        listening.enter_context(arithmetic)
        meta_forward(model, input)
    return CostReport(
        input=input,
        layers=tuple(layers),
        parameters=weights.total(),
        macs=arithmetic.flops // 2,
        activation_bytes=sum(layer.activation_bytes for layer in layers),
        not_counted=tuple(dict.fromkeys(layer.kind for layer in layers if layer.kind not in WITH_ARITHMETIC)),
    )


class _Arithmetic(TorchFunctionMode):
    """Adds up torch's flop counts. An operation that was seen before with the same shapes is looked up.

    A deep ResNet repeats few distinct operations many times, and the counter needs about a millisecond for each.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flops = 0
        self._at_layer = 0
        self._known: dict[object, tuple[int, Any]] = {}

    @property
    def layer_flops(self) -> int:
        """Those since the present layer began."""
        return self.flops - self._at_layer

    def open_layer(self, module: nn.Module, inputs: tuple[object, ...]) -> None:
        """Note that a layer begins."""
        self._at_layer = self.flops

    def __torch_function__(
        self, func: Callable[..., Any], types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - whatever torch returns
        kwargs = kwargs or {}
        if func.__name__ == "__get__":  # tensor.shape and the like
            return func(*args, **kwargs)
        key = repr((func, [_shape(arg) for arg in args], [(name, _shape(value)) for name, value in kwargs.items()]))
        if key not in self._known:
            with FlopCounterMode(display=False) as counter:
                result = func(*args, **kwargs)
            self._known[key] = counter.get_total_flops(), result
        flops, result = self._known[key]
        self.flops += flops
        return result  # a tensor without values stands for any other of its shape


def _shape(value: object) -> object:
    return value.shape if isinstance(value, Tensor) else value


def _listener(name: str, kind: str, parameters: int, arithmetic: _Arithmetic, layers: list[LayerCost]):  # noqa: ANN202
    def hook(module: nn.Module, inputs: tuple[object, ...], output: Tensor) -> None:
        shape = tuple(output.shape[1:])
        macs = arithmetic.layer_flops // 2 if kind in WITH_ARITHMETIC else 0
        layers.append(LayerCost(name, kind, _stage(name), shape, parameters, macs, math.prod(shape) * FLOAT_BYTES))

    return hook


def _layers(model: nn.Module) -> Iterator[tuple[str, str]]:
    """Name and kind of every module that is a layer of its own."""
    modules = dict(model.named_modules())
    for name, module in modules.items():
        block, _, last = name.rpartition(".")
        if kind := next((kind for kind, classes in _KINDS if isinstance(module, classes)), ""):
            yield name, kind
        elif last == "sum" and f"{block}.skip" in modules:
            yield name, "add"


def _stage(name: str) -> str:
    first, *rest = name.split(".")
    if first == "stages":
        return str(int(rest[0]) + 1)
    return "stem" if first == "stem" else "head"
