"""Every address of the app: its pages, and the parts of those that have several."""

PAGES = (
    "start",
    "train",
    "runs",
    "board",
    "gradients",
    "maps",
    "cost",
    "depth",
    "residual",
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
    "gradients": ("profile", "table", "trained", "growth", "formula", "paths", "shattered"),
    "maps": ("maps", "reasons", "filters", "field", "attributions"),
    "cost": ("count", "pixels", "time"),
    "depth": ("lesson", "degradation", "construction", "identity"),
    "residual": ("responses", "preconditioning"),
    "shortcuts": ("shortcut_options", "shortcut_kinds"),
    "batchnorm": ("norm_activations", "norm_rates", "norm_batches", "covariate_shift"),
    "beyond": ("cardinality", "pyramid"),
}
