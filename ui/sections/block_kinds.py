"""Basic and bottleneck at equal cost."""


def draw() -> None:
    """Draw the part."""
