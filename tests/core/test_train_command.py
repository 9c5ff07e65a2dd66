"""The command line that the app prints under a run means that run, as the command line itself reads it."""

import shlex

import pytest

from resnet_core import ConfigError, DataConfig, RunSpec, TrainConfig, cifar, preset, race, train_command
from resnet_core.__main__ import make_parser
from resnet_core.commands.settings import run_spec
from resnet_core.commands.train import written_spec

DIGITS = DataConfig(name="digits", size=8)
RECIPES = {
    "defaults": TrainConfig(),
    "all": TrainConfig(
        steps=7,
        batch=16,
        optimiser="adam",
        learning_rate=0.003,
        momentum=0.8,
        weight_decay=0.0,
        schedule="step",
        milestones=(3, 5),
        warm_up=2,
        augment=True,
        vary=True,
        label_smoothing=0.1,
        seed=9,
        precision="fp32",
        inspect_every=0,
    ),
}


def read(command):
    python, module, package, *words = shlex.split(command)
    assert (python, module, package) == ("python", "-m", "resnet_core")
    return make_parser().parse_args(words)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("name", ["degradation", "two_by_two", "vanishing", "exploding"])
def test_a_comparison_comes_back_with_every_setting(name, recipe):
    spec = RunSpec(networks=race(name, width=4), data=DIGITS, training=RECIPES[recipe])
    assert run_spec(read(train_command(spec))) == spec


def test_presets_come_back_in_their_order():
    names = ("cifar-plain56", "cifar-resnet20", "cifar-resnet20")
    networks = tuple(preset(name) for name in names)
    spec = RunSpec(networks=networks, data=DIGITS)
    assert read(train_command(spec)).preset == list(names)


def test_networks_that_no_option_names_come_from_a_file(tmp_path):
    spec = RunSpec(networks=(cifar(8, width=4, in_channels=1, zero_gamma=True),), data=DIGITS)
    options = read(train_command(spec))
    assert options.spec.name == "spec.json"
    (tmp_path / "spec.json").write_text(spec.to_json())
    assert written_spec(tmp_path / options.spec) == spec


def test_pictures_of_ones_own_are_asked_for_and_their_place_is_not_told(tmp_path):
    spec = RunSpec(networks=race("vanishing"), data=DataConfig(name="folder", path="/somewhere/secret"))
    command = train_command(spec)
    assert "secret" not in command
    assert read(command).path == "FOLDER"
    (tmp_path / "spec.json").write_text(spec.to_json())
    assert written_spec(tmp_path / "spec.json", "mine").data == DataConfig(name="folder", path="mine")


@pytest.mark.parametrize("content", [None, "{", '{"networks": []}', '{"networks": 3}', "\ud800"])
def test_a_file_that_holds_no_run_is_explained(tmp_path, content):
    path = tmp_path / "spec.json"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError):
        written_spec(path)
