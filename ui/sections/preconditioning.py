"""Preconditioning: the curvature of the same small network as H(x) and as x + F(x)."""


def draw() -> None:
    """Draw the part."""
