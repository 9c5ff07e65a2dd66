"""run.json: what is known of a kept run beside its settings, its steps and its weights."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from resnet_core.records import ENDED, NetworkHeader, RunHeader, RunState
from resnet_core.store.flaws import Flaw, shortened
from resnet_core.store.strict_json import number_from_json, number_to_json, read_json
from resnet_core.summary import NetworkSummary

FORMAT = 1
MAX_SIDE = 256  # pixels of the sample picture
MAX_NAME = 80  # characters of a run's name


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class About:
    """The content of run.json."""

    owner: str  # empty in a file that leaves the server
    name: str
    created: float  # seconds since 1970 UTC
    imported: bool
    state: RunState
    seconds: float
    header: RunHeader
    summaries: tuple[NetworkSummary, ...]
    files: Mapping[str, tuple[int, str]]  # every other file of the run: its size in bytes, and its SHA-256

    def to_json(self) -> bytes:
        """Plain JSON; a number that is not finite stands there as a word."""
        content = {
            "format": FORMAT,
            "name": self.name,
            "owner": self.owner,
            "created": self.created,
            "imported": self.imported,
            "state": self.state,
            "seconds": number_to_json(self.seconds),
            "summaries": [summary_to_json(summary) for summary in self.summaries],
            "header": _header_to_json(self.header),
            "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in self.files.items()},
        }
        return (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> "About":
        """Read what `to_json` wrote, trusting none of it.

        Raises:
            Flaw: it is not JSON, says something else, or was written by a later version of this program.
        """
        found = read_json(content)
        if take(found, "format", int) != FORMAT:
            raise Flaw(f"it has format {found['format']}, and this version reads {FORMAT}")
        return cls(
            owner=take(found, "owner", str),
            name=take(found, "name", str),
            created=number_from_json(take(found, "created", int, float)),
            imported=take(found, "imported", bool),
            state=_one_of(found, "state", ENDED),
            seconds=number_from_json(found.get("seconds")),
            summaries=tuple(map(summary_from_json, take(found, "summaries", list))),
            header=_header_from_json(take(found, "header", dict)),
            files={name: _file(entry) for name, entry in take(found, "files", dict).items()},
        )


def take(found: Mapping[str, Any], name: str, *kinds: type) -> Any:  # noqa: ANN401 - of one of `kinds`
    """The value called `name`.

    Raises:
        Flaw: it is not there, or of none of `kinds`.
    """
    if name not in found:
        raise Flaw(f"it does not say {name}")
    if type(found[name]) not in kinds:
        raise Flaw(f"{name} in it is {shortened(found[name])}")
    return found[name]


def summary_to_json(summary: NetworkSummary) -> dict[str, Any]:
    """A summary as plain JSON."""
    test = None if summary.test_error is None else number_to_json(summary.test_error)
    numbers = {"loss": number_to_json(summary.loss), "error": number_to_json(summary.error), "test_error": test}
    return {"steps": int(summary.steps), **numbers, "diverged": bool(summary.diverged)}


def summary_from_json(content: object) -> NetworkSummary:
    """Read what `summary_to_json` wrote.

    Raises:
        Flaw: it is no summary.
    """
    if not isinstance(content, dict):
        raise Flaw(f"a summary in it is {shortened(content)}")
    test = content.get("test_error")
    return NetworkSummary(
        steps=take(content, "steps", int),
        loss=number_from_json(content.get("loss")),
        error=number_from_json(content.get("error")),
        test_error=None if test is None else number_from_json(test),
        diverged=take(content, "diverged", bool),
    )


def _header_to_json(header: RunHeader) -> dict[str, Any]:
    return {
        "precision": header.precision,
        "device": header.device,
        "classes": header.classes,
        "sample_class": header.sample_class,
        "sample": header.sample.tolist(),
        "networks": [
            {
                "parameters": network.parameters,
                "layers": network.layers,
                "blocks": network.blocks,
                "map_layers": network.map_layers,
            }
            for network in header.networks
        ],
    }


def _header_from_json(found: Mapping[str, Any]) -> RunHeader:
    return RunHeader(
        networks=tuple(map(_network, take(found, "networks", list))),
        precision=_one_of(found, "precision", get_args(RunHeader.__annotations__["precision"])),
        device=take(found, "device", str),
        sample=_picture(take(found, "sample", list)),
        sample_class=take(found, "sample_class", str),
        classes=_words(found, "classes"),
    )


def _network(found: object) -> NetworkHeader:
    if not isinstance(found, dict):
        raise Flaw(f"a network in it is {shortened(found)}")
    names = {name: _words(found, name) for name in ("layers", "blocks", "map_layers")}
    return NetworkHeader(**names, parameters=take(found, "parameters", int))


def _picture(rows: list[Any]) -> NDArray[np.uint8]:
    try:
        picture = np.array(rows)
    except (ValueError, OverflowError):  # rows of several lengths
        picture = np.empty(0)
    flat = picture.ndim in (2, 3) and picture.dtype == np.int64 and picture.size > 0
    if not flat or max(picture.shape[:2]) > MAX_SIDE or picture.shape[2:] not in ((), (3,)):
        raise Flaw("sample in it is no picture")
    if picture.min() < 0 or picture.max() > 255:
        raise Flaw("sample in it has pixels that are not from 0 to 255")
    return picture.astype(np.uint8)


def _words(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    words = take(found, name, list)
    if not all(type(word) is str for word in words):
        raise Flaw(f"{name} in it is {shortened(words)}")
    return tuple(words)


def _one_of(found: Mapping[str, Any], name: str, allowed: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a Literal
    if take(found, name, str) not in allowed:
        raise Flaw(f"{name} in it is {shortened(found[name])}")
    return found[name]


def _file(entry: object) -> tuple[int, str]:
    if not isinstance(entry, dict):
        raise Flaw(f"a file in it is {shortened(entry)}")
    return take(entry, "bytes", int), take(entry, "sha256", str)
