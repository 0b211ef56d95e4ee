"""Lesson: the label in the corner.  A classifier reads the mark, or the hospital, until the recipe takes it away."""
