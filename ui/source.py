"""The code on the screen is the code that ran."""

import inspect
from collections.abc import Callable, Mapping
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


def show_experiments(asked: Mapping[str, object], *others: Callable[..., object]) -> None:
    """Print the source of experiments, what they were asked, and the command line that asks it again, behind a fold.

    Args:
        asked: name in the catalogue, and the question.
        others: further functions, methods or classes that ran, such as a probe.
    """
    with st.expander(say("The code that ran"), icon=":material/code:"):
        for name, question in asked.items():
            st.code(_source(experiment(name).function), language="python")
            st.markdown(say("What it was asked, and the same on a terminal:"))
            st.code(literal(question, aside={}), language="python")
            st.code(experiment_command(experiment(name), question), language="bash", wrap_lines=True)
        for thing in others:
            st.code(_source(thing), language="python")
