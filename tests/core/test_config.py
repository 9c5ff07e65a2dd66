"""A config refuses what describes no network."""

import pytest

from resnet_core.errors import ConfigError
from tests.core.random_configs import small

IMPOSSIBLE = [  # what was asked for, what came, what is allowed, what to do
    ({"shortcut": "D"}, "'D'", "'none', 'A', 'B', 'C'", "must be"),
    ({"version": "v3"}, "'v3'", "'v1', 'v1.5', 'v2'", "must be"),
    ({"stem": "mnist"}, "'mnist'", "'cifar', 'imagenet'", "must be"),
    ({"block": "wide"}, "'wide'", "'basic', 'bottleneck'", "must be"),
    ({"norm": "layer"}, "'layer'", "'batch', 'none'", "must be"),
    ({"init": "xavier"}, "'xavier'", "'he', 'default'", "must be"),
    ({"zero_padding": "start"}, "'start'", "'end', 'both'", "must be"),
    ({"depths": (1, 2, 3)}, "3 stages", "one entry per stage", "Give"),
    ({"depths": (), "widths": ()}, "0 stages", "one entry per stage", "Give"),
    ({"depths": (1,) * 9, "widths": (4,) * 9}, "9", "from 1 to 8", "must be"),
    ({"depths": (0, 1)}, "0", "from 1 to 200", "must be"),
    ({"depths": (1, 201)}, "201", "from 1 to 200", "must be"),
    ({"depths": (1, 1.5)}, "1.5", "whole number", "must be"),
    ({"widths": (4, 4096)}, "4096", "from 1 to 2048", "must be"),
    ({"stem_width": 0}, "0", "from 1 to 2048", "must be"),
    ({"classes": 1}, "1", "from 2 to 22000", "must be"),
    ({"in_channels": 65}, "65", "from 1 to 64", "must be"),
    ({"block": "bottleneck", "groups": 129}, "129", "from 1 to 128", "must be"),
    ({"groups": 2}, "groups is 2", "bottleneck", "Choose"),
    ({"width_per_group": 128}, "width_per_group 128", "bottleneck", "Choose"),
    ({"block": "bottleneck", "widths": (4, 8), "width_per_group": 8}, "0 channels", "at least one", "raise"),
    ({"zero_gamma": True, "norm": "none"}, "zero_gamma is on", "BatchNorm", "Choose"),
    ({"zero_gamma": True, "version": "v2"}, "version is 'v2'", "'v1' or 'v1.5'", "Choose"),
    ({"widths": (8, 4), "stem_width": 8}, "4 channels after 8", "only add", "Choose"),
    ({"cut": ((0, 0), (0, 0))}, "((0, 0), (0, 0))", "once", "List"),
    ({"cut": ((1, 2),)}, "block 2 of stage 1", "(1, 2) blocks", "Choose"),
    ({"cut": ((2, 0),)}, "block 0 of stage 2", "(1, 2) blocks", "Choose"),
]


@pytest.mark.parametrize(("changes", "came", "allowed", "todo"), IMPOSSIBLE, ids=lambda value: str(value)[:40])
def test_an_impossible_config_says_what_came_what_is_allowed_and_what_to_do(changes, came, allowed, todo):
    with pytest.raises(ConfigError) as caught:
        small(**changes)
    text = str(caught.value)
    assert came in text
    assert allowed in text
    assert todo in text
