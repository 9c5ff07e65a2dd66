"""The links of the lesson plans lead to pages and parts that exist, in both languages alike."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.addresses import PAGES, PARTS

DOCS = Path(__file__).parents[1] / "docs"
CARDS = {"predict", "run", "why", "disputed", "home"}


def links(name):
    return re.findall(r"`/(\w+)(?:\?([^`]+))?`", (DOCS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["lesson-plans.md", "lesson-plans.ko.md"])
def test_every_link_leads_somewhere(name):
    assert len(links(name)) >= 25
    for page, query in links(name):
        assert page in PAGES
        asked = dict(parse_qsl(query))
        assert asked.pop("part", PARTS.get(page, ("",))[0]) in PARTS.get(page, ("",))
        assert asked.pop(f"{page}_card", "run") in CARDS
        assert set(asked) <= {"count_net", "colour"}


def test_both_languages_plan_the_same():
    assert links("lesson-plans.md") == links("lesson-plans.ko.md")
