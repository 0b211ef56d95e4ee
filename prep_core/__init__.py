"""Preprocessing for medical and scientific images: measured, written down as a recipe, replayed exactly."""

from prep_core.batch import training_scans
from prep_core.cohort import read_list
from prep_core.inspection import inspect
from prep_core.io import load
from prep_core.lock.verifying import verify
from prep_core.recipe import Recipe
from prep_core.run import apply, fit, trace
from prep_core.scan import Scan
from prep_core.suggesting import suggest

__all__ = [
    "Recipe",
    "Scan",
    "apply",
    "fit",
    "inspect",
    "load",
    "read_list",
    "suggest",
    "trace",
    "training_scans",
    "verify",
]
