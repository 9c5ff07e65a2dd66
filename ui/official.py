"""torchvision's ImageNet weights on a page: which, how large, and their way to this server, which all share."""

import threading
from dataclasses import dataclass, field

import streamlit as st

from resnet_core import OFFICIAL, ResNetCoreError, fetch_official, official_file
from ui import link
from ui.boundary import boundary
from ui.sources import Source
from ui.text import explain, say

REFRESH = 0.7  # seconds between two looks at a download
NAMES = {
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "resnet101": "ResNet-101",
    "resnet152": "ResNet-152",
    "resnext50_32x4d": "ResNeXt-50 32×4d",
}


class _Cancelled(Exception):
    """Nobody wants the file any more."""


@dataclass(slots=True, eq=False)
class _Download:
    done: int = 0  # bytes
    total: int | None = None
    problem: ResNetCoreError | None = None
    unwanted: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def fetch(self, network: str) -> None:
        """Fetch the file. For a thread of its own."""
        try:
            fetch_official(network, progress=self.note)
        except ResNetCoreError as problem:
            self.problem = problem
        except _Cancelled:
            pass
        finally:
            self.over.set()

    def note(self, done: int, total: int | None) -> None:
        """How far it is."""
        self.done, self.total = done, total
        if self.unwanted.is_set():
            raise _Cancelled


_downloads: dict[str, _Download] = {}
_lock = threading.Lock()


def choose() -> Source | None:
    """Ask for a network, and offer to fetch its weights. None until they are here."""
    words = say("{name} · {size:.0f} MB")
    names = {name: words.format(name=NAMES[name], size=entry.megabytes) for name, entry in OFFICIAL.items()}
    network = link.choose(st.selectbox, say("Which one"), names, "resnet18", "official")
    if official_file(network) is not None:
        return Source(NAMES[network], official=network)
    _offer(network)
    return None


def explain_scores(network: str) -> None:
    """Say what the scores of these weights are worth."""
    words = say(
        "torchvision's weights: {accuracy:.1f}% of ImageNet's validation pictures right, at 224 pixels, among 1,000 "
        "classes. Whatever the picture shows, it gets one of these names."
    )
    st.caption(words.format(accuracy=OFFICIAL[network].accuracy))


def _offer(network: str) -> None:
    download = _downloads.get(network)
    if download is not None and not download.over.is_set():
        _watch(network, download)
        return
    with st.container(border=True):
        words = say(
            "These weights are not here yet. They are {size:.0f} MB from {host}, once for the whole server. Without a "
            "connection choose another network, or ask for the files to be put on the server."
        )
        st.caption(words.format(size=OFFICIAL[network].megabytes, host="download.pytorch.org"))
        if st.button(say("Download"), key="fetch_official", icon=":material/download:"):
            with _lock:
                _downloads[network] = download = _Download()
            threading.Thread(target=download.fetch, args=(network,), name="download", daemon=True).start()
            st.rerun()
        if download is not None and download.problem is not None:
            st.warning(explain(download.problem), icon=":material/info:")


def _watch(network: str, download: _Download) -> None:
    @st.fragment(run_every=REFRESH)
    def panel() -> None:
        with boundary():
            if download.over.is_set():
                st.rerun()
                return
            total = download.total or OFFICIAL[network].megabytes * 2**20
            words = say("{done:.0f} of {total:.0f} MB")
            share = min(1.0, download.done / total)
            st.progress(share, text=words.format(done=download.done / 2**20, total=total / 2**20))
            st.button(say("Cancel"), key="cancel_official", icon=":material/stop:", on_click=download.unwanted.set)

    panel()
