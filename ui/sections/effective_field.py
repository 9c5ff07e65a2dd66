"""How much of a picture one unit really uses."""


def draw() -> None:
    """Draw the part."""
