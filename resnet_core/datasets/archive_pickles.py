"""Read the pickles of the CIFAR-10 archive without running anything they contain.

A pickle may name any function of any module and have it called. This reader knows five names, those that the official
files use, and answers each with a stand-in of its own; NumPy's own unpickling is not trusted with foreign bytes either.
"""

import io
import pickle
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from resnet_core.errors import DataError


class _ElementType:
    """Stands in for numpy.dtype: remembers which it was asked to be."""

    def __init__(self, code: object, *_: object) -> None:
        self.code = code

    def __setstate__(self, state: object) -> None:
        pass


class _Array:
    """Stands in for numpy.ndarray. Only bytes in rows and columns are accepted."""

    def __init__(self, *_: object) -> None:
        self.values: NDArray[np.uint8] | None = None

    def __setstate__(self, state: tuple[object, ...]) -> None:
        _, shape, kind, columns_first, raw = state
        if not isinstance(kind, _ElementType) or kind.code not in ("u1", b"u1") or columns_first:
            raise pickle.UnpicklingError("an array of something other than bytes")
        if not isinstance(raw, bytes) or not isinstance(shape, tuple):
            raise pickle.UnpicklingError("an array without its bytes")
        self.values = np.frombuffer(raw, np.uint8).reshape([int(axis) for axis in shape]).copy()


def _latin(text: str, encoding: str) -> bytes:
    """Stands in for _codecs.encode, which newer Pythons use to write bytes in old pickles."""
    if encoding not in ("latin1", b"latin1"):
        raise pickle.UnpicklingError("text in an unexpected encoding")
    return text.encode("latin1")


_STAND_INS = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _ElementType,
    ("_codecs", "encode"): _latin,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _STAND_INS:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return _STAND_INS[module, name]

    def persistent_load(self, pid: object) -> NoReturn:
        raise pickle.UnpicklingError("it refers to something outside itself")


def read_batch(data: bytes, name: str) -> dict[str, object]:
    """The dictionary in one file of the archive; keys as text, arrays as uint8.

    Raises:
        DataError: not a pickle, or one with anything in it but dictionaries, lists, text, numbers and arrays of bytes.
    """
    try:
        content = _Reader(io.BytesIO(data), encoding="bytes").load()
        if not isinstance(content, dict):
            raise pickle.UnpicklingError("it is not a dictionary")
        return {_text(key): _plain(value) for key, value in content.items()}
    except Exception as problem:  # noqa: BLE001 - on damaged data the unpickler raises almost anything
        raise DataError(
            "{name} is not a file of CIFAR-10's python version ({problem}). Download the archive again.",
            name=name,
            problem=str(problem),
        ) from None


def _text(key: object) -> str:
    return key.decode("latin1") if isinstance(key, bytes) else str(key)


def _plain(value: object) -> object:
    if isinstance(value, _Array):
        return value.values
    if isinstance(value, list):
        return [_text(item) if isinstance(item, bytes) else item for item in value]
    return value
