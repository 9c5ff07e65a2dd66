"""The report as a student hands it in: taken from a page, opened without a net, printed on A4."""

import re
from base64 import b64decode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREENSHOTS, settle
from tests.browser.reading import MAIN, PATIENCE, result, unfold

A4 = (595, 842)  # points, ISO 216
PRINT = {"preferCSSPageSize": True, "printBackground": True}
WORDS = {
    "en": ("Report of this page", "Download the report (HTML)", "deeper is worse", "Questions and answers"),
    "ko": ("이 페이지의 보고서", "보고서 내려받기(HTML)", "깊을수록", "질문과 답"),
}


def taken(page, fold, button, folder, answers):
    """The report's file. The last answer is typed right before the click, as students do."""
    unfold(page, fold)
    settle(page)
    page.locator(".st-key-report_name input").fill("<b>Mina</b>")
    for number, answer in enumerate(answers, start=1):
        page.locator(f".st-key-report_depth_{number} textarea").fill(answer)
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def opened(browser, file):
    """The file in a browser that has no net, and what went wrong there."""
    window = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page, troubles = window.new_page(), []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: asked.url.startswith(("file:", "data:", "blob:")) or troubles.append(asked.url))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached", timeout=PATIENCE)
    return page, troubles


def sheets(pdf):
    """How many sheets a PDF has, and how large each is, in points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return len(re.findall(rb"/Type /Page\b", pdf)), {(round(float(x)), round(float(y))) for x, y in boxes}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_report_opens_without_a_net_says_what_the_page_says_and_prints(open_page, browser, tmp_path, lang):
    fold, button, found, section = WORDS[lang]
    page = open_page("depth", lang=lang, scheme="dark", depth_card="run")
    said = result(page, found)
    answers = ["<script>alert(1)</script>", "second\nline", "typed last"]
    paper, troubles = opened(browser, taken(page, fold, button, tmp_path, answers))
    assert [word for word in [said, "<b>Mina</b>", *answers, section] if word not in paper.inner_text("main")] == []
    pictures = paper.locator("img[data-figure]")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        drawn = picture.evaluate("image => decodeURIComponent(image.src)")
        assert drawn.startswith("data:image/svg+xml")
        assert drawn.count("scatterlayer") >= 1
        assert picture.evaluate("image => image.naturalWidth") > 300
        assert picture.bounding_box()["width"] > 300
    assert paper.locator("header b, li b").count() == 0
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    paper.screenshot(path=SCREENSHOTS / f"report-depth-{lang}.png", full_page=True)
    count, sizes = sheets(b64decode(paper.context.new_cdp_session(paper).send("Page.printToPDF", PRINT)["data"]))
    assert 1 <= count <= 2
    assert sizes
    assert all(abs(x - A4[0]) <= 1 and abs(y - A4[1]) <= 1 for x, y in sizes)
    paper.set_viewport_size({"width": 390, "height": 844})
    assert paper.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 1
    assert troubles == []
    paper.context.close()


def test_the_report_is_a_fold_at_the_end_of_a_page_also_on_a_phone(open_page, screenshot):
    page = open_page("lesions", size=(390, 844), part="cuts", locked=1)
    fold = page.locator(f"{MAIN} [data-testid=stExpander]", has_text="Report of this page")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Download the report (HTML)")).to_be_visible()
    expect(page.locator(".st-key-report_lesions_3 textarea")).to_be_enabled()
    settle(page)
    screenshot(page, "report-lesions-phone-en")
