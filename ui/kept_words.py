"""What a kept run is called, when it ended and how, in words."""

import math
import re
from datetime import UTC, datetime, timedelta, timezone

import streamlit as st

from resnet_core import KeptRun
from ui import charts
from ui.text import say

_MARKUP = re.compile(r"([^\w\s])")


def name(kept: KeptRun) -> str:
    """What its owner called it, else its networks, pictures and steps. As typed: see `plain` for Markdown."""
    return kept.name or charts.run_label(kept.spec, say)


def plain(text: str) -> str:
    """A visitor's words as Markdown that shows them as they stand: no links, pictures or colours."""
    return _MARKUP.sub(lambda sign: sign[1] if ord(sign[1]) > 127 else f"\\{sign[1]}", text)


def details(kept: KeptRun) -> str:
    """When it ended and how, and how much room it takes."""
    parts = [when(kept.created, datetime.now(UTC).timestamp()), say(kept.state)]
    if kept.name:
        parts.append(charts.run_label(kept.spec, say))
    done, total = max((summary.steps for summary in kept.summaries), default=0), kept.spec.training.steps
    if done < total:
        parts.append(say("{done} of {total} steps").format(done=done, total=total))
    parts += [say("seed {seed}").format(seed=kept.spec.training.seed), _room(kept.size)]
    if kept.imported:
        parts.append(say("imported, not computed on this server"))
    return " · ".join(parts)


def errors(kept: KeptRun) -> str:
    """The final training error of each network."""
    labels = charts.network_labels(kept.spec.networks, say)
    parts = []
    for label, summary in zip(labels, kept.summaries, strict=True):
        if summary.diverged:
            value = say("diverged")
        elif math.isnan(summary.error):
            value = say("no step yet")
        else:
            value = f"{summary.error:.1%}"
        parts.append(f"{label} **{value}**")
    return say("Training error: {errors}").format(errors=" · ".join(parts))


def when(moment: float, now: float) -> str:
    """Minutes or hours ago, and from a day on the date and time where the visitor is."""
    minutes = max(0, int((now - moment) // 60))
    if minutes < 1:
        return say("just now")
    if minutes < 60:
        return say("{minutes} min ago").format(minutes=minutes)
    if minutes < 24 * 60:
        return say("{hours} h ago").format(hours=minutes // 60)
    zone = timezone(-timedelta(minutes=st.context.timezone_offset or 0))
    return datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%d %H:%M")


def megabytes(size: float) -> str:
    """A size in bytes, as a class reads it."""
    return f"{size / 1e6:.0f} MB" if size >= 9.5e6 else f"{size / 1e6:.1f} MB"


def _room(size: int) -> str:
    return megabytes(size) if size >= 1e6 else f"{max(1, size // 1000)} kB"
