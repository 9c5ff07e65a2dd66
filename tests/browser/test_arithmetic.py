"""One pixel by hand in a browser: the sums on the screen are NumPy's, and pointing asks the server for nothing."""

import json
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from safetensors import safe_open
from torch.nn import functional as F

from resnet_core import read_picture, sample_pictures
from resnet_core.images import square
from resnet_core.shipped import WEIGHTS
from tests.browser.conftest import settle
from tests.browser.reading import overflow

MAP = ".arithmetic figure.output canvas"
COUNT_MESSAGES = """() => {
    window.messages = 0
    const send = WebSocket.prototype.send
    WebSocket.prototype.send = function (...all) { window.messages += 1; return send.apply(this, all) }
}"""
AT_REST = 1200  # milliseconds, more than the component waits before it says or keeps anything


@pytest.fixture(scope="module")
def network():
    """Weights as they lie in the file, and what the first layers make of the cat, in float64."""
    with safe_open(WEIGHTS / "photos-residual.safetensors", "np") as file:
        weights = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}  # noqa: SIM118
        mean, std = (json.loads(file.metadata()[name]) for name in ("mean", "std"))
    pixels = square(read_picture(sample_pictures()["cat"].read_bytes()), 64, 3)
    x = torch.tensor((pixels / 255 - mean) / std).permute(2, 0, 1)[None]
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}

    def norm(x, name):
        parts = ("running_mean", "running_var", "weight", "bias")
        return F.batch_norm(x, *(tensors[f"{name}.{part}"] for part in parts))

    x = norm(F.conv2d(x, tensors["stem.conv.weight"], stride=2, padding=3), "stem.norm")
    maps = {"stages.0.0": F.max_pool2d(x.relu(), 3, 2, 1)}
    maps["conv1"] = F.conv2d(maps["stages.0.0"], tensors["stages.0.0.conv1.weight"], padding=1)
    y = norm(maps["conv1"], "stages.0.0.norm1").relu()
    y = F.conv2d(y, tensors["stages.0.0.conv2.weight"], padding=1)
    maps["branch"] = norm(y, "stages.0.0.norm2")
    return weights, {name: values[0].numpy() for name, values in maps.items()}


def opened(open_page, step, **settings):
    page = open_page("maps", part="arithmetic", op=step, **settings)
    expect(page.locator(".arithmetic .ledger .total td")).to_be_visible()
    page.locator(MAP).scroll_into_view_if_needed()
    return page


def hover(page, row, column, side=16):
    box = page.locator(MAP).bounding_box()
    page.mouse.move(box["x"] + (column + 0.5) * box["width"] / side, box["y"] + (row + 0.5) * box["height"] / side)
    place = re.compile(f"row {row + 1}, column {column + 1}$")
    expect(page.locator(MAP)).to_have_attribute("aria-valuetext", place)


