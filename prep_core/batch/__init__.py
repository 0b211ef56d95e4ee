"""Many scans through one recipe, or into one fit: by any engine, with the same bytes by each."""

from prep_core.batch.apply_all import Outcome, apply_all
from prep_core.batch.found import Found, Read, loaded, parts_in
from prep_core.batch.result import Result, process, sidecar_name
from prep_core.batch.training_files import TrainingFiles, Unreadable

__all__ = [
    "Found",
    "Outcome",
    "Read",
    "Result",
    "TrainingFiles",
    "Unreadable",
    "apply_all",
    "loaded",
    "parts_in",
    "process",
    "sidecar_name",
]
