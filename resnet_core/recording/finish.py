"""A long run that has come to its end: its weights as they are shipped, and what they are worth."""

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_core.checkpoints import load_checkpoint, save_weights
from resnet_core.data import DataSet
from resnet_core.evaluation import CHUNK, evaluate
from resnet_core.images import read_picture, to_input
from resnet_core.model import ResNet
from resnet_core.recording.card import Sample, SizeTest, Weakness
from resnet_core.samples import sample_pictures

WORST = 5  # classes that a card names
LIKELIEST = 3  # classes that a sample names
DIGITS = 4  # of a share, after the point


def shipped_weights(model: ResNet, data: DataSet) -> bytes:
    """The network as a safetensors file of half the size."""
    pictures = {"classes": data.classes, "mean": data.mean, "std": data.std, "data": {"size": data.size}}
    return save_weights(model, half=True, **pictures)


def tests_at(model: ResNet, data: DataSet, sizes: Sequence[int]) -> tuple[SizeTest, ...]:
    """All test pictures at each size; larger ones are enlarged bilinearly, which adds no detail."""
    found = []
    for size in sizes:
        scores = [
            evaluate(model, at_size(images, size), labels)
            for images, labels in zip(data.test_images.split(CHUNK), data.test_labels.split(CHUNK), strict=True)
        ]
        found.append(SizeTest(size=size, images=len(data.test_labels), wrong=sum(score.wrong for score in scores)))
    return tuple(found)


def at_size(images: Tensor, size: int) -> Tensor:
    """(N, C, H, W) images, enlarged where they are smaller."""
    if images.shape[-1] == size:
        return images
    return F.interpolate(images, (size, size), mode="bilinear", align_corners=False)


@torch.no_grad()
def weaknesses(model: ResNet, data: DataSet) -> tuple[Weakness, ...]:
    """The classes with the largest share of wrong answers, the worst first."""
    device = next(model.parameters()).device
    guesses = torch.cat([model(part.to(device)).argmax(1).cpu() for part in data.test_images.split(CHUNK)])
    pairs = list(zip(data.test_labels.tolist(), guesses.tolist(), strict=True))
    images = Counter(wanted for wanted, _ in pairs)
    mistaken = {
        one: Counter(guess for wanted, guess in pairs if wanted == one and guess != one).most_common() for one in images
    }
    wrong = {one: sum(times for _, times in found) for one, found in mistaken.items()}
    worst = sorted((one for one in images if wrong[one]), key=lambda one: (-wrong[one] / images[one], one))
    return tuple(
        Weakness(
            name=data.classes[one],
            images=images[one],
            wrong=wrong[one],
            mistaken_for=data.classes[mistaken[one][0][0]],
            times=mistaken[one][0][1],
        )
        for one in worst[:WORST]
    )


@torch.no_grad()
def samples(weights: bytes, size: int) -> tuple[Sample, ...]:
    """What the network in a file says about each photograph that is shipped, at `size` pixels."""
    model, info = load_checkpoint(weights, "shipped.safetensors")
    found = []
    for name, path in sample_pictures().items():
        image = to_input(read_picture(path.read_bytes()), size, model.config.in_channels, info.mean, info.std)
        shares, places = model(image).softmax(1)[0].topk(min(LIKELIEST, model.config.classes))
        found.append(
            Sample(
                picture=name,
                size=size,
                classes=tuple(info.classes[place] for place in places.tolist()),
                shares=tuple(round(share, DIGITS) for share in shares.tolist()),
            )
        )
    return tuple(found)
