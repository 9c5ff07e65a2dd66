"""Where to train, and in which numbers."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Literal

import torch
from torch.nn import functional as F

from resnet_core.config import ResNetConfig
from resnet_core.model import build_model
from resnet_core.recipe import Precision

WORTH_IT = 1.1  # times faster; below that, fewer digits buy nothing


def best_device() -> torch.device:
    """CUDA where there is a card, else Apple's MPS, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def choose_precision(asked: Precision, device: torch.device) -> Literal["fp32", "bf16"]:
    """What "auto" comes to on this device; a named precision is taken at its word.

    "auto" is bf16 autocast where the device has bf16 arithmetic and a trial, made once per process, shows it to be at
    least 1.1 times as fast as float32 on a small network. Weights stay in float32 either way.
    """
    if asked != "auto":
        return asked
    return "bf16" if _has_bf16(device) and speed_up(device.type) >= WORTH_IT else "fp32"


def autocast(precision: Literal["fp32", "bf16"], device: torch.device) -> AbstractContextManager[object]:
    """The context for a forward pass."""
    return torch.autocast(device.type, torch.bfloat16) if precision == "bf16" else nullcontext()


@cache
def speed_up(device_type: str, rounds: int = 6) -> float:
    """Training speed in bf16 autocast over that in float32, from interleaved steps: the best of each, after a warm-up.

    About 0.1 s on one core.
    """
    device = torch.device(device_type)
    steps = {precision: _trial(precision, device) for precision in ("fp32", "bf16")}
    best = dict.fromkeys(steps, float("inf"))
    for attempt in range(rounds + 2):
        for precision, step in steps.items():
            seconds = _timed(step)
            if attempt >= 2:
                best[precision] = min(best[precision], seconds)
    return best["fp32"] / best["bf16"]


def _trial(precision: Literal["fp32", "bf16"], device: torch.device) -> Callable[[], float]:
    model = build_model(ResNetConfig(depths=(1, 1, 1), in_channels=1), device=device)
    model.train().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    images = torch.ones(32, 1, 16, 16, device=device)
    labels = torch.zeros(32, dtype=torch.long, device=device)

    def step() -> float:
        with autocast(precision, device):
            loss = F.cross_entropy(model(images), labels)
        loss.backward()
        return loss.item()  # waits for the device

    return step


def _timed(step: Callable[[], float]) -> float:
    begin = time.perf_counter()
    step()
    return time.perf_counter() - begin


def _has_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "cpu" and (torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
