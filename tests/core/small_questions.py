"""One question per experiment that is answered in a moment: what is tested of all of them alike is asked with these.

Settings that are not named keep their default, as on the command line.
"""

import json
from functools import cache

from resnet_core.catalogue import experiment
from resnet_core.commands.asked import wanted
from resnet_core.recipe import build

DIGITS = {"name": "digits", "size": 8}
TINY = {"depths": [1, 1, 1], "widths": [4, 8, 16], "stem_width": 4}
TWO_STEPS = {"steps": 2, "batch": 8}

SMALL = {
    "degradation": {"depths": [8, 14], "width": 4, "training": TWO_STEPS, "seeds": 1},
    "construction": {"deep": 14, "width": 4, "training": TWO_STEPS, "grow_after": 1, "seeds": 1},
    "identity": {"depths": [2], "rates": [0.1], "steps": 8, "batch": 8, "seeds": 1},
    "preconditioning": {"blocks": 1, "width": 3, "points": 8, "rates": [0.1], "steps": 2, "seeds": 1},
    "gradient-flow": {"network": TINY, "training": {"batch": 8}, "seeds": 2},
    "gradient-table": {
        "depths": [8],
        "trained_depth": 8,
        "width": 4,
        "data": DIGITS,
        "training": TWO_STEPS,
        "seeds": 1,
        "steps": 2,
    },
    "gradient-growth": {"width": 20, "depth": 5, "batches": [8], "seeds": 1},
    "gradient-parts": {"networks": [TINY | {"version": "v2", "in_channels": 1}], "data": DIGITS, "samples": 8},
    "gradient-paths": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "steps": 2, "images": 4, "paths": 2},
    "shattered-gradients": {"points": 32, "units": 20, "plain_depth": 4, "residual_depth": 6, "lags": 3, "seeds": 1},
    "norm-activations": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "every": 1},
    "norm-start": {"network": TINY, "data": DIGITS, "training": TWO_STEPS},
    "norm-rates": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "rates": [0.1], "seeds": 1},
    "norm-batches": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "sizes": [4], "pictures": 8},
    "norm-statistics": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "every": 1},
    "covariate-shift": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "every": 1, "reach": [1.0]},
    "responses": {
        "networks": [TINY | {"in_channels": 1}],
        "data": DIGITS,
        "training": TWO_STEPS,
        "steps": 1,
        "looks": 1,
        "images": 8,
    },
    "signals": {"networks": [TINY | {"in_channels": 1}], "data": DIGITS, "training": {"batch": 8}},
    "filters": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "images": 20, "units": 2, "crops": 2},
    "effective-field": {"depths": [8], "width": 4, "draws": 1, "images": 1, "trained": 0},
    "attributions": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "steps": 4, "window": 3},
    "loss-surface": {
        "networks": [TINY | {"in_channels": 1}],
        "training": TWO_STEPS,
        "points": 7,
        "lines": 1,
        "images": 8,
    },
    "lesions": {"networks": [TINY | {"in_channels": 1}], "training": TWO_STEPS, "images": 20, "draws": 1},
    "pixel-mixing": {"size": 8},
    "time-across-sizes": {"channels": 4, "turns": 3},
    "shortcut-counts": {"network": TINY, "size": 8},
    "shortcut-options": {"network": TINY, "data": DIGITS, "training": TWO_STEPS, "seeds": 1},
    "shortcut-kinds": {"network": TINY, "training": TWO_STEPS, "seeds": 1},
    "block-costs": {"size": 32},
    "block-kinds": {"blocks": 1, "width": 4, "data": DIGITS, "training": TWO_STEPS, "seeds": 1},
    "resnext-family": {"size": 32},
    "cardinality": {"width": 16, "groups": [1, 32], "data": DIGITS, "training": TWO_STEPS, "seeds": 1},
    "wide": {"depths": [20], "width": 4, "data": DIGITS, "training": TWO_STEPS, "seeds": 1},
    "feature-pyramid": {"size": 64},
}


def small(name):
    """The small question of an experiment."""
    entry = experiment(name)
    return build(entry.question, wanted(entry, json.dumps(SMALL[name]), []))


@cache
def answer(name):
    """The record that answers it, worked out once for all tests."""
    return experiment(name).answer(small(name))
