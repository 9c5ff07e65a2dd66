"""Strong augmentation: other views of the same pictures, equal from equal seeds."""

import math

import pytest
import torch
from torch.nn import functional as F

from resnet_core import ConfigError, DataConfig, TrainConfig
from resnet_core.augmentation import vary
from resnet_core.batches import Batches
from resnet_core.data import load_data
from resnet_core.presets import cifar
from resnet_core.recipe import RunSpec
from resnet_core.training import train_together


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_equal_seeds_give_equal_batches_and_others_do_not():
    images = torch.randn(8, 3, 32, 32, generator=seeded(5))
    one, same, other = vary(images, seeded(1)), vary(images, seeded(1)), vary(images, seeded(2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.shape == images.shape
    assert one.isfinite().all()


def test_each_picture_is_changed_in_its_own_way():
    images = torch.randn(1, 3, 32, 32, generator=seeded(5)).repeat(16, 1, 1, 1)
    views = vary(images, seeded(1)).flatten(1)
    assert len({tuple(view.tolist()) for view in views}) == 16


def test_about_half_of_the_pictures_have_a_hidden_square_of_at_most_a_quarter():
    """A square of half the side covers a quarter; on a picture of ones only hidden pixels can be exactly 0."""
    hidden = (vary(torch.ones(2000, 1, 16, 16), seeded()) == 0).flatten(1).float().mean(1)
    assert hidden.max() <= 0.25 + 1 / 16
    assert 0.4 < (hidden > 0).float().mean() < 0.55  # half of them, less those whose square is smaller than a pixel


def test_light_stays_within_what_is_said():
    """A picture of ones times 0.6 to 1.4, shifted by at most 0.3."""
    views = vary(torch.ones(2000, 1, 8, 8), seeded())
    seen = views[views != 0]
    assert 0.3 <= seen.min() < 0.45
    assert 1.55 < seen.max() <= 1.7


def test_without_mirroring_left_stays_left():
    ramp = torch.linspace(-1, 1, 32).expand(200, 1, 32, 32)
    slopes = vary(ramp, seeded(), mirror=False).diff(dim=3).median(dim=3).values.median(dim=2).values
    assert (slopes > 0).all()
    mirrored = vary(ramp, seeded()).diff(dim=3).median(dim=3).values.median(dim=2).values
    assert 0.4 < (mirrored < 0).float().mean() < 0.6


def test_a_recipe_with_it_trains_on_the_varied_batches():
    data = load_data(DataConfig(name="digits", size=8))
    plain, varied = (Batches(data, TrainConfig(batch=8, vary=on), torch.device("cpu")).at(3) for on in (False, True))
    assert torch.equal(plain[1], varied[1])  # the same pictures
    assert not torch.equal(plain[0], varied[0])


def test_label_smoothing_is_the_mean_of_the_target_and_all_classes():
    """Szegedy et al. 2016, section 7: the loss is (1 - s) times the class's and s times the mean of all."""
    data = load_data(DataConfig(name="digits", size=8))
    losses = {}
    for share in (0.0, 0.3):
        recipe = TrainConfig(steps=1, batch=32, precision="fp32", label_smoothing=share, inspect_every=0)
        networks = (cifar(8, width=4, in_channels=1),)
        run = train_together(RunSpec(networks=networks, data=DataConfig(name="digits", size=8), training=recipe))
        model, (images, labels) = run.models[0], Batches(data, recipe, torch.device("cpu")).at(1)
        with torch.no_grad():
            shares = F.log_softmax(model.train()(images), 1)
        own = -shares.gather(1, labels[:, None]).mean()
        (record,) = run.records()
        losses[share] = record.record.loss, float((1 - share) * own - share * shares.mean())
    for found, expected in losses.values():
        assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("share", [-0.1, 1.0, math.nan])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(ConfigError, match="label_smoothing"):
        TrainConfig(label_smoothing=share)
