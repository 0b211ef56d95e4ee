"""Figures that say what a step did: before and after, against a truth, and what a network would see."""
