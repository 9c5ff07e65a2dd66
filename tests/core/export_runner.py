"""Runs exported experiments where nobody has heard of the laboratory: python -I export_runner.py --script FOLDER...

Each folder gets the record that its script writes, or an error.txt. Torch is loaded once for all of them.
"""

import importlib.util
import json
import runpy
import sys
import traceback
import warnings
from pathlib import Path


def run_script(folder):
    runpy.run_path(str(folder / "experiment.py"), run_name="__main__")


def run_notebook(folder):
    """All cells in their order, as Jupyter does: in one namespace, with the notebook's folder as the current one."""
    cells = json.loads((folder / "experiment.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    module = type(sys)("__main__")
    before, sys.modules["__main__"] = sys.modules["__main__"], module
    try:
        for source in sources:
            exec(compile(source, "cell", "exec"), module.__dict__)
    finally:
        sys.modules["__main__"] = before


def main():
    warnings.simplefilter("error")
    assert importlib.util.find_spec("resnet_core") is None
    run = run_notebook if sys.argv[1] == "--notebook" else run_script
    for place in sys.argv[2:]:
        try:
            run(Path(place))
        except Exception:  # noqa: BLE001
            (Path(place) / "error.txt").write_text(traceback.format_exc())


if __name__ == "__main__":
    main()
