"""The parts of a residual block and their colours: the same in formulas, in figures and in the network drawing."""

from typing import Literal

from ui.charts import theme

Scheme = Literal["light", "dark"]

# The keys are the macros of the formulas. A block in resnet_core/blocks.py has them as its taps skip, branch and sum.
ROLES = {
    "shortcut": theme.RESIDUAL,  # blue, as is every network that has shortcuts
    "branch": theme.BAR,  # green
    "total": theme.SECOND_BAR,  # purple: what the two add up to
}
ON_SHORTCUT = "#64B5E6"  # light blue: what stands on a shortcut and is no identity
IN_BRANCH = "#7FD0B8"  # light green: the smaller convolutions of a branch


def letters(role: str, scheme: Scheme) -> str:
    """The colour of a role in words and formulas."""
    return theme.LETTERS[ROLES[role]][scheme == "dark"]


def spoken(words: str, role: str) -> str:
    """Words of a figure in the colour of a role. `theme.inked` gives them the shade for the visitor's ground."""
    return f'<span style="color:{ROLES[role]}">{words}</span>'
