"""Shattered gradients: how alike the gradients of neighbouring inputs are."""


def draw() -> None:
    """Draw the part."""
