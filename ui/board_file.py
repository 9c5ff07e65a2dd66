"""A board's numbers as a file for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from resnet_core import BoardEntry

_FORMULA = "=+-@\t\r"  # what a spreadsheet would compute instead of showing


def table(entries: Sequence[BoardEntry]) -> bytes:
    """CSV in UTF-8 with a mark that spreadsheets know it by: one line per network, in the order of the board."""
    file = io.StringIO()
    rows = [_row(entry) for entry in entries]
    writer = csv.DictWriter(file, _row_names(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def _row(entry: BoardEntry) -> dict[str, object]:
    network, training, summary = entry.config, entry.spec.training, entry.summary
    values = (
        datetime.fromtimestamp(entry.created, UTC).isoformat(timespec="seconds"),
        f"'{entry.nickname}" if entry.nickname[:1] in tuple(_FORMULA) else entry.nickname,
        entry.student,
        entry.run_id,
        entry.network + 1,
        "plain" if network.is_plain else "residual",
        network.layers,
        network.norm,
        network.init,
        network.zero_gamma,
        network.shortcut,
        "-".join(map(str, network.widths)),
        entry.spec.data.name,
        entry.spec.data.size,
        training.steps,
        training.batch,
        training.optimiser,
        training.learning_rate,
        training.schedule,
        training.augment,
        training.seed,
        summary.error,
        summary.loss,
        "" if summary.test_error is None else summary.test_error,
        summary.diverged,
    )
    return dict(zip(_row_names(), values, strict=True))


def _row_names() -> tuple[str, ...]:
    return (
        "finished", "nickname", "student", "run", "network", "kind", "layers", "norm", "init", "zero_gamma",
        "shortcut", "widths", "data", "size", "steps", "batch", "optimiser", "learning_rate", "schedule", "augment",
        "seed", "training_error", "training_loss", "test_error", "diverged",
    )  # fmt: skip
