"""Instruments that read a network without changing it. They know nn.Module, never our ResNet."""

from resnet_core.probes.activations import ResponseMeter, response_layers
from resnet_core.probes.costs import count_costs
from resnet_core.probes.gradients import GradientMeter, conv_layers, gradient_norms
from resnet_core.probes.receptive_field import receptive_field, receptive_fields
from resnet_core.probes.residual import PathMeter, residual_blocks
from resnet_core.probes.shapes import layer_shapes
from resnet_core.probes.tape import Tape, record

__all__ = [
    "GradientMeter",
    "PathMeter",
    "ResponseMeter",
    "Tape",
    "conv_layers",
    "count_costs",
    "gradient_norms",
    "layer_shapes",
    "receptive_field",
    "receptive_fields",
    "record",
    "residual_blocks",
    "response_layers",
]
