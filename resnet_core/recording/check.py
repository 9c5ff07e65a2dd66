"""Whether what is shipped is what its cards say."""

import hashlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from resnet_core.errors import ResNetCoreError
from resnet_core.recorded import load_recorded
from resnet_core.recording.answers import load_answer
from resnet_core.recording.card import Card, load_card
from resnet_core.recording.words import model_card

ASSETS = Path(__file__).parents[2] / "assets"
CLOSE = 0.005  # by which shares may differ between processors


class Finding(NamedTuple):
    """One artefact."""

    file: str  # below assets/
    problem: str  # "" where it is as its card says
    words: str = ""  # what was found


def check_assets(assets: Path = ASSETS) -> Iterator[Finding]:
    """Every recorded run, answer and network, one after the other."""
    for path in sorted((assets / "runs").glob("*.json")):
        yield _checked(path, assets, _run)
    for path in sorted((assets / "answers").glob("*")):
        yield _checked(path, assets, _answer)
    for folder in ("curves", "weights"):
        for path in sorted((assets / folder).glob("*.json")):
            yield _checked(path, assets, _card)
    known = {path.stem for path in (assets / "weights").glob("*.json")}
    for path in sorted((assets / "weights").glob("*.safetensors")):
        if path.stem not in known:
            yield Finding(path.relative_to(assets).as_posix(), "nothing says where it comes from: it has no card")


def _checked(path: Path, assets: Path, look: Callable[[Path], tuple[str, str]]) -> Finding:
    name = path.relative_to(assets).as_posix()
    try:
        problem, words = look(path)
    except ResNetCoreError as found:
        return Finding(name, str(found))
    return Finding(name, problem, words)


def _run(path: Path) -> tuple[str, str]:
    run = load_recorded(path)
    for index, config in enumerate(run.spec.networks):
        last = run.of(index)[-1]
        if last.step < run.spec.training.steps and math.isfinite(last.loss):
            return f"network {index + 1} ({config.layers} layers) ends at step {last.step} for no reason", ""
    return "", f"{len(run.records)} steps, recorded {run.recorded.date}"


def _answer(path: Path) -> tuple[str, str]:
    found = load_answer(path)
    found.record()
    return "", f"the answer of {found.experiment}, recorded {found.date}"


def _card(path: Path) -> tuple[str, str]:
    card = load_card(path)
    if card.name != path.stem:
        return f"it is the card of {card.name}", ""
    if card.looks[-1].step != card.spec.training.steps:
        return f"its curve ends at step {card.looks[-1].step} of {card.spec.training.steps}", ""
    words = f"test error {card.tests[0].error:.1%}, recorded {card.recorded.date}"
    return _weights(card, path) if card.sha256 else "", words


def _weights(card: Card, path: Path) -> str:
    """What is wrong with a card's weights and its page, "" where nothing is."""
    from resnet_core.recording.finish import samples

    page, file = path.with_suffix(".md"), path.with_suffix(".safetensors")
    if not file.is_file():
        return f"{file.name} is missing"
    weights = file.read_bytes()
    if hashlib.sha256(weights).hexdigest() != card.sha256:
        return f"{file.name} is another file than the one that was recorded"
    if not page.is_file() or page.read_text(encoding="utf-8") != model_card(card):
        return f"{page.name} does not say what {path.name} says"
    found = samples(weights, card.tests[-1].size)
    for sample, expected in zip(found, card.samples, strict=True):
        differences = [abs(a - b) for a, b in zip(sample.shares, expected.shares, strict=True)]
        if sample.picture != expected.picture or max(differences) > CLOSE:
            return f"of {expected.picture} it says {sample.shares}, and the card {expected.shares}"
    return ""
