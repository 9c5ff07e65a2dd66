"""How much of the picture one unit of a feature map can see (its theoretical receptive field).

Going forward along the main path, a kernel of size k adds (k - 1) times the distance, in pixels of the picture,
between two neighbouring units; a stride s multiplies that distance by s (Araujo et al. 2019, Distill,
doi:10.23915/distill.00021, section 2). A shortcut sees less than the branch beside it, so it adds nothing.
"""

from collections.abc import Iterator

from torch import nn

from resnet_core.errors import ProbeError
from resnet_core.probes.names import find_layer, on_main_path


def receptive_fields(model: nn.Module) -> dict[str, int]:
    """Side in pixels of the square that one unit sees, for each convolution and pooling layer of the main path.

    Layers are taken in the order in which the model registers them. Global pooling is left out: it sees everything.
    """
    return {name: side for name, side, _ in _walk(model)}


def unit_spacings(model: nn.Module) -> dict[str, int]:
    """Pixels of the picture between two neighbouring units, for the layers of `receptive_fields`."""
    return {name: spacing for name, _, spacing in _walk(model)}


def _walk(model: nn.Module) -> Iterator[tuple[str, int, int]]:
    side, spacing = 1, 1  # pixels of the picture
    for name, module in model.named_modules():
        if not on_main_path(name) or not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            continue
        dilation = 1 if isinstance(module, nn.AvgPool2d) else _height(module.dilation)
        side += (_height(module.kernel_size) - 1) * dilation * spacing
        spacing *= _height(module.stride or module.kernel_size)
        yield name, side, spacing


def receptive_field(model: nn.Module, layer: str | None = None) -> int:
    """Side in pixels of the square that one unit of `layer` sees; without a name, of the last feature map.

    Raises:
        ProbeError: there is no such layer, or it is not a convolution or pooling layer of the main path.
    """
    sides = receptive_fields(model)
    if layer is None:
        return next(reversed(sides.values()), 1)
    find_layer(model, layer)
    if layer not in sides:
        raise ProbeError(
            "{layer} is not a convolution or pooling layer of the main path. Choose one of {layers}.",
            layer=layer,
            layers=", ".join(sides),
        )
    return sides[layer]


def _height(size: int | tuple[int, ...] | str) -> int:
    return size[0] if isinstance(size, tuple) else int(size)
