"""Identity against scaled, gated, dropped and convolved shortcuts: He et al. 2016, table 1, at a classroom's size."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from resnet_core.data import load_data
from resnet_core.experiments.odd_shortcuts import odd_model, shortcut_factor
from resnet_core.experiments.shortcut_races import Lap, shortcut_race
from resnet_core.questions.shortcuts import ShortcutKindsQuestion
from resnet_core.records import Progress
from resnet_core.records.shortcuts import ShortcutKinds
from resnet_core.training import check_fit

IMAGES = 64  # on which the gates are looked at, the first of the training pictures


def shortcut_kinds(question: ShortcutKindsQuestion) -> Iterator[Progress]:
    """How well does one network learn with each kind of shortcut around every block, and how much does it carry?

    The kinds are defined in `odd_shortcuts`, the training in `shortcut_race`. What a shortcut carries is the product
    over all blocks of its mean factor (`shortcut_factor`): by He et al. 2016 (arXiv:1603.05027), equation 8, this is
    what multiplies the gradient on its way through the shortcuts alone. Published for 110 layers on CIFAR-10 (table 1,
    test error): identity 6.61 %, scaling, gates, dropout and convolution from 6.91 % to above 20 %, "fail".

    Raises:
        ConfigError: the network does not fit the pictures.
        DataError: the data cannot be loaded.
    """
    pictures = load_data(question.data)
    check_fit(question.network, pictures)
    looked_at = pictures.train_images[:IMAGES]
    factors = np.full((len(question.kinds), question.seeds, 2), np.nan)

    def watch(lap: Lap) -> None:
        factors[lap.network, lap.seed, int(lap.over)] = shortcut_factor(
            lap.model, question.kinds[lap.network], looked_at
        )

    makers = {kind: partial(odd_model, question.network, kind, question.gate_bias) for kind in question.kinds}
    for moment in shortcut_race(makers, pictures, question.training, question.seeds, watch):
        yield moment._replace(record=ShortcutKinds(moment.record, question.gate_bias, factors.copy()))
