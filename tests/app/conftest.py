"""Every page through the front door, without a browser: the frame runs, then the page inside it."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from resnet_core.engine import close_engine
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="module")
def _runs_on_a_thread_of_this_process():
    """Training on a thread here: worker processes are tried in tests/browser and with the engine itself.

    For a module at a time, so that a server which a later test starts does not inherit it.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RESNET_LAB_ENGINE", "inline")
        yield
        close_engine()


@pytest.fixture
def open_app():
    """Open a page with settings in its link: `open_app("gradients", depth="20", lang="ko")`.

    The first page of a test is opened by somebody who was never here before.
    """
    st.cache_resource.clear()  # all visitors of a test process have one session id, and with it one another's runs

    def open_app(page="start", **query):
        app = AppTest.from_file(str(ROOT / "ui" / "shell.py"), default_timeout=PATIENCE)
        for name, value in query.items():
            app.query_params[name] = str(value)
        if page != "start":
            app.switch_page(str(ROOT / "pages" / f"{page}.py"))
        return app.run()

    return open_app


@pytest.fixture
def handed_out(monkeypatch):
    """What the page's download buttons would give, the newest last."""
    given = []
    register = MediaFileManager.add_deferred

    def remember(self, data_callable, *rest, **others):
        given.append(data_callable)
        return register(self, data_callable, *rest, **others)

    monkeypatch.setattr(MediaFileManager, "add_deferred", remember)
    return given
