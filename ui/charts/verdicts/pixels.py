"""What a 1x1 convolution did to a picture, in a sentence or two."""

from functools import reduce

import numpy as np

from resnet_core.records.pixels import PixelMix
from ui.charts.labels import Say, count, percent, plain_number

ROUNDING = 16  # times what one float32 number is rounded by: more than that is no matter of the order of adding
INDEPENDENT = 0.01  # a mixture counts as one of its own if its singular value is above this share of the largest
SAME = 1e-6  # a share of the squared values below which nothing is lost but by rounding


def pixel_verdict(record: PixelMix, say: Say = str) -> str:
    """Whether convolution and `nn.Linear` agree, and what the weights keep of the three channels.

    They agree if no number differs by more than 16 times what float32 rounds the largest one by. Output channels are
    called independent mixtures as far as the singular values of the product of all matrices exceed 1 % of the first.
    """
    return " ".join(filter(None, [_agreement(record, say), _kept(record, say), _zeroed(record, say)]))


def _agreement(record: PixelMix, say: Say) -> str:
    pixels = count(record.picture.shape[0] * record.picture.shape[1])
    if record.apart == 0:
        words = say("At each of the {pixels} pixels the convolution gives exactly what nn.Linear gives.")
    elif record.apart <= ROUNDING * record.rounding:
        words = say(
            "At each of the {pixels} pixels the convolution gives what nn.Linear gives (largest difference {apart}, "
            "which is rounding)."
        )
    else:
        words = say(
            "Convolution and nn.Linear differ by up to {apart} on {pixels} pixels, more than rounding explains."
        )
    return words.format(pixels=pixels, apart=plain_number(record.apart))


def _kept(record: PixelMix, say: Say) -> str:
    channels = min(len(matrix) for matrix in record.matrices)
    if len(record.matrices) > 1:
        squeezed = say("one channel") if channels == 1 else say("two channels")
        values = {"channels": squeezed, "lost": percent(record.lost), "least": percent(record.least)}
        if record.lost - record.least > SAME:
            words = say(
                "Through {channels} and back to three it loses {lost} of the picture's squared values; a linear map "
                "could do with {least}."
            )
            return words.format(**values)
        words = say(
            "Through {channels} and back to three it loses {lost} of the picture's squared values, the least that any "
            "linear map can."
        )
        if channels == 1:
            words += " " + say("Yet every pixel now has the same proportions of red, green and blue.")
        return words.format(**values)
    if np.isfinite(record.lost) and record.lost <= SAME:
        return say("The picture comes out as it went in.")
    if record.relu:  # which makes more of the mixtures than their number says
        return ""
    mixtures = independent_mixtures(record)
    values = {"channels": len(record.maps[-1]), "mixtures": mixtures}
    if mixtures == len(record.maps[-1]):
        return say("Its {channels} output channels are as many different mixtures of red, green and blue.").format(
            **values
        )
    if mixtures == 1:
        words = say(
            "Its {channels} output channels are multiples of one mixture of red, green and blue, to within 1 %."
        )
    else:
        words = say("Its {channels} output channels hold only {mixtures} different mixtures of red, green and blue.")
    return words.format(**values)


def independent_mixtures(record: PixelMix) -> int:
    """How many singular values of the whole map exceed 1 % of the largest. A ReLU is not looked at."""
    whole = reduce(lambda before, matrix: matrix.astype(float) @ before, record.matrices, np.eye(3))
    values = np.linalg.svd(whole, compute_uv=False)
    return int((values > INDEPENDENT * values[0]).sum())


def _zeroed(record: PixelMix, say: Say) -> str:
    if not record.relu:
        return ""
    if record.zeroed == 0:
        return say("The ReLU changed nothing: no output was negative.")
    return say("After the ReLU {share} of the outputs are 0.").format(share=percent(record.zeroed))
