"""A run that somebody brings: it comes back as it was, or it is refused in a sentence; nothing of it is believed."""

import contextlib
import hashlib
import io
import json
import math
import struct
import warnings
import zipfile
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from resnet_core import DataConfig, ResNetConfig, RunResult, RunSpec, StoreError, TrainConfig, pack_run
from resnet_core.store import apart, incoming
from resnet_core.store.apart import read_metrics_apart
from resnet_core.store.flaws import Flaw
from resnet_core.store.incoming import unpack_run
from resnet_core.store.metrics import SCHEMA, write_metrics
from resnet_core.store.plausible import map_shapes
from tests.core.store_runs import (
    SPEC,
    TINY,
    course,
    heading,
    open_store,
    tensors,
    tiny_result,
    trained,
    with_changed_look,
    with_changed_step,
)

SMALL = {"steps": 3, "batch": 8, "inspect_every": 2, "precision": "fp32"}
OTHERS = {
    "colour-less bottleneck v2": ResNetConfig(
        block="bottleneck", version="v2", depths=(1, 2), widths=(4, 8), stem_width=4, shortcut="C", in_channels=1
    ),
    "imagenet stem, no norm": ResNetConfig(
        stem="imagenet", norm="none", depths=(2, 1), widths=(16, 16), stem_width=4, shortcut="B", in_channels=1
    ),
    "some shortcuts cut": replace(TINY, depths=(2, 2, 2), cut=((0, 1), (2, 0))),
}


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "home")
    yield store
    store.close()


def files_in(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def forged(changes: dict[str, bytes] | None = None, about: dict | None = None, base: bytes | None = None) -> bytes:
    """A packed run with other files and another run.json, whose checksums are right again."""
    files = files_in(base or packed()) | (changes or {})
    found = json.loads(files["run.json"]) | (about or {})
    if about is None or "files" not in about:
        found["files"] = {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
            if name in ("spec.json", "metrics.parquet") or name.startswith("network-")
        }
    return zipped(files | {"run.json": json.dumps(found).encode()})


def packed(result: RunResult | None = None, spec: RunSpec = SPEC) -> bytes:
    return pack_run(spec, result or tiny_result(), name="mine", created=1.0)


def header(**changes: object) -> dict:
    return {"header": json.loads(files_in(packed())["run.json"])["header"] | changes}


def settings_with(**changes: object) -> bytes:
    return json.dumps(json.loads(SPEC.to_json()) | changes).encode()


def refused(content: bytes) -> str:
    with pytest.raises(StoreError) as problem:
        unpack_run(content)
    text = str(problem.value)
    assert len(text) < 800
    assert text.startswith(("This is not the file of a run (", "This file of a run cannot be used: ", "The file has "))
    return text


# -- what is brought as it was packed


def test_a_packed_run_comes_back_under_a_new_id(store):
    store.keep("a", "ann", SPEC, tiny_result(), name="깊은")
    brought = store.unpack(store.pack("a"), "bob")
    assert brought.run_id != "a"
    assert (brought.owner, brought.name, brought.spec, brought.imported) == ("bob", "깊은", SPEC, True)
    back = store.result(brought.run_id)
    assert course(back) == course(tiny_result())
    assert heading(back) == heading(tiny_result())
    assert tensors(back) == tensors(tiny_result())
    assert brought.summaries == store.find("a").summaries
    again = store.unpack(store.pack(brought.run_id), "ann")
    assert len({"a", brought.run_id, again.run_id}) == 3
    assert course(store.result(again.run_id)) == course(tiny_result())


def test_the_file_does_not_say_whose_run_it_is(store):
    store.keep("run-of-ann", "owner-of-it", SPEC, tiny_result())
    files = files_in(store.pack("run-of-ann"))
    assert [name for name, content in files.items() if b"owner-of-it" in content or b"run-of-ann" in content] == []


def test_a_run_that_was_kept_long_ago_stays_when_it_is_brought(store):
    old = pack_run(SPEC, tiny_result(), created=1.0)
    run_id = store.unpack(old, "ann").run_id
    assert [run.run_id for run in store.runs_of("ann")] == [run_id]


@pytest.mark.parametrize("config", OTHERS.values(), ids=OTHERS)
def test_runs_of_every_kind_of_network_come_back(config):
    spec = RunSpec(networks=(config,), data=DataConfig(name="digits", size=8), training=TrainConfig(**SMALL))
    result = trained(spec)
    found = unpack_run(packed(result, spec))
    assert (found.spec, found.name) == (spec, "mine")
    assert course(found.result) == course(result)
    assert heading(found.result) == heading(result)
    assert tensors(found.result) == tensors(result)


def test_colour_pictures_at_other_sizes_have_the_maps_that_are_expected():
    rng = np.random.default_rng(0)
    config = replace(TINY, in_channels=3, stem="imagenet")
    spec = RunSpec(networks=(config,), data=DataConfig(name="folder", size=28), training=TrainConfig(**SMALL))

    import torch

    from resnet_core.data import DataSet
    from resnet_core.training import train_together

    images = torch.tensor(rng.normal(size=(24, 3, 28, 28)), dtype=torch.float32)
    labels = torch.arange(24) % 2
    data = DataSet(images, labels, images, labels, ("cat", "dog"), (0.5,) * 3, (0.2,) * 3)
    run = train_together(spec, data)
    result = RunResult(run.header, tuple(run.records()), run.weights(), "finished", 1.0)
    found = unpack_run(packed(result, spec))
    assert course(found.result) == course(result)
    assert heading(found.result) == heading(result)
    assert map_shapes(config, 28) == ((4, 7, 7), (8, 4, 4), (8, 2, 2))


@pytest.mark.parametrize("state", ["stopped", "failed", "lost"])
def test_a_run_that_ended_early_can_be_brought(state):
    result = replace(tiny_result(), records=tiny_result().records[:5], weights=(), state=state)
    found = unpack_run(packed(result))
    assert (course(found.result), found.result.weights, found.result.state) == (course(result), (), state)


def test_a_run_that_diverged_can_be_brought():
    broken = np.full_like(tiny_result().records[-1].record.gradients, math.nan)
    result = with_changed_step(tiny_result(), 11, loss=math.nan, gradients=broken, inspection=None)
    assert course(unpack_run(packed(result)).result) == course(result)


# -- what is no such file


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06", b"hello" * 100, b"PK\x03\x04" + bytes(100), bytes(5000)]
)
def test_what_is_no_zip_archive_is_refused(content):
    assert "not a zip archive" in refused(content)


