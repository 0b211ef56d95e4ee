"""Scans, requests and errors between two processes: a JSON header, then the raw bytes of every array.

Nothing that arrives can choose what is run: a header names classes of one closed table, and anything else is refused.
"""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from io import BufferedReader, BufferedWriter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.io.answers import Answers
from prep_core.io.errors import AxesNeeded, FormNeeded, Part, PartNeeded, Question, ReadError
from prep_core.io.files import Content, Series
from prep_core.io.large.opening import Outline
from prep_core.io.limits import Limits
from prep_core.io.names import shown
from prep_core.io.raw_form import RawForm
from prep_core.io.segment import Segment
from prep_core.scan import Finding, Scan, Source

PREFIX = struct.Struct("<4sQ")
MAGIC = b"prep"
LONGEST_HEADER = 1 << 26
READY = "ready"
BEGUN = "begun"
TOO_MUCH_MEMORY = "too much memory"
ANY_SIZE = 1 << 62

Buffer = bytes | NDArray[Any]


class WireError(ValueError):
    """What arrived is no message: the other side is broken."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the other process is to read: `source` is an absolute path, a series, bytes, or names and bytes.

    With `in_parts` only what is to be read in parts is asked for; with `part`, the scan that was the answer, the
    `region` of it: where it starts and stops along each axis.
    """

    source: str | Content | Mapping[str, Content] | Series
    name: str | None
    answers: Answers
    limits: Limits
    in_parts: bool = False
    part: Scan | None = None
    region: tuple[tuple[int, int], ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Those in `source`, each once."""
        values = self.source.values() if isinstance(self.source, Mapping) else (self.source,)
        return tuple(dict.fromkeys(value for value in values if isinstance(value, Segment)))

    @property
    def shown(self) -> str:
        """How the source is called in a sentence."""
        if isinstance(self.source, Series):
            return shown(self.source.name)
        return shown(self.source if isinstance(self.source, str) else self.name or "scan")


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake of this program, not of a file: the type of the exception, and the lines of ours it went through.

    Its words are left out: they can hold what stands in the file.
    """

    kind: str
    where: tuple[str, ...]

    @classmethod
    def of(cls, fault: Exception) -> Self:
        """From an exception that was caught."""
        lines, step = [], fault.__traceback__
        while step is not None:
            module = str(step.tb_frame.f_globals.get("__name__", ""))
            lines += [f"{module}:{step.tb_lineno}"] if module.startswith("prep_core.") else []
            step = step.tb_next
        return cls(type(fault).__name__, tuple(lines))


RECORDS: Mapping[str, type[Any]] = {
    cls.__name__: cls
    for cls in (Answers, Fault, Finding, Limits, Outline, Part, RawForm, Request, Scan, Series, Source)
}
ERRORS: Mapping[str, type[ReadError]] = {
    cls.__name__: cls for cls in (ReadError, Question, AxesNeeded, PartNeeded, FormNeeded)
}


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What goes beside the JSON of a message: bytes behind it, in this order, and segments that both sides have."""

    shared: Sequence[Segment]
    buffers: list[Buffer]


@dataclass(frozen=True, slots=True)
class _Arriving:
    """What comes beside the JSON of a message, and the bytes that one array may have."""

    shared: Sequence[Segment]
    stream: BufferedReader
    largest: int


def send(stream: BufferedWriter, message: object, shared: Sequence[Segment] = ()) -> None:
    """Write `message` to `stream`: arrays and bytes are written from where they lie.

    Parameters
    ----------
    stream : BufferedWriter
    message : object
    shared : sequence of Segment
        What the other side has too, in the same order: of what lies there only the place is written.

    Raises
    ------
    TypeError
        For anything but records of `RECORDS`, errors of `ERRORS`, arrays, bytes, segments of `shared`, and plain
        values; then nothing has been written.
    OSError
        When the other side is gone.
    """
    beside = _Leaving(shared, [])
    header = json.dumps(_described(message, beside)).encode()
    stream.write(PREFIX.pack(MAGIC, len(header)) + header)
    for buffer in beside.buffers:
        stream.write(buffer if isinstance(buffer, bytes) else _bytes_of(np.ascontiguousarray(buffer)))
    stream.flush()


def receive(stream: BufferedReader, largest: int = ANY_SIZE, shared: Sequence[Segment] = ()) -> Any:
    """The next message in `stream`.  Arrays are read-only, and are read into their own memory.

    Parameters
    ----------
    stream : BufferedReader
        It reads large arrays straight into their memory.
    largest : int
        Bytes that one array may have.
    shared : sequence of Segment
        As the other side has them in `send`; an array that lies there stays there.

    Raises
    ------
    EOFError
        When the stream ends.
    WireError
        When it holds something else than a message.
    """
    magic, length = PREFIX.unpack(_exactly(stream, PREFIX.size))
    if magic != MAGIC or length > LONGEST_HEADER:
        raise WireError(f"a message must begin with {MAGIC!r} and a length of at most {LONGEST_HEADER}")
    header = _exactly(stream, length)
    try:
        return _built(json.loads(header), _Arriving(shared, stream, largest))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as fault:
        raise WireError("a message does not fit the form of messages") from fault


def _described(value: Any, beside: _Leaving) -> Any:
    """`value` as JSON.  An object of JSON has one key, which says what its content is; see `_built`."""
    if isinstance(value, bytes):
        beside.buffers.append(value)
        return {"bytes": len(value)}
    if isinstance(value, np.ndarray | np.generic):
        return {"array" if isinstance(value, np.ndarray) else "number": _form(np.asarray(value), beside)}
    if isinstance(value, tuple):
        return {"tuple": [_described(v, beside) for v in value]}
    if isinstance(value, list):
        return [_described(v, beside) for v in value]
    if isinstance(value, Mapping):
        return {"mapping": [[_described(k, beside), _described(v, beside)] for k, v in value.items()]}
    if isinstance(value, Segment) and value in beside.shared:
        return {"segment": beside.shared.index(value)}
    if is_dataclass(value) and RECORDS.get(type(value).__name__) is type(value):
        return {type(value).__name__: {f.name: _described(getattr(value, f.name), beside) for f in fields(value)}}
    if isinstance(value, ReadError) and ERRORS.get(type(value).__name__) is type(value):
        attributes = {name: _described(v, beside) for name, v in vars(value).items()}
        return {type(value).__name__: {"message": str(value), **attributes}}
    return value


def _form(array: NDArray[Any], beside: _Leaving) -> dict[str, Any]:
    """Type and shape.  Of an array that repeats one element without taking memory, that element is sent."""
    repeats = array.size > 1 and not any(array.strides)
    form = {"dtype": array.dtype.str, "shape": array.shape, "repeats": repeats}
    place = _place(array, beside.shared)
    if place:
        return {**form, "place": place}
    beside.buffers.append(array[(slice(0, 1),) * array.ndim] if repeats else array)
    return form


def _place(array: NDArray[Any], shared: Sequence[Segment]) -> tuple[int, int] | None:
    """In which of the segments, and at which byte, `array` lies, if it may stay there."""
    for i, segment in enumerate(shared):
        # An array keeps its segment in memory, so a small part of a large one is copied out.
        if 2 * array.nbytes >= len(segment) and array.flags.aligned:
            at = segment.place_of(array)
            if at is not None:
                return i, at
    return None


def _built(tree: Any, beside: _Arriving) -> Any:
    """The value that `tree` describes; its bytes lie in the stream in the order in which `tree` names them."""
    if isinstance(tree, list):
        return [_built(v, beside) for v in tree]
    if not isinstance(tree, dict):
        return tree
    ((tag, body),) = tree.items()
    if tag == "bytes":
        if not 0 <= body <= beside.largest:
            raise WireError(f"{body} bytes are not expected")
        return _exactly(beside.stream, body)
    if tag == "segment":
        return beside.shared[body]
    if tag in ("array", "number"):
        array = _array(beside, **body)
        return array if tag == "array" else array[()]
    if tag == "tuple":
        return tuple(_built(v, beside) for v in body)
    if tag == "mapping":
        return {_built(k, beside): _built(v, beside) for k, v in body}
    content = {name: _built(v, beside) for name, v in body.items()}
    return RECORDS[tag](**content) if tag in RECORDS else ERRORS[tag](content.pop("message"), **content)


def _array(
    beside: _Arriving, dtype: str, shape: list[int], repeats: bool, place: list[int] | None = None
) -> NDArray[Any]:
    kind, largest = np.dtype(dtype), beside.largest
    if kind.kind not in "biufc" or min(shape, default=1) < 0 or math.prod(shape) * kind.itemsize > largest:
        raise WireError(f"an array of {kind} of shape {shape} is not expected")
    if place:
        return _there(beside.shared, kind, shape, *place)
    array = np.empty([1] * len(shape) if repeats else shape, kind)
    if array.size and beside.stream.readinto(_bytes_of(array)) != array.nbytes:
        raise EOFError
    array.flags.writeable = False
    return np.broadcast_to(array, shape) if repeats else array


def _there(shared: Sequence[Segment], kind: np.dtype[Any], shape: list[int], i: int, at: int) -> NDArray[Any]:
    """An array where it lies.  NumPy refuses one that reaches beyond its segment."""
    if i < 0 or at < 0 or at % kind.alignment:
        raise WireError(f"an array of {kind} at byte {at} of segment {i} is not expected")
    return np.frombuffer(shared[i].view, kind, math.prod(shape), at).reshape(shape)


def _bytes_of(array: NDArray[Any]) -> memoryview:
    """The memory of a contiguous array."""
    return array.reshape(-1).view(np.uint8).data


def _exactly(stream: BufferedReader, count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise EOFError
    return data
