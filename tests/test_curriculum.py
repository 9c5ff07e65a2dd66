"""Every section of the notes is taught: docs/curriculum.md names a page, an experiment and a test that exist."""

import re
from pathlib import Path

import pytest

from resnet_core.catalogue import EXPERIMENTS
from tests.addresses import PAGES, PARTS

ROOT = Path(__file__).parents[1]
# The notes have nine chapters; so many sections each.
SECTIONS = [f"{n}.{m}" for n, last in enumerate((3, 3, 4, 5, 2, 5, 3, 3, 5), start=1) for m in range(1, last + 1)]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def test_every_section_has_its_row():
    assert [row[0] for row in ROWS] == SECTIONS


@pytest.mark.parametrize("row", ROWS, ids=SECTIONS)
def test_what_a_row_names_is_there(row):
    section, words, page, part, experiment, test = row
    assert words
    assert page in PAGES
    assert part in PARTS[page]
    if experiment != "-":
        sections = EXPERIMENTS[experiment].sections
        assert any(one == section or one[:3] == section or one == section[0] for one in sections), sections
        assert f'"{experiment}"' in drawn_by(page, part)
    file, _, name = test.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)


def drawn_by(page, part):
    """The source of the module that draws a part of a page."""
    source = (ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8")
    module = re.search(rf'"{part}": Part\(.+, (\w+)\.draw\)', source)[1]
    place = f"lessons/{page}" if module == "lesson" else f"sections/{module}"
    return (ROOT / "ui" / f"{place}.py").read_text(encoding="utf-8")
