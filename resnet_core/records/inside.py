"""What a network looks for, how far its units see, and which pixels it answers to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FilterLayer:
    """One layer: the kernels of its last convolution, and the crops that its units answer to most strongly.

    A unit's crops come from as many pictures. A crop is the square that the unit at the picture's strongest place can
    see; where that reaches beyond the picture, the crop is 0 there.
    """

    name: str  # of the stem or the block whose output the units are
    convolution: str  # whose kernels are shown
    field: int  # pixels per side that one unit can see
    kernels: NDArray[np.float32]  # (outputs <= 16, inputs <= 16, k, k): the first of each
    crops: NDArray[np.uint8]  # (units, crops, side, side, 1 or 3), strongest first
    corners: NDArray[np.int16]  # (units, crops, 2)  row and column of each crop's upper left pixel in its picture
    values: NDArray[np.float32]  # (units, crops)  activation
    labels: NDArray[np.int16]  # (units, crops)  class of the picture
    purity: float  # share of a unit's crops that are of its commonest class, mean over units that are ever active
    purity_before: float  # the same before training; NaN where it was not measured


@dataclass(frozen=True, slots=True, eq=False)
class FilterReport:
    """What a network's layers look for."""

    layers: tuple[FilterLayer, ...]  # stem, then the last block of each stage
    classes: tuple[str, ...]
    size: int  # pixels per side of the pictures
    images: int  # that were searched
    chance: float  # purity of crops that are drawn by lot
    steps: int  # of training
    loss: float  # of the last batch; NaN before training
    accuracy: float  # share of the searched pictures that are recognised


@dataclass(frozen=True, slots=True, eq=False)
class UnitField:
    """How strongly the centre unit of the last map depends on each pixel around it."""

    depth: int  # weighted layers
    plain: bool
    steps: int  # of training before the measurement
    theoretical: int  # pixels per side that could matter
    field: NDArray[np.float16]  # (theoretical, theoretical)  mean absolute gradient over its largest
    side: float  # pixels: root of the number of pixels with more than 4.55% of the largest
    sides: NDArray[np.float64]  # (draws,)  the same, of each fresh network's field alone
    spread: float  # pixels: standard deviation along one axis, of the field as a distribution
    sigma: float  # pixels: standard deviation of the Gaussian that fits best
    fit: float  # share of the field's variance that this Gaussian explains

    @property
    def ratio(self) -> float:
        """Effective over theoretical side."""
        return self.side / self.theoretical


@dataclass(frozen=True, slots=True, eq=False)
class FieldReport:
    """Effective receptive fields of networks with and without shortcuts."""

    fresh: tuple[UnitField, ...]  # untrained, mean over draws; smallest depth first, plain before residual
    before: tuple[UnitField, ...]  # one plain and one residual network before training ...
    after: tuple[UnitField, ...]  # ... and after it, on the same images
    losses: tuple[float, ...]  # of the last batch of each; not finite where it diverged
    inputs: str  # "noise" or "pictures"


@dataclass(frozen=True, slots=True, eq=False)
class AttributionMap:
    """What one method says of one picture."""

    method: str  # one of resnet_core.probes.attribution.METHODS
    values: NDArray[np.float16]  # (h, w)  over its largest absolute value, at the method's own resolution
    largest: float  # that absolute value, in units of the class score (of its gradient for gradients)
    total: float  # sum of all attributions, before anything was rounded
    expected: float  # what they must add up to, the score minus the baseline's; NaN where nothing is promised


@dataclass(frozen=True, slots=True, eq=False)
class PictureAttributions:
    """One picture and what the methods say of it."""

    picture: NDArray[np.uint8]  # (h, w) or (h, w, 3)
    label: int  # -1 where it is not known
    target: int  # the class that is spoken for
    scores: NDArray[np.float64]  # (classes,)  softmax
    maps: tuple[AttributionMap, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AttributionReport:
    """Which pixels speak for a class."""

    pictures: tuple[PictureAttributions, ...]
    classes: tuple[str, ...]
    methods: tuple[str, ...]
    layer: str  # of Grad-CAM and of conductance
    untrained: NDArray[np.float64]  # (methods,)  rank correlation of sizes with a fresh network's maps; NaN if unknown
    steps: int  # of training
    loss: float  # of the last batch; not finite where it diverged
    accuracy: float  # on test pictures


@dataclass(frozen=True, slots=True, eq=False)
class PictureReasons:
    """Which pixels speak for what a network sees in one picture, and what it sees without each of its blocks."""

    explained: PictureAttributions  # its target is the likeliest class
    classes: tuple[str, ...]
    layer: str  # of Grad-CAM
    blocks: tuple[str, ...]
    without: NDArray[np.float64]  # (blocks, classes)  softmax when this block alone is taken out
