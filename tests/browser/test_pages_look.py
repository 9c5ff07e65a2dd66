"""Every page, two languages, a desk and a phone: the right words, nothing cut off, and a picture of each to look at."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.reading import MAIN, overflow

TITLES = {
    "": ("Deeper should be better. Why was it worse?", "깊을수록 좋아야 합니다. 그런데 왜 나빠졌을까요?"),
    "train": ("Train live", "실시간 학습"),
    "runs": ("My runs", "내 학습"),
    "board": ("Class board", "학급 보드"),
    "gradients": ("Gradient flow", "그래디언트 흐름"),
    "maps": ("Feature maps", "특징 맵"),
    "cost": ("1x1 and cost", "1x1과 연산량"),
}
FIGURES = {"": 1, "train": 0, "runs": 0, "board": 0, "gradients": 1, "maps": 3, "cost": 4}
# Text of a figure that reaches over the figure's edge is cut off there.
CUT_OFF = """figures => figures.flatMap(figure => {
    const edge = figure.getBoundingClientRect()
    return [...figure.querySelectorAll("svg.main-svg text")].filter(text => {
        const box = text.getBoundingClientRect()
        return box.width && Math.max(edge.left - box.left, box.right - edge.right) > 2
    }).map(text => text.textContent)
})"""


@pytest.mark.parametrize(
    ("lang", "size", "scheme"),
    [
        ("en", (1366, 768), "dark"),
        ("ko", (1366, 768), "light"),
        ("en", (390, 844), "light"),
        ("ko", (390, 844), "dark"),
    ],
    ids=["desk-dark", "korean-desk", "phone", "korean-phone-dark"],
)
@pytest.mark.slow
def test_every_page_is_whole(open_page, screenshot, lang, size, scheme):
    page = open_page(lang=lang, size=size, scheme=scheme)
    for path, titles in TITLES.items():
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{path}?lang={lang}")
        expect(page.locator(f"{MAIN} h1")).to_have_text(titles[lang == "ko"])
        settle(page)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        figures = page.locator(f"{MAIN} .js-plotly-plot")
        expect(figures.locator(".main-svg:first-child")).to_have_count(FIGURES[path])
        assert page.locator(f"{MAIN} [data-testid=stAlertContentError]").count() == 0
        screenshot(page, f"page-{path or 'start'}-{lang}-{size[0]}-{scheme}")
        assert figures.evaluate_all(CUT_OFF) == []
        assert overflow(page) <= 1
