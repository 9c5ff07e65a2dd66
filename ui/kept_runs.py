"""Kept runs, read from the store: lists from its index, curves and records once for all who look at them."""

import re
from dataclasses import replace

import streamlit as st

from resnet_core import KeptRun, RunResult, RunUpdate, StoreError, get_store
from ui import charts, kept_words, live
from ui.visitor import owner

_RUN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Reopened(live.Run):
    """A kept run as the pages know one that has ended. Its weights stay on disk."""

    def result(self) -> RunResult | None:
        """Nothing to take home from here: the page offers the file as the store packs it."""
        return None


def mine() -> tuple[KeptRun, ...]:
    """The visitor's runs, newest first."""
    return get_store().runs_of(owner())


def find(run_id: str) -> KeptRun | None:
    """Anybody's run, or None where there is none of that id, also where a link holds something else."""
    if not _RUN_ID.fullmatch(run_id):
        return None
    try:
        return get_store().find(run_id)
    except StoreError:
        return None


def is_mine(kept: KeptRun) -> bool:
    """Whether the visitor may rename and delete it."""
    return kept.owner == owner()


def reopen(kept: KeptRun) -> live.Run:
    """The run with its records, as it stood when it ended.

    Raises:
        StoreError: its files are not there any more, or damaged.
    """
    result = _result(kept.run_id)
    update = RunUpdate(kept.run_id, kept.state, len(result.records), (), result.header, seconds=kept.seconds)
    return Reopened(kept.spec, kept.run_id, update, list(result.records), result.header)


def overlaid(kept: KeptRun) -> charts.OverlaidRun:
    """The run as a comparison draws it.

    Raises:
        StoreError: its files are not there any more, or damaged.
    """
    courses, classes = _curves(kept.run_id, len(kept.spec.networks))
    return charts.OverlaidRun(kept_words.name(kept), kept.spec, courses, classes)


@st.cache_resource(max_entries=8, show_spinner=False)
def _result(run_id: str) -> RunResult:
    """Shared by all visitors and never written to."""
    return replace(get_store().result(run_id), weights=())


@st.cache_resource(max_entries=128, show_spinner=False)
def _curves(run_id: str, networks: int) -> tuple[tuple[charts.Course, ...], tuple[str, ...]]:
    """Losses, accuracies and names of classes only: of 2000 steps of four networks, a third of a megabyte."""
    result = get_store().result(run_id)
    return tuple(charts.courses(result.records, networks)), result.header.classes
