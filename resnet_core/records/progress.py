"""How far an experiment has come, and what it knows by then."""

from typing import Any, NamedTuple


class Progress(NamedTuple):
    """One moment of an experiment. The last one has `done` 1.0 and the whole record."""

    done: float  # from 0 to 1, as a share of the time that it will take
    record: Any = None  # what is known by now, as a whole record that can be drawn; None while there is nothing to see
    doing: str = ""  # what it is about to do: an errors.Sentence without values

    def after(self, earlier: "Progress | None") -> "Progress":
        """The same moment with what was known before it, where it brings no record of its own."""
        return self._replace(record=earlier.record) if earlier is not None and self.record is None else self
