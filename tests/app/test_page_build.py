"""Build your own: the program, the drawing and the counts are those of the network that was put together."""

import re
from typing import Any

from resnet_core import build_model, cifar
from tests.app.screen import alerts, results

SMALL = {
    "data": "digits",
    "size_digits": 8,
    "b0_d1": 1,
    "b0_d2": 1,
    "b0_d3": 1,
    "b0_stem": 4,
    "b0_w1": 4,
    "b0_w2": 8,
} | {"b0_w3": 16}


def program(app):
    return next(code.value for code in app.code if "def network" in code.value)


def built(app):
    """The network that the program on the page builds."""
    scope: dict[str, Any] = {"__name__": "a_program"}
    exec(compile(program(app), "network.py", "exec"), scope)
    return scope["network"]()


def parameters(model):
    return sum(weight.numel() for weight in model.parameters())


def test_it_begins_with_the_papers_network_for_the_chosen_pictures(open_app):
    app = open_app("build")
    assert not app.exception
    ours = parameters(build_model(cifar(20, in_channels=1)))
    assert parameters(built(app)) == ours
    assert any(f"{ours:,} parameters" in sentence for sentence in results(app))


def test_every_switch_changes_the_program(open_app):
    app = open_app("build", **SMALL)
    assert parameters(built(app)) == parameters(build_model(cifar(8, width=4, in_channels=1)))
    app.button_group(key="b0_skip").set_value("C").run()
    assert program(app).count('"projection")') >= 3
    app.button_group(key="b0_norm").set_value("none").run()
    assert "BatchNorm2d" not in program(app)
    app.button_group(key="b0_block").set_value("bottleneck").run()
    assert "self.conv3" in program(app)
    assert not app.exception


def test_answers_that_contradict_each_other_are_explained(open_app):
    app = open_app("build", **SMALL | {"b0_w2": 2})
    assert not app.exception
    assert re.search(r"Stage 2 has 2 channels after 4\..*Choose shortcut 'B'", " ".join(alerts(app)))


def test_a_link_with_a_cut_shortcut_writes_a_program_without_it(open_app):
    app = open_app("build", cut="0-1_2-2")
    assert program(app).count('"none")') == 2
    assert not app.exception


def test_the_program_and_onnx_can_be_taken_along(open_app, handed_out):
    open_app("build", **SMALL)
    assert any(b"picture" in content() for content in handed_out)  # the name of the input in the ONNX file
