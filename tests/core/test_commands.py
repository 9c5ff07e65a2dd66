"""The commands as somebody types them: in a process of their own."""

import json
import signal
import subprocess
import sys

import pytest


def command(*words, timeout=120):
    return subprocess.run(
        [sys.executable, "-m", "resnet_core", *words], capture_output=True, text=True, timeout=timeout, check=False
    )


TRAIN = ("train", "--data", "digits", "--size", "8", "--batch", "16", "--width", "4")


def test_inspect_tells_the_papers_numbers():
    """He et al. 2015, table 6 and section 4.2: ResNet-20 has 0.27M parameters, maps of 32, 16 and 8 pixels."""
    done = command("inspect", "cifar-resnet20", "--json")
    facts = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (facts["parameters"], facts["macs"], facts["layers"]) == (269_722, 40_551_040, 20)
    assert [stage["output"] for stage in facts["stages"][1:4]] == [[16, 32, 32], [32, 16, 16], [64, 8, 8]]
    assert sum(layer["macs"] for layer in facts["layer_costs"]) == facts["macs"]


def test_inspect_reads_as_a_table_without_json():
    done = command("inspect", "cifar-resnet20", "--shortcut", "B")
    assert "272,474" in done.stdout  # published for option B
    assert "receptive field" in done.stdout


def test_a_mistyped_name_is_answered_in_one_sentence():
    done = command("inspect", "resnet5o")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Did you mean resnet50" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_train_streams_the_settings_and_then_a_line_per_step():
    done = command(*TRAIN, "--preset", "cifar-resnet20", "--preset", "cifar-plain20", "--steps", "3", "--json")
    head, *steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(step["network"], step["step"]) for step in steps] == [(n, s) for s in (1, 2, 3) for n in (0, 1)]
    assert head["spec"]["networks"][1]["shortcut"] == "none"
    assert all(len(step["gradients"]) == len(head["header"]["networks"][0]["layers"]) == 19 for step in steps)
    assert 0 <= steps[-1]["inspection"]["test_accuracy"] <= 1
    assert steps[-1]["inspection"]["skip_gradient"] == [None] * 9  # the plain network has no such path


def test_an_exploding_run_is_valid_json_and_a_success():
    done = command(*TRAIN, "--preset", "cifar-resnet56", "--norm", "none", "--lr", "5", "--steps", "30", "--json")
    last = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0
    assert last["loss"] is None
    assert last["step"] < 30


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--preset", "cifar-resnet20", "--steps", "0"), "steps is 0. It must be"),
        (("--steps", "3"), "No network was named"),
        (("--preset", "cifar-resnet20", "--zero-gamma", "--norm", "none"), "zero_gamma is on and norm is 'none'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_way_out(words, answer):
    done = command(*TRAIN, *words)
    assert done.returncode == 2
    assert answer in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_who_leaves_early_ends_the_run_quietly():
    words = [sys.executable, "-m", "resnet_core", *TRAIN, "--preset", "cifar-resnet20", "--steps", "100000"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith("network 1  step     1")
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0


def test_interrupting_a_run_ends_it_quietly():
    words = [sys.executable, "-m", "resnet_core", *TRAIN, "--preset", "cifar-resnet20", "--steps", "100000"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
        assert complaint == ""
        assert process.returncode == 130


@pytest.mark.parametrize("words", [(), ("inspect",), ("train",), ("record",)])
def test_help_has_examples(words):
    done = command(*words, "--help")
    assert done.returncode == 0
    assert "examples:\n  python -m resnet_core" in done.stdout
