"""What a teacher sets for a class by a link: this page as it stands, its settings locked, its other parts hidden."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from ui import link
from ui.text import say


def offer() -> None:
    """In the sidebar: make such a link. Not for those who came by one."""
    if link.is_locked() or link.shows_one_part():
        return
    with st.popover(say("A link for the class"), icon=":material/link:", width="stretch"):
        st.markdown(say("It opens this page as it stands now, with all its settings and the seed."))
        asked = dict(st.query_params)
        if st.toggle(say("Lock the settings"), True, key="teacher_lock"):
            asked[link.LOCKED] = "1"
        if st.toggle(say("Show this part only"), True, key="teacher_only"):
            asked[link.ONLY] = "1"
        st.code(address(st.context.url or "", asked), language=None, wrap_lines=True)


def tell() -> None:
    """Say in a line that a teacher has set the page, where one has."""
    if link.is_locked():
        st.caption(f":material/lock: {say('Set by your teacher: the settings of this page are locked.')}")
    elif link.shows_one_part():
        st.caption(f":material/school: {say('Set by your teacher.')}")


def address(url: str, asked: dict[str, str]) -> str:
    """The address of a page with what is asked of it; its own questions are left behind."""
    page = urlsplit(url)
    return f"{page.scheme}://{page.netloc}{page.path}" + (f"?{urlencode(asked)}" if asked else "")
