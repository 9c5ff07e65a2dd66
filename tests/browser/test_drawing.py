"""The network drawing in a browser: it opens blocks, cuts shortcuts, obeys the keyboard, and the page follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, result

FOCUSED = """() => {
    let element = document.activeElement
    while (element.shadowRoot) element = element.shadowRoot.activeElement
    return ["role", "aria-checked", "aria-label"].map(name => element.getAttribute(name))
}"""
ASKED = {"part": "drawing", "count_net": "cifar-resnet20"}


def blocks(page):
    return page.locator(".drawing [data-id]")


def first_over_last(page):
    """What the sentence says of the residual network's gradient."""
    words = result(page, "residual-20 + BN")
    return float(re.search(r"residual-20 \+ BN:.*?([\d.]+) times", words)[1])


def test_a_block_opens_and_says_what_is_inside(open_page):
    page = open_page("network", **ASKED)
    expect(blocks(page)).to_have_count(11)  # stem, nine blocks, head
    page.locator('.drawing [data-id="stages.1.0"]').click()
    expect(page.locator(".drawing .inside .title")).to_contain_text("stage 2, block 1")
    chips = page.locator(".drawing .inside .chip.conv")
    expect(chips).to_have_count(2)
    # 16 channels become 32 at half the side: 3 * 3 * 16 * 32 weights
    expect(chips.first).to_contain_text("3×3 convolution")
    expect(chips.first).to_contain_text("32 × 16 × 16")
    expect(chips.first).to_contain_text("4,608 weights")
    expect(page.locator(".drawing .over .kind")).to_have_text("identity with zero padding")


def test_a_bottleneck_is_thin_wide_thin_and_projects_where_shapes_change(open_page):
    page = open_page("network", part="drawing", count_net="resnet50-v1")
    chips = page.locator(".drawing .under .chip.conv b")
    expect(chips).to_have_count(3)
    kernels = chips.all_inner_texts()
    assert [kernel.split()[0] for kernel in kernels] == ["1×1", "3×3", "1×1"]
    expect(page.locator(".drawing .skip.projection")).to_have_count(4)  # He et al. 2015, section 3.3: option B
    expect(page.locator(".drawing .skip.identity")).to_have_count(12)


@pytest.mark.slow
def test_cutting_a_shortcut_changes_the_gradient_and_the_link(open_page):
    page = open_page("network", **ASKED, colour="gradient")
    before = result(page, "residual-20 + BN")
    page.locator('.drawing [data-skip="stages.0.1"] .touch').click()
    page.wait_for_url("**cut=0-1**")
    settle(page)
    expect(page.locator(".drawing .skip.cut")).to_have_count(1)
    expect(page.locator(f"{MAIN} strong", has_text=before)).to_have_count(0)
    again = open_page("network", **ASKED, colour="gradient", cut="0-1")
    expect(again.locator(".drawing .skip.cut")).to_have_count(1)
    again.locator('.drawing [data-skip="stages.0.1"] .touch').click()
    expect(again.locator(".drawing .skip.cut")).to_have_count(0)
    expect(again.locator(f"{MAIN} strong", has_text=before)).to_have_count(1)


def test_the_drawing_obeys_the_keyboard_and_speaks(open_page):
    page = open_page("network", **ASKED)
    page.locator('.drawing [data-id="stages.0.0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".drawing .inside .title")).to_contain_text("stage 1, block 2")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == ["switch", "true", "Shortcut of stage 1, block 2: identity"]
    page.keyboard.press("Enter")
    expect(page.locator(".drawing .skip.cut")).to_have_count(1)


@pytest.mark.parametrize("net", ["cifar-resnet110", "resnet152"])
def test_a_deep_network_fits_a_phone(open_page, net):
    page = open_page("network", size=(390, 844), part="drawing", count_net=net)
    box = page.locator(".drawing svg").bounding_box()
    for block in blocks(page).all():
        place = block.bounding_box()
        assert place["x"] >= box["x"] - 1
        assert place["x"] + place["width"] <= box["x"] + box["width"] + 1
