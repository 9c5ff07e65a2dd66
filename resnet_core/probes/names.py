"""How probes find their way in a network: by the names of its modules."""

import difflib

from torch import nn

from resnet_core.errors import ProbeError


def find_layer(model: nn.Module, name: str) -> nn.Module:
    """The module called `name`.

    Raises:
        ProbeError: there is none; the message offers the nearest names.
    """
    try:
        if name:
            return model.get_submodule(name)  # listing all modules for each name takes a quarter of a deep net's look
    except AttributeError:
        pass
    if close := difflib.get_close_matches(name, [known for known, _ in model.named_modules() if known], n=3):
        raise ProbeError(
            "The network has no layer named {name!r}. Did you mean {close}?", name=name, close=" or ".join(close)
        )
    raise ProbeError(
        "The network has no layer named {name!r}. Its parts are {parts}.",
        name=name,
        parts=", ".join(part for part, _ in model.named_children()) or "none",
    )


def on_main_path(name: str) -> bool:
    """Whether a module lies outside every shortcut. A shortcut's modules are named `....shortcut....`."""
    return "shortcut" not in name.split(".")
