"""On what a run was recorded, without anything that names the computer."""

import os
import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def machine(device: str = "cpu") -> str:
    """The name of the graphics card, or processor and number of cores for a run on one thread of it."""
    if device == "cuda":
        import torch

        return f"{torch.cuda.get_device_name()}, PyTorch's CUDA {torch.version.cuda}"
    name = platform.processor() or platform.machine()
    if CPUINFO.exists():
        lines = CPUINFO.read_text(encoding="utf-8").splitlines()
        models = [line.partition(":")[2].strip() for line in lines if "model name" in line]
        name = models[0] if models else name
    return f"{name}, {os.cpu_count()} cores, one thread used"
