"""Every page, two languages, a desk and a phone: the right words, nothing cut off, and a picture of each to look at."""

import re

import pytest
from playwright.sync_api import expect

from tests.addresses import PARTS, PATHS
from tests.browser.conftest import settle
from tests.browser.looking import LOOKS, look_at
from tests.browser.reading import MAIN
from ui.places import LESSONS

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
    "anatomy": ("Anatomy of a residual block", "잔차 블록 해부"),
    "network": ("The whole network", "전체 네트워크"),
    "shortcuts": ("Shortcuts and 1x1", "지름길 연결과 1x1"),
    "blocks": ("Basic and bottleneck", "기본 블록과 병목 블록"),
    "batchnorm": ("BatchNorm", "배치 정규화(BN)"),
    "surface": ("The loss surface", "손실 곡면"),
    "lesions": ("Cut it apart", "잘라 보기"),
    "beyond": ("Beyond ResNet", "ResNet 이후"),
}
FIGURES = {"": 1, "train": 2}  # of the pages that are no lessons


@pytest.mark.parametrize("lang", LOOKS)
@pytest.mark.slow
def test_every_page_is_whole(open_page, screenshot, server, lang):
    """The first part of a lesson's page is its first card, which test_walk.py looks at."""
    server.wait_for("/readyz")
    page = open_page(lang=lang, **LOOKS[lang])
    for path, titles in TITLES.items():
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{path}?lang={lang}")
        expect(page.locator(f"{MAIN} h1")).to_have_text(titles[lang == "ko"])
        expect(page.locator("html")).to_have_attribute("lang", lang)
        if path not in LESSONS:
            settle(page)
            expect(page.locator(f"{MAIN} .js-plotly-plot .main-svg:first-child")).to_have_count(FIGURES.get(path, 0))
            look_at(page, screenshot, f"page-{path or 'start'}", lang)
    assert server.journal.read_text() == "", "the server reached out to somebody"


@pytest.mark.parametrize("lang", LOOKS)
@pytest.mark.slow
def test_every_part_of_a_page_is_whole(open_page, screenshot, server, lang):
    page = open_page(lang=lang, **LOOKS[lang])
    for path, parts in PARTS.items():
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{path}?lang={lang}")
        for place, part in enumerate(parts[1:], start=1):
            page.locator(".st-key-part").get_by_role("radio").nth(place).click()
            expect(page).to_have_url(re.compile(f"part={part}(&|$)"))
            settle(page)
            expect(page.locator(f"{MAIN} h2").first).to_be_visible()
            look_at(page, screenshot, f"page-{path}-{part}", lang)
    assert server.journal.read_text() == "", "the server reached out to somebody"


def test_every_page_has_a_title_to_look_for():
    assert tuple(TITLES) == PATHS
