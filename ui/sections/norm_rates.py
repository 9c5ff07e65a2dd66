"""Which learning rates still train."""


def draw() -> None:
    """Draw the part."""
