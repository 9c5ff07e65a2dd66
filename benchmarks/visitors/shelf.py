"""Large messages that a browser keeps, so that the app need not send them again."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.visitors.screen import Thing


class Shelf:
    """Elements by the hash of their message. One that no run has drawn for `lifetime` runs is thrown away."""

    def __init__(self) -> None:
        self.lifetime = 2
        self._runs = 0
        self._kept: dict[str, tuple[Thing, int, str]] = {}  # element, run when it was last drawn, fragment

    def keep(self, message: ForwardMsg, thing: Thing | None) -> None:
        """Keep an element if the app says that it will not send it again."""
        if message.metadata.cacheable and thing is not None:
            self._kept[message.hash] = thing, self._runs, message.delta.fragment_id

    def take(self, hash_: str) -> Thing | None:
        """An element that is drawn again."""
        if hash_ not in self._kept:
            return None
        thing, _, fragment = self._kept[hash_]
        self._kept[hash_] = thing, self._runs, fragment
        return thing

    def hashes(self) -> list[str]:
        """What the app is told with every click."""
        return list(self._kept)

    def grow_older(self, fragments: tuple[str, ...]) -> None:
        """Count a run of the whole script, or of some fragments, whose elements alone can have become old."""
        self._runs += 1
        self._kept = {
            hash_: kept
            for hash_, kept in self._kept.items()
            if (fragments and kept[2] not in fragments) or self._runs - kept[1] <= self.lifetime
        }
