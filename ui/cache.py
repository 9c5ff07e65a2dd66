"""The laboratory's slow answers, kept. Each is a core function behind Streamlit's cache.

What goes in are frozen configs and numbers, what comes out are records, so that the key is complete. Small records are
copied out of the cache; large ones are shared by everyone and never written to. One lock lets one visitor measure at a
time: thirty clicks in the same second then take turns instead of fighting over two cores.
"""

from threading import Lock

import numpy as np
import streamlit as st
from numpy.typing import NDArray

import resnet_core
from resnet_core import (
    BlockAnatomy,
    ConvCost,
    CostReport,
    DataConfig,
    GradientReport,
    LayerTime,
    PictureReport,
    ResNetConfig,
    TrainConfig,
)
from ui.sources import Source, open_source

_turn = Lock()


@st.cache_data(max_entries=512, show_spinner=False)
def gradient_flow(
    network: ResNetConfig, data: DataConfig, seed: int, steps: int, training: TrainConfig
) -> GradientReport:
    """One seed's gradients."""
    with _turn:
        return resnet_core.gradient_flow(network, data, (seed,), steps, training)


@st.cache_data(max_entries=64, show_spinner=False)
def convolution_times(costs: tuple[ConvCost, ...], again: int) -> tuple[LayerTime, ...]:
    """Milliseconds on this machine. A new `again` measures again."""
    with _turn:
        return resnet_core.time_convolutions(costs, seconds=1.0)


@st.cache_data(max_entries=128, show_spinner=False)
def cost_report(network: ResNetConfig, size: int) -> CostReport:
    """Every layer's cost for one picture of `size` pixels."""
    return resnet_core.cost_report(network, (network.in_channels, size, size))


@st.cache_resource(max_entries=8, show_spinner=False)
def picture_report(source: Source, picture: NDArray[np.uint8], size: int) -> PictureReport:
    """All maps of one picture."""
    with _turn:
        opened = open_source(source)
        return resnet_core.picture_report(opened.model, picture, opened.classes, size, opened.mean, opened.std)


@st.cache_resource(max_entries=8, show_spinner=False)
def block_anatomy(source: Source, picture: NDArray[np.uint8], size: int, block: str) -> BlockAnatomy:
    """The two paths of one block."""
    with _turn:
        opened = open_source(source)
        return resnet_core.block_anatomy(opened.model, picture, block, size, opened.mean, opened.std)
