"""Which kept runs are compared. The choice is in the address, so that a link shows the same comparison to others."""

import streamlit as st

from ui import link
from ui.charts.overlay import MOST

_KEY, _FULL = "compare", "compare_full"


def chosen() -> list[str]:
    """The ids in the address that the visitor came with, else those that were chosen since or before."""
    asked = link.on_arrival(_KEY)
    ids = _ids(asked) if asked else st.session_state.get(_KEY, [])
    if len(ids) > MOST:
        st.session_state[_FULL] = True
        ids = ids[:MOST]
    _write(ids)
    return ids


def toggle(run_id: str) -> None:
    """Take a run into the comparison, or out of it. One too many is refused."""
    ids = chosen()
    if run_id in ids:
        ids.remove(run_id)
    elif len(ids) < MOST:
        ids.append(run_id)
    else:
        st.session_state[_FULL] = True
    _write(ids)


def drop(run_id: str) -> None:
    """Take a run out if it is in, as one that was deleted."""
    _write([other for other in chosen() if other != run_id])


def was_refused() -> bool:
    """Whether a run was refused since this was asked last."""
    return st.session_state.pop(_FULL, False)


def _ids(asked: str) -> list[str]:
    return list(dict.fromkeys(part for part in asked.split(",") if part))


def _write(ids: list[str]) -> None:
    st.session_state[_KEY] = list(ids)
    link.write(_KEY, ",".join(ids), "")
