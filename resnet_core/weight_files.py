"""Bytes that somebody uploaded -> tensors by name, without running anything that the bytes say."""

import io
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import PurePath

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from resnet_core.errors import CheckpointError

MAX_BYTES = 1 << 30  # 1 GiB; Wide ResNet-101-2, the largest of torchvision's ten, takes half of it

_WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
_PREFIXES = ("module.", "_orig_mod.", "model.")  # of DataParallel, of torch.compile, of a class around the network
_FLOATS = (torch.float32, torch.float16, torch.bfloat16, torch.float64)


def read_weight_file(data: bytes, filename: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Weights in float32 and metadata of a .safetensors, .pt or .pth file; only safetensors has metadata.

    Raises:
        CheckpointError: too large, another kind of file, damaged, holding code, or holding other things than weights.
    """
    _check_size(len(data))
    suffix = PurePath(filename).suffix.lower()
    if suffix == ".safetensors":
        tensors, metadata = _read_safetensors(data)
    elif suffix in (".pt", ".pth"):
        tensors, metadata = _read_pickle(data), {}
    else:
        raise CheckpointError(
            "{filename} does not end in .safetensors, .pt or .pth. Save the weights with safetensors or torch.save.",
            filename=filename,
        )
    return _as_float32(tensors), metadata


def _read_safetensors(data: bytes) -> tuple[dict[str, object], dict[str, str]]:
    try:
        tensors = safetensors.torch.load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    except (SafetensorError, ValueError, KeyError, RecursionError) as problem:
        raise CheckpointError(
            "This is not a safetensors file, or only a part of one ({problem}). Save it again with safetensors.",
            problem=problem,
        ) from None
    return dict(tensors), header.get("__metadata__", {})


def _read_pickle(data: bytes) -> dict[str, object]:
    try:
        _check_unpacked_size(data)
        content = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except CheckpointError:
        raise
    except pickle.UnpicklingError:
        raise CheckpointError(
            "This file is damaged, or it holds more than weights: Python objects, and opening those can run code. "
            "Only tensors are read. Save it with torch.save(model.state_dict(), ...)."
        ) from None
    except Exception as problem:  # noqa: BLE001 - a malformed file makes the reader fail in any way
        raise CheckpointError(
            "This is not a file of torch.save, or only a part of one ({kind}). "
            "Save the weights with torch.save(model.state_dict(), ...).",
            kind=type(problem).__name__,
        ) from None
    return _without_prefix(_state_dict_in(content))


def _state_dict_in(content: object) -> dict[str, object]:
    for wrapper in _WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if isinstance(content, Mapping) and all(isinstance(name, str) for name in content):
        return dict(content)
    raise CheckpointError(
        "The file holds a {kind}, not weights by name. Save it with torch.save(model.state_dict(), ...).",
        kind=type(content).__name__,
    )


def _without_prefix(tensors: dict[str, object]) -> dict[str, object]:
    for prefix in _PREFIXES:
        if tensors and all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
    return tensors


def _as_float32(tensors: Mapping[str, object]) -> dict[str, Tensor]:
    # counted before anything is copied: an expanded tensor is small in the file only
    _check_size(4 * sum(tensor.numel() for tensor in tensors.values() if isinstance(tensor, Tensor)))
    return {name: _dense(name, tensor) for name, tensor in tensors.items()}


def _dense(name: str, tensor: object) -> Tensor:
    if isinstance(tensor, Tensor) and tensor.layout == torch.strided and not tensor.is_meta:
        if name.endswith("num_batches_tracked") and not tensor.is_complex():
            return tensor.detach().to(torch.int64)
        if tensor.dtype in _FLOATS:
            return tensor.detach().to(torch.float32).contiguous()
    raise CheckpointError(
        "{name} is {kind}. A weight must be a dense tensor of 16-, 32- or 64-bit floating point numbers. Save the "
        "state_dict of a network that has not been quantised.",
        name=name,
        kind=tensor.dtype if isinstance(tensor, Tensor) else type(tensor).__name__,
    )


def _check_unpacked_size(data: bytes) -> None:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(sum(entry.file_size for entry in archive.infolist()))


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise CheckpointError(
            "The file holds {size} MB of weights. At most {limit} MB are read. Save a smaller network.",
            size=size >> 20,
            limit=MAX_BYTES >> 20,
        )
