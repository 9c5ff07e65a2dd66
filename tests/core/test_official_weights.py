"""Official weights: the right files, fetched once, checked, and the same numbers as in torchvision's own networks."""

import threading
import time

import pytest
import torch

from resnet_core import build_model, preset
from resnet_core.checkpoints import load_checkpoint
from resnet_core.errors import DataError
from resnet_core.official import OFFICIAL, fetch_official, imagenet_classes, official_file
from tests.core.torchvision_oracle import torchvision_models
from tests.publisher import publishing

NAMES = {"resnet18": "ResNet18", "resnet34": "ResNet34", "resnet50": "ResNet50", "resnet101": "ResNet101",
         "resnet152": "ResNet152", "resnext50_32x4d": "ResNeXt50_32X4D"}  # fmt: skip


@pytest.fixture
def publisher(monkeypatch, tmp_path):
    with publishing(monkeypatch, tmp_path / "home") as server:
        yield server


@pytest.mark.parametrize("network", OFFICIAL)
def test_the_table_says_what_torchvision_says(network):
    theirs = getattr(torchvision_models(), f"{NAMES[network]}_Weights").IMAGENET1K_V1
    entry = OFFICIAL[network]
    assert theirs.url.endswith(f"/{entry.file}")
    assert (entry.megabytes, entry.accuracy) == (
        theirs.meta["_file_size"],
        theirs.meta["_metrics"]["ImageNet-1K"]["acc@1"],
    )
    assert entry.checksum.digits == theirs.url[-12:-4]
    assert (
        sum(weight.numel() for weight in build_model(preset(network), device="meta").parameters())
        == (theirs.meta["num_params"])
    )
    assert imagenet_classes() == tuple(theirs.meta["categories"])


def test_a_fetched_file_makes_the_network_that_torchvision_makes(publisher):
    assert official_file("resnet18") is None
    path = fetch_official("resnet18", publisher=publisher.at("whole"))
    assert official_file("resnet18") == path
    theirs = torchvision_models().resnet18(weights=None)
    theirs.load_state_dict(torch.load(path, weights_only=True))
    ours, info = load_checkpoint(path.read_bytes(), path.name)
    assert ours.config == preset("resnet18")
    assert info.style == "torchvision"
    pictures = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(ours(pictures), theirs.eval()(pictures), rtol=1e-4, atol=1e-5)


def test_a_second_wish_asks_nobody(publisher, monkeypatch):
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_URL", publisher.at("whole"))
    assert fetch_official("resnet18") == fetch_official("resnet18")
    assert len(publisher.asked) == 1


def test_an_interrupted_download_goes_on_where_it_ended(publisher):
    with pytest.raises(DataError, match="the connection ended after"):
        fetch_official("resnet18", publisher=publisher.at("short"))
    assert official_file("resnet18") is None
    path = fetch_official("resnet18", publisher=publisher.at("whole"))
    half = path.stat().st_size // 2
    assert publisher.asked == [("short", None), ("whole", f"bytes={half}-")]


def test_a_wrong_sum_is_told_and_nothing_is_kept(publisher, tmp_path):
    with pytest.raises(DataError, match=r"has the SHA-256 sum \w{8} instead of \w{8}"):
        fetch_official("resnet18", publisher=publisher.at("wrong"))
    assert list((tmp_path / "home" / "weights").iterdir()) == []


def test_a_file_that_is_not_there_and_a_server_that_is_not_there_are_told(publisher):
    with pytest.raises(DataError, match="answers 404"):
        fetch_official("resnet18", publisher=publisher.at("nowhere"))
    with pytest.raises(DataError, match="Is this machine connected"):
        fetch_official("resnet18", publisher="http://127.0.0.1:9/models")


def test_a_slow_download_tells_how_far_it_is_and_can_be_cancelled(publisher):
    def watch(done, total):
        seen.append((done, total))
        if cancelled.is_set():
            raise KeyboardInterrupt

    def download():
        with pytest.raises(KeyboardInterrupt):
            fetch_official("resnet18", publisher=publisher.at("slow"), progress=watch)

    seen, cancelled = [], threading.Event()
    thread = threading.Thread(target=download)
    thread.start()
    publisher.half_way.wait(60)
    while not seen:
        time.sleep(0.01)
    assert seen[0][1] == len(next(iter(publisher.files.values())))
    cancelled.set()
    publisher.go_on.set()
    thread.join()
    assert official_file("resnet18") is None


def test_files_that_the_school_has_are_used_unless_they_are_damaged(publisher, tmp_path, monkeypatch):
    school = tmp_path / "school"
    school.mkdir()
    monkeypatch.setenv("RESNET_LAB_WEIGHTS_DIR", str(school))
    ((name, content),) = publisher.files.items()
    (school / name).write_bytes(content[:-1] + b"?")
    assert official_file("resnet18") is None
    (school / name).write_bytes(content)
    assert official_file("resnet18") == school / name
    assert fetch_official("resnet18", publisher=publisher.at("whole")) == school / name
    assert publisher.asked == []
