"""Which names in a statement mean something of the module around it, and which are its own."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

OURS = "resnet_core"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Reference(NamedTuple):
    """A name that means something outside of the statement it stands in."""

    node: ast.Name
    attribute: ast.Attribute | None  # the `name.attribute` that it begins, if it does
    home: tuple[str, str] | None  # module and name, where a `from ... import` inside the statement says so
    hidden: frozenset[str]  # names that mean something else at this place


class _Scope(NamedTuple):
    kind: str  # "function", "class" or "comprehension"
    names: frozenset[str]
    ours: dict[str, tuple[str, str]]  # names of this laboratory that are imported here: their module and name there


def references(statement: ast.stmt) -> list[Reference]:
    """Every name in a statement of a module that is the module's, or is imported from this laboratory on the spot.

    Annotations in quotation marks are not looked into: nobody evaluates them.
    """
    return list(_walk(statement, ()))


def inner_imports(statement: ast.stmt) -> list[ast.ImportFrom]:
    """The imports from this laboratory that stand inside a function or class."""
    if isinstance(statement, ast.ImportFrom):
        return []
    return [node for node in ast.walk(statement) if is_ours(node)]  # pyright: ignore[reportReturnType]


def is_ours(node: ast.AST) -> bool:
    """Whether a node is a `from resnet_core... import ...`."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == OURS


def bound(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that these nodes give a value, functions and classes inside them left aside."""
    names: set[str] = set()
    for node in nodes:
        names |= _bound_here(node)
        if isinstance(node, Comprehension):  # of its names only those of := are seen outside
            names |= {child.target.id for child in ast.walk(node) if isinstance(child, ast.NamedExpr)}
        elif not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            names |= bound(list(ast.iter_child_nodes(node)))
    return names


def _bound_here(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    if isinstance(node, Function | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return {node.name}
    if isinstance(node, ast.MatchMapping) and node.rest:
        return {node.rest}
    return set()


def _walk(node: ast.AST, scopes: tuple[_Scope, ...]) -> Iterator[Reference]:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield from _meant(node.value, node, scopes)
    elif isinstance(node, ast.Name):
        yield from _meant(node, None, scopes)
    elif isinstance(node, Function):
        yield from _walk_all([*node.decorator_list, *_around(node.args), node.returns], scopes)
        yield from _walk_all(node.body, (*scopes, _function_scope(node)))
    elif isinstance(node, ast.Lambda):
        yield from _walk_all(_around(node.args), scopes)
        yield from _walk(node.body, (*scopes, _Scope("function", _parameters(node.args), {})))
    elif isinstance(node, ast.ClassDef):
        yield from _walk_all([*node.decorator_list, *node.bases, *node.keywords], scopes)
        yield from _walk_all(node.body, (*scopes, _Scope("class", frozenset(bound(node.body)), {})))
    elif isinstance(node, Comprehension):
        yield from _walk(node.generators[0].iter, scopes)
        inner = (*scopes, _Scope("comprehension", frozenset(bound([part.target for part in node.generators])), {}))
        for part in node.generators:
            yield from _walk_all([part.target, *part.ifs], inner)
        yield from _walk_all([part.iter for part in node.generators[1:]], inner)
        yield from _walk_all([value for value in _values(node) if value], inner)
    elif not is_ours(node):
        yield from _walk_all(list(ast.iter_child_nodes(node)), scopes)


def _walk_all(nodes: Sequence[ast.AST | None], scopes: tuple[_Scope, ...]) -> Iterator[Reference]:
    for node in nodes:
        if node is not None:
            yield from _walk(node, scopes)


def _values(node: Comprehension) -> list[ast.expr]:
    return [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]


def _meant(name: ast.Name, attribute: ast.Attribute | None, scopes: tuple[_Scope, ...]) -> Iterator[Reference]:
    innermost = len(scopes) - 1
    seen = [scope for place, scope in enumerate(scopes) if scope.kind != "class" or place == innermost]
    hidden = frozenset(one for scope in seen for one in scope.names - scope.ours.keys())
    for scope in reversed(seen):
        if name.id in scope.ours:
            yield Reference(name, attribute, scope.ours[name.id], hidden)
            return
        if name.id in scope.names:
            return
    yield Reference(name, attribute, None, hidden)


def _function_scope(node: Function) -> _Scope:
    ours = {
        alias.asname or alias.name: (statement.module or "", alias.name)
        for statement in ast.walk(node)
        if isinstance(statement, ast.ImportFrom) and is_ours(statement)
        for alias in statement.names
    }
    shared = {name for part in ast.walk(node) if isinstance(part, ast.Global | ast.Nonlocal) for name in part.names}
    return _Scope("function", (_parameters(node.args) | bound(node.body)) - shared, ours)


def _parameters(arguments: ast.arguments) -> frozenset[str]:
    return frozenset(argument.arg for argument in _all(arguments))


def _around(arguments: ast.arguments) -> list[ast.AST | None]:
    """What a function's head evaluates: defaults and annotations."""
    return [*arguments.defaults, *arguments.kw_defaults, *(argument.annotation for argument in _all(arguments))]


def _all(arguments: ast.arguments) -> list[ast.arg]:
    single = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *single]
