from .answers import Answers
from .errors import AxesNeeded, FormNeeded, Part, PartNeeded, Question, ReadError
from .files import Content, Series
from .folder_parts import parts_of
from .guarded.reader import GuardedReader, ReaderFault
from .guarded.shared import Guarded
from .large.large_scan import LargeScan, open_in_parts
from .large.opened import digest_of_file
from .limits import Limits
from .names import distinct, is_candidate
from .raw_form import RawForm
from .reading import divide, is_slice, load
from .segment import SHARED_FROM, Segment
from .write import FORMATS, encode, write_atomic
from .zarr.store import is_store

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
