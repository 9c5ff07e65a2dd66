"""The steps of a run as a Parquet file: one row per record, in the order in which they were made, every bit of it kept.

Only this file knows pyarrow. It is loaded when steps are written or read, not before.
"""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from resnet_core.records import Inspection, RunRecord, StepRecord
from resnet_core.store.flaws import Flaw


def _vector(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", kind, nullable=False))


# Null in the columns from test_loss on: that step had no closer look. Units are those of records.py.
SCHEMA = pa.schema(
    [
        pa.field("network", pa.int32(), nullable=False),
        pa.field("step", pa.int32(), nullable=False),
        pa.field("loss", pa.float64(), nullable=False),
        pa.field("accuracy", pa.float64(), nullable=False),
        pa.field("learning_rate", pa.float64(), nullable=False),
        pa.field("gradients", _vector(pa.float32()), nullable=False),
        pa.field("test_loss", pa.float64()),
        pa.field("test_accuracy", pa.float64()),
        pa.field("response_mean", _vector(pa.float32())),
        pa.field("response_std", _vector(pa.float32())),
        pa.field("skip_gradient", _vector(pa.float32())),
        pa.field("branch_gradient", _vector(pa.float32())),
        pa.field("maps", pa.binary()),  # all map layers, one after the other
        pa.field("map_shapes", _vector(pa.int32())),  # channels, height, width of each
    ]
)
_VECTORS = ("response_mean", "response_std", "skip_gradient", "branch_gradient")


def write_metrics(records: Sequence[RunRecord]) -> bytes:
    """All records as one Parquet file, compressed with zstd."""
    steps = [record for _, record in records]
    looks = [step.inspection for step in steps]
    columns: list[pa.Array] = [
        pa.array([network for network, _ in records], pa.int32()),
        pa.array([step.step for step in steps], pa.int32()),
        *(pa.array([getattr(step, name) for step in steps], pa.float64()) for name in _numbers_of_a_step()),
        _lists([step.gradients for step in steps], pa.float32()),
        pa.array([look and look.test_loss for look in looks], pa.float64(), from_pandas=False),
        pa.array([look and look.test_accuracy for look in looks], pa.float64(), from_pandas=False),
        *(_lists([look and getattr(look, name) for look in looks], pa.float32()) for name in _VECTORS),
        pa.array([look and b"".join(each.tobytes() for each in look.maps) for look in looks], pa.binary()),
        _lists([look and np.array([each.shape for each in look.maps]).ravel() for look in looks], pa.int32()),
    ]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA), file, compression="zstd", use_dictionary=False)
    return file.getvalue()


def read_metrics(content: bytes, limit: int | None = None) -> tuple[RunRecord, ...]:
    """What `write_metrics` wrote, to the last bit; `limit` rows at most.

    Raises:
        Flaw: it is no Parquet file, one with other columns, or one with more rows.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        if not file.schema_arrow.equals(SCHEMA):
            raise Flaw("its columns are not those of a run")
        rows = file.metadata.num_rows
        if limit is not None and rows > limit:
            raise Flaw(f"it has {rows} rows, and the run {limit} steps")
        table = file.read(use_threads=False)
        table.validate(full=True)
        return tuple(_records(table.combine_chunks()))
    except Flaw:
        raise
    except MemoryError:
        raise Flaw("it asks for more memory than a run has") from None
    except Exception as problem:  # noqa: BLE001 - a damaged file raises errors of Arrow, OSError, ValueError, ...
        raise Flaw(f"it cannot be read ({type(problem).__name__})") from None


def _numbers_of_a_step() -> tuple[str, ...]:
    return ("loss", "accuracy", "learning_rate")


def _lists(rows: Sequence[NDArray | None], kind: pa.DataType) -> pa.Array:
    lengths = [0 if row is None else row.size for row in rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    found = [row.ravel() for row in rows if row is not None]
    values = np.concatenate(found).astype(kind.to_pandas_dtype(), copy=False) if found else np.empty(0)
    missing = pa.array([row is None for row in rows], pa.bool_())
    return pa.ListArray.from_arrays(
        pa.array(offsets), pa.array(values, kind, from_pandas=False), type=_vector(kind), mask=missing
    )


def _records(table: pa.Table) -> list[RunRecord]:
    plain = {name: table[name].to_pylist() for name in ("network", "step", *_numbers_of_a_step())}
    looks = _looks(table)
    rows = zip(*plain.values(), _vectors(table["gradients"]), looks, strict=True)
    return [
        RunRecord(network, StepRecord(step, loss, accuracy, rate, gradients, look))
        for network, step, loss, accuracy, rate, gradients, look in rows
        if gradients is not None
    ]


def _looks(table: pa.Table) -> list[Inspection | None]:
    numbers = (table[name].to_pylist() for name in ("test_loss", "test_accuracy"))
    vectors = (_vectors(table[name]) for name in _VECTORS)
    rows = zip(*numbers, *vectors, table["maps"].to_pylist(), _vectors(table["map_shapes"]), strict=True)
    return [_look(row) for row in rows]


def _look(row: tuple[Any, ...]) -> Inspection | None:
    missing = [value is None for value in row]
    if all(missing):
        return None
    if any(missing):
        raise Flaw("a closer look in it is not complete")
    loss, accuracy, mean, std, skip, branch, maps, shapes = row
    return Inspection(loss, accuracy, mean, std, skip, branch, _maps(maps, shapes))


def _maps(content: bytes, shapes: NDArray[np.int32]) -> tuple[NDArray[np.uint8], ...]:
    if len(shapes) % 3 or (shapes < 0).any():
        raise Flaw("its maps have no shape")
    pixels, first, maps = np.frombuffer(bytearray(content), np.uint8), 0, []
    for shape in shapes.reshape(-1, 3).tolist():
        size = shape[0] * shape[1] * shape[2]
        maps.append(pixels[first : first + size].reshape(shape))
        first += size
    if first != len(content):
        raise Flaw("its maps have another size than it says")
    return tuple(maps)


def _vectors(column: pa.ChunkedArray) -> list[NDArray | None]:
    """One array per row, None for null. They share memory that is theirs alone."""
    lists = column.combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # of a table without rows
        return []
    offsets = lists.offsets.to_pylist()
    values = lists.values.to_numpy(zero_copy_only=False).copy()
    present = lists.is_valid().to_pylist()
    return [
        values[first:last] if there else None for first, last, there in zip(offsets, offsets[1:], present, strict=False)
    ]
