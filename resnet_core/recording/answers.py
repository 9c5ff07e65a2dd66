"""What experiments found when they were run once, kept to be shown before anything is computed. Loads no torch."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resnet_core.catalogue import experiment
from resnet_core.errors import ResNetCoreError, StoreError
from resnet_core.experiment_words import QUESTION_FILE
from resnet_core.recipe import build
from resnet_core.record_files import read_record


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An experiment that was run to its end, in a folder that `python -m resnet_core NAME --out FOLDER` wrote."""

    experiment: str  # its name in the catalogue
    question: Any  # what it was asked
    date: str  # year-month-day, UTC
    machine: str  # processor and cores
    torch: str  # version
    seconds: float  # that it took
    command: str  # asks it again
    folder: Path

    def record(self) -> Any:  # noqa: ANN401 - each experiment has its own kind of record
        """What it found, read anew each time.

        Raises:
            StoreError: the files are damaged.
        """
        return read_record(self.folder)


def load_answer(folder: Path) -> RecordedAnswer:
    """One answer without its record.

    Raises:
        StoreError: the folder holds none, or one that was interrupted.
    """
    try:
        about = json.loads((folder / QUESTION_FILE).read_text(encoding="utf-8"))
        if about["done"] < 1:
            raise ValueError(f"interrupted at {about['done']:.0%}")
        return RecordedAnswer(
            experiment=about["experiment"],
            question=build(experiment(about["experiment"]).question, about["question"]),
            date=about["date"],
            machine=about["machine"],
            torch=about["versions"]["torch"],
            seconds=about["seconds"],
            command=about["command"],
            folder=folder,
        )
    except (OSError, ResNetCoreError, KeyError, TypeError, ValueError) as problem:
        raise StoreError(
            "{folder} holds no recorded answer ({problem}). Record it again with python -m resnet_core NAME --out "
            "{folder}.",
            folder=folder.name,
            problem=f"{type(problem).__name__}: {problem}",
        ) from None


def load_answers(folder: Path) -> dict[tuple[str, Any], RecordedAnswer]:
    """All answers in the folders below one, by experiment and question.

    Raises:
        StoreError: one of them cannot be read.
    """
    found = [load_answer(path.parent) for path in sorted(folder.glob(f"*/{QUESTION_FILE}"))]
    return {(answer.experiment, answer.question): answer for answer in found}
