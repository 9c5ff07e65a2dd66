"""ResNeXt and wide networks at equal cost."""


def draw() -> None:
    """Draw the part."""
