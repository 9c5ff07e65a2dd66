"""Every switch of a network of one's own, beginning with one of the papers'."""

from dataclasses import replace
from typing import Any

import streamlit as st

from resnet_core import (
    BlockKind,
    InitKind,
    NormKind,
    ResNetConfig,
    ShortcutKind,
    StemKind,
    Version,
    ZeroPadding,
    preset,
)
from ui import link
from ui.recipes import Pictures
from ui.text import say

STARTS = ("cifar-resnet20", "cifar-plain20", "resnet18", "resnet50", "preresnet110", "resnext50_32x4d", "wrn-16-4")
MOST_STAGES, MOST_BLOCKS, MOST_CHANNELS = 5, 36, 512


def ask(pictures: Pictures) -> tuple[str, ResNetConfig]:
    """Ask for a network for these pictures. Gives the name with which its questions begin, and the network.

    Raises:
        ConfigError: two answers contradict each other.
    """
    names = {name: name for name in STARTS}
    start = link.choose(st.selectbox, say("Begin with"), names, STARTS[0], "build")
    usual = preset(start)
    key = f"b{STARTS.index(start)}_"  # each beginning keeps its own answers
    shape = _shape(usual, key)
    kinds = _kinds(usual, key)
    config = ResNetConfig(**(shape | kinds), in_channels=pictures.channels, classes=pictures.classes)
    return key, config


def _shape(usual: ResNetConfig, key: str) -> dict[str, Any]:
    one, two = st.columns(2)
    with one:
        stages = link.step(say("Number of stages"), range(1, MOST_STAGES + 1), len(usual.depths), f"{key}stages")
    with two:
        allowed = range(1, MOST_CHANNELS + 1)
        stem_width = link.whole_number(say("Channels of the stem"), allowed, usual.stem_width, f"{key}stem")
    depths, widths = [], []
    for stage, column in enumerate(st.columns(stages)):
        blocks = usual.depths[min(stage, len(usual.depths) - 1)]
        width = usual.widths[min(stage, len(usual.widths) - 1)]
        with column:
            words = say("Blocks, stage {number}").format(number=stage + 1)
            depths.append(link.whole_number(words, range(1, MOST_BLOCKS + 1), blocks, f"{key}d{stage + 1}"))
            words = say("Channels, stage {number}").format(number=stage + 1)
            widths.append(link.whole_number(words, allowed, width, f"{key}w{stage + 1}"))
    return {"depths": tuple(depths), "widths": tuple(widths), "stem_width": stem_width}


def _kinds(usual: ResNetConfig, key: str) -> dict[str, Any]:
    stems: dict[StemKind, str] = {"cifar": "3×3", "imagenet": say("7×7 and pooling")}
    blocks: dict[BlockKind, str] = {"basic": say("basic"), "bottleneck": say("bottleneck")}
    versions: dict[Version, str] = {"v1": "v1", "v1.5": "v1.5", "v2": "v2"}
    shortcuts: dict[ShortcutKind, str] = {"none": say("none"), "A": "A", "B": "B", "C": "C"}
    norms: dict[NormKind, str] = {"batch": "BatchNorm", "none": say("none")}
    inits: dict[InitKind, str] = {"he": say("He (2015)"), "default": say("PyTorch default")}
    pads: dict[ZeroPadding, str] = {"end": say("after the old ones"), "both": say("on both sides")}
    found: dict[str, Any] = {}
    one, two, three = st.columns(3)
    pick = st.segmented_control
    with one:
        found["stem"] = link.choose(pick, say("Stem"), stems, usual.stem, f"{key}kind")
        found["block"] = link.choose(pick, say("Block"), blocks, usual.block, f"{key}block")
        words = say("v1: ReLU after the addition. v1.5: the stride on the 3×3. v2: BatchNorm and ReLU come first.")
        found["version"] = link.choose(pick, say("Version"), versions, usual.version, f"{key}version", words)
    with two:
        words = say("A pads with zeros, B projects where shapes change, C everywhere.")
        found["shortcut"] = link.choose(pick, say("Shortcut"), shortcuts, usual.shortcut, f"{key}skip", words)
        if found["shortcut"] == "A":
            found["zero_padding"] = link.choose(pick, say("Zeros go"), pads, usual.zero_padding, f"{key}pad")
        found["norm"] = link.choose(pick, say("Normalisation"), norms, usual.norm, f"{key}norm")
    with three:
        found["init"] = link.choose(pick, say("Initialisation"), inits, usual.init, f"{key}init")
        if found["norm"] == "batch" and found["version"] != "v2" and found["shortcut"] != "none":
            starts = {"no": say("Gamma 1"), "yes": say("Zero-gamma")}
            zero = "yes" if usual.zero_gamma else "no"
            asked = link.choose(pick, say("Branches start with"), starts, zero, f"{key}zero")
            found["zero_gamma"] = asked == "yes"
        if found["block"] == "bottleneck":
            found["groups"] = link.step(
                say("Groups of the 3×3"), (1, 2, 4, 8, 16, 32, 64), usual.groups, f"{key}groups"
            )
            width = (4, 8, 16, 32, 64, 128)
            found["width_per_group"] = link.step(say("Channels per group"), width, usual.width_per_group, f"{key}each")
    return found


def with_cuts(config: ResNetConfig, cut: tuple[tuple[int, int], ...]) -> ResNetConfig:
    """The network without the shortcuts that were cut on the drawing."""
    return config if config.shortcut == "none" else replace(config, cut=cut)
