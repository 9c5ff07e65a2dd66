"""The formula, measured: how does the gradient divide at each block, and how close does its factor come to 0?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_core.data import DataSet, load_data
from resnet_core.errors import Sentence
from resnet_core.model import build_model
from resnet_core.probes.splits import Split, record_splits
from resnet_core.questions.gradients import GradientPartsQuestion
from resnet_core.records.gradient_parts import BlockGradients, GradientPartsReport
from resnet_core.records.progress import Progress
from resnet_core.training import check_fit, train

CHUNK = 64  # images per pass; BatchNorm, in training mode, sees them together
TRAINING_SHARE = 0.9  # of the time, where networks are trained before they are measured


def gradient_parts(question: GradientPartsQuestion) -> Iterator[Progress]:
    """At every block: the gradient that arrives, its part through the shortcut, its part through the branch.

    He et al. 2016 (arXiv:1603.05027), equation 5: dL/dx_l = dL/dx_L (1 + d/dx_l sum F). For one block this says that
    the shortcut carries what arrives as it is, and the branch adds its part. It is exact where the shortcut and what
    follows the addition are identities (v2, option A, inside a stage); `formula_error` says by how much it is off
    elsewhere. `factors` are |dL/dx| / |dL/dy| image by image: 0 would mean that the gradient vanished at that block.
    The loss is the mean cross-entropy of the first training images, with BatchNorm in training mode. Each record holds
    the networks that are there by then.
    """
    pictures = load_data(question.data)
    for config in question.networks:
        check_fit(config, pictures)
    found: list[BlockGradients] = []
    count, share = len(question.networks), TRAINING_SHARE if question.steps else 0.0
    for index, config in enumerate(question.networks):
        model = build_model(config, question.training.seed).train()
        recipe = replace(question.training, steps=max(1, question.steps), precision="fp32", inspect_every=0)
        for record in train(model, pictures, recipe) if question.steps else ():
            yield Progress((index + share * record.step / question.steps) / count, None, Sentence("Training"))
        found.append(measure_parts(model, pictures, question.samples))
        report = GradientPartsReport(tuple(found), question.steps, question.samples)
        yield Progress((index + 1) / count, report, Sentence("Following the gradient back"))


def measure_parts(model: nn.Module, pictures: DataSet, samples: int) -> BlockGradients:
    """Split the gradient of the first `samples` training images at every block of `model`, which is not changed."""
    blocks: tuple[str, ...] = ()
    sums: list[_Squares] = []
    factors, wholes = [], []
    for first in range(0, samples, CHUNK):
        splits = _follow(model, pictures, slice(first, min(first + CHUNK, samples)))
        blocks = tuple(splits)
        found = [_squares(split) for split in splits.values()]
        sums = [_Squares(*np.add(one, other)) for one, other in zip(sums, found, strict=True)] if sums else found
        ordered = list(splits.values())
        factors.append(np.stack([_factor(split.total, split.arriving) for split in ordered]))
        wholes.append(_factor(ordered[0].total, ordered[-1].arriving))
    return _together(blocks, sums, np.concatenate(factors, axis=1), np.concatenate(wholes))


class _Squares(NamedTuple):
    """Sums of squares over tensors that belong to one block; NaN for what it does not have."""

    arriving: float
    total: float
    skip: float
    branch: float
    product: float  # of the two parts, entry by entry
    sum_off: float  # of skip + branch - total
    formula_off: float  # of arriving + branch - total


def _follow(model: nn.Module, pictures: DataSet, which: slice) -> dict[str, Split]:
    statistics = {name: buffer.clone() for name, buffer in model.named_buffers()}  # which a pass moves on
    with record_splits(model) as splits:
        F.cross_entropy(model(pictures.train_images[which]), pictures.train_labels[which]).backward()
    model.zero_grad()
    with torch.no_grad():
        for name, buffer in model.named_buffers():
            buffer.copy_(statistics[name])
    return splits


def _squares(split: Split) -> _Squares:
    skip, branch, total, arriving = split.skip, split.branch, split.total, split.arriving
    sum_of_parts = branch if skip is None else _add(skip, branch)
    return _Squares(
        arriving=_square(arriving),
        total=_square(total),
        skip=_square(skip),
        branch=_square(branch),
        product=float((skip.double() * branch.double()).sum()) if skip is not None and branch is not None else np.nan,
        sum_off=_square(_add(sum_of_parts, total, -1)),
        formula_off=_square(_add(_add(arriving, branch), total, -1)) if skip is not None else np.nan,
    )


def _add(one: Tensor | None, other: Tensor | None, factor: float = 1) -> Tensor | None:
    """None where there is nothing to add, or where the shapes differ and no sum exists."""
    return None if one is None or other is None or one.shape != other.shape else one + factor * other


def _square(tensor: Tensor | None) -> float:
    return np.nan if tensor is None else float(tensor.double().pow(2).sum())


def _factor(leaving: Tensor | None, arriving: Tensor | None) -> NDArray[np.float32]:
    """|leaving| / |arriving|, image by image, (samples,)."""
    assert leaving is not None
    assert arriving is not None
    norms = [gradient.flatten(1).double().norm(dim=1).numpy() for gradient in (leaving, arriving)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return (norms[0] / norms[1]).astype(np.float32)


def _together(
    blocks: tuple[str, ...], sums: Sequence[_Squares], factors: NDArray[np.float32], whole: NDArray[np.float32]
) -> BlockGradients:
    columns = _Squares(*np.array(sums, dtype=float).T)
    with np.errstate(divide="ignore", invalid="ignore"):
        return BlockGradients(
            blocks=blocks,
            arriving=np.sqrt(columns.arriving),
            skip=np.sqrt(columns.skip),
            branch=np.sqrt(columns.branch),
            total=np.sqrt(columns.total),
            cosine=columns.product / np.sqrt(np.multiply(columns.skip, columns.branch)),
            sum_error=np.sqrt(np.divide(columns.sum_off, columns.total)),
            formula_error=np.sqrt(np.divide(columns.formula_off, columns.total)),
            factors=factors,
            whole=whole,
        )
