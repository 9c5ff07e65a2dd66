"""A place where runs are kept, for every test of the store."""

import pytest

from tests.core.store_runs import open_store


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def store(home):
    store = open_store(home)
    yield store
    store.close()
