"""Lesson: contrast has a price.  CLAHE from weak to strong, and three filters over a faint lesion."""
