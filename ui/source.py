"""The code on the screen is the code that ran."""

import inspect
from collections.abc import Callable
from functools import cache
from threading import Lock

import streamlit as st

from resnet_core import experiment_command, literal
from resnet_core.catalogue import experiment
from ui.text import say

PARSER = Lock()  # Python 3.11's parser fails when two threads use it at once; whoever reads source waits for it


@cache
def _source(thing: Callable[..., object]) -> str:
    with PARSER:
        return inspect.getsource(thing)


def show_source(*things: Callable[..., object]) -> None:
    """Print the source of functions, methods or classes behind a fold."""
    with st.expander(say("The code that ran"), icon=":material/code:"):
        for thing in things:
            st.code(_source(thing), language="python")


def show_experiment(name: str, question: object, *others: Callable[..., object]) -> None:
    """Print the source of an experiment, what it was asked, and the command line that asks it again, behind a fold.

    `others` are further functions, methods or classes that ran, such as a probe.
    """
    entry = experiment(name)
    with st.expander(say("The code that ran"), icon=":material/code:"):
        for thing in (entry.function, *others):
            st.code(_source(thing), language="python")
        st.markdown(say("What it was asked:"))
        st.code(literal(question), language="python")
        st.markdown(say("The same on a terminal, in a copy of the laboratory:"))
        st.code(experiment_command(entry, question), language="bash", wrap_lines=True)
