"""The sentence under each figure: computed from the record, with a branch for "no clear difference"."""

from ui.charts.verdicts.anatomy import anatomy_verdict
from ui.charts.verdicts.board import board_verdict
from ui.charts.verdicts.costs import cost_verdict, stage_verdict, timing_verdict, total_verdict
from ui.charts.verdicts.gradients import gradient_verdict
from ui.charts.verdicts.overlay import difference_verdict, overlay_verdict
from ui.charts.verdicts.training import training_verdict, two_by_two_verdict

__all__ = [
    "anatomy_verdict",
    "board_verdict",
    "cost_verdict",
    "difference_verdict",
    "gradient_verdict",
    "overlay_verdict",
    "stage_verdict",
    "timing_verdict",
    "total_verdict",
    "training_verdict",
    "two_by_two_verdict",
]
