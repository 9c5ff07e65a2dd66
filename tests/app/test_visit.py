"""What the server keeps of a visitor's own pictures and networks: how it tells them apart, and how long it has them."""

import gc
import io

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest

from resnet_core import read_picture
from tests.waiting import PATIENCE
from ui import pictures


@pytest.fixture(autouse=True)
def _nobody_was_here_before():
    st.cache_resource.clear()


def visit(script, **settings):
    """What `script` leaves in the session of a visitor under "found"."""
    app = AppTest.from_function(script, kwargs=settings, default_timeout=PATIENCE).run()
    assert not app.exception
    return app.session_state["found"]


def two_large_pictures():
    import numpy as np
    import streamlit as st

    from resnet_core import cifar
    from ui import cache
    from ui.sources import Source

    first = np.random.default_rng(0).integers(0, 256, (600, 600, 3)).astype(np.uint8)
    second = first.copy()
    second[300, 300] ^= 255
    source = Source("fresh", cifar(8, width=4), 1)
    st.session_state["found"] = [cache.picture_report(source, seen, 600) for seen in (first, second, first.copy())]


def test_pictures_that_differ_in_one_pixel_are_two_pictures():
    """Streamlit's own key for an array of 500,000 numbers or more looks at some of them only."""
    first, second, again = visit(two_large_pictures)
    assert (first.picture != second.picture).any(axis=2).sum() == 1
    assert again is first


def networks_of_one_name():
    import streamlit as st

    from resnet_core import build_model, cifar, edge_pattern, save_weights
    from ui import cache
    from ui.sources import Source

    one, other = (save_weights(build_model(cifar(8, width=4), seed)) for seed in (1, 2))
    st.session_state["found"] = [
        cache.picture_report(Source(name, weights=weights, filename=f"{name}.safetensors"), edge_pattern(32), 32)
        for name, weights in (("mine", one), ("mine", other), ("yours", one))
    ]


def test_networks_are_told_apart_by_their_bytes_and_not_by_their_name():
    one, other, again = visit(networks_of_one_name)
    assert not np.array_equal(one.scores, other.scores)
    assert again is one


def a_look(own_picture, own_network):
    import weakref

    import streamlit as st

    from resnet_core import build_model, cifar, edge_pattern, save_weights
    from ui import cache, pictures
    from ui.sources import Source

    picture = edge_pattern(64) if own_picture else pictures._samples()["edges"]
    source = Source("fresh", cifar(8, width=4), 1)
    if own_network:
        source = Source("mine", weights=save_weights(build_model(cifar(8, width=4), 1)), filename="a.safetensors")
    report = cache.picture_report(source, picture, 32)
    anatomy = cache.block_anatomy(source, picture, 32, "stages.0.0")
    st.session_state["found"] = [weakref.ref(report.picture), weakref.ref(anatomy.total)]


@pytest.mark.parametrize(
    ("own_picture", "own_network", "kept"),
    [(True, False, False), (False, True, False), (True, True, False), (False, False, True)],
)
def test_what_a_visitors_own_things_gave_is_gone_when_the_visit_ends(own_picture, own_network, kept):
    found = visit(a_look, own_picture=own_picture, own_network=own_network)
    assert all(reference() is not None for reference in found), "it is kept during the visit"
    clear_session_resource_cache("test session id")  # what Streamlit does when a visitor's connection has ended
    gc.collect()
    assert [reference() is not None for reference in found] == [kept, kept]


def test_an_upload_is_decoded_once_however_often_the_page_is_drawn(open_app, monkeypatch):
    decoded = []

    def read(data):
        decoded.append(data)
        return read_picture(data)

    monkeypatch.setattr(pictures, "read_picture", read)
    app = open_app("maps", part="maps", net="fresh", picture="own", map_size_96=64, mapdepth=8)
    decoded.clear()  # the samples
    for shade in (10, 200):
        file = io.BytesIO()
        Image.new("RGB", (40, 40), (shade, 0, 0)).save(file, "PNG")
        app.file_uploader(key="upload").set_value(("mine.png", file.getvalue(), "image/png")).run()
        app.run()
        app.run()
        assert not app.exception
    assert len(decoded) == len(set(decoded)) == 2


def test_an_archive_that_is_too_large_is_refused_by_the_server_too(open_app):
    """The widget's limit is kept by the browser; who sends without one is measured here."""
    app = open_app("train", data="folder")
    too_much = bytes(20 * 1024 * 1024 + 1)
    app.file_uploader(key="folder").set_value(("mine.zip", too_much, "application/zip")).run()
    assert not app.error
    assert [box.value for box in app.warning] == ["The zip has more than 20 MB. Use fewer or smaller pictures."]
