"""Pictures that are not shipped: a visitor's own zip, and CIFAR-10 where the school has a copy.

An uploaded zip is checked and shrunk once, here, and handed on as a small file of plain pixels. The path of that file
never comes from the page's address.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import streamlit as st

from resnet_core import DataConfig, DataError, load_data, pack_folder
from ui.text import say

_SHELF = Path(tempfile.gettempdir()) / f"resnet-lab-{os.getuid() if hasattr(os, 'getuid') else 'pictures'}"


def own(size: int) -> tuple[DataConfig, int, int]:
    """Ask for a zip of pictures, one folder per class. Gives the config, channels and number of classes.

    Raises:
        DataError: nothing was uploaded yet, or the zip is not what it should be.
    """
    upload = st.file_uploader(
        say("A zip with one folder of pictures per class"), type="zip", key="folder", max_upload_size=20
    )
    if upload is None:
        raise DataError("Upload a zip with one folder of pictures per class, for example cats/1.jpg and dogs/1.jpg.")
    config = DataConfig(name="folder", size=size, path=str(_packed(upload.getvalue(), size)))
    pictures = load_data(config)
    skipped = len(pictures.skipped)
    st.caption(
        say("{train} pictures to learn from, {test} to test on, {classes} classes, {skipped} unreadable.").format(
            train=len(pictures.train_labels),
            test=len(pictures.test_labels),
            classes=len(pictures.classes),
            skipped=skipped,
        )
    )
    return config, pictures.channels, len(pictures.classes)


def cifar10(size: int) -> DataConfig:
    """CIFAR-10 from where RESNET_LAB_CIFAR10 says it is.

    Raises:
        DataError: the variable is not set.
    """
    path = os.environ.get("RESNET_LAB_CIFAR10", "")
    if not path:
        raise DataError(
            "CIFAR-10 is not on this server. Fetch it once with 'python -m resnet_core download cifar10 --to FOLDER' "
            "and start the app with RESNET_LAB_CIFAR10=FOLDER."
        )
    return DataConfig(name="cifar10", size=size, path=path)


def _packed(upload: bytes, size: int) -> Path:
    _SHELF.mkdir(mode=0o700, exist_ok=True)
    path = _SHELF / f"{hashlib.sha256(upload).hexdigest()}-{size}.npz"
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(pack_folder(upload, size)[0])
        part.replace(path)
    return path
