"""Internal covariate shift and the smoothness of the loss, side by side."""


def draw() -> None:
    """Draw the part."""
