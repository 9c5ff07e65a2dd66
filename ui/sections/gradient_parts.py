"""The formula, measured: the gradient through the skip and through the branch."""


def draw() -> None:
    """Draw the part."""
