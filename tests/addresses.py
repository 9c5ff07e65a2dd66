"""Every address of the app: its pages, and the parts of those that have several."""

PAGES = (
    "start",
    "train",
    "runs",
    "board",
    "build",
    "glossary",
    "gradients",
    "maps",
    "depth",
    "residual",
    "anatomy",
    "network",
    "shortcuts",
    "blocks",
    "batchnorm",
    "surface",
    "lesions",
    "beyond",
)
PATHS = ("", *PAGES[1:])
# The first part of a page is what its address without a part shows.
PARTS = {
    "gradients": ("lesson", "profile", "table", "trained", "growth", "formula", "paths", "shattered"),
    "maps": ("lesson", "maps", "arithmetic", "reasons", "filters", "field", "attributions"),
    "depth": ("lesson", "degradation", "construction", "identity", "recorded"),
    "residual": ("lesson", "responses", "preconditioning"),
    "anatomy": ("lesson", "paths"),
    "network": ("lesson", "drawing"),
    "shortcuts": ("lesson", "shortcut_options", "shortcut_kinds", "pixels", "count"),
    "blocks": ("lesson", "contest", "time"),
    "batchnorm": ("lesson", "norm_activations", "norm_rates", "norm_batches", "covariate_shift"),
    "surface": ("lesson", "slice"),
    "lesions": ("lesson", "cuts"),
    "beyond": ("lesson", "cardinality", "pyramid"),
}
