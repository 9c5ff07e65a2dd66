"""What a lesson's run card has to say: computed here from the recorded arrays, the papers, or the shipped weights."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from resnet_core import load_checkpoint

ASSETS = Path(__file__).parents[2] / "assets"


def recorded(name):
    """The arrays of a recorded answer, and everything else of it."""
    folder = ASSETS / "answers" / name
    with np.load(folder / "record.npz") as arrays:
        return dict(arrays), json.loads((folder / "record.json").read_text())


def two(share):
    """A share as the app writes it: 1.8%, 74%."""
    return f"{100 * share:#.2g}".rstrip(".") + "%"


def one(share):
    return f"{100 * share:.1f}%"


def depth():
    errors = np.median(recorded("degradation")[0]["train_error"], axis=2)
    return [two(share) for share in errors[:, [0, -1]].ravel()]


def residual():
    arrays, about = recorded("responses")
    middles = [np.median(arrays[f"networks.{place}.ratio"][-1]) for place in range(len(about["networks"]))]
    return [f"{middle:.3g}" for middle in middles if np.isfinite(middle)]  # a plain network has no x to divide by


def anatomy():
    branch, shortcut = photo_pass("stages.1.1.branch", "stages.1.0")
    return [f"{float(branch.norm() / shortcut.norm()):.3g}"]


def network():
    """He et al. 2015, Table 1: ResNet-18 by hand. Stage 4 has four 3x3 convolutions and a projection, with BN."""
    stage4 = 9 * 512 * (256 + 3 * 512) + 256 * 512 + 5 * 2 * 512
    stage1 = 4 * 9 * 64 * 64 * 56 * 56
    return [f"{100 * stage4 / 11_689_512:.0f}%", f"{100 * stage1 / 1_814_073_344:.0f}%"]


def shortcuts():
    """Its sentence names kinds of shortcuts and no errors; what carries too little carries less than this."""
    return ["0.01"]


def blocks():
    arrays, _ = recorded("block_kinds")
    return [one(np.median(arrays[kind][block, :, -1])) for kind in ("train_error", "test_error") for block in (0, 1)]


def gradients():
    arrays, about = recorded("gradient_table")
    ratios = np.median(arrays["first"][:, :, -1] / arrays["last"][:, :, -1], axis=1)
    even = int(((ratios > 0.01) & (ratios < 100)).sum())
    return [str(about["depths"][-1]), str(even)]


def batchnorm():
    losses = recorded("norm_rates")[0]["losses"][:, 0]
    trains = (np.median(losses, axis=-1) <= 0.75 * np.log(10)).sum(axis=1)
    return [*map(str, trains), str(losses.shape[1])]


def surface():
    inside = [float((one < np.log(10)).mean()) for one in recorded("surface")[0]["loss"]]
    return [f"{100 * share:.0f}%" for share in inside] + [f"{inside[1] / inside[0]:.1f}"]


def maps():
    zeros = [float((out == 0).float().mean()) for out in photo_pass("stages.0.0", "stages.3.1")]
    return [f"{100 * share:.0f}%" for share in zeros]


def lesions():
    arrays, _ = recorded("lesions")
    lost = np.median(arrays["single"] - arrays["base"][:, None], axis=1)
    return [one(share) for share in arrays["base"]] + [f"{100 * points:.0f}" for points in lost]


def beyond():
    arrays, _ = recorded("wide")
    train, test = (np.median(arrays[kind][:, :, -1], axis=1) for kind in ("train_error", "test_error"))
    return [one(train.min()), one(train.max()), one(test.min()), one(test.max())]


def photo_pass(*names):
    """What modules of the shipped photo network give for the cat at 64 pixels: hooks of its own, its own scaling."""
    path = ASSETS / "weights" / "photos-residual.safetensors"
    model, about = load_checkpoint(path.read_bytes(), path.name)
    picture = Image.open(ASSETS / "images" / "cat.jpg").convert("RGB")
    side = min(picture.size)
    left, top = (length - side >> 1 for length in picture.size)
    small = picture.crop((left, top, left + side, top + side)).resize((64, 64), Image.Resampling.BILINEAR)
    pixels = torch.from_numpy(np.asarray(small, np.float32) / 255).permute(2, 0, 1)
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in (about.mean, about.std))
    found = {}
    for name in names:
        keep = lambda module, given, out, name=name: found.update({name: out[0].clone()})  # noqa: E731
        model.get_submodule(name).register_forward_hook(keep)
    with torch.no_grad():
        model.eval()(((pixels - mean) / std)[None])
    return [found[name] for name in names]


FACTS = {
    fact.__name__: fact
    for fact in (
        depth, residual, anatomy, network, shortcuts, blocks, gradients, batchnorm, surface, maps, lesions, beyond
    )
}  # fmt: skip
