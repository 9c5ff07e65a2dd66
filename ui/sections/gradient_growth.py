"""How much the gradient grows per layer of BatchNorm and ReLU."""


def draw() -> None:
    """Draw the part."""
