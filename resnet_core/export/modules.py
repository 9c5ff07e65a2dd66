"""A module of the laboratory as text: its statements, what each defines and needs, and what it imports."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from resnet_core.export.scopes import Reference, bound, inner_imports, is_ours, references

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """A name from a package of others: `import module` or `from module import name`."""

    module: str
    name: str  # "" for the module itself
    alias: str  # what it is called here

    @property
    def key(self) -> tuple[str, str]:
        """What it is, whatever it is called."""
        return self.module, self.name


Import = Outside | tuple[str, str]  # something of others, or module and name of something of ours


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of a module, with the comment lines that stand directly above it."""

    node: ast.stmt
    defines: frozenset[str]
    needs: tuple[Reference, ...]
    imports: tuple[ast.ImportFrom, ...]  # of ours, inside it
    first: int  # line, from 1
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """What the bundle has to know of a module."""

    name: str  # "resnet_core.blocks"
    lines: tuple[str, ...]
    doc: str
    statements: tuple[Statement, ...]
    imports: dict[str, Import]
    is_package: bool

    @property
    def file(self) -> str:
        """Where it stands in the laboratory, "resnet_core/blocks.py"."""
        return f"{self.name.replace('.', '/')}{'/__init__' if self.is_package else ''}.py"


def place_of(module: str) -> Path | None:
    """The file of a module of the laboratory; None where there is none of that name."""
    folder = ROOT.joinpath(*module.split("."))
    for path in (folder.with_suffix(".py"), folder / "__init__.py"):
        if path.is_file():
            return path
    return None


def read_module(name: str, instead: Mapping[str, str] | None = None) -> Module:
    """Read a module. `instead` has other source for some of its functions, by name."""
    path = place_of(name)
    if path is None:
        raise LookupError(f"There is no module {name}.")
    return _read(name, path, path.stat().st_mtime_ns, tuple(sorted((instead or {}).items())))


@lru_cache(maxsize=512)
def _read(name: str, path: Path, _changed: int, instead: tuple[tuple[str, str], ...]) -> Module:
    source = path.read_text(encoding="utf-8")
    for function, code in instead:
        source = _replaced(source, function, code)
    tree = ast.parse(source)
    lines = tuple(source.splitlines())
    return Module(
        name=name,
        lines=lines,
        doc=ast.get_docstring(tree) or "",
        statements=tuple(_statement(node, lines) for node in tree.body if not _left_out(node)),
        imports={alias: found for node in tree.body for alias, found in _imports(node)},
        is_package=path.name == "__init__.py",
    )


def _replaced(source: str, function: str, code: str) -> str:
    (node,) = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function]
    lines = source.splitlines(keepends=True)
    return "".join([*lines[: node.lineno - 1], code, *lines[node.end_lineno or node.lineno :]])


def _statement(node: ast.stmt, lines: tuple[str, ...]) -> Statement:
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return Statement(
        node, frozenset(bound([node])), tuple(references(node)), tuple(inner_imports(node)), first, node.end_lineno or 0
    )


def _left_out(node: ast.stmt) -> bool:
    """Imports, which are gathered; text; and what only happens when the file itself is run."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.If) and ("TYPE_CHECKING" in (test := ast.unparse(node.test)) or "__name__" in test)


def _imports(node: ast.stmt) -> list[tuple[str, Import]]:
    if isinstance(node, ast.Import):
        return [_whole(alias) for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module != "__future__":
        return [(alias.asname or alias.name, _part(node, alias)) for alias in node.names]
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return [found for inner in node.body for found in _imports(inner)]
    return []


def _whole(alias: ast.alias) -> tuple[str, Import]:
    called = alias.asname or alias.name.split(".")[0]
    return called, Outside(alias.name, "", called)


def _part(node: ast.ImportFrom, alias: ast.alias) -> Import:
    module = node.module or ""
    return (module, alias.name) if is_ours(node) else Outside(module, alias.name, alias.asname or alias.name)
