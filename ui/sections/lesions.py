"""Cut blocks out of a trained network, at random or one by one, and swap them."""


def draw() -> None:
    """Draw the part."""
