"""Options A, B and C on the same network."""


def draw() -> None:
    """Draw the part."""
