"""The optimisers that a recipe can ask for."""

import torch
from torch import nn

from resnet_core.recipe import TrainConfig


def make_optimiser(model: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """The optimiser that `config` asks for. Weight decay falls on every parameter, as in He et al. 2015."""
    if config.optimiser == "sgd":
        return torch.optim.SGD(
            model.parameters(), config.learning_rate, config.momentum, weight_decay=config.weight_decay, foreach=True
        )
    kind = torch.optim.Adam if config.optimiser == "adam" else torch.optim.AdamW
    return kind(
        model.parameters(),
        config.learning_rate,
        betas=(config.momentum, 0.999),
        weight_decay=config.weight_decay,
        foreach=True,
    )
