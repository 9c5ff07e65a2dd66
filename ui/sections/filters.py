"""The filters of a network and the crops that excite them."""


def draw() -> None:
    """Draw the part."""
