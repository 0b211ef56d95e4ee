"""Names of downloads: whatever a scan or a recipe is called, every system takes the file, and no folder is named."""

import re

from prep_core.io.names import RESERVED

LONGEST = 100
"""Characters, all of them one byte, so that endings and a counter of the browser still fit in 255 bytes."""


def file_name(name: str, instead: str = "recipe") -> str:
    """`name` as a file name without its ending, in letters that every system takes; `instead` where none is left."""
    return _safe(re.sub(r"[^A-Za-z0-9._-]+", "_", name), instead)


def module_name(name: str, instead: str = "recipe") -> str:
    """`name` as a file name that Python can import."""
    safe = _safe(re.sub(r"[^A-Za-z0-9]+", "_", name), instead)
    return f"{instead}_{safe}" if safe[0].isdigit() else safe


def _safe(name: str, instead: str) -> str:
    """`name` without what makes it an option, hidden or a device, and not too long."""
    clean = name.strip("._-")[:LONGEST].rstrip("._-") or instead
    return f"{instead}_{clean}" if clean.lower().split(".")[0] in RESERVED else clean
