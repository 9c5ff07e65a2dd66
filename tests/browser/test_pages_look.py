"""Every page, two languages, a desk and a phone: the right words, nothing cut off, and a picture of each to look at."""

import re

import pytest
from playwright.sync_api import expect

from tests.addresses import PARTS, PATHS
from tests.browser.conftest import settle
from tests.browser.reading import MAIN, overflow

TITLES = {
    "": ("Deeper should be better. Why was it worse?", "깊을수록 좋아야 합니다. 그런데 왜 나빠졌을까요?"),
    "train": ("Train live", "실시간 학습"),
    "runs": ("My runs", "내 학습"),
    "board": ("Class board", "학급 보드"),
    "build": ("Build your own", "나만의 네트워크"),
    "glossary": ("Glossary", "용어집"),
    "gradients": ("Why gradients survive", "그래디언트는 왜 살아남는가"),
    "maps": ("Inside a picture", "그림 속 들여다보기"),
    "depth": ("Why depth fails", "왜 깊으면 실패하는가"),
    "residual": ("Learning the difference", "차이를 학습하기"),
    "anatomy": ("Anatomy of a residual block", "Residual block 해부"),
    "network": ("The whole network", "전체 네트워크"),
    "shortcuts": ("Shortcuts and 1x1", "지름길 연결과 1x1"),
    "blocks": ("Basic and bottleneck", "기본 블록과 병목 블록"),
    "batchnorm": ("BatchNorm", "배치 정규화(BN)"),
    "surface": ("The loss surface", "손실 곡면"),
    "lesions": ("Cut it apart", "잘라 보기"),
    "beyond": ("Beyond ResNet", "ResNet 이후"),
}
FIGURES = {
    "": 1,
    "train": 2,
    "runs": 0,
    "board": 0,
}  # others may wait for a click
BOTH = "/glossary"  # has both languages on it
DRAWN = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart]")]
    .every(figure => figure.querySelector(".main-svg"))"""
KOREAN = re.compile("[가-힣]")
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
def test_every_page_is_whole(open_page, screenshot, server, lang, size, scheme):
    server.wait_for("/readyz")
    page = open_page(lang=lang, size=size, scheme=scheme)
    for path, titles in TITLES.items():
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{path}?lang={lang}")
        expect(page.locator(f"{MAIN} h1")).to_have_text(titles[lang == "ko"])
        settle(page)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        if path in FIGURES:
            expect(page.locator(f"{MAIN} .js-plotly-plot .main-svg:first-child")).to_have_count(FIGURES[path])
        assert_whole(page, lang)
        screenshot(page, f"page-{path or 'start'}-{lang}-{size[0]}-{scheme}")
    assert server.journal.read_text() == "", "the server reached out to somebody"


@pytest.mark.parametrize(
    ("lang", "size", "scheme"),
    [("en", (1366, 768), "light"), ("ko", (390, 844), "dark")],
    ids=["desk", "korean-phone-dark"],
)
@pytest.mark.slow
def test_every_part_of_a_page_is_whole(open_page, screenshot, server, lang, size, scheme):
    page = open_page(lang=lang, size=size, scheme=scheme)
    for path, parts in PARTS.items():
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{path}?lang={lang}")
        for place, part in enumerate(parts[1:], start=1):
            page.locator(".st-key-part").get_by_role("radio").nth(place).click()
            expect(page).to_have_url(re.compile(f"part={part}(&|$)"))
            settle(page)
            expect(page.locator(f"{MAIN} h3").first).to_be_visible()
            assert_whole(page, lang)
            screenshot(page, f"page-{path}-{part}-{lang}-{size[0]}-{scheme}")
    assert server.journal.read_text() == "", "the server reached out to somebody"


def assert_whole(page, lang):
    page.wait_for_function(DRAWN)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator(f"{MAIN} [data-testid=stAlertContentError]").count() == 0
    if lang == "ko" or BOTH not in page.url:
        assert bool(KOREAN.search(page.locator(MAIN).inner_text())) == (lang == "ko")
    assert page.locator(f"{MAIN} .js-plotly-plot").evaluate_all(CUT_OFF) == []
    assert overflow(page) <= 1


def test_every_page_has_a_title_to_look_for():
    assert tuple(TITLES) == PATHS
