"""The text of a statement with other names in it. Everything else stays, comments too."""

import ast
import re
from typing import NamedTuple

from resnet_core.export.modules import Module, Outside, Statement
from resnet_core.export.names import Key
from resnet_core.export.reach import Reach
from resnet_core.export.scopes import Function

HERE = re.compile(r"Path\(__file__\)(?:\.parents\[\d+\]|(?:\.parent)+)")
FOR_TOOLS = re.compile(r"[ \t]*# (?:noqa|pyright|type):.*$", re.MULTILINE)  # said to a linter, not to a reader


class _Edit(NamedTuple):
    """What to put in the place of some bytes of some lines, lines from 1."""

    line: int
    column: int
    last_line: int
    last_column: int
    text: str
    was: str  # what must stand there


def rewritten(reach: Reach, module: Module, statement: Statement, names: dict[Key, str]) -> str:
    """The lines of a statement, as they read in the one file.

    Raises:
        LookupError: a name cannot be changed where it stands.
    """
    lines = [line.encode() for line in module.lines]
    edits = [*_references(reach, module, statement, names), *_heads(module, statement, names)]
    for edit in sorted(set(edits), reverse=True):
        _apply(lines, edit, module)
    gone = _without_imports(statement, lines)
    text = b"\n".join(line for number, line in enumerate(lines, 1) if _kept(number, statement, gone)).decode()
    text = HERE.sub("HERE", FOR_TOOLS.sub("", text))
    if "__file__" in text:
        raise LookupError(f"{module.file} asks for its own place in another way than Path(__file__).parents[...].")
    return text


def _references(reach: Reach, module: Module, statement: Statement, names: dict[Key, str]) -> list[_Edit]:
    edits = []
    for reference in statement.needs:
        if reference.node.id == "__file__":
            continue
        thing, with_attribute = reach.meant(module.name, reference)
        if thing is None:
            continue
        name = names[thing.key if isinstance(thing, Outside) else thing]
        node = reference.attribute if with_attribute and reference.attribute else reference.node
        was = ast.unparse(node)
        if was != name:
            edits.append(_edit(node, name, was))
    return edits


def _edit(node: ast.expr, name: str, was: str) -> _Edit:
    return _Edit(node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0, name, was)


def _heads(module: Module, statement: Statement, names: dict[Key, str]) -> list[_Edit]:
    """The name after `def` or `class`, which is no node of its own."""
    node = statement.node
    if not isinstance(node, Function | ast.ClassDef):
        return []
    name = names.get((module.name, node.name), node.name)
    line = module.lines[node.lineno - 1]
    start = re.compile(rf"(?:def|class)\s+({node.name})\b").search(line)
    if start is None:
        raise LookupError(f"{module.file}: the head of {node.name} is not on one line.")
    column = len(line[: start.start(1)].encode())
    return [_Edit(node.lineno, column, node.lineno, column + len(node.name.encode()), name, node.name)]


def _apply(lines: list[bytes], edit: _Edit, module: Module) -> None:
    line = lines[edit.line - 1]
    if edit.line != edit.last_line or line[edit.column : edit.last_column] != edit.was.encode():
        # Python 3.11 does not know where a name stands inside an f-string of several lines.
        raise LookupError(f"{module.file}, line {edit.line}: {edit.was} cannot be renamed to {edit.text}.")
    lines[edit.line - 1] = line[: edit.column] + edit.text.encode() + line[edit.last_column :]


def _without_imports(statement: Statement, lines: list[bytes]) -> set[int]:
    """The lines of imports from this laboratory, which one file need not import. An empty body gets a `pass`."""
    gone: set[int] = set()
    for node in statement.imports:
        gone |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for inner in ast.walk(statement.node):
        for body in (getattr(inner, "body", None), getattr(inner, "orelse", None)):
            if isinstance(body, list) and body and all(one in statement.imports for one in body):
                first = body[0].lineno
                gone.discard(first)
                lines[first - 1] = b" " * body[0].col_offset + b"pass"
    return gone


def _kept(number: int, statement: Statement, gone: set[int]) -> bool:
    return statement.first <= number <= statement.last and number not in gone
