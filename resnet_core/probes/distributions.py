"""How the values that layers put out are distributed."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

PERCENTILES = (15, 50, 85)  # Ioffe & Szegedy 2015 (arXiv:1502.03167), figure 1
MOST = 16_384  # values that percentiles are taken of; more change them by less than a line is wide


def percentiles(values: Tensor, which: Sequence[int] = PERCENTILES) -> NDArray[np.float64]:
    """Percentiles over all of `values`, (len(which),); of evenly spaced ones where there are very many.

    NaN where a value is not finite.
    """
    flat = values.detach().flatten()
    flat = flat[:: max(1, flat.numel() // MOST) | 1]  # an odd stride, so that no column of pixels is taken each time
    if not bool(torch.isfinite(flat).all()):
        return np.full(len(which), np.nan)
    places = torch.tensor([share / 100 for share in which], dtype=torch.float32)
    return torch.quantile(flat.float(), places).double().numpy()


def channel_moments(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel over samples and pixels, (channels,) each, in double precision."""
    by_channel = values.detach().double().transpose(0, 1).flatten(1)
    return by_channel.mean(dim=1), by_channel.std(dim=1, correction=0)
