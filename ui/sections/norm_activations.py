"""What layers put out over training, with and without BatchNorm."""


def draw() -> None:
    """Draw the part."""