def test_another_zip_archive_is_refused():
    assert "a file called 'photo.jpg'" in refused(zipped({"photo.jpg": b"x"}))
    assert "it has no metrics.parquet" in refused(zipped({"spec.json": b"{}", "run.json": b"{}"}))


@pytest.mark.parametrize(
    "name",
    ["../run.json", "/etc/passwd", "a/spec.json", "C:\\x", "..\\run.json", "network-5.safetensors", "x\n" * 400, " "],
)
def test_a_file_that_no_run_has_is_refused(name):
    assert "which no run has" in refused(zipped(files_in(packed()) | {name: b"x"}))


def test_two_files_of_the_same_name_are_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        buffer = io.BytesIO(packed())
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("run.json", b"{}")
    assert "two files of the same name" in refused(buffer.getvalue())


def test_a_large_upload_is_refused_before_it_is_opened():
    assert "read up to 20 MB" in refused(packed() + bytes(20_000_000))


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "more than 200 times its size" in refused(zipped(files_in(packed()) | {"gradients.csv": bytes(50_000_000)}))
    assert "network-1.safetensors in it has 30000000 bytes" in refused(
        forged({"network-1.safetensors": bytes(30_000_000)})
    )


def test_a_member_that_lies_about_its_size_is_refused():
    content = bytearray(zipped(files_in(packed()) | {"spec.json": bytes(900_000)}))
    first = content.index(b"PK\x01\x02")
    while content[first + 46 : first + 55] != b"spec.json":
        first = content.index(b"PK\x01\x02", first + 1)
    content[first + 24 : first + 28] = struct.pack("<I", 100)
    refused(bytes(content))


