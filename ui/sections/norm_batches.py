"""Batch size, train and eval statistics, gamma and beta."""


def draw() -> None:
    """Draw the part."""
