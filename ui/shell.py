"""The frame around every page: page settings, language, navigation, and the error boundary.

Streamlit runs this file as `__main__` for every visitor and every click. A worker process that is started meanwhile
imports the same file under another name and must find nothing to do.
"""

from pathlib import Path
from typing import Any

import streamlit as st

from ui import board, controls, link, present, runner, sheet, teacher
from ui.boundary import boundary
from ui.components.document import describe_document
from ui.places import LESSONS, PAGES
from ui.report import offer
from ui.text import begin_page, language, say

ICON = Path(__file__).parent.parent / "assets" / "images" / "icon.png"
STYLE = Path(__file__).with_suffix(".css")
DARK_STYLE = Path(__file__).with_name("shell_dark.css")
SIDEBAR = 260  # pixels


def contents() -> dict[str, list]:
    """The pages in teaching order. Addresses do not depend on the language, so that a link works for everyone."""
    lessons = {
        "depth": (say("Why depth fails"), "stairs"),
        "residual": (say("Learning the difference"), "add_circle"),
        "anatomy": (say("Anatomy of a residual block"), "biotech"),
        "network": (say("The whole network"), "account_tree"),
        "shortcuts": (say("Shortcuts and 1x1"), "alt_route"),
        "blocks": (say("Basic and bottleneck"), "view_agenda"),
        "gradients": (say("Why gradients survive"), "trending_down"),
        "batchnorm": (say("BatchNorm"), "equalizer"),
        "surface": (say("The loss surface"), "landscape"),
        "maps": (say("Inside a picture"), "grid_view"),
        "lesions": (say("Cut it apart"), "content_cut"),
        "beyond": (say("Beyond ResNet"), "hub"),
    }
    laboratory = {
        "train": (say("Train live"), "play_circle"),
        "runs": (say("My runs"), "folder_open"),
        "board": (say("Class board"), "scatter_plot"),
        "build": (say("Build your own"), "construction"),
        "glossary": (say("Glossary"), "menu_book"),
    }
    return {
        "": [st.Page(PAGES / "start.py", title=say("Start"), icon=":material/home:", default=True)],
        say("Lessons"): [
            _page(name, f"{LESSONS.index(name) + 1} {title}", icon) for name, (title, icon) in lessons.items()
        ],
        say("Laboratory"): [_page(name, title, icon) for name, (title, icon) in laboratory.items()],
    }


def _page(name: str, title: str, icon: str) -> Any:  # noqa: ANN401 - Streamlit's own kind of page
    return st.Page(PAGES / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name)


def main() -> None:
    """Draw the frame and the page that the visitor chose."""
    st.set_page_config(page_title="ResNet Lab", page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR)
    st.html(STYLE)
    if st.context.theme.type == "dark":
        st.html(DARK_STYLE)
    page = st.navigation(contents(), expanded=True)
    link.enter(page.url_path)
    begin_page()
    with st.sidebar:
        controls.choose_language()
        present.offer()
        class_link = st.container()
        with boundary():
            board.recall()
            runner.keep_alive()
            board.remind()
        st.caption(say("Every curve is computed by code you can read: on this machine, or recorded where it says so."))
    present.dress()
    teacher.tell()
    describe_document(language())
    sheet.begin(page.title)
    with boundary():
        page.run()
    with class_link:  # the page's own questions have put themselves into the address by now
        teacher.offer()
    with boundary():
        offer.offer(page.url_path)


if __name__ == "__main__":
    main()
