"""The bench: what stands between a lesson and the laboratory. Widgets, caches, words, charts, the visitor's run."""

VERSION = "0.6.0"  # as in pyproject.toml, which is not installed with the app
