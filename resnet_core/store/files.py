"""A run as files by name, the same in a folder of the store and in the zip that a visitor takes home."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from resnet_core.errors import ConfigError
from resnet_core.recipe import RunSpec, build
from resnet_core.records import RunResult
from resnet_core.store.about import About
from resnet_core.store.flaws import Flaw
from resnet_core.store.strict_json import read_json
from resnet_core.summary import summarise

SPEC, ABOUT, METRICS = "spec.json", "run.json", "metrics.parquet"
MAX_SPEC_BYTES = 100_000
MAX_MILESTONES = 1000


def weights_name(network: int) -> str:
    """The file of network 0 is network-1.safetensors."""
    return f"network-{network + 1}.safetensors"


def files_of(
    spec: RunSpec, result: RunResult, *, owner: str = "", name: str = "", created: float = 0.0, imported: bool = False
) -> tuple[About, dict[str, bytes]]:
    """A run's files, run.json last, and what that one says.

    Raises:
        Flaw: header, steps and weights do not belong together.
    """
    from resnet_core.store.metrics import write_metrics

    check_result(spec, result)
    contents = {SPEC: spec_to_json(spec), METRICS: write_metrics(result.records)}
    contents |= {weights_name(index): weights for index, weights in enumerate(result.weights)}
    about = About(
        owner=owner,
        name=name,
        created=created,
        imported=imported,
        state=result.state,
        seconds=result.seconds,
        header=result.header,
        summaries=summarise(result.records, len(spec.networks)),
        files={name: (len(content), digest(content)) for name, content in contents.items()},
    )
    return about, contents | {ABOUT: about.to_json()}


def result_of(spec: RunSpec, about: About, contents: Mapping[str, bytes]) -> RunResult:
    """The run in checked files.

    Raises:
        Flaw: a file is missing or cannot be read, or they do not belong together.
    """
    from resnet_core.store.metrics import read_metrics

    names = [weights_name(index) for index in range(len(spec.networks))]
    weights = tuple(contents[name] for name in names if name in contents)
    if METRICS not in contents:
        raise Flaw(f"{METRICS} is missing")
    try:
        records = read_metrics(contents[METRICS])
    except Flaw as flaw:
        raise Flaw(f"{METRICS}: {flaw}") from None
    result = RunResult(about.header, records, weights, about.state, about.seconds)
    check_result(spec, result)
    return result


def without_place(spec: RunSpec) -> RunSpec:
    """The settings without where the pictures lie: that says something about the machine and nothing about the run."""
    return replace(spec, data=replace(spec.data, path=""))


def spec_to_json(spec: RunSpec) -> bytes:
    """spec.json: every setting."""
    return (json.dumps(json.loads(without_place(spec).to_json()), indent=2) + "\n").encode()


def spec_from_json(content: bytes) -> RunSpec:
    """Read spec.json, trusting none of it.

    Raises:
        Flaw: it is not JSON, or says what no run can be made of.
    """
    found = read_json(content, MAX_SPEC_BYTES)
    try:
        spec = without_place(build(RunSpec, found))
    except ConfigError as problem:
        text = str(problem)
        raise Flaw(text if len(text) <= 300 else text[:297] + "...") from None
    if len(spec.training.milestones) > MAX_MILESTONES:
        raise Flaw(f"it has {len(spec.training.milestones)} milestones and may have {MAX_MILESTONES}")
    return spec


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def check_result(spec: RunSpec, result: RunResult) -> None:
    """Refuse a result whose parts do not line up with each other and with `spec`.

    Raises:
        Flaw: they do not.
    """
    headers = result.header.networks
    if len(headers) != len(spec.networks):
        raise Flaw(f"there are {len(headers)} headers for {len(spec.networks)} networks")
    if len(result.weights) not in (0, len(headers)):
        raise Flaw(f"there are weights of {len(result.weights)} of {len(headers)} networks")
    sizes = [(len(header.layers), len(header.blocks), len(header.map_layers)) for header in headers]
    for network, record in result.records:
        if not 0 <= network < len(headers):
            raise Flaw(f"there is a step of network {network + 1} of {len(headers)}")
        layers, blocks, maps = sizes[network]
        look = record.inspection
        fits = record.gradients.shape == (layers,)
        if look is not None:
            fits = fits and look.response_mean.shape == look.response_std.shape == (layers,)
            fits = fits and look.skip_gradient.shape == look.branch_gradient.shape == (blocks,)
            fits = fits and len(look.maps) == maps and all(each.ndim == 3 for each in look.maps)
        if not fits:
            raise Flaw(f"what step {record.step} of network {network + 1} holds does not fit its layers")
