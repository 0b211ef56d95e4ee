"""Lesson: augmentations that lie.  Three checks, and what each of them cannot see."""
