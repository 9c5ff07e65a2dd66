"""How small is F? The size of what each block adds."""


def draw() -> None:
    """Draw the part."""
