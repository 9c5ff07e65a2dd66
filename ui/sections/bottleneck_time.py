"""Measured time across sizes, beside multiplications."""


def draw() -> None:
    """Draw the part."""
