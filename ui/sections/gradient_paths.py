"""Paths: gradient by the number of branches that it passed."""


def draw() -> None:
    """Draw the part."""
