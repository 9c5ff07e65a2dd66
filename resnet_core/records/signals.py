"""How strong the signal is before the first step: what each block hands on, and its branch beside its shortcut."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class NetworkSignals:
    """What one batch is like behind the stem and behind every block of a fresh network."""

    layers: tuple[str, ...]  # "stem", then every block
    deviation: NDArray[np.float64]  # (layers,)  standard deviation of all values; infinite where they are not finite
    ratio: NDArray[np.float64]  # (layers,)  L2 norm of F(x) over that of what the shortcut adds; NaN without a shortcut


@dataclass(frozen=True, slots=True, eq=False)
class SignalsReport:
    """Some networks on the same pictures, in the order of the question; those not measured yet are missing."""

    networks: tuple[NetworkSignals, ...]
