"""The ratio table: how the gradient grows or shrinks for skip x BatchNorm x initialisation."""


def draw() -> None:
    """Draw the part."""
