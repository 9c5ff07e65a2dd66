"""The one place where a visitor is told that something did not work."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from resnet_core import ResNetCoreError
from ui.text import explain, say

log = logging.getLogger(__name__)


class Enough(Exception):
    """Ends what is drawn inside a boundary, without a word: whoever raises it has said what is missing.

    `st.stop()` would end the whole script, and with it what comes after the page.
    """


@contextmanager
def boundary() -> Iterator[None]:
    """Show an error as a sentence and keep the rest of the page. The details of an unexpected one go to the log."""
    try:
        yield
    except Enough:
        return
    except ResNetCoreError as problem:
        st.warning(explain(problem), icon=":material/info:")
    except Exception:
        log.exception("A page failed")
        st.error(
            say("Something went wrong on our side. Your settings are in the page's address: reload to try again."),
            icon=":material/error:",
        )
