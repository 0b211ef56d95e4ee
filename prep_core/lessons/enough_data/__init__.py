"""Lesson: is my data set enough?  What it counts for, what a threshold found on it is worth, and what weights do."""
