"""Lesson: patches that show nothing but background, and what a scale of their own makes of them."""
