"""The data that a taken-home experiment needs: which files, and the code that reads no others."""

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple, cast

from resnet_core.export.modules import ROOT
from resnet_core.export.reach import Definition
from resnet_core.fields import field_names
from resnet_core.official import OFFICIAL
from resnet_core.recipe import DataConfig

READ: Definition = ("resnet_core.data", "_read")  # chooses the loader
WEIGHTS: Definition = ("resnet_core.official", "cache_folder")  # knows where weights were fetched to
SHIPPED = ("fashion", "digits")
LOADERS = {
    "fashion": "load_fashion(config.size)",
    "digits": "load_digits(config.size)",
    "cifar10": "load_cifar10(path, config.size)",
    "folder": 'load_packed(path, config.size) if path.suffix == ".npz" else load_folder(path, config.size)',
    "jpegs": "load_jpegs(path, config.size)",
}
FILES: dict[Definition, tuple[str, ...]] = {  # what reads files, and which
    ("resnet_core.datasets.fashion", "load_fashion"): (
        "assets/data/fashion.npz",
        "assets/data/LICENSE-fashion-mnist.txt",
    ),
    ("resnet_core.datasets.digits", "load_digits"): ("assets/data/digits.npz", "assets/data/LICENSE-digits.txt"),
    ("resnet_core.samples", "_FOLDER"): (
        *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "assets/images").glob("*.jpg"))),
        "assets/images/README.md",
    ),
}


class DataUse(NamedTuple):
    """The pictures that a question is about."""

    question: object  # the same question, without places on the machine that was asked
    names: tuple[str, ...]  # of data sets
    shipped: bool  # whether all of them come along


def missing(use: DataUse) -> tuple[str, ...]:
    """What a visitor has to bring, in sentences: pictures of their own, and torchvision's weights, which are large."""
    words = list(_words(use.question))
    weights = [OFFICIAL[one].file for one in words if one in OFFICIAL and "imagenet" in words]
    pictures = (
        [] if use.shipped else ["The pictures did not come along. Put their place where the question says FOLDER."]
    )
    return (
        *pictures,
        *(f"The weights did not come along. Put torchvision's {file} into weights/ here." for file in weights),
    )


def data_use(question: object) -> DataUse:
    """Which data sets a question names. One that names none may use either of those that come along."""
    names = tuple(dict.fromkeys(_names(question))) or SHIPPED
    return DataUse(_without_places(question), names, set(names) <= set(SHIPPED))


def stand_ins(use: DataUse) -> dict[Definition, str]:
    """Source to stand in for what chooses the loader, so that none comes along that nobody needs, and for one place."""
    lines = [
        "def _read(config: DataConfig) -> Pictures:",
        "    # Of the laboratory's data sets, those that this experiment uses. Their files lie beside this one.",
        *([] if use.shipped else ["    path = Path(config.path)"]),
        *(
            line
            for name in use.names
            for line in (f'    if config.name == "{name}":', f"        return {LOADERS[name]}")
        ),
        '    raise ConfigError("{name} did not come along.", name=config.name)',
    ]
    folder = 'def cache_folder() -> Path:\n    return Path(__file__).parent / "weights"\n'
    return {READ: "\n".join(lines) + "\n", WEIGHTS: folder}


def files(reached: set[Definition]) -> list[str]:
    """The files to put beside the script, as paths from the laboratory's root."""
    return [file for definition, wanted in FILES.items() if definition in reached for file in wanted]


def _names(value: object) -> Iterator[str]:
    if isinstance(value, DataConfig):
        yield value.name
    elif isinstance(value, str) and value in SHIPPED:
        yield value
    else:
        for part in _parts(value):
            yield from _names(part)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in _parts(value):
        yield from _words(part)


def _parts(value: object) -> list[object]:
    if names := field_names(value):
        return [getattr(value, name) for name in names]
    return list(value) if isinstance(value, tuple) else []


def _without_places(value: object) -> object:
    """A path says where something lies on a machine. That stays there."""
    if isinstance(value, DataConfig):
        return dataclasses.replace(value, path="FOLDER") if value.path else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        changed = {name: _without_places(part) for name, part in fields.items() if _parts(part)}
        same = all(changed[name] is fields[name] for name in changed)
        return value if same else dataclasses.replace(value, **changed)
    if type(value) is tuple:
        parts = tuple(_without_places(part) for part in cast(tuple[object, ...], value))
        return value if parts == value else parts
    return value