def number(text):
    mantissa, _, power = text.replace("−", "-").partition("×10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def cell(page, kind):
    return number(page.locator(f".arithmetic .ledger .{kind} td").first.inner_text())


def channel(page):
    return int(re.search(r"Output channel (\d+)", page.locator(".arithmetic .did").inner_text())[1]) - 1


def square_of(page, title):
    cells = page.locator(".arithmetic .square", has_text=title).locator(".cells span")
    return np.array([number(text) for text in cells.all_inner_texts()]).reshape(3, 3)


def test_a_convolutions_pixel_is_numpys_and_pointing_at_it_asks_for_nothing(open_page, network):
    weights, maps = network
    kernels = weights["stages.0.0.conv1.weight"]
    page = opened(open_page, "conv1")
    page.evaluate(COUNT_MESSAGES)
    padded = np.pad(maps["stages.0.0"], ((0, 0), (1, 1), (1, 1)))
    for row, column in ((0, 0), (7, 7), (9, 3), (15, 8)):
        hover(page, row, column)
        out = channel(page)
        products = kernels[out] * padded[:, row : row + 3, column : column + 3]
        assert cell(page, "total") == pytest.approx(products.sum(), abs=2e-5)
        assert cell(page, "own") == pytest.approx(products.sum(), abs=2e-5)
        assert abs(cell(page, "difference")) < 2e-5
        largest = int(np.abs(products.sum((1, 2))).argmax())
        parts = page.locator(".arithmetic .ledger tbody tr").first
        assert f"channel {largest + 1}" in parts.inner_text()
        np.testing.assert_allclose(
            square_of(page, "input patch"), padded[largest, row : row + 3, column : column + 3], atol=6e-4
        )
        np.testing.assert_allclose(square_of(page, "kernel"), kernels[out, largest], atol=6e-4)
        np.testing.assert_allclose(square_of(page, "products"), products[largest], atol=6e-4)
    assert page.locator(".arithmetic .cells .outside").count() == 3  # the last row has nothing below it
    page.wait_for_timeout(AT_REST)
    assert page.evaluate("window.messages") == 0


def test_batchnorm_and_addition_are_numpys_too(open_page, network):
    weights, maps = network
    mean, variance, gamma, beta = (
        weights[f"stages.0.0.norm1.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
    )
    page = opened(open_page, "norm1")
    hover(page, 4, 11)
    out = channel(page)
    expected = (maps["conv1"][out, 4, 11] - mean[out]) / np.sqrt(variance[out] + 1e-5) * gamma[out] + beta[out]
    assert cell(page, "total") == pytest.approx(expected, abs=2e-5)
    page.locator(".st-key-op").get_by_role("radio", name="Addition").click()
    expect(page.locator(".arithmetic figure.branch")).to_be_visible()
    settle(page)
    page.locator(MAP).scroll_into_view_if_needed()
    hover(page, 12, 2)
    out = channel(page)
    x, branch = maps["stages.0.0"][out, 12, 2], maps["branch"][out, 12, 2]
    assert cell(page, "total") == pytest.approx(x + branch, abs=2e-5)
    assert cell(page, "own") == pytest.approx(x + branch, abs=2e-5)
    assert cell(page, "after") == pytest.approx(max(0, x + branch), abs=2e-5)


def test_every_channel_adds_up_to_the_total_and_another_one_can_be_looked_at(open_page, network):
    page = opened(open_page, "conv1")
    hover(page, 5, 5)
    rows = page.locator(".arithmetic .ledger tbody tr:has(.bar) td:nth-of-type(1)").all_inner_texts()
    assert len(rows) == 6  # five channels, and the other 27 together
    assert sum(map(number, rows)) == pytest.approx(cell(page, "total"), abs=1e-5)
    page.locator(".arithmetic .chooseInput input").fill("9")
    expect(page.locator(".arithmetic figure.input figcaption")).to_have_text("Input channel 9 of 32")
    expect(page.locator(".arithmetic .ledger .chosen th")).to_have_text("channel 9")
    page.locator(".arithmetic .largest").click()
    expect(page.locator(".arithmetic .ledger .chosen th")).not_to_have_text("channel 9")


def test_it_obeys_the_keyboard_speaks_and_is_kept_in_the_link(open_page):
    page = opened(open_page, "conv1", pixel="12-7-8")
    page.locator(MAP).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "PageUp"):
        page.keyboard.press(key)
    said = "Output channel 11, row 9, column 9: 288 products (32 channels × 3 × 3) add up to"
    expect(page.locator(".arithmetic .did")).to_contain_text(said)
    expect(page.locator(".arithmetic [aria-live]")).to_contain_text(said)
    page.wait_for_url("**pixel=11-9-9**")
    settle(page)
    total = page.locator(".arithmetic .ledger .total td").inner_text()
    again = opened(open_page, "conv1", pixel="11-9-9")
    expect(again.locator(".arithmetic .ledger .total td")).to_have_text(total)
    again.keyboard.press("Tab")
    again.locator(MAP).focus()
    again.keyboard.press("Home")
    expect(again.locator(MAP)).to_have_attribute("aria-valuetext", "row 9, column 1")


def test_back_at_a_step_the_screen_shows_the_pixel_that_the_link_names(open_page):
    page = opened(open_page, "conv1")
    hover(page, 3, 4)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**-4-5**")
    steps = page.locator(".st-key-op").get_by_role("radio")
    steps.nth(1).click()
    page.wait_for_url("**op=norm1**")
    settle(page)
    steps.nth(0).click()
    page.wait_for_url("**-4-5**")
    expect(page.locator(MAP)).to_have_attribute("aria-valuetext", "row 4, column 5")


def test_a_tap_on_a_phone_is_enough(open_page, screenshot):
    page = opened(open_page, "conv1", size=(390, 844), lang="ko", layer=3)
    steps = page.locator(".st-key-op").get_by_role("radio")
    for step, words in ((0, "× 3 × 3"), (5, "입력 채널마다"), (7, "(")):  # 3x3, the shortcut's 1x1, the addition
        steps.nth(step).click()
        expect(page.locator(".arithmetic .did")).to_contain_text(words)
        settle(page)
        page.locator(MAP).scroll_into_view_if_needed()
        box = page.locator(MAP).bounding_box()
        page.mouse.click(box["x"] + 2, box["y"] + 2)
        expect(page.locator(".arithmetic .did")).to_contain_text("1행 1열")
        page.wait_for_url("**-1-1**")
        settle(page)
        assert overflow(page) <= 1
        screenshot(page, f"arithmetic-{step}-ko-390")
