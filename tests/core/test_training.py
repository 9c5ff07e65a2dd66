"""Training as a stream of records: what is in them, that they repeat, and what happens when a loss explodes."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import CheckpointError, ConfigError, DataConfig, ResNetConfig, RunSpec, TrainConfig, build_model
from resnet_core.batches import Batches
from resnet_core.checkpoints import load_checkpoint
from resnet_core.data import load_data
from resnet_core.datasets.digits import load_digits
from resnet_core.inspection import test_subset as fixed_subset
from resnet_core.optimisers import make_optimiser
from resnet_core.precision import choose_precision, speed_up
from resnet_core.probes import gradient_norms
from resnet_core.training import train, train_together

TINY = ResNetConfig(depths=(1, 1, 1), widths=(4, 8, 16), stem_width=4, in_channels=1)
PLAIN = replace(TINY, shortcut="none")
EXPLODES = replace(TINY, depths=(9, 9, 9), norm="none")  # He initialisation without BatchNorm
DIGITS = DataConfig(name="digits", size=8)
RECIPE = TrainConfig(steps=6, batch=16, inspect_every=3, precision="fp32")


@pytest.fixture(scope="module")
def digits():
    return load_data(DIGITS)


def run_of(*networks, data=None, **settings):
    return train_together(RunSpec(networks=networks, data=DIGITS, training=replace(RECIPE, **settings)), data)


def numbers(records):
    return [(index, step.loss, step.accuracy, step.gradients.tolist()) for index, step in records]


def test_a_run_gives_the_same_records_twice():
    assert numbers(run_of(TINY, PLAIN).records()) == numbers(run_of(TINY, PLAIN).records())


def test_another_seed_gives_other_records():
    assert numbers(run_of(TINY).records()) != numbers(run_of(TINY, seed=1).records())


def test_the_first_step_is_what_a_bare_loop_would_do(digits):
    """One step by hand: the gradient norms, the loss, and the weights after plain SGD, w - lr (g + decay w)."""
    recipe = replace(RECIPE, momentum=0.0, learning_rate=0.1)
    model, twin = build_model(TINY), build_model(TINY).train()
    record = next(train(model, digits, recipe))
    picked = Batches(digits, recipe, torch.device("cpu")).indices(1)
    loss = F.cross_entropy(twin(digits.train_images[picked]), digits.train_labels[picked])
    loss.backward()
    assert record.loss == pytest.approx(loss.item(), rel=1e-5)
    np.testing.assert_allclose(record.gradients, gradient_norms(twin), rtol=1e-4)
    for weight, other in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(weight, other - 0.1 * (other.grad + 1e-4 * other), rtol=1e-4, atol=1e-6)


def test_loss_falls_and_the_test_is_passed_better_than_by_guessing(digits):
    steps = [r.record for r in run_of(TINY, data=digits, steps=120, batch=32, inspect_every=0).records()]
    assert np.mean([s.loss for s in steps[-10:]]) < 0.5 * np.mean([s.loss for s in steps[:5]])
    last = [r.record for r in run_of(TINY, data=digits, steps=120, batch=32).records()][-1]
    assert last.inspection.test_accuracy > 0.5  # ten classes


@pytest.mark.parametrize("optimiser", ["sgd", "adam", "adamw"])
def test_every_optimiser_learns(optimiser, digits):
    rate = 0.05 if optimiser == "sgd" else 0.01
    run = run_of(TINY, data=digits, optimiser=optimiser, learning_rate=rate, steps=40, inspect_every=0)
    losses = [step.loss for _, step in run.records()]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_each_optimiser_gets_the_settings_of_the_recipe():
    model = build_model(TINY)
    for kind in ("SGD", "Adam", "AdamW"):
        recipe = replace(RECIPE, optimiser=kind.lower(), momentum=0.8, weight_decay=0.01)
        optimiser = make_optimiser(model, recipe)
        settings = optimiser.param_groups[0]
        assert type(optimiser).__name__ == kind
        assert settings["weight_decay"] == 0.01
        assert settings["momentum"] == 0.8 if kind == "SGD" else settings["betas"] == (0.8, 0.999)


def test_networks_take_turns_on_the_same_batches():
    records = list(run_of(TINY, TINY).records())
    assert [(r.network, r.record.step) for r in records] == [(n, s) for s in range(1, 7) for n in (0, 1)]
    assert numbers(records[::2]) == [(0, *rest) for _, *rest in numbers(records[1::2])]  # equal networks stay equal


def test_a_network_trains_the_same_beside_others_as_alone():
    together = [r for r in run_of(PLAIN, TINY).records() if r.network == 1]
    assert [n[1:] for n in numbers(together)] == [n[1:] for n in numbers(run_of(TINY).records())]


def test_a_loss_that_explodes_ends_its_network_and_no_other():
    records = list(run_of(EXPLODES, TINY, learning_rate=5.0, steps=30).records())
    lost = [r.record for r in records if r.network == 0]
    assert not np.isfinite(lost[-1].loss)
    assert all(np.isfinite(step.loss) for step in lost[:-1])
    assert len(lost) < 30
    assert lost[-1].inspection is None
    assert [r.record.step for r in records if r.network == 1] == list(range(1, 31))


@pytest.mark.parametrize("network", [TINY, replace(TINY, depths=(3, 3, 3)), replace(TINY, version="v2"), EXPLODES])
@pytest.mark.parametrize("settings", [{"weight_decay": 1.0}, {"weight_decay": 1.0, "momentum": 0.99}])
def test_a_network_that_diverges_is_what_its_last_sound_step_left(network, settings):
    settings = {"learning_rate": 100.0, "steps": 300, "inspect_every": 0, **settings}
    run = run_of(network, **settings)
    lost = list(run.records())
    assert not np.isfinite(lost[-1].record.loss)
    kept = run.models[0].state_dict()
    assert all(value.isfinite().all() for value in kept.values())
    twin = run_of(network, **settings)  # the same run once more, looked at after every step
    steps = [{name: value.clone() for name, value in twin.models[0].state_dict().items()} for _ in twin.records()]
    taken = [all(torch.equal(value, kept[name]) for name, value in state.items()) for state in steps]
    assert len(steps) == len(lost)
    assert taken[-1]
    assert any(taken[:-1]) or len(steps) == 1  # a state that it had been in


def test_a_gradient_that_overflows_before_the_loss_does_not_reach_the_weights(digits):
    """A first step with a sound loss and no sound gradient, then a loss that is none."""
    model = build_model(TINY)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.head.weight.register_hook(lambda gradient: gradient * float("inf"))
    model.stages[0][0].conv1.weight.register_hook(lambda gradient: gradient * float("nan"))
    first, last = train(model, digits, replace(RECIPE, steps=5, inspect_every=0))
    assert (np.isfinite(first.loss), np.isfinite(first.gradients).all(), np.isfinite(last.loss)) == (True, False, False)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_the_consumer_decides_the_end():
    records = run_of(TINY, steps=100_000).records()
    assert [r.record.step for r in islice(records, 3)] == [1, 2, 3]
    records.close()


def test_training_leaves_no_hook_and_sets_nothing_global(digits):
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    model = build_model(TINY)
    stream = train(model, digits, RECIPE)
    list(islice(stream, 4))
    assert not any(module._forward_hooks or module._backward_hooks for module in model.modules())
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_looks_come_when_asked_for_and_at_the_last_step():
    def looked_at(**settings):
        return [r.record.step for r in run_of(TINY, **settings).records() if r.record.inspection]

    assert looked_at(steps=7) == [3, 6, 7]
    assert looked_at(steps=2) == [2]
    assert looked_at(steps=7, inspect_every=0) == []


def test_looking_closer_does_not_disturb_the_run():
    often = run_of(TINY, inspect_every=1).records()
    never = run_of(TINY, inspect_every=0).records()
    assert numbers(often) == numbers(never)


def test_a_look_lines_up_with_the_header(digits):
    run = run_of(TINY, replace(TINY, cut=((1, 0),)), data=digits)
    for index, step in list(run.records())[-2:]:
        header, look = run.header.networks[index], step.inspection
        assert step.gradients.shape == look.response_mean.shape == look.response_std.shape == (len(header.layers),)
        assert look.skip_gradient.shape == look.branch_gradient.shape == (len(header.blocks),)
        assert [maps.shape for maps in look.maps] == [(4, 8, 8), (8, 4, 4), (8, 2, 2)]
        assert all(maps.dtype == np.uint8 for maps in look.maps)
        assert np.isnan(look.skip_gradient).tolist() == [False, index == 1, False]
    assert run.header.networks[0].map_layers == ("stages.0.0", "stages.1.0", "stages.2.0")
    assert run.header.networks[0].parameters == sum(weight.numel() for weight in build_model(TINY).parameters())


def test_the_last_look_tests_the_weights_as_they_are_now(digits):
    run = run_of(TINY, data=digits)
    look = list(run.records())[-1].record.inspection
    model, subset = run.models[0].eval(), fixed_subset(digits)
    with torch.no_grad():
        logits = model(digits.test_images[subset])
    assert look.test_loss == pytest.approx(F.cross_entropy(logits, digits.test_labels[subset]).item(), rel=1e-4)
    assert look.test_accuracy == pytest.approx((logits.argmax(1) == digits.test_labels[subset]).float().mean().item())


def test_the_sample_is_a_test_picture_with_its_class(digits):
    header = run_of(TINY, data=digits).header
    sample = int(fixed_subset(digits)[0])
    assert np.array_equal(header.sample, digits.pixels(digits.test_images[sample]))
    assert header.sample_class == digits.classes[int(digits.test_labels[sample])]


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_a_run_goes_on_from_its_checkpoint_as_if_nothing_had_happened(optimiser):
    settings = {"optimiser": optimiser, "learning_rate": 0.01, "augment": True}
    whole = numbers(run_of(TINY, PLAIN, **settings).records())
    first = run_of(TINY, PLAIN, **settings)
    begun = numbers(islice(first.records(), 5))  # in the middle of step 3
    second = run_of(TINY, PLAIN, **settings)
    second.restore(first.checkpoint())
    assert begun + numbers(second.records()) == whole


def test_a_checkpoint_of_something_else_is_refused():
    run = run_of(TINY)
    with pytest.raises(CheckpointError, match="not a checkpoint of a run"):
        run.restore(b"a letter to the class")
    with pytest.raises(CheckpointError, match="other settings"):
        run.restore(run_of(PLAIN).checkpoint())


def test_the_weights_of_a_run_can_be_loaded_again():
    run = run_of(TINY, PLAIN)
    list(run.records())
    for model, file in zip(run.models, run.weights(), strict=True):
        again, info = load_checkpoint(file, "weights.safetensors")
        assert again.config == model.config
        assert info.classes == run.header.classes
        assert info.notes == {"data": {"name": "digits", "size": 8}}
        pixels = load_digits(8).train_images / 255  # the data's own pixels, before anybody normalised them
        assert (info.mean, info.std) == (pytest.approx([pixels.mean()]), pytest.approx([pixels.std()]))
        assert all(torch.equal(value, again.state_dict()[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize(("change", "message"), [({"in_channels": 3}, "in_channels=1"), ({"classes": 4}, "classes=10")])
def test_a_network_that_does_not_fit_the_pictures_is_told_what_to_change(change, message):
    with pytest.raises(ConfigError, match=message):
        run_of(replace(TINY, **change))


def test_auto_is_float32_where_bf16_is_not_worth_it():
    cpu = torch.device("cpu")
    has_bf16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    expected = "bf16" if has_bf16 and speed_up("cpu") >= 1.1 else "fp32"
    assert choose_precision("auto", cpu) == run_of(TINY, precision="auto").header.precision == expected


def test_bf16_trains_too_when_it_is_asked_for(digits):
    run = run_of(TINY, data=digits, precision="bf16", steps=40, inspect_every=0)
    losses = [step.loss for _, step in run.records()]
    assert run.header.precision == "bf16"
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert all(weight.dtype == torch.float32 for weight in run.models[0].parameters())


@pytest.mark.slow
def test_a_deep_plain_network_stands_still_where_a_residual_one_learns():
    """The degradation that He et al. 2015 (figure 1) describe, on digits: both nets normalised, same batches."""
    deep = ResNetConfig(depths=(9, 9, 9), widths=(8, 16, 32), stem_width=8, in_channels=1, init="default")
    run = run_of(replace(deep, shortcut="none"), replace(deep, zero_gamma=True), steps=60, batch=32, inspect_every=0)
    plain, residual = ([r.record.loss for r in list(records)[-10:]] for records in _by_network(run))
    assert np.mean(residual) < 1.0 < 1.8 < np.mean(plain)


def _by_network(run):
    records = list(run.records())
    return [[r for r in records if r.network == index] for index in range(2)]
