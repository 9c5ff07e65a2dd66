"""The formula of He et al. 2016, equation 5, against a second computation that knows none of our taps."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet_core import DataConfig, ProbeError, TrainConfig, build_model, cifar, load_data
from resnet_core.catalogue import answer
from resnet_core.experiments.gradient_parts import measure_parts
from resnet_core.probes.detours import detours
from resnet_core.probes.splits import record_splits
from resnet_core.questions.gradients import GradientPartsQuestion

DIGITS = DataConfig(name="digits", size=8)
PASSES = {"norm1", "relu1", "conv1", "norm2", "relu2", "conv2"}


def network(version="v2", shortcut="A", depth=14, **settings):
    return cifar(depth, width=4, in_channels=1, version=version, shortcut=shortcut, **settings)


def splits_of(model, samples=16):
    data = load_data(DIGITS)
    dtype = next(model.parameters()).dtype
    with record_splits(model) as splits:
        F.cross_entropy(model(data.train_images[:samples].to(dtype)), data.train_labels[:samples]).backward()
    return splits


def parts_of(config, samples=32, seed=0):
    return measure_parts(build_model(config, seed).train(), load_data(DIGITS), samples)


def test_for_identity_shortcuts_the_formula_holds_to_float_precision():
    found = parts_of(network())
    inside = np.isfinite(found.formula_error)
    assert inside.tolist() == [True, True, False, True, False, True]  # the first block of stages 2 and 3 changes shape
    assert found.formula_error[inside].max() < 1e-6
    assert found.sum_error.max() < 1e-6
    assert found.skip[inside] == pytest.approx(found.arriving[inside], rel=1e-6)


def test_the_relu_after_the_addition_and_projections_break_it():
    for config in (network("v1"), network("v2", "C")):
        found = parts_of(config)
        assert np.nanmin(found.formula_error) > 0.05
        assert found.sum_error.max() < 1e-6  # that the two parts are all there is holds everywhere


def test_in_v1_the_shortcut_carries_what_the_relu_lets_through():
    model = build_model(network("v1"), 0).train()
    kept = {}
    block = model.get_submodule("stages.0.1")
    block.register_forward_hook(lambda module, inputs, output: kept.update(y=output.detach()))
    split = splits_of(model)["stages.0.1"]
    assert torch.equal(split.skip, split.arriving * (kept["y"] > 0))


def test_the_branchs_part_is_the_vector_jacobian_product_of_the_branch_alone():
    model = build_model(network(), 1).double().train()
    seen = {}
    block = model.get_submodule("stages.1.1")
    block.register_forward_hook(lambda module, inputs, output: seen.update(x=inputs[0].detach()))
    split = splits_of(model)["stages.1.1"]

    def branch(x):
        for name, part in block.named_children():
            x = part(x) if name in PASSES else x
        return x

    _, alone = torch.autograd.functional.vjp(branch, seen["x"], split.arriving)
    assert torch.allclose(split.branch, alone, rtol=1e-9, atol=1e-15)
    assert torch.allclose(split.total, split.arriving + alone, rtol=1e-9, atol=1e-15)


def test_over_several_blocks_the_gradient_is_what_arrives_at_the_last_plus_every_branchs_part():
    """Equation 5 for l = 0, L = 3: inside a stage the parts of all branches add up on the way."""
    splits = splits_of(build_model(network(depth=20), 2).double().train())
    stage = [splits[f"stages.0.{number}"] for number in range(3)]
    together = stage[-1].arriving + sum(split.branch for split in stage)
    assert torch.allclose(stage[0].total, together, rtol=1e-9, atol=1e-15)


def test_the_factor_of_an_image_is_its_norm_leaving_over_its_norm_arriving():
    model = build_model(network(), 0).train()
    split = splits_of(model, samples=8)["stages.0.0"]
    expected = [float(split.total[image].norm() / split.arriving[image].norm()) for image in range(8)]
    found = parts_of(network(), samples=8)
    assert found.factors[0] == pytest.approx(expected, rel=1e-4)
    assert found.factors.shape == (6, 8)
    assert found.whole.shape == (8,)


def test_a_plain_network_has_one_way_only():
    found = parts_of(network(shortcut="none"))
    assert np.isnan(found.skip).all()
    assert np.isnan(found.formula_error).all()
    assert np.isnan(found.cosine).all()
    assert found.branch == pytest.approx(found.total)


def test_measuring_leaves_weights_statistics_and_hooks_as_they_were():
    model = build_model(network(), 0).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    measure_parts(model, load_data(DIGITS), 8)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert hooks_of(model) == 0


@pytest.mark.parametrize("probe", [record_splits, detours])
def test_a_probe_leaves_no_hook_after_an_error(probe):
    model = build_model(network(), 0)
    with pytest.raises(RuntimeError, match="in between"):
        fail_within(probe, model)
    assert hooks_of(model) == 0


def test_a_network_without_shortcuts_has_no_detours():
    model = build_model(network(shortcut="none"), 0)
    with pytest.raises(ProbeError, match="no shortcut"), detours(model):
        pass
    assert hooks_of(model) == 0


def test_the_experiment_measures_each_network_after_its_training():
    networks = (network(depth=8), network("v1", depth=8))
    question = GradientPartsQuestion(
        networks=networks, data=DIGITS, samples=16, steps=3, training=TrainConfig(batch=16)
    )
    record = answer("gradient-parts", question)
    assert len(record.networks) == 2
    assert (record.steps, record.samples) == (3, 16)
    untrained = parts_of(networks[0], samples=16)
    assert record.networks[0].total[0] != pytest.approx(untrained.total[0], rel=1e-3)


def fail_within(probe, model):
    with probe(model):
        assert hooks_of(model) > 0
        raise RuntimeError("in between")


def hooks_of(model):
    return sum(
        len(hooks)
        for module in model.modules()
        for hooks in (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks)
    )
