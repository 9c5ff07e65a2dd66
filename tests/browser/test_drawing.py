"""The network drawing in a browser: it opens blocks, cuts shortcuts, obeys the keyboard, and the page follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, chart, result

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
    expect(page.locator(".drawing .over .kind")).to_contain_text("identity with zero padding")


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


PASSING = ".drawing .block.forward, .drawing .block.backward"


def layer_slider(page):
    return page.get_by_role("slider", name="Layer: 0 is the stem, then every block")


def chosen_layer(page):
    """The layer by its slider, by the drawing and by the sentence below the maps."""
    slider = layer_slider(page).input_value()
    marked = page.locator(".drawing .block.open").get_attribute("data-id")
    return slider, marked, result(page, "feature maps of").split(" feature maps of ")[1].split(",")[0]


def test_a_click_on_a_block_chooses_the_layer_of_the_maps_and_the_link_brings_it_back(open_page):
    page = open_page("maps", part="maps", net="fresh", map_size_96=32)
    page.locator('.drawing [data-id="stages.1.0"]').click()
    page.wait_for_url("**layer=4**")
    settle(page)
    expect(page.locator(f"{MAIN} strong", has_text="feature maps of stage 2")).to_have_count(1)
    assert chosen_layer(page) == ("4", "stages.1.0", "stage 2")
    expect(page.locator(".drawing .chip")).to_have_count(0)  # the small one has no inside
    layer_slider(page).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**layer=5**")
    expect(page.locator('.drawing .block.open[data-id="stages.1.1"]')).to_have_count(1)
    page.locator('.drawing [data-id="stages.1.0"]').click()  # the same as before the slider was moved
    page.wait_for_url("**layer=4**")
    settle(page)
    page.locator('.drawing [data-id="head"]').click(force=True)  # which has no maps, and so is not to be chosen
    page.wait_for_timeout(300)
    again = open_page("maps", part="maps", net="fresh", map_size_96=32, layer=4)
    assert chosen_layer(again) == chosen_layer(page) == ("4", "stages.1.0", "stage 2")


def test_a_click_on_a_block_marks_it_in_the_gradients_profile_and_another_click_takes_the_mark_away(open_page):
    page = open_page("gradients", part="profile", depth=20, size_fashion=8, width=4, seeds=1)
    page.locator('.drawing [data-id="stages.2.1"]').click()
    page.wait_for_url("**block=stages.2.1**")
    expect(page.get_by_text("Gradient norms in stage 3, block 2 (on the band):")).to_have_count(1)
    band = chart(page, "gradient_profile").evaluate("figure => figure.layout.shapes.map(shape => [shape.x0, shape.x1])")
    assert band == [[15.5, 17.5]]  # stem, then two convolutions in each of seven blocks
    page.locator('.drawing [data-id="stages.2.1"]').click()
    page.wait_for_url(lambda url: "block=" not in url)
    expect(page.get_by_text("(on the band):")).to_have_count(0)


def test_the_keyboard_chooses_a_layer_as_well(open_page):
    page = open_page("maps", part="maps", net="fresh", map_size_96=32, layer=1)
    page.locator('.drawing [data-id="stages.0.0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**layer=2**")
    expect(page.locator(f"{MAIN} strong", has_text="feature maps of stage 1, block 2")).to_have_count(1)


def test_one_pass_is_told_and_not_moved_for_those_who_want_less_motion(open_page):
    page = open_page("network", **ASKED)
    play = page.get_by_role("button", name="Play one pass")
    play.click()
    expect(page.locator(".drawing .told")).to_contain_text("Forward: every block adds")
    expect(page.locator(PASSING)).to_have_count(0)
    expect(page.locator(".drawing .told")).to_contain_text("Backward: at each addition")
    expect(page.locator(PASSING)).to_have_count(0)
    expect(play).to_be_enabled()
    expect(page.locator(".drawing .told")).to_contain_text("stage 1, block 1")


def test_one_pass_goes_forward_and_backward_once_and_ends(open_page):
    page = open_page("network", **ASKED)
    page.emulate_media(reduced_motion="no-preference")
    seen = """() => {
        window.passed = []
        const find = root => [...root.querySelectorAll("*")].reduce((found, one) => found ??
            (one.matches(".drawing") ? one : one.shadowRoot ? find(one.shadowRoot) : null), null)
        const drawing = find(document)
        new MutationObserver(changes => changes.forEach(({ target }) => {
            if (target.matches(".block.forward")) window.passed.push("forward " + target.dataset.id)
            if (target.matches(".block.backward")) window.passed.push("backward " + target.dataset.id)
        })).observe(drawing, { attributes: true, attributeFilter: ["class"], subtree: true })
    }"""
    expect(blocks(page)).to_have_count(11)
    page.evaluate(seen)
    play = page.get_by_role("button", name="Play one pass")
    play.click()
    expect(play).to_be_disabled()
    expect(play).to_be_enabled()
    names = [block.get_attribute("data-id") for block in blocks(page).all()]
    passed = list(dict.fromkeys(page.evaluate("window.passed")))
    assert passed == [*(f"forward {name}" for name in names), *(f"backward {name}" for name in reversed(names))]
    expect(page.locator(PASSING)).to_have_count(0)
    page.wait_for_timeout(600)
    assert list(dict.fromkeys(page.evaluate("window.passed"))) == passed  # once
