"""Files that are not what they should be: each is refused with a sentence, and nothing in it is run."""

import dataclasses
import io
import json
import pathlib

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from resnet_core.checkpoints import load_checkpoint, save_weights
from resnet_core.errors import CheckpointError
from resnet_core.keys import state_dict_as
from resnet_core.model import build_model
from tests.core.random_configs import small


def torch_file(content):
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


def cifar_weights(**changes):
    return state_dict_as(build_model(small(**changes)), "cifar")


def our_file(metadata):
    return safetensors.torch.save(build_model(small()).state_dict(), metadata)


FILES = {"a.safetensors": save_weights(build_model(small())), "a.pt": torch_file(cifar_weights())}


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return pathlib.Path.touch, (self.path,)


@pytest.mark.parametrize("old_format", [True, False])
def test_a_file_with_code_is_refused_and_the_code_is_not_run(tmp_path, old_format):
    path, buffer = tmp_path / "ran", io.BytesIO()
    torch.save(cifar_weights() | {"bomb": Bomb(path)}, buffer, _use_new_zipfile_serialization=not old_format)
    with pytest.raises(CheckpointError, match=r"opening those can run code.*Save it with torch.save"):
        load_checkpoint(buffer.getvalue(), "weights.pt")
    assert not path.exists()


def test_a_whole_pickled_network_is_refused():
    with pytest.raises(CheckpointError, match="opening those can run code"):
        load_checkpoint(torch_file(nn.Sequential(nn.Linear(2, 2))), "model.pth")


@pytest.mark.parametrize("filename", ["weights.onnx", "weights", "weights.pt.gz", ""])
def test_a_file_of_another_kind_is_refused_by_its_name(filename):
    with pytest.raises(CheckpointError, match=r"does not end in .safetensors, .pt or .pth\. Save"):
        load_checkpoint(b"anything", filename)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", b"\x00" * 100, b"PK\x03\x04" + b"x" * 50, b"{}"], ids=repr)
@pytest.mark.parametrize("filename", ["a.pt", "a.pth", "a.safetensors"])
def test_something_else_under_a_right_name_is_refused(data, filename):
    with pytest.raises(CheckpointError, match="Save"):
        load_checkpoint(data, filename)


@pytest.mark.parametrize("filename", ["a.safetensors", "a.pt"])
def test_half_a_file_is_refused(filename):
    with pytest.raises(CheckpointError, match="Save"):
        load_checkpoint(FILES[filename][: len(FILES[filename]) // 2], filename)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([1, 2], "holds a list, not weights by name"),
        (torch.zeros(3), "holds a Tensor, not weights by name"),
        ({1: torch.zeros(3)}, "holds a dict, not weights by name"),
        ({}, "called nothing and so on"),
        ({"features.0.weight": torch.zeros(3), "classifier.bias": torch.zeros(1)}, "'features.0.weight' and so on"),
        ({"conv1.weight": "text"}, "conv1.weight is str. A weight must be a dense tensor"),
        ({"conv1.weight": torch.zeros(3, dtype=torch.int8)}, "conv1.weight is torch.int8"),
        ({"conv1.weight": torch.zeros(3, dtype=torch.complex64)}, "conv1.weight is torch.complex64"),
        ({"conv1.weight": torch.zeros(3, device="meta")}, "A weight must be a dense tensor"),
        ({"conv1.weight": torch.eye(3).to_sparse()}, "A weight must be a dense tensor"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_other_contents_are_named_in_the_refusal(content, sentence):
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(torch_file(content), "weights.pt")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda state: state.pop("layer2.1.conv2.weight"), "1 are missing and 0 are left over"),
        (lambda state: state.update({"layer1.0.se.weight": torch.zeros(2)}), "0 are missing and 1 are left over"),
        (lambda state: state.pop("layer2.0.conv2.weight"), "no weight for 'stages.1.0.conv2.weight'"),
        (lambda state: state.update({"layer2.1.bn1.weight": torch.zeros(9)}), "stages.1.1.norm1.weight has the shape"),
        (lambda state: state.update({"conv1.weight": torch.zeros(4, 3)}), "do not fit together as a ResNet"),
        (lambda state: state.update({"conv1.weight": torch.zeros(())}), "do not fit together as a ResNet"),
        (lambda state: state.update({"conv1.weight": torch.zeros(4, 65, 3, 3)}), "in_channels is 65"),
        (lambda state: state.update({"linear.weight": torch.zeros(1, 8)}), "classes is 1"),
        (lambda state: state.update({"layer9999.9999.conv1.weight": torch.zeros(1)}), "left over"),
        (lambda state: state.update({"layer" + "9" * 5000 + ".0.conv1.weight": torch.zeros(1)}), "left over"),
        (lambda state: state.update({"layer40.0.conv1.weight": torch.zeros(1)}), "no weight for 'stages."),
    ],
)
def test_weights_of_another_network_are_refused_with_what_differs(change, sentence):
    state = cifar_weights()
    change(state)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(torch_file(state), "weights.pt")
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_small_file_that_unfolds_to_gigabytes_is_refused():
    state = cifar_weights() | {"layer1.0.conv1.weight": torch.zeros(1).expand(1 << 20, 1 << 10)}
    with pytest.raises(CheckpointError, match=r"holds 4096 MB of weights. At most 1024 MB"):
        load_checkpoint(torch_file(state), "weights.pt")