def test_a_hundred_thousand_members_are_refused_before_they_are_listed():
    entry = zipped({"x": b""})
    directory = entry[entry.index(b"PK\x01\x02") : entry.index(b"PK\x05\x06")]
    many = directory * 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(many), 0, 0)
    assert "more than 16 files" in refused(many + end)
    small = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(many), 0, 0)
    assert "more than 16 files" in refused(many + small)


def test_other_ways_of_packing_are_not_read():
    files = files_in(packed())
    assert "packed in a way that is not read" in refused(zipped(files, zipfile.ZIP_LZMA))
    encrypted = bytearray(zipped(files))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(encrypted))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.7, 0.99])
def test_a_part_of_a_download_is_refused(share):
    content = packed()
    refused(content[: int(len(content) * share)])


@pytest.mark.slow
@given(st.integers(0, 10**6), st.integers(1, 255), st.integers(0, 10**6), st.binary(max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_changed_byte_anywhere_is_refused_or_changes_nothing(place, mask, second, inserted):
    content = bytearray(_base())
    content[place % len(content)] ^= mask
    if inserted:
        content[second % len(content) : second % len(content)] = inserted
    try:
        found = unpack_run(bytes(content))
    except StoreError:
        return
    assert course(found.result) == course(tiny_result())  # it hit what is not read: a date, a CSV file, the README


_packed: list[bytes] = []


def _base() -> bytes:
    if not _packed:
        _packed.append(packed())
    return _packed[0]


# -- settings and header

DEEP = b"[" * 200_000
SETTINGS = {
    "deep": b'{"networks": ' + DEEP,
    "long number": settings_with().replace(b'"steps": 6', b'"steps": ' + b"9" * 5000),
    "a million digits": settings_with().replace(b'"steps": 6', b'"steps": ' + b"9" * 90_000),
    "not a number": settings_with().replace(b'"learning_rate": 0.05', b'"learning_rate": NaN'),
    "beyond all numbers": settings_with().replace(b'"learning_rate": 0.05', b'"learning_rate": 1e999'),
    "twice": settings_with().replace(b'"seed": 0', b'"seed": 0, "seed": 1'),
    "not UTF-8": b'{"networks": "\xff"}',
    "unknown setting": settings_with(run_me="rm"),
    "wrong type": settings_with(training=[1]),
    "no network": settings_with(networks=[]),
    "five networks": settings_with(networks=[json.loads(SPEC.to_json())["networks"][0]] * 5),
    "huge": settings_with(data={"name": "digits", "size": 8, "path": "x" * 200_000}),
    "a wide network": settings_with(networks=[{"widths": [10**17] * 3}] * 2),
    "many milestones": settings_with(training={"milestones": list(range(2000))}),
    "a very deep network": settings_with(networks=[{"depths": [200] * 8, "widths": [2048] * 8}] * 2),
    "other networks": settings_with(networks=json.loads(SPEC.to_json())["networks"][::-1]),
    "fewer steps": settings_with(training=json.loads(SPEC.to_json())["training"] | {"steps": 5}),
    "more steps": settings_with(training=json.loads(SPEC.to_json())["training"] | {"steps": 7}),
    "other pictures": settings_with(data={"name": "digits", "size": 16}),
    "null": b"null",
    "empty": b"",
}


@pytest.mark.parametrize("content", SETTINGS.values(), ids=SETTINGS)
def test_settings_that_cannot_be_those_of_the_run_are_refused(content):
    refused(forged({"spec.json": content}))


def test_a_place_of_pictures_in_a_strangers_settings_is_forgotten():
    content = settings_with(data={"name": "digits", "size": 8, "path": "/etc"})
    assert unpack_run(forged({"spec.json": content})).spec == SPEC


PICTURE = tiny_result().header.sample.tolist()
NETWORKS = header()["header"]["networks"]
RENAMED = ["<b>", *NETWORKS[0]["layers"][1:]]
HEADERS = {
    "later version": {"format": 2},
    "no state": {"state": None},
    "still running": {"state": "running"},
    "unknown state": {"state": ["finished"]},
    "negative time": {"seconds": -1},
    "no time": {"seconds": "nan"},
    "endless time": {"seconds": "inf"},
    "name too long": {"name": "x" * 81},
    "name over two lines": {"name": "a\nb"},
    "name with an escape": {"name": "\x1b[31mred"},
    "name is a number": {"name": 1},
    "created is a word": {"created": "now"},
    "summaries are words": {"summaries": ["good"]},
    "no header": {"header": None},
    "files is a list": {"files": []},
    "a file without a size": {"files": {"spec.json": {"sha256": "0"}}},
    "a file elsewhere": {"files": {"../../spec.json": {"bytes": 1, "sha256": "0"}}},
    "device": header(device="/dev/sda"),
    "precision": header(precision="fp8"),
    "other precision": header(precision="bf16"),
    "one class": header(classes=["0"], sample_class="0"),
    "class twice": header(classes=["0"] * 10),
    "too many classes": header(classes=[str(number) for number in range(11)]),
    "long class": header(classes=["x" * 61, *"123456789"]),
    "class with control characters": header(classes=["\u202e0", *"123456789"]),
    "empty class": header(classes=["", *"123456789"]),
    "class is a number": header(classes=[0, *"123456789"]),
    "another class": header(sample_class="cat"),
    "ragged picture": header(sample=[[1], [1, 2]]),
    "picture of words": header(sample=[["a"] * 8] * 8),
    "bright picture": header(sample=[[256] * 8] * 8),
    "dark picture": header(sample=[[-1] * 8] * 8),
    "half pixels": header(sample=[[0.5] * 8] * 8),
    "true pixels": header(sample=[[True] * 8] * 8),
    "large picture": header(sample=[[0] * 300] * 300),
    "picture of another size": header(sample=[[0] * 16] * 16),
    "colour picture for a gray network": header(sample=[[[0] * 3] * 8] * 8),
    "no picture": header(sample=[]),
    "picture in ten dimensions": header(sample=[[[[[[[[[[0]]]]]]]]]]),
    "one network": header(networks=NETWORKS[:1]),
    "networks exchanged": header(networks=NETWORKS[::-1]),
    "network is a word": header(networks=["a", "b"]),
    "layer with another name": header(
        networks=[NETWORKS[0] | {"layers": ["<b>", *NETWORKS[0]["layers"][1:]]}, NETWORKS[1]]
    ),
    "no layers": header(networks=[NETWORKS[0] | {"layers": []}, NETWORKS[1]]),
    "other parameters": header(networks=[NETWORKS[0] | {"parameters": 10**17}, NETWORKS[1]]),
    "no map layers": header(networks=[NETWORKS[0] | {"map_layers": []}, NETWORKS[1]]),
}


@pytest.mark.parametrize("about", HEADERS.values(), ids=HEADERS)
def test_a_header_that_cannot_be_that_of_the_run_is_refused(about):
    refused(forged(about=about))


def test_a_forged_file_without_a_change_is_accepted():
    assert course(unpack_run(forged()).result) == course(tiny_result())


def test_summaries_are_counted_anew(store):
    lie = {"steps": 6, "loss": 0.0, "error": 0.0, "test_error": 0.0, "diverged": False}
    brought = store.unpack(forged(about={"summaries": [lie, lie]}), "ann")
    assert brought.summaries == store.keep("a", "ann", SPEC, tiny_result()).summaries


def test_a_file_that_changed_since_it_was_packed_is_refused():
    files = files_in(packed())
    files["network-1.safetensors"] = files["network-2.safetensors"]
    assert "network-1.safetensors has changed" in refused(zipped(files))


# -- steps


def two(result: RunResult) -> RunResult:
    records = list(result.records)
    records[0], records[2] = records[2], records[0]
    return replace(result, records=tuple(records))


GRADIENTS = tiny_result().records[0].record.gradients
LOOK = next(record.inspection for _, record in tiny_result().records if record.inspection)
STEPS = {
    "exchanged": two,
    "twice": lambda result: replace(result, records=(*result.records[:2], *result.records)),
    "missing": lambda result: replace(result, records=result.records[:-1]),
    "none": lambda result: replace(result, records=()),
    "before the first": lambda result: with_changed_step(result, 0, step=0),
    "negative": lambda result: with_changed_step(result, 0, step=-1),
    "after the last": lambda result: with_changed_step(result, 11, step=2**31 - 1),
    "on after a loss that was not finite": lambda result: with_changed_step(result, 0, loss=math.nan),
    "accuracy not a number": lambda result: with_changed_step(result, 0, accuracy=math.nan),
    "accuracy above 1": lambda result: with_changed_step(result, 0, accuracy=1.5),
    "loss below 0": lambda result: with_changed_step(result, 0, loss=-1.0),
    "learning rate not a number": lambda result: with_changed_step(result, 0, learning_rate=math.nan),
    "learning rate without end": lambda result: with_changed_step(result, 0, learning_rate=math.inf),
    "norm below 0": lambda result: with_changed_step(result, 0, gradients=-1 - GRADIENTS),
    "test accuracy below 0": lambda result: with_changed_look(result, test_accuracy=-0.1),
    "test accuracy not a number": lambda result: with_changed_look(result, test_accuracy=math.nan),
    "deviation below 0": lambda result: with_changed_look(result, response_std=-1 - LOOK.response_std),
    "maps of another size": lambda result: with_changed_look(result, maps=tuple(each[:, :1] for each in LOOK.maps)),
    "maps of no size": lambda result: with_changed_look(result, maps=tuple(each[:0] for each in LOOK.maps)),
}


@pytest.mark.parametrize("change", STEPS.values(), ids=STEPS)
def test_steps_that_no_run_can_have_taken_are_refused(change):
    assert "metrics.parquet: " in refused(packed(change(tiny_result())))


def parquet(table: pa.Table, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def good_table() -> pa.Table:
    return pq.read_table(io.BytesIO(write_metrics(tiny_result().records)))


def column(name: str, values: list, kind: pa.DataType) -> pa.Table:
    table = good_table()
    return table.set_column(table.schema.names.index(name), name, pa.array(values, kind))


TABLES = {
    "extra column": lambda: good_table().append_column("extra", pa.array(range(12))),
    "missing column": lambda: good_table().drop_columns(["maps"]),
    "columns in another order": lambda: good_table().select(SCHEMA.names[::-1]),
    "column of another name": lambda: good_table().rename_columns(["x", *SCHEMA.names[1:]]),
    "words for numbers": lambda: column("loss", ["1.0"] * 12, pa.string()),
    "wide whole numbers": lambda: column("step", [10**18] * 12, pa.int64()),
    "half numbers": lambda: column("loss", np.ones(12, np.float32).tolist(), pa.float32()),
    "no loss": lambda: column("loss", [None] * 12, pa.float64()),
    "nested lists": lambda: column("gradients", [[[1.0]]] * 12, pa.list_(pa.list_(pa.float32()))),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_with_other_columns_is_refused(table):
    assert "its columns are not those of a run" in refused(forged({"metrics.parquet": parquet(table())}))


def test_a_table_in_several_pieces_is_read_as_one():
    content = parquet(good_table().cast(SCHEMA), row_group_size=5)
    assert course(unpack_run(forged({"metrics.parquet": content})).result) == course(tiny_result())


NOT_PARQUET = {
    "empty": b"",
    "magic alone": b"PAR1PAR1",
    "half": write_metrics(tiny_result().records)[:4000],
    "another format": b"ARROW1\0\0" + bytes(100),
    "a long footer": b"PAR1" + bytes(50) + struct.pack("<I", 2**31 - 1) + b"PAR1",
}


@pytest.mark.parametrize("content", NOT_PARQUET.values(), ids=NOT_PARQUET)
def test_what_is_no_parquet_file_is_refused(content):
    assert "metrics.parquet: it cannot be read" in refused(forged({"metrics.parquet": content}))


def test_more_rows_than_the_run_has_steps_are_refused():
    table = pa.concat_tables([good_table()] * 1000)
    assert "it has 12000 rows, and the run 12 steps" in refused(forged({"metrics.parquet": parquet(table)}))


def test_a_few_kilobytes_that_ask_for_much_memory_are_refused(monkeypatch):
    monkeypatch.setattr(apart, "MEMORY", 700 << 20)  # less than usual, so that the bomb is quick to make
    maps = pa.array([bytes(300_000_000)], pa.binary())
    table = good_table().slice(0, 1).set_column(SCHEMA.names.index("maps"), SCHEMA.field("maps"), maps)
    content = parquet(table, compression="zstd", use_dictionary=False)
    assert len(content) < 100_000
    assert "asks for more memory than a run has" in refused(forged({"metrics.parquet": content}))
    assert course(unpack_run(packed()).result) == course(tiny_result())  # that much is enough for an honest one


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=8))
@settings(max_examples=10, deadline=None)
def test_a_damaged_table_never_ends_the_server(changes):
    content = bytearray(write_metrics(tiny_result().records))
    for place, mask in changes:
        content[place % len(content)] ^= mask
    with contextlib.suppress(Flaw):
        assert len(read_metrics_apart(bytes(content), 12)) <= 12


# -- weights


def weights(change) -> dict[str, bytes]:
    tensors = load(tiny_result().weights[0])
    change(tensors)
    metadata = json.loads(tiny_result().weights[0][8 : 8 + struct.unpack("<Q", tiny_result().weights[0][:8])[0]])
    return {"network-1.safetensors": save(tensors, metadata["__metadata__"])}


def no_number(tensors):
    tensors["head.weight"] = np.full_like(tensors["head.weight"], np.nan)


def no_end(tensors):
    tensors["head.bias"] = np.full_like(tensors["head.bias"], np.inf)


WEIGHTS = {
    "of the other network": lambda: {"network-1.safetensors": tiny_result().weights[1]},
    "garbage": lambda: {"network-1.safetensors": b"garbage"},
    "a long header": lambda: {"network-1.safetensors": struct.pack("<Q", 2**63) + b"{}"},
    "a pickle": lambda: {"network-1.safetensors": b"\x80\x04\x95"},
    "one missing": lambda: weights(lambda tensors: tensors.pop("head.bias")),
    "one more": lambda: weights(lambda tensors: tensors.update(extra=np.ones(1, np.float32))),
    "another shape": lambda: weights(lambda tensors: tensors.update({"head.bias": np.ones(11, np.float32)})),
    "not a number": lambda: weights(no_number),
    "without end": lambda: weights(no_end),
    "without settings": lambda: {"network-1.safetensors": save(load(tiny_result().weights[0]))},
}


@pytest.mark.parametrize("changes", WEIGHTS.values(), ids=WEIGHTS)
def test_weights_that_are_not_the_networks_are_refused(changes):
    assert "network-1.safetensors: " in refused(forged(changes()))


def test_weights_of_some_networks_only_are_refused():
    files = files_in(packed())
    del files["network-2.safetensors"]
    assert "run.json names other files" in refused(zipped(files))
    assert "weights of 1 of 2 networks" in refused(forged(base=zipped(files)))
    assert "weights of 3 of 2 networks" in refused(forged({"network-3.safetensors": tiny_result().weights[0]}))


def test_what_a_stranger_wrote_into_the_weights_is_not_kept(store):
    tensors = load(tiny_result().weights[0])
    found = json.loads(tiny_result().weights[0][8 : 8 + struct.unpack("<Q", tiny_result().weights[0][:8])[0]])
    mine = save(tensors, found["__metadata__"] | {"note": '"call me"'})
    brought = store.unpack(forged({"network-1.safetensors": mine}), "ann")
    assert b"call me" not in store.result(brought.run_id).weights[0]


def test_nothing_of_a_refused_file_is_left(store, tmp_path):
    with pytest.raises(StoreError):
        store.unpack(forged(about=header(device="x")), "ann")
    assert store.runs_of("ann") == ()
    assert list((tmp_path / "home" / "runs").iterdir()) == []


def test_every_name_that_is_read_has_a_limit():
    assert set(incoming.LIMITS) >= set(files_in(packed())) - set(incoming.FOR_PEOPLE)
