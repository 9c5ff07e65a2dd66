"""A run as one file to take home: its settings, its numbers and its weights."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from resnet_core.recipe import RunSpec
from resnet_core.records import RunResult

MEASURES = ("network", "step", "loss", "accuracy", "learning_rate", "test_loss", "test_accuracy")


def pack_run(spec: RunSpec, result: RunResult) -> bytes:
    """A zip of spec.json (every setting), run.json, metrics.csv, gradients.csv and one safetensors file per network.

    Where the pictures lay on the machine that trained is left out: it says something about that machine and nothing
    about the run. To run spec.json again, fill in data.path with a place of your own.

    metrics.csv has one row per network and step, losses in nats, accuracies from 0 to 1, empty where a step had no
    closer look. gradients.csv has the L2 norm of dloss/dweight of every convolution in long form.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        elsewhere = replace(spec, data=replace(spec.data, path=""))
        archive.writestr("spec.json", json.dumps(json.loads(elsewhere.to_json()), indent=2))
        archive.writestr("run.json", json.dumps(_about(result), indent=2))
        archive.writestr("metrics.csv", _table(MEASURES, _metrics(result)))
        archive.writestr("gradients.csv", _table(("network", "step", "layer", "norm"), _gradients(result)))
        for index, weights in enumerate(result.weights):
            archive.writestr(f"network-{index + 1}.safetensors", weights)
    return buffer.getvalue()


def _about(result: RunResult) -> dict[str, object]:
    header = result.header
    return {
        "state": result.state,
        "seconds": round(result.seconds, 3),
        "precision": header.precision,
        "device": header.device,
        "classes": header.classes,
        "networks": [
            {"parameters": network.parameters, "layers": network.layers, "blocks": network.blocks}
            for network in header.networks
        ],
    }


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
