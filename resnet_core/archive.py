"""A run as one file to take home: its settings, its numbers and its weights."""

import csv
import io
import zipfile
from collections.abc import Iterator

from resnet_core.errors import StoreError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult
from resnet_core.store.files import files_of
from resnet_core.store.flaws import Flaw

MEASURES = ("network", "step", "loss", "accuracy", "learning_rate", "test_loss", "test_accuracy")
README, MEASURES_FILE, GRADIENTS_FILE = "README.txt", "metrics.csv", "gradients.csv"
FOR_PEOPLE = (README, MEASURES_FILE, GRADIENTS_FILE)  # nothing reads these again

_README = """A training run of ResNet Lab.

spec.json               every setting: networks, data, recipe. data.path is left out: it says where pictures lay on the
                        machine that trained. Fill in a place of your own to run it again.
run.json                how it ended, what it was trained on, a sample picture, and the SHA-256 of the other files
metrics.csv             one row per network and step: loss in nats, accuracy from 0 to 1, learning rate; the test
                        columns are empty where a step had no closer look
gradients.csv           the L2 norm of dloss/dweight of every convolution at every step
metrics.parquet         all of that and the activation maps, to the last bit; read it with pandas, Polars or DuckDB
network-N.safetensors   the weights of network N, with its settings in the metadata

Bring this file back to a ResNet Lab as it is, without unpacking it, and the run can be looked at again.
"""


def pack_run(spec: RunSpec, result: RunResult, *, name: str = "", created: float = 0.0) -> bytes:
    """A zip of the files that the store keeps, two of them once more as CSV, and a README.txt that explains them.

    Neither who trained it nor where the pictures lay is in it. `created` is when it ended, in seconds since 1970 UTC.

    Raises:
        StoreError: header, steps and weights do not belong together.
    """
    try:
        _, files = files_of(spec, result, name=name, created=created)
    except Flaw as flaw:
        raise StoreError("This run cannot be packed: {problem}.", problem=str(flaw)) from None
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(README, _README)
        for file, content in files.items():
            dense = file.endswith((".parquet", ".safetensors"))
            archive.writestr(file, content, zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED)
        archive.writestr(MEASURES_FILE, _table(MEASURES, _metrics(result)))
        archive.writestr(GRADIENTS_FILE, _table(("network", "step", "layer", "norm"), _gradients(result)))
    return buffer.getvalue()


def _metrics(result: RunResult) -> Iterator[tuple[object, ...]]:
    for network, record in result.records:
        look = record.inspection
        test = (look.test_loss, look.test_accuracy) if look else ("", "")
        yield network + 1, record.step, record.loss, record.accuracy, record.learning_rate, *test


def _gradients(result: RunResult) -> Iterator[tuple[object, ...]]:
    for network, record in result.records:
        for layer, norm in zip(result.header.networks[network].layers, record.gradients, strict=True):
            yield network + 1, record.step, layer, f"{norm:.7g}"


def _table(header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
