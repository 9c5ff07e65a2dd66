"""What a network costs for one picture: weights, multiplications, memory, layer by layer."""

import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Self

from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

from resnet_core.probes.shapes import meta_forward
from resnet_core.records import CostReport, LayerCost

FLOAT_BYTES = 4
_KINDS: tuple[tuple[str, tuple[type[nn.Module], ...]], ...] = (
    ("conv", (nn.Conv2d,)),
    ("norm", (nn.modules.batchnorm._BatchNorm,)),
    ("linear", (nn.Linear,)),
    ("relu", (nn.ReLU,)),
    ("pool", (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)),
)


def cost_report(model: nn.Module, input: tuple[int, int, int]) -> CostReport:
    """Parameters, multiply-accumulates and activation memory for one picture of shape `input` (C, H, W).

    Multiply-accumulates are half of what torch.utils.flop_counter reports in a pass on the meta device: convolutions
    and linear layers, without biases. That is what He et al. 2015 call FLOPs (section 3.3). The stage of a layer is
    read off its name: "stages.0.…" is stage 1, "stem.…" the stem, everything else the head.
    """
    arithmetic = _Arithmetic()
    layers: list[LayerCost] = []
    with ExitStack() as listening:
        for name, module in model.named_modules():
            if kind := _kind(name, module):
                listening.enter_context(module.register_forward_pre_hook(arithmetic.open_layer))
                listening.enter_context(module.register_forward_hook(_listener(name, kind, arithmetic, layers)))
        listening.enter_context(arithmetic)
        meta_forward(model, input)
    return CostReport(
        input=input,
        layers=tuple(layers),
        parameters=sum(weight.numel() for weight in model.parameters()),
        macs=arithmetic.flops // 2,
        activation_bytes=sum(layer.activation_bytes for layer in layers),
        not_counted=tuple(dict.fromkeys(layer.kind for layer in layers if layer.macs == 0)),
    )


class _Arithmetic(TorchFunctionMode):
    """Adds up torch's flop counts. An operation that was seen before with the same shapes is looked up.

    A deep ResNet repeats few distinct operations many times, and the counter needs about a millisecond for each.
    """

    REPEATED = (F.conv2d, F.linear, F.batch_norm, F.relu, Tensor.add, Tensor.view_as)

    def __init__(self) -> None:
        super().__init__()
        self._counter = FlopCounterMode(display=False)
        self._looked_up = 0
        self._known: dict[object, tuple[int, Tensor]] = {}
        self._at_layer = 0

    @property
    def flops(self) -> int:
        """All that were met so far."""
        return self._counter.get_total_flops() + self._looked_up

    @property
    def layer_flops(self) -> int:
        """Those since the present layer began."""
        return self.flops - self._at_layer

    def open_layer(self, module: nn.Module, inputs: tuple[object, ...]) -> None:
        """Note that a layer begins."""
        self._at_layer = self.flops

    def __enter__(self) -> Self:
        self._counter.__enter__()
        return super().__enter__()

    def __exit__(self, *problem: Any) -> None:  # noqa: ANN401 - passed on
        super().__exit__(*problem)
        self._counter.__exit__(*problem)

    def __torch_function__(
        self, func: Callable[..., Any], types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - whatever torch returns
        kwargs = kwargs or {}
        if func not in self.REPEATED:
            return func(*args, **kwargs)
        key = (func, *map(_shape, args), *((name, _shape(value)) for name, value in sorted(kwargs.items())))
        if key not in self._known:
            before = self.flops
            result = func(*args, **kwargs)
            self._known[key] = self.flops - before, result
            return result
        flops, result = self._known[key]
        self._looked_up += flops
        return result  # a tensor without values stands for any other of its shape


def _shape(value: object) -> object:
    if isinstance(value, Tensor):
        return value.shape
    return tuple(value) if isinstance(value, list) else value


def _listener(name: str, kind: str, arithmetic: _Arithmetic, layers: list[LayerCost]):  # noqa: ANN202 - a hook
    def hook(module: nn.Module, inputs: tuple[object, ...], output: Tensor) -> None:
        shape = tuple(output.shape[1:])
        layers.append(
            LayerCost(
                name=name,
                kind=kind,
                stage=_stage(name),
                output=shape,
                parameters=sum(weight.numel() for weight in module.parameters()),
                macs=arithmetic.layer_flops // 2,
                activation_bytes=math.prod(shape) * FLOAT_BYTES,
            )
        )

    return hook


def _kind(name: str, module: nn.Module) -> str:
    for kind, classes in _KINDS:
        if isinstance(module, classes):
            return kind
    return "add" if name.endswith(".sum") else ""


def _stage(name: str) -> str:
    first, *rest = name.split(".")
    if first == "stages":
        return str(int(rest[0]) + 1)
    return "stem" if first == "stem" else "head"
