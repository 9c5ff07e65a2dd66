"""What the pages about one picture look at: a picture, and the network that sees it."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ui import networks, pictures
from ui.boundary import Enough
from ui.sources import Source
from ui.text import say


def choose() -> tuple[NDArray[np.uint8], Source]:
    """Ask for both. While one is missing the page says so and ends here."""
    one, two = st.columns([5, 4])
    with one:
        picture = pictures.choose()
    with two:
        source = networks.choose()
    if picture is None or source is None:
        st.info(say("Choose a picture and a network to begin."), icon=":material/info:")
        raise Enough
    return picture, source
