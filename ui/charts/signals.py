"""The signal of fresh networks as a table: what a drawing shows in colours, in numbers."""

from collections.abc import Mapping

from resnet_core import ResNetConfig
from resnet_core.records.signals import NetworkSignals
from ui.charts.labels import Say, layer_label, network_labels


def signals_table(networks: Mapping[ResNetConfig, NetworkSignals], say: Say = str) -> list[dict[str, object]]:
    """One row for the stem and each block: every network's deviation, and the ratio of those with shortcuts."""
    found = list(networks.values())
    rows: list[dict[str, object]] = [{say("Layer"): layer_label(name, say)} for name in found[0].layers]
    for one, label in zip(found, network_labels(list(networks), say), strict=True):
        columns = {say("Standard deviation, {label}"): one.deviation, say("‖F(x)‖ / ‖x‖, {label}"): one.ratio}
        for title, values in columns.items():
            if values is one.deviation or not all(map(_is_unknown, values)):
                for row, value in zip(rows, values.tolist(), strict=True):
                    row[title.format(label=label)] = value
    return rows


def _is_unknown(value: float) -> bool:
    return value != value
