"""The frame around every page: page settings, language, navigation, and the error boundary.

Streamlit runs this file as `__main__` for every visitor and every click. A worker process that is started meanwhile
imports the same file under another name and must find nothing to do.
"""

from pathlib import Path

import streamlit as st

from ui import board, controls, link, runner
from ui.boundary import boundary
from ui.components.document import set_document_language
from ui.places import PAGES
from ui.text import language, say

ICON = Path(__file__).parent.parent / "assets" / "images" / "icon.png"
STYLE = Path(__file__).with_suffix(".css")
DARK_STYLE = Path(__file__).with_name("shell_dark.css")
SIDEBAR = 260  # pixels


def contents() -> dict[str, list]:
    """The pages in teaching order. Addresses do not depend on the language, so that a link works for everyone."""
    return {
        "": [st.Page(PAGES / "start.py", title=say("Start"), icon=":material/home:", default=True)],
        say("Laboratory"): [
            st.Page(PAGES / "train.py", title=say("Train live"), icon=":material/play_circle:", url_path="train"),
            st.Page(PAGES / "runs.py", title=say("My runs"), icon=":material/folder_open:", url_path="runs"),
            st.Page(PAGES / "board.py", title=say("Class board"), icon=":material/scatter_plot:", url_path="board"),
            st.Page(
                PAGES / "gradients.py",
                title=say("Gradient flow"),
                icon=":material/trending_down:",
                url_path="gradients",
            ),
            st.Page(PAGES / "maps.py", title=say("Feature maps"), icon=":material/grid_view:", url_path="maps"),
            st.Page(PAGES / "cost.py", title=say("1x1 and cost"), icon=":material/calculate:", url_path="cost"),
        ],
        say("Experiments"): [
            st.Page(PAGES / "depth.py", title=say("Why depth fails"), icon=":material/stairs:", url_path="depth"),
            st.Page(
                PAGES / "residual.py",
                title=say("Learning the difference"),
                icon=":material/add_circle:",
                url_path="residual",
            ),
            st.Page(PAGES / "shortcuts.py", title=say("Shortcuts"), icon=":material/alt_route:", url_path="shortcuts"),
            st.Page(
                PAGES / "blocks.py", title=say("Basic and bottleneck"), icon=":material/view_agenda:", url_path="blocks"
            ),
            st.Page(PAGES / "batchnorm.py", title=say("BatchNorm"), icon=":material/equalizer:", url_path="batchnorm"),
            st.Page(
                PAGES / "surface.py", title=say("The loss surface"), icon=":material/landscape:", url_path="surface"
            ),
            st.Page(PAGES / "lesions.py", title=say("Cut it apart"), icon=":material/content_cut:", url_path="lesions"),
            st.Page(PAGES / "beyond.py", title=say("Beyond ResNet"), icon=":material/hub:", url_path="beyond"),
        ],
    }


def main() -> None:
    """Draw the frame and the page that the visitor chose."""
    st.set_page_config(page_title="ResNet Lab", page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR)
    st.html(STYLE)
    if st.context.theme.type == "dark":
        st.html(DARK_STYLE)
    page = st.navigation(contents(), expanded=True)
    link.enter(page.url_path)
    with st.sidebar:
        controls.choose_language()
        with boundary():
            board.recall()
            runner.keep_alive()
            board.remind()
        st.caption(say("Every curve is computed by code you can read: on this machine, or recorded where it says so."))
    set_document_language(language())
    with boundary():
        page.run()


if __name__ == "__main__":
    main()
