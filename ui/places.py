"""Where the pages are, for the navigation and for links from one to another."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).parent.parent / "pages"
LESSONS = (
    "depth",
    "residual",
    "anatomy",
    "network",
    "shortcuts",
    "blocks",
    "gradients",
    "batchnorm",
    "surface",
    "maps",
    "lesions",
    "beyond",
)  # in teaching order


def page_link(page: str, label: str, icon: str = ":material/arrow_forward:", **asked: str) -> None:
    """A link to a page by its file's name; what is `asked` there goes into the address."""
    st.page_link(str(PAGES / f"{page}.py"), label=label, icon=icon, query_params=asked or None)


def next_lesson(page: str) -> str:
    """The lesson after one, "" after the last."""
    place = LESSONS.index(page) + 1
    return LESSONS[place] if place < len(LESSONS) else ""
