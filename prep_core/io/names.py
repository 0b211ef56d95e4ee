"""Names of files and scans: shown in errors, used for output files, sorted as a person would."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

DOUBLE_SUFFIXES = (".nii.gz", ".ome.tif", ".ome.tiff", ".fits.gz")
RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
LONGEST = 100

OTHERS = frozenset((".txt", ".md", ".json", ".csv", ".tsv", ".xml", ".yaml", ".yml", ".pdf", ".html", ".log", ".py"))
"""Files that lie beside scans and are none: passed over in folders and archives."""


def shown(name: str) -> str:
    """The base name, fit to stand in a sentence: no folders, no control characters, not too long."""
    base = re.split(r"[/\\]", name)[-1] or "the file"
    clean = "".join(c if c.isprintable() else "?" for c in base)
    return clean if len(clean) <= 80 else clean[:60] + "..." + clean[-17:]


def suffix(name: str) -> str:
    """The extension in lower case with its dot; ".nii.gz" counts as one."""
    low = name.lower()
    return next((s for s in DOUBLE_SUFFIXES if low.endswith(s)), PurePosixPath(low).suffix)


def is_candidate(name: str) -> bool:
    """Whether a file in a folder may be a scan, by its name."""
    return suffix(name) not in OTHERS


def scan_name(name: str) -> str:
    """A name for a scan and for the files made from it: no extension, no folder, safe on every system."""
    base = re.split(r"[/\\]", name)[-1]
    stem = base[: len(base) - len(suffix(base))] if suffix(base) != base.lower() else base
    clean = "".join(c if _is_safe(c) else "_" for c in stem).strip(" .").lstrip("-")
    while len(clean[:LONGEST].encode()) > 2 * LONGEST:
        clean = clean[:-1]
    clean = clean[:LONGEST] or "scan"
    return f"_{clean}" if clean.lower().split(".")[0] in RESERVED else clean


def distinct(name: str, used: set[str], join: str = "-") -> str:
    """`name`, or with the first number that makes it new among `used` (in lower case: compared without case)."""
    tries: Iterator[str] = (name if n == 1 else f"{name}{join}{n}" for n in range(1, len(used) + 2))
    return next(t for t in tries if t.lower() not in used)


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key by which IM2 comes before IM10."""
    parts: Iterable[str] = re.split(r"(\d+)", name.lower())
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p]


def _is_safe(c: str) -> bool:
    return c.isprintable() and (ord(c) > 127 or c.isalnum() or c in " ._-+")
