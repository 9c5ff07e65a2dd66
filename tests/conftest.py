import pytest


@pytest.fixture(autouse=True)
def _same_numbers_every_time(request):
    if "browser" in request.keywords:
        return
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
