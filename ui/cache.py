"""The laboratory's slow answers, kept. Each is a core function behind Streamlit's cache.

What goes in are frozen configs and numbers, what comes out are records, so that the key is complete. Small records are
copied out of the cache; large ones are shared and never written to. What a visitor's own picture or network gave is
kept for that visitor alone and goes with the visit; its key is a digest of every byte, since Streamlit would look at
some of a large array only. Pictures are looked at one at a time: thirty clicks in the same second take turns instead of
fighting over two cores. What trains or takes long is measured elsewhere, see measure.py.
"""

import hashlib
from itertools import pairwise
from pathlib import PurePath
from threading import Lock

import numpy as np
import streamlit as st
from numpy.typing import NDArray

import resnet_core
from resnet_core import (
    BlockAnatomy,
    CostReport,
    PictureReasons,
    PictureReport,
    ResNetConfig,
)
from resnet_core.records.arithmetic import LayerArithmetic
from ui.pictures import is_sample
from ui.sources import Opened, Source, open_source

OPEN = 3  # networks that are kept built, 240 MB at most each, most of them a tenth

_turn = Lock()


@st.cache_data(max_entries=128, show_spinner=False)
def cost_report(network: ResNetConfig, size: int) -> CostReport:
    """Every layer's cost for one picture of `size` pixels."""
    return resnet_core.cost_report(network, (network.in_channels, size, size))


def picture_report(source: Source, picture: NDArray[np.uint8], size: int) -> PictureReport:
    """All maps of one picture."""
    keep = _shared_report if _is_shared(source, picture) else _own_report
    return keep(_network_key(source), _digest(picture), size, source, picture)


def block_anatomy(source: Source, picture: NDArray[np.uint8], size: int, block: str) -> BlockAnatomy:
    """The two paths of one block."""
    keep = _shared_anatomy if _is_shared(source, picture) else _own_anatomy
    return keep(_network_key(source), _digest(picture), size, block, source, picture)


def picture_reasons(source: Source, picture: NDArray[np.uint8], size: int) -> PictureReasons:
    """Which pixels and which blocks speak for what a network sees in a picture."""
    keep = _shared_reasons if _is_shared(source, picture) else _own_reasons
    return keep(_network_key(source), _digest(picture), size, source, picture)


def arithmetic_layers(source: Source) -> tuple[str, ...]:
    """The layers of a network whose outputs can be worked out by hand."""
    keep = _shared_arithmetic_layers if source.is_everybodys else _own_arithmetic_layers
    return keep(_network_key(source), source)


def layer_arithmetic(source: Source, picture: NDArray[np.uint8], size: int, layer: str) -> LayerArithmetic:
    """One layer's numbers for one picture."""
    keep = _shared_arithmetic if _is_shared(source, picture) else _own_arithmetic
    return keep(_network_key(source), _digest(picture), size, layer, source, picture)


def assumptions(source: Source) -> tuple[str, ...]:
    """What was guessed about a network because its file does not say it: English sentences to say, often none.

    Raises:
        CheckpointError: the file holds no network.
    """
    return () if source.is_everybodys else _assumptions(_network_key(source), source)


def network(source: Source) -> ResNetConfig:
    """How a network is built."""
    if source.config is not None:
        return source.config
    keep = _shared_config if source.is_everybodys else _own_config
    return keep(_network_key(source), source)


@st.cache_data(max_entries=32, show_spinner=False)
def _shared_config(network: str, _source: Source) -> ResNetConfig:
    return _config(_source)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _own_config(network: str, _source: Source) -> ResNetConfig:
    return _config(_source)


def _config(source: Source) -> ResNetConfig:
    with _turn:
        return _opened(source).model.config


@st.cache_resource(max_entries=8, show_spinner=False)
def _shared_report(network: str, digest: str, size: int, _source: Source, _picture: NDArray[np.uint8]) -> PictureReport:
    return _report(_source, _picture, size)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _own_report(network: str, digest: str, size: int, _source: Source, _picture: NDArray[np.uint8]) -> PictureReport:
    return _report(_source, _picture, size)


