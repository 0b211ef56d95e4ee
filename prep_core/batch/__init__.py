"""Many scans through one recipe, or into one fit: by any engine, with the same bytes by each."""

from prep_core.batch.apply_all import apply_all
from prep_core.batch.aside import FolderError
from prep_core.batch.found import Found, Open, Read, loaded, parts_in, paths_in
from prep_core.batch.listed import rows_of, training_scans
from prep_core.batch.outcome import Outcome
from prep_core.batch.part import Part, path_of
from prep_core.batch.result import Result, process, sidecar_name
from prep_core.batch.training_files import Row, TrainingFiles, Unreadable

__all__ = [
    "FolderError",
    "Found",
    "Open",
    "Outcome",
    "Part",
    "Read",
    "Result",
    "Row",
    "TrainingFiles",
    "Unreadable",
    "apply_all",
    "loaded",
    "parts_in",
    "path_of",
    "paths_in",
    "process",
    "rows_of",
    "sidecar_name",
    "training_scans",
]
