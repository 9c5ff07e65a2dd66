"""An experiment and everything in the laboratory that it reaches, as one file that reads from top to bottom."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import NamedTuple

from resnet_core.experiment_words import seeds_of
from resnet_core.export.data_files import data_use, files, missing, stand_ins
from resnet_core.export.literal import kinds, literal
from resnet_core.export.modules import Module, Outside, Statement
from resnet_core.export.names import Key, choose_names
from resnet_core.export.reach import Definition, Reach
from resnet_core.export.rewrite import rewritten
from resnet_core.questions.experiment import Experiment

RUNNER: Definition = ("resnet_core.alone", "run_alone")
DISTRIBUTIONS = {"PIL": "pillow"}  # package: what to install, where that has another name


class Section(NamedTuple):
    """A part of the file: a heading, words about it, and code."""

    title: str
    words: str
    code: str


class Bundle(NamedTuple):
    """What is taken home."""

    name: str
    question: object  # without places on the machine that was asked
    sections: tuple[Section, ...]
    files: tuple[str, ...]  # data, as paths from the laboratory's root, to lie beside the script
    texts: dict[str, str]  # long parts of the question, by the name of their file
    requires: tuple[str, ...]  # "torch==2.13.0"
    missing: tuple[str, ...]  # what the visitor has to bring, in sentences


def bundle(entry: Experiment, question: object) -> Bundle:
    """Collect an experiment with its question.

    Raises:
        LookupError: the code does something that cannot be followed, such as a name that is nowhere defined.
    """
    use = data_use(question)
    module, _, function = entry.where.partition(":")
    classes = list(dict.fromkeys((kind.__module__, kind.__name__) for kind in kinds(use.question)))
    reach = Reach(stand_ins(use))
    reach.add([*classes, (module, function), RUNNER])
    parts = reach.in_order()
    reach.follow(Outside("pathlib", "Path", "Path"))
    reach.follow(Outside("torch", "", "torch"))
    names = choose_names(reach, parts)
    texts: dict[str, str] = {}
    asked = literal(use.question, lambda kind: names[kind.__module__, kind.__name__], texts)
    requires = tuple(_requires(reach.outside.values()))
    sections = [
        Section(
            "Imports",
            "",
            "\n".join([*_import_lines(reach, names), "", f"HERE = {names['pathlib', 'Path']}(__file__).parent"]),
        ),
        *(Section(source.file, source.doc, _code(reach, source, statements, names)) for source, statements in parts),
        Section("The question", entry.asks, f"QUESTION = {asked}"),
        Section("Run it", "", _main(entry, names, (module, function))),
    ]
    about = Section(entry.asks, _about(entry, use.question, requires, missing(use)), "")
    return Bundle(entry.name, use.question, (about, *sections), tuple(files(reach.done)), texts, requires, missing(use))


def _code(reach: Reach, module: Module, statements: Sequence[Statement], names: dict[Key, str]) -> str:
    text = ""
    before = None
    for statement in statements:
        if before is not None:
            text += "\n" * (1 + _gap(module, before, statement))
        text += rewritten(reach, module, statement, names)
        before = statement
    return text


def _gap(module: Module, before: Statement, after: Statement) -> int:
    """Blank lines between two statements: as many as they had, or as is usual where something stood between them."""
    between = module.lines[before.last : after.first - 1]
    if not any(line.strip() for line in between):
        return len(between)
    return 2 if any(hasattr(one.node, "body") for one in (before, after)) else 0


def _import_lines(reach: Reach, names: dict[Key, str]) -> Iterator[str]:
    whole: set[str] = set()
    parts: dict[str, set[str]] = {}
    for outside in reach.outside.values():
        called = names[outside.key]
        if outside.name:
            words = outside.name if called == outside.name else f"{outside.name} as {called}"
            parts.setdefault(outside.module, set()).add(words)
        else:
            plain = called == outside.module.split(".")[0]
            whole.add(f"import {outside.module}" if plain else f"import {outside.module} as {called}")
    lines = [*whole, *(f"from {module} import {', '.join(sorted(words))}" for module, words in parts.items())]
    for of_python in (True, False):
        yield from sorted(
            line for line in lines if (line.split()[1].split(".")[0] in sys.stdlib_module_names) is of_python
        )
        if of_python:
            yield ""


def _main(entry: Experiment, names: dict[Key, str], function: Definition) -> str:
    return f'''\
def main() -> object:
    """{entry.asks}

    Runs on one thread, as the laboratory does, and writes what it finds to the folder {entry.name}, beside this file.
    """
    {names["torch", ""]}.set_num_threads(1)
    return {names[RUNNER]}({names[function]}(QUESTION), HERE / "{entry.name}")


if __name__ == "__main__":
    main()'''


def _requires(outside: Iterable[Outside]) -> Iterator[str]:
    packages: set[str] = {one.module.split(".")[0] for one in outside} - sys.stdlib_module_names
    for package in sorted(packages):
        name = DISTRIBUTIONS.get(package, package)
        try:
            yield f"{name}=={version(name).partition('+')[0]}"
        except PackageNotFoundError:
            yield name


def _about(entry: Experiment, question: object, requires: Sequence[str], brought: Sequence[str]) -> str:
    lines = [
        f'The experiment "{entry.name}" of ResNet Lab, a classroom laboratory for residual networks.',
        f"Source: {entry.source}.",
        "",
        "This is the code that ran there, with everything of the laboratory that it needs and nothing else. Sections",
        "are named after the files that they come from; the question stands at the end. MIT licence.",
        "",
        f"Made with Python {python_version()}, {', '.join(one.replace('==', ' ') for one in requires)}.",
        f"Seeds: {seeds_of(question)}.",
        "The same versions on the same kind of processor give the same numbers; others may differ in the last digits,",
        "which a long training amplifies. What is measured in seconds is different on every machine.",
    ]
    return "\n".join([*lines, *(line for note in brought for line in ("", note))])
