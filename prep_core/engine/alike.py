"""What must be the same on two machines for a scan to give the same bytes on both."""

import hashlib
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from prep_core.versions import library_versions

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def versions() -> Mapping[str, str]:
    """Python, the libraries that can change a pixel, and the code of prep_core itself by its digest."""
    return library_versions() | {"the code of prep_core": _digest(PACKAGE)}


def _digest(package: Path) -> str:
    code = hashlib.sha256()
    for file in sorted(package.rglob("*.py"), key=lambda file: file.relative_to(package).as_posix()):
        # Line ends differ between systems, and change nothing.
        content = file.read_bytes().replace(b"\r\n", b"\n")
        code.update(f"{file.relative_to(package).as_posix()} {len(content)}\n".encode() + content)
    return code.hexdigest()[:12]


def difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """What differs, in words; empty where nothing does."""
    return ", ".join(
        f"{name} is {there.get(name, 'missing')} there and {told} here"
        for name, told in here.items()
        if there.get(name) != told
    )


def sees(folder: str, name: str, content: str) -> bool:
    """Whether the file that another machine wrote into `folder` is there, and others can be written beside it."""
    file = Path(folder) / name
    return file.is_file() and file.read_text() == content and os.access(folder, os.W_OK)
