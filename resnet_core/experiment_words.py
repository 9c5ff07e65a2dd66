"""A question of an experiment as settings, and the command line that asks it again."""

import dataclasses
import json
import shlex
from collections.abc import Iterator
from typing import Any

from resnet_core.questions.experiment import Experiment


def settings(question: Any) -> dict[str, Any]:  # noqa: ANN401 - any question
    """Every setting of a question as JSON has it."""
    return json.loads(json.dumps(dataclasses.asdict(question)))


def experiment_command(entry: Experiment, question: object) -> str:
    """`python -m resnet_core NAME --config ...` with the settings that differ from the usual ones."""
    words = ["python", "-m", "resnet_core", entry.name]
    if changed := _changed(settings(question), settings(entry.question())):
        words += ["--config", json.dumps(changed, ensure_ascii=False)]
    return shlex.join(words)


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
