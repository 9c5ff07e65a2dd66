"""Collect what a visitor can read, bring every translation up to date and compile it: `make text`.

Three things are collected: the texts inside `say("...")`, the sentences of the laboratory's errors, and the words with
which these name a kind of file or the state of a run. All are plain strings in the source, so that this file can find
them without running anything.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TEXTS = Path(__file__).parent
ROOT = TEXTS.parent.parent
DOMAIN = "resnet_lab"
TRANSLATIONS = ("ko",)
SIGNATURES, RECORDS = "resnet_core/signatures.py", "resnet_core/records/training.py"
SOURCES = ("app.py", "ui", "pages", "resnet_core")
HEADER = "# Translations of ResNet Lab. Collected and compiled by `make text`.\n"


def catalogue_file(language: str) -> Path:
    """Where the translators of a language work."""
    return TEXTS / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled_file(language: str) -> Path:
    """What the app reads."""
    return catalogue_file(language).with_suffix(".mo")


def error_names() -> set[str]:
    """The classes whose first argument is a sentence for the visitor."""
    tree = ast.parse((ROOT / "resnet_core/errors.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def strings(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be: itself, or either side of `a if condition else b`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def spoken(source: str, speakers: set[str]) -> Iterator[ast.Call]:
    """Every call of one of `speakers` that has a first argument."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in speakers:
                yield node


def words(source: str, literal: str) -> Iterator[tuple[int, str]]:
    """The words of `literal = Literal["one", "other"]` with their line."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == literal:
            yield from _texts(node.value)


def noun_phrases(source: str) -> Iterator[tuple[int, str]]:
    """The texts of a module that begin with a small letter and have a space, and those that a constant holds alone."""
    for node in ast.parse(source).body:
        alone = isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        yield from (found for found in _texts(node) if alone or (found[1][:1].islower() and " " in found[1]))


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def files() -> list[Path]:
    """Every source file in which a text can stand."""
    found = [path for place in SOURCES for path in [ROOT / place, *(ROOT / place).rglob("*.py")]]
    return sorted(path for path in found if path.is_file())


def template() -> Catalog:
    """All texts, in English, with the files that they stand in."""
    catalog = Catalog(domain=DOMAIN)
    speakers = {"say", *error_names()}
    for path in files():
        for call in spoken(path.read_text(encoding="utf-8"), speakers):
            for text in strings(call.args[0]):
                catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), call.lineno)])
    for place, found in (
        (SIGNATURES, noun_phrases((ROOT / SIGNATURES).read_text(encoding="utf-8"))),
        (RECORDS, words((ROOT / RECORDS).read_text(encoding="utf-8"), "RunState")),
    ):
        for line, text in found:
            catalog.add(text, locations=[(place, line)])
    return catalog


def read(language: str) -> Catalog:
    """A language's catalogue as it stands, or an empty one."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue in the form that Python's gettext reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def build(language: str) -> list[str]:
    """Update and compile one language. Returns the texts that still want a translation."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.header_comment, catalog.project, catalog.version = HEADER, "ResNet Lab", "1"
    catalog.last_translator, catalog.language_team = "ResNet Lab contributors", language
    catalog.msgid_bugs_address, catalog.revision_date = "none", catalog.creation_date
    catalogue_file(language).parent.mkdir(parents=True, exist_ok=True)
    with catalogue_file(language).open("wb") as file:
        write_po(file, catalog, width=120, sort_by_file=True, include_lineno=False)
    compiled_file(language).write_bytes(compiled(catalog))
    return [str(message.id) for message in catalog if message.id and not message.string]


if __name__ == "__main__":
    for language in TRANSLATIONS:
        missing = build(language)
        for text in missing:
            sys.stdout.write(f"{language}: not translated: {text}\n")
        sys.stdout.write(f"{language}: {len(template())} texts, {len(missing)} to translate.\n")
