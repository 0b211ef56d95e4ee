"""Lesson: millimetres.  A ball whose place is known, resampled in five ways; labels by three interpolations."""
