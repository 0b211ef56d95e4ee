"""Lesson: the mean image, and what becomes of an edge when each pixel is divided by its own spread."""