@st.cache_resource(max_entries=8, show_spinner=False)
def _shared_anatomy(
    network: str, digest: str, size: int, block: str, _source: Source, _picture: NDArray[np.uint8]
) -> BlockAnatomy:
    return _anatomy(_source, _picture, size, block)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _own_anatomy(
    network: str, digest: str, size: int, block: str, _source: Source, _picture: NDArray[np.uint8]
) -> BlockAnatomy:
    return _anatomy(_source, _picture, size, block)


@st.cache_resource(max_entries=8, show_spinner=False)
def _shared_reasons(
    network: str, digest: str, size: int, _source: Source, _picture: NDArray[np.uint8]
) -> PictureReasons:
    return _reasons(_source, _picture, size)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _own_reasons(network: str, digest: str, size: int, _source: Source, _picture: NDArray[np.uint8]) -> PictureReasons:
    return _reasons(_source, _picture, size)


@st.cache_resource(max_entries=8, show_spinner=False)
def _shared_arithmetic_layers(network: str, _source: Source) -> tuple[str, ...]:
    return _layers(_source)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _own_arithmetic_layers(network: str, _source: Source) -> tuple[str, ...]:
    return _layers(_source)


@st.cache_resource(max_entries=16, show_spinner=False)
def _shared_arithmetic(
    network: str, digest: str, size: int, layer: str, _source: Source, _picture: NDArray[np.uint8]
) -> LayerArithmetic:
    return _arithmetic(_source, _picture, size, layer)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _own_arithmetic(
    network: str, digest: str, size: int, layer: str, _source: Source, _picture: NDArray[np.uint8]
) -> LayerArithmetic:
    return _arithmetic(_source, _picture, size, layer)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _assumptions(network: str, _source: Source) -> tuple[str, ...]:
    return open_source(_source).assumed


@st.cache_resource(max_entries=OPEN, show_spinner=False)
def _shared_network(network: str, _source: Source) -> Opened:
    return open_source(_source)


def _opened(source: Source) -> Opened:
    """The network, built once for all if it is nobody's own. For whoever has the turn: probes put hooks on it."""
    return _shared_network(_network_key(source), source) if source.is_everybodys else open_source(source)


def _report(source: Source, picture: NDArray[np.uint8], size: int) -> PictureReport:
    with _turn:
        opened = _opened(source)
        return resnet_core.picture_report(opened.model, picture, opened.classes, size, opened.mean, opened.std)


def _anatomy(source: Source, picture: NDArray[np.uint8], size: int, block: str) -> BlockAnatomy:
    layers = picture_report(source, picture, size).layers
    before = next((one.maps for one, other in pairwise(layers) if other.name == block), None)
    with _turn:
        opened = _opened(source)
        return resnet_core.block_anatomy(opened.model, picture, block, size, opened.mean, opened.std, before=before)


def _reasons(source: Source, picture: NDArray[np.uint8], size: int) -> PictureReasons:
    with _turn:
        opened = _opened(source)
        return resnet_core.picture_reasons(opened.model, picture, opened.classes, size, opened.mean, opened.std)


def _layers(source: Source) -> tuple[str, ...]:
    with _turn:
        return resnet_core.arithmetic_layers(_opened(source).model)


def _arithmetic(source: Source, picture: NDArray[np.uint8], size: int, layer: str) -> LayerArithmetic:
    with _turn:
        opened = _opened(source)
        return resnet_core.layer_arithmetic(opened.model, picture, layer, size, opened.mean, opened.std)


def _is_shared(source: Source, picture: NDArray[np.uint8]) -> bool:
    """Whether neither the network nor the picture is the visitor's own, so that the whole class can have one answer."""
    return source.is_everybodys and is_sample(picture)


def _network_key(source: Source) -> str:
    if source.config is not None:
        return f"{source.config} {source.seed}"
    if source.official or source.shipped:
        return f"official {source.official} shipped {source.shipped}"
    return f"{hashlib.sha256(source.weights).hexdigest()} {PurePath(source.filename).suffix}"


def _digest(picture: NDArray[np.uint8]) -> str:
    return f"{picture.shape} {hashlib.sha256(picture.tobytes()).hexdigest()}"
