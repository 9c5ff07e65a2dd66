"""The lessons: what each asks, what can be predicted, and which prediction the numbers bear out."""
