"""Lesson: thirteen bands.  Scaling each by itself, what it does to NDVI, and ImageNet's numbers on satellite data."""
