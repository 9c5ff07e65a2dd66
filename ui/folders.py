"""Pictures that are not shipped: a visitor's own zip, and CIFAR-10 where the school has a copy.

An uploaded zip is checked and shrunk once, here, and handed on as a small file of plain pixels. The path of that file
never comes from the page's address.
"""

import hashlib
import os
from pathlib import Path

import streamlit as st

from resnet_core import DataConfig, DataError, load_data, pack_folder
from ui import sheet
from ui.shelf import Shelf
from ui.text import say

MEGABYTES = 20  # of a zip, at most

_shelf = Shelf()


def own(size: int) -> tuple[DataConfig, int, int]:
    """Ask for a zip of pictures, one folder per class. Gives the config, channels and number of classes.

    Raises:
        DataError: nothing was uploaded yet, or the zip is not what it should be.
    """
    upload = st.file_uploader(
        say("A zip with one folder of pictures per class"), type="zip", key="folder", max_upload_size=MEGABYTES
    )
    if upload is None:
        raise DataError("Upload a zip with one folder of pictures per class, for example cats/1.jpg and dogs/1.jpg.")
    if upload.size > MEGABYTES << 20:  # the browser refuses it, but who asks without a browser gets here
        raise DataError("The zip has more than {limit} MB. Use fewer or smaller pictures.", limit=MEGABYTES)
    sheet.bring("folder", say("My own pictures"), upload.name)
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
    name = f"{hashlib.sha256(upload).hexdigest()}-{size}.npz"
    return _shelf.place(name, lambda: pack_folder(upload, size)[0])
