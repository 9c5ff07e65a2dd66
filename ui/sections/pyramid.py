"""A picture as a detector sees it: C2 to C5 and their top-down sums."""


def draw() -> None:
    """Draw the part."""
