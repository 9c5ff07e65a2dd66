"""What can be wrong with a file of a run."""


class Flaw(Exception):
    """Why a file cannot be a run's. The text ends a sentence that names the file: "its columns are not ..."."""


def shortened(value: object, limit: int = 60) -> str:
    """What a message can quote of a value that somebody else wrote."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
