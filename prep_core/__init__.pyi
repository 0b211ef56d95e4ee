from . import io as io
from .batch import training_scans
from .cohort import read_list
from .inspection import inspect
from .io import load
from .lock.verifying import verify
from .recipe import Recipe
from .run import apply, fit, trace
from .scan import Scan
from .suggesting import suggest

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
