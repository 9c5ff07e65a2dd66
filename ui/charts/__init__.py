"""Records in, Plotly figures and sentences out. No Streamlit, no torch, no state, no other room of `ui`.

Every function takes `say`, which translates a text before its {names} are filled in.
"""

from ui.charts.block_paths import anatomy, anatomy_alt
from ui.charts.board import board_alt, board_chart, board_table
from ui.charts.costs import conv_name, cost_alt, cost_bars, cost_table, reduction_alt, reduction_bars
from ui.charts.curves import accuracy_curves, curves_alt, loss_curves, training_table
from ui.charts.gradients import block_in_words, gradient_alt, gradient_profile, gradient_table, profile_limits
from ui.charts.heatmaps import gradient_heatmap, heatmap_alt
from ui.charts.labels import layer_label, network_label, network_labels, plain_number
from ui.charts.maps import map_limits, maps_alt, maps_montage
from ui.charts.overlay import OverlaidRun, letter, overlay, overlay_alt, overlay_table
from ui.charts.runs import Course, courses
from ui.charts.scores import class_scores, scores_alt
from ui.charts.settings import data_name, network_settings, recipe_settings, run_label, settings_table
from ui.charts.theme import CONFIG, Figure, network_style, network_styles
from ui.charts.timing import macs_vs_ms, timing_alt, timing_table
from ui.charts.two_by_two import two_by_two, two_by_two_alt
from ui.charts.verdicts import (
    anatomy_verdict,
    board_verdict,
    cost_verdict,
    difference_verdict,
    gradient_verdict,
    overlay_verdict,
    stage_verdict,
    timing_verdict,
    total_verdict,
    training_verdict,
    two_by_two_verdict,
)

__all__ = [
    "CONFIG",
    "Course",
    "Figure",
    "OverlaidRun",
    "accuracy_curves",
    "anatomy",
    "anatomy_alt",
    "anatomy_verdict",
    "block_in_words",
    "board_alt",
    "board_chart",
    "board_table",
    "board_verdict",
    "class_scores",
    "conv_name",
    "cost_alt",
    "cost_bars",
    "cost_table",
    "cost_verdict",
    "courses",
    "curves_alt",
    "data_name",
    "difference_verdict",
    "gradient_alt",
    "gradient_heatmap",
    "gradient_profile",
    "gradient_table",
    "gradient_verdict",
    "heatmap_alt",
    "layer_label",
    "letter",
    "loss_curves",
    "macs_vs_ms",
    "map_limits",
    "maps_alt",
    "maps_montage",
    "network_label",
    "network_labels",
    "network_settings",
    "network_style",
    "network_styles",
    "overlay",
    "overlay_alt",
    "overlay_table",
    "overlay_verdict",
    "plain_number",
    "profile_limits",
    "recipe_settings",
    "reduction_alt",
    "reduction_bars",
    "run_label",
    "scores_alt",
    "settings_table",
    "stage_verdict",
    "timing_alt",
    "timing_table",
    "timing_verdict",
    "total_verdict",
    "training_table",
    "training_verdict",
    "two_by_two",
    "two_by_two_alt",
    "two_by_two_verdict",
]
