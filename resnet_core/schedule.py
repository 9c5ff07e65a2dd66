"""The learning rate of every step."""

import math

from resnet_core.recipe import TrainConfig


def learning_rate(step: int, config: TrainConfig) -> float:
    """The rate of one step, counted from 1: a straight rise over the warm-up, then the schedule.

    "step" divides by ten after each milestone, as He et al. 2015 do after 32k and 48k steps (section 4.2). "cosine"
    falls along half a cosine from the full rate towards 0 (Loshchilov & Hutter 2017, arXiv:1608.03983, one period).
    """
    if step <= config.warm_up:
        return config.learning_rate * step / config.warm_up
    if config.schedule == "step":
        return config.learning_rate / 10 ** sum(step > milestone for milestone in config.milestones)
    if config.schedule == "cosine":
        done = (step - 1 - config.warm_up) / (config.steps - config.warm_up)
        return config.learning_rate * (1 + math.cos(math.pi * done)) / 2
    return config.learning_rate
