"""Which picture to look at: one of the samples, or the visitor's own."""

import hashlib
from functools import cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from resnet_core import edge_pattern, read_picture, sample_pictures
from ui import link, sheet
from ui.text import say

OWN = "own"


def choose() -> NDArray[np.uint8] | None:
    """Ask for a picture, (H, W, 3). None while a visitor who wants their own has not uploaded one.

    Raises:
        DataError: the upload is not a picture, or not one that is allowed.
    """
    names = {name: _title(name) for name in _samples()} | {OWN: say("My own picture")}
    name = link.choose(st.segmented_control, say("Picture"), names, next(iter(names)), "picture")
    if name != OWN:
        return _samples()[name]
    upload = st.file_uploader(
        say("PNG, JPEG, WebP or GIF, up to 20 MB"),
        type=["png", "jpg", "jpeg", "webp", "gif"],
        key="upload",
        max_upload_size=20,  # for the browser; read_picture refuses more as well
    )
    if upload is None:
        return None
    sheet.bring("upload", say("My own picture"), upload.name)
    data = upload.getvalue()
    return _read(hashlib.sha256(data).hexdigest(), data)


def sample(name: str) -> NDArray[np.uint8]:
    """One of the pictures that come with the app."""
    return _samples()[name]


def is_sample(picture: NDArray[np.uint8]) -> bool:
    """Whether a picture that was chosen came with the app, so that nothing of a visitor's is in it."""
    return any(picture is sample for sample in _samples().values())


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _read(digest: str, _data: bytes) -> NDArray[np.uint8]:
    return read_picture(_data)


@cache
def _samples() -> dict[str, NDArray[np.uint8]]:
    pictures = {name: read_picture(path.read_bytes()) for name, path in sample_pictures().items()}
    return pictures | {"edges": edge_pattern()}


def _title(name: str) -> str:
    titles = {
        "cat": say("Cat"),
        "coffee": say("Coffee"),
        "rocket": say("Rocket"),
        "edges": say("Edges"),
    }
    return titles.get(name, name)
