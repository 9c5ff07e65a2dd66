"""Which pixels speak for a class."""


def draw() -> None:
    """Draw the part."""
