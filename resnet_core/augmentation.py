"""Other views of the same pictures, drawn for a whole batch at once from a generator that the caller seeds."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

SMALLEST = 0.25  # share of a picture's area that a crop shows at least; Szegedy et al. 2015 go down to 0.08
ASPECT = 4 / 3  # a crop is stretched by at most this
HIDDEN = 0.5  # side of the hidden square over the picture's, at most
HIDE = 0.5  # share of the pictures that have one


def augment(images: Tensor, generator: torch.Generator, mirror: bool = True) -> Tensor:
    """A new batch: each image shifted by up to an eighth of its side, and every other one mirrored left-right.

    What a shift uncovers becomes 0, the mean of normalised images. He et al. 2015, section 4.2, do the same to 32x32
    images: 4 pixels of padding on each side, a random crop, a random flip.

    Args:
        images: (N, C, H, W), any device.
        generator: decides shifts and mirrors; equal states give equal batches.
        mirror: pass `DataSet.mirror_ok`.
    """
    count, _, height, width = images.shape
    reach = max(height, width) // 8

    def start() -> Tensor:
        return torch.randint(2 * reach + 1, (count, 1), generator=generator, device=generator.device)

    rows = start() + torch.arange(height, device=generator.device)
    across = torch.arange(width, device=generator.device).expand(count, width)
    if mirror:
        flipped = torch.rand(count, 1, generator=generator, device=generator.device) < 0.5
        across = torch.where(flipped, across.flip(1), across)
    columns = start() + across
    padded = F.pad(images, (reach,) * 4).permute(0, 2, 3, 1)
    rows, columns = rows.to(images.device), columns.to(images.device)
    batch = torch.arange(count, device=images.device)[:, None, None]
    return padded[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def vary(images: Tensor, generator: torch.Generator, mirror: bool = True) -> Tensor:
    """A new batch: a crop of each image, of any size, enlarged; other light and colours; on half of them a square is 0.

    The crops are those of Szegedy et al. 2015 (arXiv:1409.4842, section 6) with a larger smallest area, the square
    that of DeVries & Taylor 2017 (arXiv:1708.04552). Light and colours: contrast and saturation from 0.6 to 1.4 times,
    each channel shifted by up to 0.3 of the training images' deviation.

    Args:
        images: (N, C, H, W) normalised, any device.
        generator: decides everything, on the processor; equal states give equal batches.
        mirror: pass `DataSet.mirror_ok`.
    """
    count, channels, height, width = images.shape

    def draw(*shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return (low + (high - low) * torch.rand(count, *shape, generator=generator)).to(images.device)

    side = draw(low=SMALLEST).sqrt()
    stretch = (draw(low=-1.0).mul(0.5 * torch.log(torch.tensor(ASPECT)).item())).exp()
    wide, tall = (side * stretch).clamp(max=1), (side / stretch).clamp(max=1)
    across, down = draw(low=-1.0) * (1 - wide), draw(low=-1.0) * (1 - tall)
    flip = torch.where(draw() < 0.5, -1.0, 1.0) if mirror else torch.ones(count, device=images.device)
    nothing = torch.zeros_like(side)
    place = torch.stack([wide * flip, nothing, across, nothing, tall, down], dim=1).view(count, 2, 3)
    grid = F.affine_grid(place.to(images.dtype), [count, channels, height, width], align_corners=False)
    seen = F.grid_sample(images, grid, mode="bilinear", padding_mode="reflection", align_corners=False)

    gray = seen.mean(dim=1, keepdim=True)
    seen = gray + draw(1, 1, 1, low=0.6, high=1.4) * (seen - gray)
    seen = draw(1, 1, 1, low=0.6, high=1.4) * seen + draw(channels, 1, 1, low=-0.3, high=0.3)
    return seen.masked_fill(_squares(count, height, width, draw), 0.0)


def _squares(count: int, height: int, width: int, draw: Callable[..., Tensor]) -> Tensor:
    """(N, 1, H, W), true where a picture is hidden."""
    half = 0.5 * HIDDEN * draw() * (draw() < HIDE)
    rows = (torch.arange(height, device=half.device) + 0.5) / height
    columns = (torch.arange(width, device=half.device) + 0.5) / width
    near_row = (rows - draw(1)).abs() < half[:, None]
    near_column = (columns - draw(1)).abs() < half[:, None]
    return (near_row[:, :, None] & near_column[:, None, :])[:, None]
