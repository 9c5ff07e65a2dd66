"""What a visitor sets is in the address, the address is the whole experiment, and files come in by the real door."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, curves, result

LINKS = "[data-testid=stSidebarNav] a"
SMALL = {"depth": 20, "size_fashion": 8, "width": 4, "seeds": 1}


@pytest.mark.slow
def test_a_switch_redraws_the_figure_and_the_address_repeats_it_elsewhere(open_page, screenshot):
    page = open_page("gradients", part="profile", **SMALL)
    before = curves(page, "gradient_profile")
    page.locator(".st-key-bn label").first.click()
    sentence = result(page, "plain-20, no BN: vanishes")
    expect(page.locator(".st-key-gradient_profile")).to_contain_text("no BN")
    page.wait_for_url("**bn=false**")
    page.locator(".st-key-init").get_by_text("He (2015)").click()
    page.wait_for_url("**init=he**")
    sentence = result(page, "plain-20, no BN: neither vanishes")
    settle(page)
    after = curves(page, "gradient_profile")
    assert after != before
    screenshot(page, "gradients-no-bn-he-en")

    other = open_page(page.url.split("/", 3)[3])
    assert curves(other, "gradient_profile") == after
    assert result(other, "plain-20, no BN") == sentence
    expect(other.locator(".st-key-depth")).to_contain_text("20")


@pytest.mark.slow
def test_settings_follow_to_the_next_page_and_stand_in_its_address(open_page):
    page = open_page("gradients", part="profile", **SMALL, seed=7, data="digits")
    page.locator(f"{LINKS}[href*=train]").click()
    page.wait_for_url("**/train**")
    settle(page)
    page.wait_for_url("**seed=7**")
    assert {"width=4", "data=digits", "seed=7"} <= set(page.url.partition("?")[2].split("&"))
    expect(page.locator(".st-key-seed input")).to_have_value("7")
    page.locator(f"{LINKS}[href*=gradients]").click()
    page.wait_for_url("**/gradients**depth=20**")
    settle(page)
    assert {"width=4", "data=digits", "seed=7", "seeds=1"} <= set(page.url.partition("?")[2].split("&"))


@pytest.fixture
def photograph(tmp_path):
    small = np.random.default_rng(7).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    path = tmp_path / "my photograph.jpg"
    Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def upload(page, path):
    with page.expect_file_chooser() as chooser:
        page.locator(".st-key-upload button").first.click()
    chooser.value.set_files(path)


@pytest.mark.slow
def test_a_photograph_is_uploaded_and_followed(open_page, photograph, screenshot):
    page = open_page("maps", part="maps", net="fresh", picture="own", mapdepth=8, map_size_96=64, layer=1)
    expect(page.get_by_text("Choose a picture and a network to begin.")).to_be_visible()
    upload(page, photograph)
    result(page, "16 of 16 feature maps of stage 1, block 1, 64 by 64 pixels each")
    assert len(curves(page, "anatomy")) == 3
    (scores,) = curves(page, "scores")
    assert sum(map(float, scores[1])) == pytest.approx(1)
    settle(page)
    seen = page.locator(f"{MAIN} [data-testid=stImage] img").first
    assert seen.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [64, 64]
    screenshot(page, "maps-upload-en")


@pytest.mark.slow
def test_a_file_that_only_says_it_is_a_picture_is_explained(open_page, tmp_path):
    path = tmp_path / "letter.png"
    path.write_text("Dear Sir or Madam,")
    page = open_page("maps", part="maps", net="fresh", picture="own", lang="ko")
    upload(page, path)
    box = page.locator(f"{MAIN} [data-testid=stAlertContentWarning]")
    expect(box).to_be_visible()
    assert "Traceback" not in box.inner_text()
    assert "PNG" in box.inner_text()


@pytest.mark.slow
def test_moving_a_slider_on_the_cost_page_changes_sum_and_address(open_page):
    page = open_page("shortcuts", part="count")
    assert result(page, "times fewer").startswith("12,443,648 multiplications instead of 120,422,400: 9.68")
    page.locator(".st-key-kernel input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    chain, direct = 28 * 28 * (192 * 16 + 9 * 16 * 32), 28 * 28 * 9 * 192 * 32
    result(page, f"{chain:,} multiplications instead of {direct:,}: {direct / chain:.2f} times fewer.")
    page.wait_for_url("**kernel=3**")
