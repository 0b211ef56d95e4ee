"""Lesson: each case its own normalisation, or one reference for all."""
