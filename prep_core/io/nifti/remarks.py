"""Remarks of this program in a NIfTI: in `descrip` where they fit, else in an extension of comments."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from prep_core.io import remarks

DESCRIPTION = 79
COMMENT = 6
"""NIFTI_ECODE_COMMENT: plain text.  Texts of other programs are passed over: they can be about persons."""


def written(words: Mapping[str, str]) -> tuple[bytes, bytes]:
    """The `descrip` of a header, and the content of a comment, which is empty where `descrip` is long enough."""
    text = " ".join([remarks.KEY, *(f"{key}={value}" for key, value in words.items())])
    if len(text) <= DESCRIPTION:
        return text.encode("ascii"), b""
    return remarks.KEY.encode(), f"{remarks.KEY} {json.dumps(dict(words))}".encode("ascii")


def found(header: Any, between: bytes) -> remarks.Remarks | None:
    """What `written` wrote; `between` are the bytes from the header to the voxels."""
    words = bytes(header["descrip"]).rstrip(b"\0").decode("latin-1").split(" ")
    if words[0] != remarks.KEY:
        return None
    if len(words) > 1:
        return remarks.parse(dict(w.split("=", 1) for w in words[1:] if "=" in w))
    return next((remarks.parse(own) for own in _comments(between, ">" if header.endianness == ">" else "<")), None)


def _comments(between: bytes, order: str) -> Iterator[dict[str, str]]:
    """The texts of this program among the extensions: each is its size, its kind, and its content."""
    endian: Any = "big" if order == ">" else "little"
    at, start = 4, f"{remarks.KEY} ".encode()
    while between[:1] not in (b"", b"\0") and at + 8 <= len(between):
        size, kind = (int.from_bytes(between[i : i + 4], endian) for i in (at, at + 4))
        content = between[at + 8 : at + size].rstrip(b"\0")
        if kind == COMMENT and content.startswith(start):
            yield {str(k): str(v) for k, v in json.loads(content[len(start) :]).items()}
        if size < 16:
            return
        at += size
