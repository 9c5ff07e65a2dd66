"""What everything is called where all of it stands in one file: two modules may use one name for two things."""

import builtins
import keyword
from collections import defaultdict
from collections.abc import Iterator, Sequence

from resnet_core.export.modules import Module, Outside, Statement
from resnet_core.export.reach import Reach
from resnet_core.export.scopes import Reference

Key = tuple[str, str]  # of something ours or of others: module and name
OWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"HERE", "QUESTION", "main"}


def choose_names(reach: Reach, parts: Sequence[tuple[Module, list[Statement]]]) -> dict[Key, str]:
    """A name for every definition and import. Who comes first keeps its own; the others get their module's in front."""
    hidden: dict[Key, set[str]] = defaultdict(set)  # names that mean something else where a thing is used
    for module, statements in parts:
        for reference, key in keyed(reach, module, statements):
            hidden[key] |= reference.hidden
    names: dict[Key, str] = {}
    taken = set(OWN)
    for outside in reach.outside.values():
        same_root = [
            names[other] for other in names if not other[1] and not outside.name and _roots_meet(other, outside)
        ]
        names[outside.key] = same_root[0] if same_root else _free([outside.alias], taken | hidden[outside.key])
        taken.add(names[outside.key])
    for module, statements in parts:
        for name in dict.fromkeys(name for one in statements for name in sorted(one.defines)):
            if (module.name, name) in reach.done:
                key = module.name, name
                names[key] = _free([name, _longer(module, name)], taken | hidden[key])
                taken.add(names[key])
    return names


def keyed(reach: Reach, module: Module, statements: Sequence[Statement]) -> Iterator[tuple[Reference, Key]]:
    """Every reference that stands for something ours or of others, with what that is."""
    for statement in statements:
        for reference in statement.needs:
            if reference.node.id != "__file__":
                thing, _ = reach.meant(module.name, reference)
                if thing is not None:
                    yield reference, thing.key if isinstance(thing, Outside) else thing


def _roots_meet(other: Key, outside: Outside) -> bool:
    """`import torch` and `import torch.nn` both make the name torch."""
    return outside.alias == outside.module.split(".")[0] == other[0].split(".")[0]


def _longer(module: Module, name: str) -> str:
    stem = module.name.split(".")[-1]
    whole = f"_{stem}{name}" if name.startswith("_") else f"{stem}_{name}"
    return whole.upper() if name.isupper() else whole


def _free(wishes: Sequence[str], taken: set[str]) -> str:
    for wish in wishes:
        if wish not in taken:
            return wish
    number = 2
    while f"{wishes[-1]}_{number}" in taken:
        number += 1
    return f"{wishes[-1]}_{number}"
