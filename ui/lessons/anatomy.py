"""Lesson 3: which path through a residual block carries more?"""

from resnet_core import BlockAnatomy
from ui import cache, lesson, networks, pictures
from ui.charts.verdicts.anatomy import larger_path
from ui.lesson import Lesson
from ui.sections import block_anatomy
from ui.text import say

BLOCK = "stages.1.1"  # an identity block in the middle
SAMPLE = "cat"


def draw() -> None:
    """Draw the lesson."""
    lesson.draw(
        Lesson(
            name="anatomy",
            options={
                "shortcut": say("The shortcut carries more: F(x) is a correction to x."),
                "same": say("Both carry about as much."),
                "branch": say("The branch carries more: most of the output is F(x)."),
            },
            judge=judge,
            figures=block_anatomy.figures,
            measure=_measure,
        )
    )


def judge(record: BlockAnatomy) -> str:
    """By the L2 norms of both paths, as in `anatomy_verdict`: within a factor 1.5 they carry about as much."""
    return larger_path(record)


def _measure() -> BlockAnatomy:
    """A block of the network that is taken where nobody chooses another, for a sample picture."""
    source = networks.usual()
    return cache.block_anatomy(source, pictures.sample(SAMPLE), networks.usual_size(source), BLOCK)
