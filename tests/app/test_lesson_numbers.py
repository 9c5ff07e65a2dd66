"""What a question says in numbers is what its experiment is asked, and what its judge goes by."""

import re

import pytest

from resnet_core import preset
from resnet_core.questions.beyond import WideQuestion
from resnet_core.questions.depth import DegradationQuestion
from resnet_core.questions.gradients import GradientTableQuestion
from resnet_core.questions.lesions import LesionsQuestion
from resnet_core.questions.norm import NormRatesQuestion
from resnet_core.questions.responses import ResponsesQuestion
from resnet_core.questions.shortcuts import ShortcutKindsQuestion
from resnet_core.questions.surface import LossSurfaceQuestion
from ui import recordings
from ui.charts import switch_table
from ui.charts.verdicts import norm_rates, surface
from ui.text import TEXTS

WIDE = WideQuestion()
RATES = NormRatesQuestion().rates
SHOWN = {
    "depth": [f"networks of {DegradationQuestion().depths[0]} to {DegradationQuestion().depths[-1]} layers"],
    "residual": [
        f"The {len(ResponsesQuestion().networks)} small networks",
        *(f"of {network.layers} " for network in ResponsesQuestion().networks),
        f"network with {max(network.layers for network in ResponsesQuestion().networks)} layers",
    ],
    "shortcuts": [f"network of {ShortcutKindsQuestion().network.layers} layers"],
    "gradients": ["The 8 networks", f"{max(GradientTableQuestion().depths)} layers", "at 1/100 or less", "at 100 or"],
    "batchnorm": [f"with {len(RATES)} learning rates, from {RATES[0]:g} to {RATES[-1]:g},", f"of the {len(RATES)} "],
    "surface": [f"network of {LossSurfaceQuestion().networks[0].layers} layers", f"at least {surface.CLEAR} times"],
    "lesions": [f"Two networks of {LesionsQuestion().networks[0].layers} layers"],
    "beyond": [f"The {len(WIDE.depths)} residual networks of this lesson, of {WIDE.depths[0]} to {WIDE.depths[-1]} "],
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_question_is_filled_in_with_the_numbers_of_its_experiment(open_app, name):
    said = " ".join(re.sub(r"<[^>]+>", "", text.value) for text in open_app(name).main.markdown)
    assert not re.search(r"{\w+}", said)
    assert [words for words in SHOWN[name] if words not in " ".join(said.split())] == []


def written(name, words):
    assert words in " ".join((TEXTS / "en" / f"{name}.md").read_text().split())


def test_numbers_that_are_written_out_are_those_of_the_experiments_and_their_judges():
    widths = [name.split(" · ")[1] for name in recordings.record("wide", WIDE).names]
    written("beyond/question", f"{widths[0]} channels in the first stage of the shallowest, {widths[-1]} in that of")
    written("beyond/disputed", {3: "three starts"}[WIDE.seeds])
    written("batchnorm/question", {0.75: "three quarters of the loss of guessing"}[norm_rates.TRAINS])
    written("batchnorm/question", {2: "A difference of two rates or more"}[norm_rates.CLEAR])
    assert (switch_table.VANISHES, switch_table.EXPLODES) == (1 / 100, 100)  # "a hundredth", "a hundred times"
    assert [network.is_plain for network in LossSurfaceQuestion().networks] == [True, False]
    written("network/question", f"{preset('resnet18').depths[0]}".replace("2", "two blocks in each stage"))
    written("network/question", ", ".join(map(str, preset("resnet18").widths)))
    assert len(set(preset("resnet18").depths)) == 1
