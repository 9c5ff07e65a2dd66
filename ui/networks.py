"""Which network looks at the picture: one that comes with the app, a fresh one, one that was trained here, a file."""

from collections.abc import Sequence

import streamlit as st

from resnet_core import cifar, preset, shipped_networks
from ui import controls, figure, link, live, official, sheet, shipped
from ui.charts.labels import network_labels
from ui.places import page_link
from ui.questions import ANY_SIZE
from ui.sources import Source
from ui.text import say


def choose() -> Source | None:
    """Ask for a network. None while a visitor who wants to use a file has not uploaded one."""
    shipped_kind = {"shipped": say("Trained")} if shipped_networks() else {}
    kinds = shipped_kind | {
        "fresh": say("Untrained"),
        "trained": say("Trained by me"),
        "official": say("ImageNet"),
        "file": say("From a file"),
    }
    kind = link.choose(st.pills, say("Network"), kinds, next(iter(kinds)), "net")
    choices = {
        "shipped": shipped.choose,
        "fresh": _fresh,
        "trained": _trained,
        "official": official.choose,
        "file": _from_file,
    }
    return choices[kind]()


def usual() -> Source:
    """The network that is taken where nobody chooses another: the first that comes with the app, else a fresh one."""
    if shipped_networks():
        return shipped.first()
    config = cifar(20, init="he")
    return Source(network_labels([config], say)[0], config)


def _fresh() -> Source:
    sizes = {
        "cifar": say("Small (three stages)"),
        "resnet18": "ResNet-18",
        "resnet34": "ResNet-34",
        "resnet50": "ResNet-50",
    }
    with st.expander(say("Architecture, switches, seed"), icon=":material/tune:"):
        one, two = st.columns(2)
        with one:
            name = link.choose(st.selectbox, say("Architecture"), sizes, "cifar", "arch")
            seed = controls.seed()
        if name != "cifar":
            return Source(sizes[name], preset(name), seed)
        with two:
            depth = controls.depth("mapdepth", 20)
            skip = controls.skip("mapskip")
            norm = controls.norm("mapbn")
        init = controls.init("mapinit", "he")
    config = cifar(depth, plain=not skip, norm=norm, init=init)
    return Source(network_labels([config], say)[0], config, seed)


def _trained() -> Source | None:
    found = [
        (label, weights, run.spec.data)
        for run in live.finished().values()
        if (result := run.result()) is not None
        for label, weights in zip(network_labels(run.spec.networks, say), result.weights, strict=True)
    ]
    if not found:
        st.info(say("You have not trained a network yet. Train one, then come back."), icon=":material/info:")
        page_link("train", say("Train live"))
        return None
    names = {str(number): label for number, (label, _, _) in enumerate(found, start=1)}
    number = link.choose(st.selectbox, say("Which one"), names, "1", "trained")
    label, weights, data = found[int(number) - 1]
    return Source(label, weights=weights, filename="trained.safetensors", data=data)


def _from_file() -> Source | None:
    upload = st.file_uploader(
        say("Weights: .safetensors, or .pt and .pth as torchvision or the CIFAR repositories save them"),
        type=["safetensors", "pt", "pth"],
        key="weights",
        max_upload_size=200,
    )
    if upload is None:
        return None
    sheet.bring("weights", say("From a file"), upload.name)
    return Source(upload.name, weights=upload.getvalue(), filename=upload.name)


def usual_size(source: Source) -> int:
    """The pixels at which a network sees a picture unless it is asked to see more or fewer."""
    return shipped_networks()[source.shipped].spec.data.size if source.shipped else ANY_SIZE


def explain_scores(source: Source, assumptions: Sequence[str]) -> None:
    """Say what the scores under a picture are worth, and what a file of weights left open."""
    if source.shipped:
        shipped.explain_scores(source.shipped)
    elif source.official:
        official.explain_scores(source.official)
    elif source.config is not None:
        words = say("This network is untrained: its scores mean nothing yet.")
        if source.config.norm == "batch":
            words += " " + say("Its BatchNorm has seen no pictures, so here it passes its input on unchanged.")
        figure.note(words)
    elif source.data is not None:
        words = say("It learned from {size}-pixel pictures of other things; a photograph is foreign to it.")
        figure.note(words.format(size=source.data.size))
    for assumption in assumptions:
        figure.note(say(assumption))
