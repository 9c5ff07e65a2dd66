"""A 1x1 on a picture, and what a bottleneck saves: sentence and figure are those of the record."""

import base64
import io

import numpy as np
from PIL import Image

from tests.app.screen import alerts, figure, results, table, wait_for


def formulas(app):
    return [text.value for text in app.main.latex]


def ring(app, key):
    (found,) = [trace for trace in figure(app, key) if trace.get("meta") == "pixel"]
    return found["text"]


def test_the_product_at_a_pixel_can_be_followed_through_the_squeeze(open_app):
    app = open_app("shortcuts", part="pixels", pixels_x=10, pixels_y=20)
    assert not app.exception
    assert "Through one channel and back to three it loses" in results(app)[0]
    first, second = formulas(app)
    assert first.count("pmatrix") == second.count("pmatrix") == 6
    assert len(ring(app, "sheet_0")) == len(ring(app, "sheet_2")) == 4
    (squeezed,) = ring(app, "sheet_1")
    assert f"{float(squeezed):.2f}" in first
    before = first
    app.slider(key="pixels_x").set_value(100).run()
    assert formulas(app)[0] != before


def test_swapping_changes_the_outer_channels_of_the_ringed_pixel(open_app):
    app = open_app("shortcuts", part="pixels", pixels_mix="swap", picture="rocket")
    _, red, green, blue = ring(app, "sheet_0")
    assert ring(app, "sheet_1")[1:] == [blue, green, red]
    assert "as many different mixtures" in results(app)[0]


def test_a_relu_is_said_and_written_into_the_formula(open_app):
    app = open_app("shortcuts", part="pixels", pixels_mix="expand", pixels_relu="true", pixels_seed=3)
    assert "After the ReLU" in results(app)[0]
    assert formulas(app)[0].startswith(r"$$\max") or r"\max" in formulas(app)[0]
    assert len(ring(app, "sheet_1")) == 8


def test_a_picture_of_ones_own_is_mixed_too(open_app):
    app = open_app("shortcuts", part="pixels", picture="own", pixels_mix="grey")
    assert "Choose a picture to begin." in alerts(app)
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (255, 0, 51)).save(file, "PNG")
    app.file_uploader(key="upload").set_value(("red.png", file.getvalue(), "image/png")).run()
    assert not app.exception
    assert ring(app, "sheet_0")[1:] == ["1", "0", "0.2"]
    assert {f"{float(value):.3f}" for value in ring(app, "sheet_1")[1:]} == {f"{0.299 + 0.2 * 0.114:.3f}"}
    picture = next(trace for trace in figure(app, "sheet_0") if trace["type"] == "image")
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(picture["source"].partition(",")[2]))))
    assert (pixels[..., :3] == (255, 0, 51)).all()


def test_the_picture_part_can_be_read_in_korean(open_app):
    app = open_app("shortcuts", part="pixels", lang="ko")
    assert not app.exception
    assert "픽셀" in results(app)[0]


def test_times_are_measured_on_a_click_and_told(open_app):
    app = open_app("blocks", part="time", time_channels=64)
    app.button(key="ask_bottleneck_time").click().run()
    wait_for(
        app, lambda app: [text for text in app.caption if "turns, on one thread" in text.value and "40" in text.value]
    )
    savings, speeds = results(app)
    assert savings.startswith("Counted, the bottleneck saves a factor of 8.47; measured, from")
    measured, counted = figure(app, "time_savings")
    found = table(app, "Milliseconds (median)", "Input")
    times = found["Milliseconds (median)"].tolist()
    assert len(times) == 12
    assert np.allclose(np.array(measured["y"]), np.array(times[:4]) / np.array(times[4:8]), rtol=0.05)
    assert np.allclose(counted["y"], 9 / (2 / 4 + 9 / 16))
    assert speeds.startswith(("Time does not follow", "No clear difference"))


def test_the_time_part_can_be_read_in_korean(open_app):
    app = open_app("blocks", part="time", lang="ko", time_growth="stage")
    assert not app.exception
    assert app.button(key="ask_bottleneck_time")
