"""What BatchNorm does to activations, learning rates and batches, and two explanations of why it helps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class NormActivations:
    """Distributions of activations at every convolution of two networks that train on the same batches.

    Views: 0 without BatchNorm, the output of the convolution, which goes to the sum or the ReLU; 1 with BatchNorm, the
    output of the convolution, which BatchNorm receives; 2 with BatchNorm, what it passes on. What was measured after a
    loss that was not finite is NaN.
    """

    layers: tuple[str, ...]  # convolutions of stem and branches, in the order of the forward pass
    steps: NDArray[np.int64]  # (looks,)  optimiser steps taken before each look; 0 is at initialisation
    percentiles: Numbers  # (3 views, 3, layers, looks)  the 15th, 50th and 85th over samples, channels and pixels
    means: Numbers  # (3 views, layers, looks)
    deviations: Numbers  # (3 views, layers, looks)  standard deviations
    losses: Numbers  # (2 networks: without and with BN, steps)  cross-entropy in nats of every training batch
    plain: bool  # whether the networks have no shortcuts
    depth: int  # weighted layers
    classes: int


@dataclass(frozen=True, slots=True, eq=False)
class NormStart:
    """Signal and gradient of four networks at initialisation: residual and plain, without and with BatchNorm."""

    blocks: tuple[str, ...]  # residual blocks in the order of the forward pass
    skip: Numbers  # (2: without and with BN, blocks)  standard deviation of what comes along the shortcut
    branch: Numbers  # (2, blocks)  standard deviation of what the branch adds to it
    layers: tuple[str, ...]  # convolutions in the order of the forward pass
    gradients: Numbers  # (2: residual and plain, 2: without and with BN, layers)  L2 norms of dloss/dweight
    depth: int  # weighted layers


@dataclass(frozen=True, slots=True, eq=False)
class NormRates:
    """The training loss that a network ends with, by learning rate and by the size of its starting weights."""

    rates: Numbers  # (rates,)  learning rates, rising
    gains: Numbers  # (gains,)  factors on every convolution's starting weights, rising
    # Cross-entropy in nats, mean over the last eighth of the steps; infinite where a loss was not finite or the end
    # was a thousand times worse than guessing, NaN where it has not been measured yet.
    losses: Numbers  # (2: without and with BN, gains, rates, seeds)
    steps: int  # that each network was given
    plain: bool
    depth: int
    classes: int


@dataclass(frozen=True, slots=True, eq=False)
class NormBatches:
    """Networks that have learnt from equally many pictures in batches of different sizes. NaN: not measured yet."""

    sizes: NDArray[np.int64]  # (sizes,)  pictures per batch, rising
    train_loss: Numbers  # (2: without and with BN, sizes)  nats, over the last eighth of the steps; infinite: diverged
    running_error: Numbers  # (2, sizes)  share of wrong answers on test pictures, BN with its running statistics
    batch_error: Numbers  # (2, sizes)  the same with the statistics of test batches as large as those of training
    pictures: int  # that each network has learnt from
    tested: int  # test pictures
    plain: bool
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class NormStatistics:
    """One network's BatchNorms while it trains."""

    layers: tuple[str, ...]  # the BatchNorms in the order in which the model registers them
    steps: NDArray[np.int64]  # (looks,)  optimiser steps taken before each look
    mean_gap: Numbers  # (layers, looks)  median over channels of |batch mean - running mean| / batch deviation
    scale_ratio: Numbers  # (layers, looks)  median over channels of running deviation / batch deviation
    running_error: Numbers  # (looks,)  share of wrong answers on test pictures with running statistics
    batch_error: Numbers  # (looks,)  the same with the statistics of the test batch
    gamma: Numbers  # (3, layers, looks)  the channels' smallest, median and largest scale
    beta: Numbers  # (3, layers, looks)  the channels' smallest, median and largest shift
    batch: int  # pictures per batch, in training and in these tests
    tested: int  # test pictures
    plain: bool
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class CovariateShift:
    """Two explanations of BatchNorm measured in the same runs: without BN, with BN, with BN and noise after it.

    What was measured after a loss that was not finite is NaN.
    """

    losses: Numbers  # (3 networks, steps)  cross-entropy in nats of every training batch; infinite: not finite
    steps: NDArray[np.int64]  # (looks,)  the step, counted from 1, whose batch and update were looked at
    # The line down the gradient, from the weights before the step.
    reach: Numbers  # (points,)  its points as multiples of the learning rate
    start: Numbers  # (3, looks)  loss at its beginning, nats
    line: Numbers  # (3, points, looks)  loss at its points, nats
    norm: Numbers  # (3, looks)  ||g||, L2 norm of the gradient of all weights at its beginning
    change: Numbers  # (3, points, looks)  ||g' - g|| at its points
    smoothness: Numbers  # (3, looks)  effective beta: the largest ||g' - g|| / distance moved
    # Internal covariate shift of some layers.
    layers: tuple[str, ...]
    gradient: Numbers  # (3, layers, looks)  ||G||
    distance: Numbers  # (3, layers, looks)  ||G - G'||
    cosine: Numbers  # (3, layers, looks)  of the angle between G and G'; NaN also where one of them is 0
    # What these layers put out, after BatchNorm and noise: how far the channels' means moved since the look before.
    moved: Numbers  # (3, layers, looks)  median over channels, in standard deviations; NaN at the first look
    rate: float  # learning rate
    plain: bool
    depth: int
    classes: int
