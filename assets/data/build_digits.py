"""Build digits.npz from the digits that come with scikit-learn, which is needed for nothing else.

python -m venv away && away/bin/pip install scikit-learn==1.9.1
away/bin/python assets/data/build_digits.py [file to write]
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits  # pyright: ignore[reportMissingImports]


def build(target: Path) -> None:
    """Write all 1,797 pictures (values 0..16) and their labels in the original order."""
    digits = load_digits()
    np.savez_compressed(target, images=digits.images.astype(np.uint8), labels=digits.target.astype(np.uint8))


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("digits.npz"))
