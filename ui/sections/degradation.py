"""Degradation: training and test error against depth."""


def draw() -> None:
    """Draw the part."""
