"""What different shortcuts cost, and how networks with them learn."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Around = Literal["nothing", "identity", "zeros", "projection"]


@dataclass(frozen=True, slots=True, eq=False)
class ShortcutCounts:
    """One network under each option."""

    layers: int  # weighted layers of the network, as the paper counts them
    size: int  # of the picture, pixels
    options: tuple[str, ...]  # "none", "A", "B", "C"
    blocks: tuple[str, ...]  # names, "stages.0.0" first
    around: tuple[tuple[Around, ...], ...]  # per option and block: what goes around it
    parameters: tuple[int, ...]  # per option, of the whole network
    macs: tuple[int, ...]  # per option, multiply-accumulates for one picture
    shortcut_parameters: tuple[int, ...]  # per option, of the shortcuts alone


@dataclass(frozen=True, slots=True, eq=False)
class ShortcutRace:
    """Networks that differ in their shortcuts alone, trained on the same batches from the same common weights."""

    names: tuple[str, ...]  # of the networks: options or kinds of shortcut
    layers: int  # weighted layers, shortcuts not counted
    parameters: tuple[int, ...]  # per network
    macs: tuple[int, ...]  # per network, multiply-accumulates for one picture
    seeds: tuple[int, ...]
    losses: NDArray[np.float32]  # (networks, seeds, steps)  cross-entropy of each batch in nats, NaN: not there yet
    test_error: NDArray[np.float64]  # (networks, seeds)  from 0 to 1 after the last step, NaN: not there yet
    diverged: NDArray[np.bool_]  # (networks, seeds)  the loss was not finite and training ended
    classes: int
    test_images: int

    @property
    def done(self) -> bool:
        """Whether every network has had its last step."""
        return bool(self._ended.all())

    @property
    def begun(self) -> bool:
        """Whether any network has had its last step, so that there is an error to see."""
        return bool(self._ended.any())

    @property
    def _ended(self) -> NDArray[np.bool_]:
        return np.isfinite(self.test_error) | self.diverged


@dataclass(frozen=True, slots=True, eq=False)
class ShortcutKinds:
    """A race of kinds of shortcut, and how much of x each lets through."""

    race: ShortcutRace
    gate_bias: int
    carried: NDArray[np.float64]  # (networks, seeds, 2)  product over all blocks of the mean factor on the shortcut,
    # before the first step and after the last; NaN where the shortcut is no factor (a convolution) or not there yet
