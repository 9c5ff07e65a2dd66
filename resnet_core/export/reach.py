"""From an experiment to everything in the laboratory that it needs: single definitions, in an order that works."""

import builtins
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from resnet_core.export.modules import Import, Module, Outside, Statement, place_of, read_module
from resnet_core.export.scopes import OURS, Reference

Definition = tuple[str, str]  # module and name
Thing = Definition | Outside | None  # what a name stands for; None is Python's own


@dataclass(slots=True, eq=False)
class Reach:
    """What was reached. Statements of a module are in the order of its file, modules in that of their imports."""

    instead: Mapping[Definition, str]  # other source for some functions
    modules: dict[str, Module] = field(default_factory=dict)
    used: dict[str, set[Statement]] = field(default_factory=dict)  # by module
    outside: dict[tuple[str, str], Outside] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)  # modules where it began
    done: set[Definition] = field(default_factory=set)

    def module(self, name: str) -> Module:
        """A module's source, read once."""
        if name not in self.modules:
            own = {function: code for (module, function), code in self.instead.items() if module == name}
            self.modules[name] = read_module(name, own)
        return self.modules[name]

    def find(self, module: str, name: str) -> Thing:
        """What `name` stands for in `module`.

        Raises:
            LookupError: nothing is known by that name, or it is a module where a value is needed.
        """
        source = self.module(module)
        if any(name in statement.defines for statement in source.statements):
            return module, name
        if name in source.imports:
            return self.follow(source.imports[name])
        if hasattr(builtins, name):
            return None
        raise LookupError(f"{source.file} uses {name}, which is not defined there.")

    def follow(self, imported: Import) -> Thing:
        """What an import stands for in the end."""
        if isinstance(imported, Outside):
            if imported.module.split(".")[0] == OURS:
                raise LookupError(f"import {imported.module}: name what is needed of it with from ... import.")
            return self.outside.setdefault(imported.key, imported)
        return self.find(*imported)

    def meant(self, module: str, reference: Reference) -> tuple[Thing, bool]:
        """What a reference stands for, and whether its attribute belongs to the name, as in `records.Progress`."""
        name = reference.node.id
        imported = reference.home or self.module(module).imports.get(name)
        if isinstance(imported, tuple) and place_of(inner := ".".join(imported)) and not self._is_value(imported):
            if reference.attribute is None:
                raise LookupError(f"{self.module(module).file} uses the module {inner} as a value.")
            return self.find(inner, reference.attribute.attr), True
        return (self.follow(imported) if imported else self.find(module, name)), False

    def _is_value(self, imported: tuple[str, str]) -> bool:
        package = self.module(imported[0])
        return imported[1] in package.imports or any(imported[1] in one.defines for one in package.statements)

    def add(self, roots: Iterable[Definition]) -> None:
        """Reach these, and all that they need."""
        waiting = list(roots)
        self.roots += [module for module, _ in waiting]
        while waiting:
            module, name = waiting.pop()
            if (module, name) in self.done:
                continue
            self.done.add((module, name))
            for statement in self.module(module).statements:
                if name in statement.defines or (not statement.defines and self._touches(statement, name)):
                    waiting += self._needs(module, statement)

    def _needs(self, module: str, statement: Statement) -> list[Definition]:
        if statement in self.used.setdefault(module, set()):
            return []
        self.used[module].add(statement)
        found = [(module, name) for name in sorted(statement.defines)]
        for reference in statement.needs:
            if reference.node.id != "__file__":
                thing, _ = self.meant(module, reference)
                found += [thing] if isinstance(thing, tuple) else []
        return found

    @staticmethod
    def _touches(statement: Statement, name: str) -> bool:
        return any(reference.node.id == name for reference in statement.needs)

    def in_order(self) -> list[tuple[Module, list[Statement]]]:
        """Modules after those that they import, each with what is used of it."""
        order: list[str] = []
        for module in [*self.roots, *self.used]:
            self._visit(module, order, set())
        return [
            (source, [one for one in source.statements if one in self.used[name]])
            for name in order
            if self.used.get(name)
            for source in [self.module(name)]
        ]

    def _visit(self, module: str, order: list[str], under_way: set[str]) -> None:
        if module in order or module in under_way:
            return
        under_way.add(module)
        for statement in self.module(module).statements:
            if statement in self.used.get(module, ()):
                for reference in statement.needs:
                    if reference.home is None and reference.node.id != "__file__":
                        thing, _ = self.meant(module, reference)
                        if isinstance(thing, tuple):
                            self._visit(thing[0], order, under_way)
        order.append(module)
