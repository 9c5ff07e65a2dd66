"""A residual network to take apart: build it, train it, probe it. It knows nothing of any user interface.

Names are loaded when first used, so that asking for a config does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_core.archive import pack_run
    from resnet_core.checkpoints import load_checkpoint, save_weights
    from resnet_core.commands.again import train_command
    from resnet_core.config import (
        BlockKind,
        InitKind,
        NormKind,
        ResNetConfig,
        ShortcutKind,
        StemKind,
        Version,
        ZeroPadding,
    )
    from resnet_core.data import DataSet, load_data
    from resnet_core.datasets.packed import pack_folder
    from resnet_core.engine import close_engine, get_engine
    from resnet_core.engine.jobs import Inquiry, OwnedRun
    from resnet_core.errors import (
        CheckpointError,
        ConfigError,
        DataError,
        EngineError,
        ProbeError,
        QueueFull,
        ResNetCoreError,
        Sentence,
        StoreError,
    )
    from resnet_core.experiment_words import experiment_command
    from resnet_core.experiments.arithmetic import arithmetic_layers, by_hand, convolve, layer_arithmetic
    from resnet_core.experiments.costs import bottleneck_costs, cost_report, time_convolutions
    from resnet_core.experiments.gradients import gradient_flow
    from resnet_core.experiments.odd_shortcuts import ExclusiveBlock, GatedBlock, HalfBlock
    from resnet_core.experiments.pictures import block_anatomy, picture_report
    from resnet_core.experiments.reasons import picture_reasons
    from resnet_core.export.literal import literal
    from resnet_core.export.pack import pack_experiment
    from resnet_core.export.standalone import standalone_code
    from resnet_core.images import IMAGENET_MEAN, IMAGENET_STD, read_picture
    from resnet_core.model import ResNet, build_model
    from resnet_core.official import OFFICIAL, fetch_official, imagenet_classes, official_file
    from resnet_core.onnx_file import onnx_bytes
    from resnet_core.presets import cifar, plain_twin, preset, preset_names
    from resnet_core.probes.distributions import percentiles
    from resnet_core.probes.line_of_gradient import walk_down
    from resnet_core.probes.noise import NoisyNorms
    from resnet_core.probes.norm_statistics import StatisticsMeter, batch_statistics
    from resnet_core.probes.shift import layer_shift
    from resnet_core.races import race
    from resnet_core.recipe import DataConfig, DataName, OptimiserKind, RunSpec, ScheduleKind, TrainConfig
    from resnet_core.recorded import RecordedRun, load_recorded, save_recorded
    from resnet_core.recording.answers import RecordedAnswer, load_answers
    from resnet_core.recording.card import Card, load_card
    from resnet_core.recording.depths import recorded_depths
    from resnet_core.records import (
        ENDED,
        BlockAnatomy,
        ConvCost,
        CostReport,
        GradientReport,
        LayerMaps,
        LayerTime,
        PictureReasons,
        PictureReport,
        RunHeader,
        RunRecord,
        RunResult,
        RunUpdate,
        StepRecord,
    )
    from resnet_core.samples import edge_pattern, sample_pictures
    from resnet_core.shipped import shipped_networks, shipped_weights
    from resnet_core.store import close_store, get_boards, get_store
    from resnet_core.store.kept import Board, BoardEntry, KeptRun
    from resnet_core.store.task import ClassTask, Seat
    from resnet_core.summary import NetworkSummary, summarise
    from resnet_core.training import TrainingRun, train, train_together

_HOMES = {
    "resnet_core.archive": ("pack_run",),
    "resnet_core.checkpoints": ("load_checkpoint", "save_weights"),
    "resnet_core.commands.again": ("train_command",),
    "resnet_core.config": (
        "BlockKind",
        "InitKind",
        "NormKind",
        "ResNetConfig",
        "ShortcutKind",
        "StemKind",
        "Version",
        "ZeroPadding",
    ),
    "resnet_core.data": ("DataSet", "load_data"),
    "resnet_core.datasets.packed": ("pack_folder",),
    "resnet_core.engine": ("close_engine", "get_engine"),
    "resnet_core.engine.jobs": ("Inquiry", "OwnedRun"),
    "resnet_core.errors": (
        "CheckpointError",
        "ConfigError",
        "DataError",
        "EngineError",
        "ProbeError",
        "QueueFull",
        "ResNetCoreError",
        "Sentence",
        "StoreError",
    ),
    "resnet_core.experiment_words": ("experiment_command",),
    "resnet_core.experiments.arithmetic": ("arithmetic_layers", "by_hand", "convolve", "layer_arithmetic"),
    "resnet_core.experiments.costs": ("bottleneck_costs", "cost_report", "time_convolutions"),
    "resnet_core.experiments.gradients": ("gradient_flow",),
    "resnet_core.experiments.odd_shortcuts": ("ExclusiveBlock", "GatedBlock", "HalfBlock"),
    "resnet_core.experiments.pictures": ("block_anatomy", "picture_report"),
    "resnet_core.experiments.reasons": ("picture_reasons",),
    "resnet_core.export.literal": ("literal",),
    "resnet_core.onnx_file": ("onnx_bytes",),
    "resnet_core.export.pack": ("pack_experiment",),
    "resnet_core.export.standalone": ("standalone_code",),
    "resnet_core.images": ("IMAGENET_MEAN", "IMAGENET_STD", "read_picture"),
    "resnet_core.model": ("ResNet", "build_model"),
    "resnet_core.official": (
        "OFFICIAL",
        "fetch_official",
        "imagenet_classes",
        "official_file",
    ),
    "resnet_core.presets": (
        "cifar",
        "plain_twin",
        "preset",
        "preset_names",
    ),
    "resnet_core.probes.distributions": ("percentiles",),
    "resnet_core.probes.line_of_gradient": ("walk_down",),
    "resnet_core.probes.noise": ("NoisyNorms",),
    "resnet_core.probes.norm_statistics": ("StatisticsMeter", "batch_statistics"),
    "resnet_core.probes.shift": ("layer_shift",),
    "resnet_core.races": ("race",),
    "resnet_core.recipe": (
        "DataConfig",
        "DataName",
        "OptimiserKind",
        "RunSpec",
        "ScheduleKind",
        "TrainConfig",
    ),
    "resnet_core.recorded": ("RecordedRun", "load_recorded", "save_recorded"),
    "resnet_core.recording.answers": ("RecordedAnswer", "load_answers"),
    "resnet_core.recording.card": ("Card", "load_card"),
    "resnet_core.recording.depths": ("recorded_depths",),
    "resnet_core.records": (
        "ENDED",
        "BlockAnatomy",
        "ConvCost",
        "CostReport",
        "GradientReport",
        "LayerMaps",
        "LayerTime",
        "PictureReasons",
        "PictureReport",
        "RunHeader",
        "RunRecord",
        "RunResult",
        "RunUpdate",
        "StepRecord",
    ),
    "resnet_core.samples": ("edge_pattern", "sample_pictures"),
    "resnet_core.shipped": ("shipped_networks", "shipped_weights"),
    "resnet_core.store": ("close_store", "get_boards", "get_store"),
    "resnet_core.store.kept": ("Board", "BoardEntry", "KeptRun"),
    "resnet_core.store.task": ("ClassTask", "Seat"),
    "resnet_core.summary": ("NetworkSummary", "summarise"),
    "resnet_core.training": ("TrainingRun", "train", "train_together"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # pyright: ignore[reportUnsupportedDunderAll] - the names stand in _HOMES


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'resnet_core' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME_OF[name]), name)
    return value
