"""Can SGD learn the identity? A stack of layers is trained to copy its input."""


def draw() -> None:
    """Draw the part."""
