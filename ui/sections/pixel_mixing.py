"""A 1x1 convolution at work on a picture."""


def draw() -> None:
    """Draw the part."""