def test_an_archive_that_says_it_unpacks_to_gigabytes_is_refused():
    data = bytearray(FILES["a.pt"])
    entry = data.index(b"PK\x01\x02")  # the first line of the archive's table of contents
    data[entry + 24 : entry + 28] = (2 << 30).to_bytes(4, "little")  # size when unpacked
    with pytest.raises(CheckpointError, match=r"holds 2048 MB of weights. At most 1024 MB"):
        load_checkpoint(bytes(data), "weights.pt")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("no JSON", "metadata cannot be used"),
        ("[" * 100_000, "metadata cannot be used"),
        ("[]", "ResNetConfig is []"),
        ('{"depth": 3}', "no setting called depth"),
        ('{"depths": "many"}', "ResNetConfig.depths is 'many'"),
        ('{"depths": [200, 200, 200]}', "has 600 blocks and the file has"),
        ('{"depths": [201, 1, 1]}', "from 1 to 200"),
        ('{"depths": [3, 3, 3]}', "are missing"),
        ('{"depths": [1, 2], "widths": [2048, 2048], "stem_width": 4, "classes": 3}', "has the shape"),
    ],
    ids=lambda value: value[:30],
)
def test_a_config_that_is_wrong_or_not_the_files_is_refused(config, sentence):
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(our_file({"config": config}), "weights.safetensors")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("classes", [["a", "b"], "abc", [1, 2, 3], {"a": 1}])
def test_names_that_are_not_one_per_score_are_refused(classes):
    with pytest.raises(CheckpointError, match=r"for classes. It must be a list of 3 names"):
        load_checkpoint(our_file({"classes": json.dumps(classes)}), "weights.safetensors")


def test_somebody_elses_metadata_is_kept_as_it_stands():
    _, info = load_checkpoint(our_file({"format": "pt", "accuracy": "0.91"}), "weights.safetensors")
    assert info == ("ours", True, (), {"format": "pt", "accuracy": 0.91}, (), ())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.sampled_from(sorted(FILES)))
def test_any_bytes_at_all_are_refused_with_a_sentence(data, filename):
    with pytest.raises(CheckpointError, match="Save"):
        load_checkpoint(data, filename)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data(), st.sampled_from(sorted(FILES)))
def test_a_damaged_file_is_read_or_refused_and_never_fails_otherwise(data, filename):
    damaged = bytearray(FILES[filename])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(-2000, 4000))] = data.draw(st.integers(0, 255))  # where headers and tables are
    try:
        outcome = load_checkpoint(bytes(damaged), filename)
    except CheckpointError as refusal:
        outcome = str(refusal)
    assert outcome


@pytest.mark.parametrize(
    ("mean", "std"),
    [
        ("[0.5, 0.5]", "[1, 1, 1]"),
        ("[0.5, 0.5]", "[1, 1]"),
        ("[0.5, 0.5, 0.5]", "[1, 1, 0]"),
        ("[0.5, 0.5, NaN]", "[1, 1, 1]"),
        ("[0.5, 0.5, 1e999]", "[1, 1, 1]"),
        ('["0.5", "0.5", "0.5"]', "[1, 1, 1]"),
        ("[true, true, true]", "[1, 1, 1]"),
        ("0.5", "1"),
        ("no JSON", "[1, 1, 1]"),
        ("[[0.5], [0.5], [0.5]]", "[1, 1, 1]"),
    ],
)
def test_a_normalisation_that_cannot_be_is_refused(mean, std):
    config = json.dumps(dataclasses.asdict(small()))
    with pytest.raises(CheckpointError, match="a list of 3 numbers"):
        load_checkpoint(our_file({"config": config, "mean": mean, "std": std}), "a.safetensors")
