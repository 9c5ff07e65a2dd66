import subprocess
import sys
from pathlib import Path

import torch
from torch import nn

from resnet_core.layers import Convolution

ROOT = Path(__file__).parents[2]
SIXTY_BACKWARD_PASSES = """
import torch
from resnet_core.layers import Convolution
torch.set_num_threads(1)
layer = Convolution(4, 8, 1, stride=2, bias=False).to(memory_format=torch.channels_last)
torch.nn.init.ones_(layer.weight)
for _ in range(60):
    x = torch.randn(16, 4, 8, 8).contiguous(memory_format=torch.channels_last).requires_grad_()
    layer(x).square().sum().backward()
    assert torch.isfinite(x.grad).all()
"""


def test_narrow_strided_1x1_convolutions_do_not_write_outside_their_memory():
    """PyTorch's own layer ends such a process with "corrupted double-linked list"."""
    ended = subprocess.run([sys.executable, "-c", SIXTY_BACKWARD_PASSES], cwd=ROOT, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_result_and_its_gradients_are_those_of_pytorchs_own_layer():
    ours = Convolution(32, 64, 1, stride=2, bias=True)
    reference = nn.Conv2d(32, 64, 1, stride=2, bias=True)
    ours.load_state_dict(reference.state_dict())
    x = torch.randn(4, 32, 9, 9)
    first, second = x.clone().requires_grad_(), x.clone().requires_grad_()
    one, other = ours(first), reference(second)
    one.square().sum().backward()
    other.square().sum().backward()
    assert one.shape == other.shape == (4, 64, 5, 5)
    for mine, theirs in ((one, other), (first.grad, second.grad), (ours.weight.grad, reference.weight.grad)):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-4)
