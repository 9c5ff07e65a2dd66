"""Filters and crops: what does a network look for?"""

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.experiments.trained import trained
from resnet_core.inspection import last_blocks
from resnet_core.model import ResNet, build_model
from resnet_core.probes import conv_layers, record
from resnet_core.probes.receptive_field import receptive_fields, unit_spacings
from resnet_core.questions.pictures import FiltersQuestion
from resnet_core.records import Progress
from resnet_core.records.inside import FilterLayer, FilterReport
from resnet_core.training import check_fit

SEARCHING = Sentence("searching the pictures")
SEARCH_SHARE = 0.1  # of the time, at the defaults
KERNELS = 16  # of a layer's outputs and inputs, whose kernels are kept
CHUNK = 100  # pictures per forward pass
LOTS = 2000  # groups of pictures that are drawn by lot


def filters(question: FiltersQuestion) -> Iterator[Progress]:
    """Which kernels does a network learn, and which crops of test pictures excite its units most?

    Looked at are the stem and the last block of each stage, before training and after. For each of their first `units`
    channels the `images` pictures are searched for the `crops` whose largest activation is largest, one place per
    picture, and what the unit there could see is cut out (Zeiler and Fergus 2014, arXiv:1311.2901, figure 2, show such
    patches beside their reconstructions). Purity is the share of a unit's crops that come from its commonest class.

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    data = load_data(question.data)
    check_fit(question.network, data)
    model = build_model(question.network, question.training.seed).eval()
    fresh = yield from _search(model, data, question, 0.0)
    yield Progress(SEARCH_SHARE / 2, fresh)
    loss = yield from trained(model, data, question.training, SEARCH_SHARE / 2, 1 - SEARCH_SHARE / 2)
    found = yield from _search(model, data, question, 1 - SEARCH_SHARE / 2)
    layers = [
        replace(after, purity_before=before.purity) for after, before in zip(found.layers, fresh.layers, strict=True)
    ]
    yield Progress(1.0, replace(found, layers=tuple(layers), steps=question.training.steps, loss=loss))


def filter_report(model: ResNet, data: DataSet, images: int = 1000, units: int = 8, crops: int = 8) -> FilterReport:
    """Kernels and crops of a network in eval mode, as it is. Takes what FiltersQuestion takes."""
    search = _search(model, data, FiltersQuestion(images=images, units=units, crops=crops), 0.0)
    while True:
        try:
            next(search)
        except StopIteration as end:
            return end.value


def _search(
    model: ResNet, data: DataSet, question: FiltersQuestion, start: float
) -> Generator[Progress, None, FilterReport]:
    names = ("stem", *last_blocks(model))
    crops = question.crops
    pictures = data.test_images[: question.images]
    labels = data.test_labels[: question.images].numpy()
    best = _Strongest(names, question.units)
    right = 0
    for place, (chunk, wanted) in enumerate(
        zip(pictures.split(CHUNK), data.test_labels[: question.images].split(CHUNK), strict=True)
    ):
        yield Progress(start + SEARCH_SHARE / 2 * place * CHUNK / len(pictures), doing=SEARCHING)
        with torch.no_grad(), record(model, names, copy=False) as tape:
            right += int((model(chunk).argmax(1) == wanted).sum())
        best.add(tape.activations)
    layers = []
    for name in names:
        convolution = [layer for layer in conv_layers(model) if layer.startswith(f"{name}.")][-1]
        values, picked, at = best.first(name, crops)
        classes = labels[picked]
        weight = model.get_parameter(f"{convolution}.weight").detach()
        cut, corners = _cut_out(model, data, name, picked, at, best.widths[name])
        layers.append(
            FilterLayer(
                name=name,
                convolution=convolution,
                field=_seen_by(model, name),
                kernels=weight[:KERNELS, :KERNELS].numpy().copy(),
                crops=cut,
                corners=corners,
                values=values,
                labels=classes.astype(np.int16),
                purity=_purity(classes, values),
                purity_before=float("nan"),
            )
        )
    return FilterReport(
        layers=tuple(layers),
        classes=data.classes,
        size=data.size,
        images=len(pictures),
        chance=_chance(labels, crops),
        steps=0,
        loss=float("nan"),
        accuracy=right / len(pictures),
    )


class _Strongest:
    """The strongest place of each unit in each picture, gathered chunk by chunk."""

    def __init__(self, names: tuple[str, ...], units: int) -> None:
        self.widths: dict[str, int] = {}  # of the layers' maps
        self._units = units
        self._found: dict[str, list[tuple[Tensor, Tensor]]] = {name: [] for name in names}

    def add(self, activations: dict[str, Tensor]) -> None:
        """Look at the maps of some more pictures."""
        for name, found in self._found.items():
            maps = activations[name][:, : self._units]
            self.widths[name] = maps.shape[3]
            strongest, place = maps.flatten(2).max(2)
            found.append((strongest, place))

    def first(self, name: str, crops: int) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
        """Activation, picture, and place in the flat map of each unit's strongest pictures, each (units, crops)."""
        values, places = (torch.cat(parts) for parts in zip(*self._found[name], strict=True))
        order = values.sort(stable=True, dim=0, descending=True)
        picked = order.indices[:crops].T
        return order.values[:crops].T.numpy().copy(), picked.numpy(), places.T.gather(1, picked).numpy()


def _cut_out(
    model: ResNet, data: DataSet, name: str, picked: NDArray[np.int64], at: NDArray[np.int64], width: int
) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """What the units can see of their pictures, and where it begins. A same-padded unit sits on its own centre."""
    side = _seen_by(model, name)
    reach, spacing = (side - 1) // 2, _spacing(model, name)
    seen = min(side, 2 * data.size - 1)  # beyond that there is nothing but border, wherever the unit is
    trim = (side - seen) // 2
    rows, columns = (at // width) * spacing - reach + trim, (at % width) * spacing - reach + trim
    cut = np.zeros((*picked.shape, seen, seen, data.channels), np.uint8)
    for unit, crop in np.ndindex(*picked.shape):
        picture = data.pixels(data.test_images[picked[unit, crop]]).reshape(data.size, data.size, data.channels)
        padded = np.pad(picture, ((seen, seen), (seen, seen), (0, 0)))
        top, left = rows[unit, crop] + seen, columns[unit, crop] + seen
        cut[unit, crop] = padded[top : top + seen, left : left + seen]
    return cut, np.stack([rows, columns], axis=-1).astype(np.int16)


def _seen_by(model: ResNet, name: str) -> int:
    return [side for layer, side in receptive_fields(model).items() if layer.startswith(f"{name}.")][-1]


def _spacing(model: ResNet, name: str) -> int:
    return [step for layer, step in unit_spacings(model).items() if layer.startswith(f"{name}.")][-1]


def _purity(classes: NDArray[np.int64], values: NDArray[np.float32]) -> float:
    """Mean share of the commonest class, over units that are active at all; NaN where none is."""
    shares = [np.bincount(own).max() / len(own) for own, value in zip(classes, values, strict=True) if value[-1] > 0]
    return float(np.mean(shares)) if shares else float("nan")


def _chance(labels: NDArray[np.int64], crops: int) -> float:
    """Purity of pictures that are drawn by lot, without drawing one twice."""
    lots = np.random.default_rng(0)
    groups = [lots.choice(labels, crops, replace=False) for _ in range(LOTS)]
    return float(np.mean([np.bincount(group).max() / crops for group in groups]))
