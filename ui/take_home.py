"""An experiment to take home: code, question and data in one file that runs without this laboratory."""

import streamlit as st

from resnet_core import pack_experiment
from ui.source import PARSER
from ui.text import say


def offer(key: str, name: str, question: object) -> None:
    """Offer exactly this experiment as a file. Nothing is collected before somebody asks for it.

    Args:
        key: of the button, one per place where an experiment is shown.
        name: of the experiment in the catalogue.
        question: what it was asked.
    """
    st.download_button(
        say("Take it home"),
        lambda: _packed(name, question),
        file_name=f"resnet-lab-{name}.zip",
        mime="application/zip",
        key=f"take_home_{key}",
        icon=":material/download:",
        on_click="ignore",
        help=say(
            "This experiment with these settings as a plain PyTorch script and a notebook, with the data it needs. Run "
            "them anywhere: they find the numbers shown here, but for rounding and for times."
        ),
    )


def _packed(name: str, question: object) -> bytes:
    with PARSER:
        return pack_experiment(name, question)
