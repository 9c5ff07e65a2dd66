"""A bundle as a script with sections, and as a notebook with a cell for each."""

import json
from collections.abc import Iterator
from typing import Any

from resnet_core.export.bundle import Bundle, Section

RULE = "# " + "-" * 98


def script(bundle: Bundle) -> str:
    """The whole as a Python file. `# %%` begins a cell for the editors that know it."""
    about, *sections = bundle.sections
    parts = [f'"""{about.title}\n\n{_in_docstring(about.words)}\n"""', *map(_section, sections)]
    return "\n\n".join(parts) + "\n"


def notebook(bundle: Bundle) -> str:
    """The whole as a Jupyter notebook, format 4.5. Running all cells is running the script."""
    content = {
        "cells": [cell | {"id": f"cell-{number}"} for number, cell in enumerate(_cells(bundle))],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _section(section: Section) -> str:
    words = "".join(f"# {line}".rstrip() + "\n" for line in section.words.splitlines())
    return f"# %% {section.title}\n{RULE}\n{words}\n{section.code}\n"


def _in_docstring(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"""', "'''")


def _cells(bundle: Bundle) -> Iterator[dict[str, Any]]:
    about, *sections = bundle.sections
    yield _markdown(f"# {about.title}\n\n{about.words}")
    for section in sections:
        yield _markdown(f"## {section.title}\n\n{section.words}".strip())
        # a notebook has no file of its own: it runs in its folder
        code = section.code.replace("HERE = Path(__file__).parent", 'HERE = Path(".")')
        yield {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": _lines(code)}


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
