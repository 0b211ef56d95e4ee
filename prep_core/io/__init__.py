"""Bytes or paths to scans, and back: readers chosen by content, writers with the same bytes every time."""

from prep_core.io.answers import Answers
from prep_core.io.errors import AxesNeeded, FormNeeded, Part, PartNeeded, Question, ReadError
from prep_core.io.files import Content, Series
from prep_core.io.folder_parts import parts_of
from prep_core.io.guarded.reader import SHARED_FROM, GuardedReader, ReaderFault
from prep_core.io.guarded.shared import Guarded
from prep_core.io.large.large_scan import LargeScan, open_in_parts
from prep_core.io.large.opened import digest_of_file
from prep_core.io.limits import Limits
from prep_core.io.names import distinct, is_candidate
from prep_core.io.raw_form import RawForm
from prep_core.io.reading import divide, is_slice, load
from prep_core.io.segment import Segment
from prep_core.io.write import FORMATS, encode, write_atomic
from prep_core.io.zarr.store import is_store

__all__ = [
    "FORMATS",
    "SHARED_FROM",
    "Answers",
    "AxesNeeded",
    "Content",
    "FormNeeded",
    "Guarded",
    "GuardedReader",
    "LargeScan",
    "Limits",
    "Part",
    "PartNeeded",
    "Question",
    "RawForm",
    "ReadError",
    "ReaderFault",
    "Segment",
    "Series",
    "digest_of_file",
    "distinct",
    "divide",
    "encode",
    "is_candidate",
    "is_slice",
    "is_store",
    "load",
    "open_in_parts",
    "parts_of",
    "write_atomic",
]
