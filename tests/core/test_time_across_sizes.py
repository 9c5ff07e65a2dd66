"""What is timed is what is counted. Milliseconds are nobody's to predict; multiplications are."""

import numpy as np
import torch
from torch import nn

from resnet_core.catalogue import experiment
from resnet_core.experiments.time_across_sizes import _bottleneck, _work
from resnet_core.questions.pixels import TimeQuestion


def report(**settings):
    return experiment("time-across-sizes").answer(TimeQuestion(turns=3, **settings))


def macs(found):
    return {shape.name: shape.macs for shape in found.shapes}


def test_the_counts_at_56_pixels_and_256_channels_are_those_of_figure_5():
    found = macs(report(channels=256))
    assert found["3x3"][0] == 1_849_688_064  # 56 * 56 * 9 * 256 * 256
    assert found["bottleneck"][0] == 218_365_952  # 56 * 56 * (2 * 256 * 64 + 9 * 64 * 64)
    assert found["1x1"][0] == 205_520_896
    assert [round(found["3x3"][0] / count) for count in found["3x3"]] == [1, 4, 16, 64]


def test_from_stage_to_stage_the_count_stays_the_same():
    found = report(growth="stage", channels=16)
    assert found.sides == (56, 28, 14, 7)
    assert found.channels == (16, 32, 64, 128)
    assert all(len(set(shape.macs)) == 1 for shape in found.shapes)


def test_every_time_is_there_and_between_its_quartiles():
    found = report(channels=8)
    assert found.turns == found.wanted == 3
    for shape in found.shapes:
        assert (shape.low > 0).all()
        assert (shape.low <= shape.milliseconds).all()
        assert (shape.milliseconds <= shape.high).all()


def test_the_chain_that_is_timed_is_three_convolutions_of_pytorch():
    chain = _bottleneck(14, 16)
    work = _work(chain)
    weights, picture = work.args[1:]
    layers = [
        nn.Conv2d(16, 4, 1, bias=False),
        nn.Conv2d(4, 4, 3, padding=1, bias=False),
        nn.Conv2d(4, 16, 1, bias=False),
    ]
    with torch.no_grad():
        for layer, weight in zip(layers, weights, strict=True):
            layer.weight.copy_(weight)
        assert torch.allclose(work(), nn.Sequential(*layers)(picture), atol=1e-5)
    assert work().shape == (1, 16, 14, 14)


def test_it_can_be_stopped_between_two_convolutions_and_gives_the_threads_back():
    before = torch.get_num_threads()
    moments = experiment("time-across-sizes").ask(TimeQuestion(channels=8))
    assert next(moments).record is None
    moments.close()
    assert torch.get_num_threads() == before


def test_progress_never_goes_back_and_carries_what_is_known():
    moments = list(experiment("time-across-sizes").ask(TimeQuestion(channels=8, turns=3)))
    done = [moment.done for moment in moments]
    assert done == sorted(done)
    assert done[-1] == 1
    known = [moment.record for moment in moments if moment.record is not None]
    assert [record.turns for record in known] == sorted(record.turns for record in known)
    assert np.isfinite(known[0].shapes[0].milliseconds).all()
