import base64
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from resnet_core.records import NetworkHeader, RunHeader, RunRecord, StepRecord
from ui.components import payload
from ui.components.monitor.words import words
from ui.components.payload import Sent, head, quantise, refresh

BROWSER = Path(payload.__file__).parent / "monitor"


def floats(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


def codes(text):
    return np.frombuffer(base64.b64decode(text), np.uint8)


class Browser:
    """What monitor.js does with what it is sent."""

    def __init__(self, networks):
        self.losses = [{} for _ in range(networks)]

    def receive(self, data):
        """Whether nothing is missing in between."""
        complete = True
        for known, sent in zip(self.losses, data["networks"], strict=True):
            if not sent["count"]:
                continue
            if sent["first"] > len(known):
                complete = False
                continue
            known.update(enumerate(floats(sent["loss"]).tolist(), start=sent["first"]))
        return complete


def test_zero_overflow_and_the_ends_of_the_scale_have_their_own_codes():
    norms = np.array([0.0, 1e-30, 1e-8, 1e3, 1e30, np.inf, np.nan])
    assert quantise(norms).tolist() == [0, 1, 1, 254, 254, 255, 255]


def test_a_code_is_within_a_fiftieth_of_the_scale_of_its_norm():
    norms = np.logspace(-8, 3, 500)
    low, high = payload.LIMITS
    back = 10 ** (low + (quantise(norms).astype(float) - 1) / 253 * (high - low))
    assert np.abs(np.log10(back / norms)).max() <= (high - low) / 253 / 2 + 1e-9


def test_a_full_refresh_carries_every_step_of_every_network(header, run):
    records = run([2.0, 1.5, math.inf], [1.0, 0.5, 0.25], inspect=(2,))
    data = refresh(header(2), records, 10, Sent(), full=True)
    first, second = data["networks"]
    assert floats(first["loss"]).tolist() == [2.0, 1.5, math.inf]
    assert floats(second["loss"]).tolist() == [1.0, 0.5, 0.25]
    assert (first["diverged"], second["diverged"]) == (3, 0)
    assert codes(second["heat"]).reshape(3, 3).tolist() == [quantise(np.array([1.0, 2.0, 4.0])).tolist()] * 3
    assert first["tests"] == [[2, 0.25]]
    assert first["maps"]["step"] == second["maps"]["step"] == 2


def test_maps_are_shrunk_and_few(header, run):
    data = refresh(header(1), run([1.0], inspect=(1,)), 10, Sent(), full=True)
    large, small = data["networks"][0]["maps"]["layers"]
    assert large["shape"] == [6, 16, 16]
    assert small["shape"] == [6, 4, 4]
    assert set(codes(small["pixels"])) == {200}


def test_the_maps_of_one_network_go_with_each_refresh_in_turn(header, run):
    records = run([1.0] * 4, [1.0] * 4, inspect=(1,))
    sent = Sent(refreshes=1, marks=(2, 4, 6))
    data = refresh(header(2), records, 10, sent, full=False)
    assert [("maps" in network) for network in data["networks"]] == [False, True]


@pytest.mark.parametrize("steps", [40, 1000])
def test_windows_put_together_are_the_run(header, run, steps):
    """Whatever the pace, and with several steps to a column."""
    rng = np.random.default_rng(0)
    records = run(rng.random(steps), rng.random(steps // 2))
    browser, sent, place = Browser(2), Sent(), 0
    while place < len(records):
        place = min(len(records), place + int(rng.integers(0, 30)))
        data = refresh(header(2), records[:place], steps, sent, full=sent.refreshes == 0)
        assert browser.receive(data)
        sent = sent.after(place)
    whole = Browser(2)
    whole.receive(refresh(header(2), records, steps, Sent(), full=True))
    assert browser.losses == whole.losses
    assert len(browser.losses[0]) == math.ceil(steps / payload.steps_per_column(steps))


def test_one_lost_message_is_made_good_by_the_next(header, run):
    records = run(np.arange(60.0))
    browser, sent = Browser(1), Sent()
    for refreshes, place in enumerate(range(10, 61, 10)):
        data = refresh(header(1), records[:place], 60, sent, full=refreshes == 0)
        if refreshes != 3:
            assert browser.receive(data)
        sent = sent.after(place)
    assert list(browser.losses[0].values()) == list(range(60))


def test_a_browser_that_has_nothing_finds_the_gap(header, run):
    records = run(np.arange(60.0))
    sent = Sent(refreshes=5, marks=(30, 40, 50))
    assert not Browser(1).receive(refresh(header(1), records, 60, sent, full=False))


def test_everything_is_due_at_first_and_every_tenth_refresh():
    sent, due = Sent(), []
    for refreshes in range(21):
        due += [refreshes] * sent.full_is_due
        sent = sent.after(refreshes)
    assert due == [0, 10, 20]


def test_three_networks_of_56_layers_need_at_most_eight_kilobytes_at_eight_steps_a_second():
    """A refresh of 0.7 s; JSON as it is sent."""
    rng = np.random.default_rng(0)
    layers = tuple(f"stages.0.{index}.conv1" for index in range(55))
    network = NetworkHeader(layers, (), ("a", "b", "c"), 1)
    run_header = RunHeader((network,) * 3, "fp32", "cpu", np.zeros((16, 16), np.uint8), "bag", ("a", "b"))
    records = [
        RunRecord(index, StepRecord(step, 1.0, 0.5, 0.1, rng.random(55).astype(np.float32)))
        for step in range(1, 101)
        for index in range(3)
    ]
    per_refresh = round(0.7 * 8)  # steps of all networks together
    end = len(records)
    sent = Sent(4, (end - 3 * per_refresh, end - 2 * per_refresh, end - per_refresh))
    data = refresh(run_header, records, 150, sent, full=False)
    maps = 6 * (16 * 16 + 8 * 8 + 4 * 4) * 4 / 3  # of one network of 16-pixel pictures
    assert len(json.dumps(data)) + maps <= 8000


def test_everything_sent_is_json_without_nan(header, run):
    data = refresh(header(1), run([1.0, math.nan]), 10, Sent(), full=True)
    data["head"] = head(header(1), 10, [{"label": "a"}], words(str))
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_head_has_the_picture_and_the_number_of_layers(header):
    sent = head(header(2), 500, [{"label": "a"}, {"label": "b"}], {})
    assert sent["bin"] == 3  # 500 steps on 240 columns
    assert sent["networks"] == [{"label": "a", "layers": 3}, {"label": "b", "layers": 3}]
    assert codes(sent["sample"]["pixels"]).reshape(sent["sample"]["shape"])[0, 1].tolist() == [1, 1, 1]


def test_every_word_that_the_scripts_use_comes_from_python():
    scripts = "".join(path.read_text(encoding="utf-8") for path in BROWSER.glob("*.js"))
    used = set(re.findall(r"\bwords\.(\w+)", scripts))
    assert used == set(words(str))


def test_no_script_reads_what_it_was_sent_as_html():
    scripts = "".join(path.read_text(encoding="utf-8") for path in BROWSER.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", scripts)
