"""The settings that somebody typed or wrote to a file, laid over an experiment's defaults."""

import json
from pathlib import Path
from typing import Any

from resnet_core.errors import ConfigError
from resnet_core.experiment_words import settings
from resnet_core.questions.experiment import Experiment
from resnet_core.recipe import PRESET


def wanted(entry: Experiment, config: str, changes: list[str]) -> dict[str, Any]:
    """The default settings with those of `config`, JSON or a file of it, and then with single `changes`.

    Raises:
        ConfigError: not a file and not an object of settings, or settings of another experiment.
    """
    asked = settings(entry.question())
    merge(asked, _read(entry, config))
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise ConfigError("{change!r} is no setting. Write NAME=VALUE, such as seeds=5.", change=change)
        for part in reversed(name.split(".")):
            value = {part: _value(value) if isinstance(value, str) else value}
        merge(asked, value)  # pyright: ignore[reportArgumentType] - an object by now
    return asked


def merge(into: dict[str, Any], new: dict[str, Any]) -> None:
    """Put `new` settings in the place of old ones, one by one inside objects. A preset begins anew."""
    for name, value in new.items():
        old = into.get(name)
        if isinstance(value, dict) and isinstance(old, dict) and PRESET not in value:
            merge(old, value)
        else:
            into[name] = value


def _read(entry: Experiment, config: str) -> dict[str, Any]:
    text = config
    if not config.lstrip().startswith("{"):
        try:
            text = Path(config).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigError(
                "{file} cannot be read ({problem}).", file=config, problem=type(problem).__name__
            ) from None
    try:
        content = json.loads(text)
    except json.JSONDecodeError as problem:
        raise ConfigError("The settings are not JSON: {problem}.", problem=problem) from None
    if not isinstance(content, dict):
        raise ConfigError("The settings are {value!r}. They must be an object.", value=content)
    if content.keys() >= {"experiment", "question"}:  # a question.json, which says more
        if content["experiment"] != entry.name:
            raise ConfigError(
                "These are settings of {other!r}. Ask {name!r} with its own.",
                other=content["experiment"],
                name=entry.name,
            )
        content = content["question"]
    return content


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
