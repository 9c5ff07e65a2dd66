"""The loss around a trained network: a slice, a line and the path of the optimiser."""


def draw() -> None:
    """Draw the part."""
