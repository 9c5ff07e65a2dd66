"""How much of the feature maps of one sample picture is exactly zero"""

from functools import partial

import streamlit as st

from resnet_core.records import PictureReport
from ui import cache, charts, figure, networks, pictures
from ui.charts.verdicts.zeros import zeros_verdict
from ui.charts.zeros import zero_bars, zeros_alt, zeros_table
from ui.text import say

SAMPLE = "cat"  # the picture that the part "Maps" shows to whoever chooses nothing


def measure() -> PictureReport:
    """The maps of the sample picture in the network that the page takes where nobody chooses another."""
    source = networks.usual()
    return cache.picture_report(source, pictures.sample(SAMPLE), networks.usual_size(source))


def figures(report: PictureReport) -> None:
    """Draw the share of zeros by layer, and the last block's maps beside the picture."""
    source = networks.usual()
    words = say("{network} looks at a cat, at {size} pixels. The dotted line is one half.")
    figure.note(words.format(network=source.name, size=networks.usual_size(source)))
    figure.draw(
        zero_bars(report, say),
        key="zeros_bars",
        alt=zeros_alt(report, say),
        sentence=zeros_verdict(report, say),
        table=zeros_table(report, say),
    )
    left, right = st.columns([2, 5], gap="large")
    with left:
        figure.picture(report.picture, say("What the network sees"), alt=say("The picture, cut to a square."))
    with right:
        last = report.layers[-1]
        figure.draw(
            partial(charts.maps_montage, last, say=say),
            key="zeros_maps",
            alt=charts.maps_alt(last, say),
            sentence=charts.maps_alt(last, say),
        )
