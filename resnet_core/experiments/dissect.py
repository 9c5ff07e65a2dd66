"""Shipped networks taken apart on the pictures that they were tested on: lesions, and the responses of every layer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch

from resnet_core.data import DataSet
from resnet_core.errors import ConfigError
from resnet_core.experiments.lesions import blank, cut_apart, with_training
from resnet_core.experiments.operations import draw_operations
from resnet_core.experiments.responses import look, nothing_yet
from resnet_core.model import ResNet, build_model
from resnet_core.questions.lesions import LesionsQuestion
from resnet_core.questions.responses import ResponsesQuestion
from resnet_core.recording.card import Card
from resnet_core.records.lesions import Lesions
from resnet_core.records.responses import NetworkResponses, ResponsesReport

IMAGES = {"lesions": 1000, "responses": 256}  # test pictures


class Shipped(NamedTuple):
    """A trained network with its card."""

    model: ResNet
    card: Card


def dissect(experiment: str, networks: Sequence[Shipped], data: DataSet) -> tuple[object, object]:
    """The question that an experiment would have been asked, and what it finds without training anything.

    Raises:
        ConfigError: the experiment is not one of these two, or the networks were not trained alike.
    """
    if experiment not in IMAGES:
        raise ConfigError(
            "{name!r} cannot be asked of trained networks. Choose from {names}.",
            name=experiment,
            names=", ".join(IMAGES),
        )
    spec = networks[0].card.spec
    for one in networks:
        if (one.card.spec.training, one.card.spec.data) != (spec.training, spec.data):
            raise ConfigError(
                "{one} and {other} were trained with other settings. Those of one record must have the same.",
                one=networks[0].card.name,
                other=one.card.name,
            )
    configs = tuple(one.model.config for one in networks)
    images = min(IMAGES[experiment], len(data.test_labels))
    data = _every_few(data, images)
    if experiment == "lesions":
        question = LesionsQuestion(networks=configs, data=spec.data, training=spec.training, images=images)
        return question, _lesions(question, networks, data)
    asked = ResponsesQuestion(
        networks=configs, data=spec.data, training=spec.training, steps=spec.training.steps, looks=1, images=images
    )
    return asked, _responses(asked, networks, data)


def _every_few(data: DataSet, images: int) -> DataSet:
    """So many test pictures, evenly from first to last: an archive may hold one class after the other."""
    chosen = torch.arange(images) * len(data.test_labels) // images
    return replace(data, test_images=data.test_images[chosen], test_labels=data.test_labels[chosen])


def _lesions(question: LesionsQuestion, networks: Sequence[Shipped], data: DataSet) -> Lesions:
    operations = draw_operations(question.networks[0], question.draws, question.seed)
    record = blank(len(networks), question.draws, operations, len(data.classes))
    for index, one in enumerate(networks):
        record = with_training(record, index, [one.card.looks[-1].train_loss])
        *_, (_, record) = cut_apart(record, index, one.model.eval(), data, question.images, operations)
    return record


def _responses(question: ResponsesQuestion, networks: Sequence[Shipped], data: DataSet) -> ResponsesReport:
    """Before the first step, made again from the seed, and after the last one."""
    found: list[NetworkResponses] = []
    images, labels = data.test_images[: question.images], data.test_labels[: question.images]
    for one in networks:
        fresh = build_model(one.model.config, question.training.seed)
        found.append(nothing_yet(fresh, 2))
        for row, model in enumerate((fresh, one.model)):
            look(model.train(), images, labels, found[-1], row)
    return ResponsesReport(tuple(found), (0, question.steps))
