"""A question of an experiment as settings, and the command line that asks it again."""

import dataclasses
import json
import shlex
from collections.abc import Iterator
from typing import Any

from resnet_core.questions.experiment import Experiment

QUESTION_FILE = "question.json"
LONGEST = 2000  # characters of settings on a command line


def settings(question: Any) -> dict[str, Any]:  # noqa: ANN401 - any question
    """Every setting of a question as JSON has it."""
    return json.loads(json.dumps(dataclasses.asdict(question)))


def experiment_command(entry: Experiment, question: object) -> str:
    """`python -m resnet_core NAME --config ...` with the settings that differ from the usual ones.

    Settings too long to type, such as a picture, are read from the question.json that an experiment taken home holds.
    """
    words = ["python", "-m", "resnet_core", entry.name]
    if changed := _changed(settings(question), settings(entry.question())):
        typed = json.dumps(changed, ensure_ascii=False)
        words += ["--config", typed if len(typed) <= LONGEST else QUESTION_FILE]
    return shlex.join(words)


def question_json(entry: Experiment, question: object, **about: object) -> str:
    """A question as a file that `--config` reads, with whatever else there is to say."""
    content = {"experiment": entry.name, "asks": entry.asks, "source": entry.source, "question": settings(question)}
    return json.dumps(content | about, indent=1, ensure_ascii=False) + "\n"


def seeds_of(question: object) -> str:
    """Every setting that is called seed or seeds, in words."""
    found = [f"{place} = {value}" for place, value in _leaves(settings(question)) if "seed" in place.split(".")[-1]]
    return ", ".join(found) or "none is drawn by the question"


def _changed(now: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    changed = {}
    for name, value in now.items():
        if value != usual.get(name):
            both = isinstance(value, dict) and isinstance(usual.get(name), dict)
            changed[name] = _changed(value, usual[name]) if both else value
    return changed


def _leaves(value: dict[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        if isinstance(part, dict):
            yield from _leaves(part, f"{place}{name}.")
        else:
            yield f"{place}{name}", part
