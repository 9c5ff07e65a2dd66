"""Identity beside gated, scaled and convolved shortcuts."""


def draw() -> None:
    """Draw the part."""
