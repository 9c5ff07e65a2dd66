import os
import tempfile

import pytest

# Runs and boards that a test makes go with it; a server that a test starts inherits the folder.
_home = tempfile.TemporaryDirectory(prefix="resnet-lab-home-", ignore_cleanup_errors=True)
os.environ["RESNET_LAB_HOME"] = _home.name
os.environ["RESNET_LAB_NICE"] = "0"  # training is what the tests wait for


@pytest.fixture(autouse=True)
def _same_numbers_every_time(request):
    if "browser" in request.keywords:
        return
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
