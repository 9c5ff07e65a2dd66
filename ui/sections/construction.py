"""The construction: a deeper network that computes the same, and what training makes of it."""


def draw() -> None:
    """Draw the part."""
