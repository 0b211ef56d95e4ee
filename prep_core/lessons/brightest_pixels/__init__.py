"""Lesson: why a network that is trained on linear intensities learns only the brightest pixels."""
