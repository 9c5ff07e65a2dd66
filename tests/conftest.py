import os
import tempfile

import pytest

# Runs and boards that a test makes go with it; a server that a test starts inherits the folder.
_home = tempfile.TemporaryDirectory(prefix="resnet-lab-home-", ignore_cleanup_errors=True)
os.environ["RESNET_LAB_HOME"] = _home.name
os.environ["RESNET_LAB_NICE"] = "0"  # training is what the tests wait for

# Files that take minutes begin first, so that none is left over when all others are done.
FIRST = ("test_dockerfile", "test_pages_look", "test_shell", "test_pages", "test_visitor", "test_two_servers")


def pytest_collection_modifyitems(items):
    """Put the long files first; the order within a file stays."""
    names = dict.fromkeys(item.path.stem for item in items)
    rank = {name: next((place for place, first in enumerate(FIRST) if name.startswith(first)), 99) for name in names}
    items.sort(key=lambda item: rank[item.path.stem])


@pytest.fixture(autouse=True)
def _same_numbers_every_time(request):
    if "browser" in request.keywords:
        return
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
