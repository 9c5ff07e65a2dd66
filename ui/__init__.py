"""The bench: what stands between a lesson and the laboratory. Widgets, caches, words, charts, the visitor's run."""
