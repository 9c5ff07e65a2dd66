"""A 1x1 convolution on a picture: at every pixel the same matrix times the pixel's channels."""

import base64
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.errors import ConfigError, DataError
from resnet_core.images import read_picture, square
from resnet_core.questions.pixels import Mix, PixelMixQuestion
from resnet_core.records import Progress
from resnet_core.records.pixels import PixelMix
from resnet_core.samples import edge_pattern, sample_pictures

GREY = (0.299, 0.587, 0.114)  # how bright red, green and blue look (ITU-R BT.601)
SEPIA = ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131))
EXPANDED = 8  # channels


def pixel_mixing(question: PixelMixQuestion) -> Iterator[Progress]:
    """What do one or two 1x1 convolutions make of a picture's channels?

    A 1x1 convolution keeps height and width; at every pixel its output is W x, with x the channels of that pixel and W
    the same (out, in) matrix everywhere (Lin et al. 2014, arXiv:1312.4400, section 3.1). So `nn.Linear` with the same
    W on the list of pixels must give the same numbers; the record says how far apart the two are. "squeeze1" and
    "squeeze2" lead through one or two channels and back to three with the best weights that there are for this picture,
    its first singular vectors.

    Raises:
        ConfigError: there is no sample picture of that name.
        DataError: the visitor's own picture cannot be read.
    """
    picture = square(_find(question), question.size)
    pixels = torch.from_numpy(picture).float() / 255  # (height, width, 3)
    matrices = _weights(question.mix, pixels.reshape(-1, 3), question.seed)
    maps = _convolve(pixels.permute(2, 0, 1)[None], matrices, question.relu)
    listed = _multiply(pixels.reshape(-1, 3), matrices, question.relu)
    output = maps[-1][0].permute(1, 2, 0).reshape(listed.shape)
    lost, least = _losses(pixels.reshape(-1, 3), listed, min(len(matrix) for matrix in matrices))
    record = PixelMix(
        mix=question.mix,
        relu=question.relu,
        picture=picture,
        matrices=tuple(matrix.numpy() for matrix in matrices),
        maps=tuple(found[0].numpy() for found in maps),
        apart=float((output - listed).abs().max()),
        rounding=float(np.spacing(np.float32(listed.abs().max()))),
        lost=lost,
        least=least,
        zeroed=float((listed == 0).float().mean()) if question.relu else float("nan"),
    )
    yield Progress(1.0, record)


def _convolve(picture: Tensor, matrices: Sequence[Tensor], relu: bool) -> list[Tensor]:
    """(1, 3, height, width) and the output of each 1x1 convolution after it."""
    maps = [picture.contiguous()]
    for matrix in matrices:
        y = F.conv2d(maps[-1], matrix[:, :, None, None])  # the weight of a 1x1: (out, in, 1, 1)
        maps.append(F.relu(y) if relu else y)
    return maps


@torch.no_grad()
def _multiply(pixels: Tensor, matrices: Sequence[Tensor], relu: bool) -> Tensor:
    """The same with `nn.Linear` on a list of pixels, (pixels, 3) -> (pixels, channels)."""
    for matrix in matrices:
        linear = nn.Linear(matrix.shape[1], matrix.shape[0], bias=False)
        linear.weight.copy_(matrix)
        pixels = linear(pixels)
        pixels = F.relu(pixels) if relu else pixels
    return pixels


def _weights(mix: Mix, pixels: Tensor, seed: int) -> tuple[Tensor, ...]:
    draw = torch.Generator().manual_seed(seed)
    if mix in ("squeeze1", "squeeze2"):
        return _best_squeeze(pixels, 1 if mix == "squeeze1" else 2)
    if mix == "expand":
        return (torch.randn(EXPANDED, 3, generator=draw),)
    if mix == "random":
        return (torch.randn(3, 3, generator=draw),)
    rows = {
        "same": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        "swap": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
        "grey": (GREY, GREY, GREY),
        "sepia": SEPIA,
    }
    return (torch.tensor(rows[mix]),)


def _best_squeeze(pixels: Tensor, channels: int) -> tuple[Tensor, Tensor]:
    """To `channels` and back: the directions in which the pixels, taken as they are, are longest."""
    _, _, directions = torch.linalg.svd(pixels.double(), full_matrices=False)
    chosen = directions[:channels]
    chosen = chosen * torch.where(chosen.sum(1, keepdim=True) < 0, -1, 1)  # so that bright stays bright
    return chosen.float(), chosen.T.contiguous().float()


def _losses(pixels: Tensor, output: Tensor, channels: int) -> tuple[float, float]:
    """What is lost of the squared values, and the least that a linear map through `channels` can lose."""
    if output.shape != pixels.shape:
        return float("nan"), float("nan")
    whole = pixels.double().square().sum()
    if not whole:
        return 0.0, 0.0
    lengths = torch.linalg.svdvals(pixels.double()).square()
    lost = (output.double() - pixels.double()).square().sum() / whole
    return float(lost), float(lengths[channels:].sum() / whole)


def _find(question: PixelMixQuestion) -> NDArray[np.uint8]:
    if question.own:
        try:
            return read_picture(base64.b64decode(question.own, validate=True), max_side=2 * question.size)
        except ValueError as problem:
            raise DataError("This picture is not base64 ({problem}).", problem=problem) from None
    if question.picture == "edges":
        return edge_pattern()
    samples = sample_pictures()
    if question.picture not in samples:
        raise ConfigError(
            "There is no picture called {name!r}. There are {names}.",
            name=question.picture,
            names=", ".join([*samples, "edges"]),
        )
    return read_picture(samples[question.picture].read_bytes(), max_side=2 * question.size)
