"""Write docs/licences.md from the lock and what the installed packages say of themselves: python -m docs.licences_table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[1]
LOCK, PAGE = ROOT / "requirements.lock", Path(__file__).parent / "licences.md"
BEGIN, END = "<!-- licences: begin -->\n", "<!-- licences: end -->\n"

ALLOWED = frozenset(
    (
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF-2.0",
        "Zlib",
    )
)
"""What a package may be under: these ask for a notice at most, and MPL-2.0 for changes to its own files."""

FREE_WORDS: Mapping[str, str] = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MPL-2.0": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages without an expression write, and the expression that their licence files mean."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the lock, under the name and the versions that stand there."""

    name: str
    versions: tuple[str, ...]
    licence: str


def locked() -> Mapping[str, Mapping[str, str]]:
    """The packages of the lock, each with its versions and where these are meant for; "" is everywhere."""
    found: dict[str, dict[str, str]] = {}
    line = r"^([A-Za-z0-9._-]+)==([^ \\]+)(?: ; ([^\\]+))?"
    for name, version, where in re.findall(line, LOCK.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, {})[version] = where.strip()
    return found


def packages() -> Iterator[Package]:
    """What each package of the lock says of itself.

    Raises
    ------
    LookupError
        Where a package is not installed here, or says nothing that is understood.
    """
    for name, versions in locked().items():
        if any(not where or Marker(where).evaluate() for where in versions.values()):
            yield Package(name, tuple(versions), licence(_metadata(name)))
        else:
            yield Package(name, tuple(versions), _told_before(name))


def _metadata(name: str) -> PackageMetadata:
    try:
        return metadata(name)
    except PackageNotFoundError as error:
        raise LookupError(f"{name} is in the lock and is not installed: install requirements.lock and repeat") from error


def _told_before(name: str) -> str:
    """The licence of a package that is only for other systems or versions of Python, as the page has it."""
    found = re.search(rf"^\| \[{re.escape(name)}\].* \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    if not found:
        raise LookupError(f"{name} is only for other systems: run python -m docs.licences_table where it is installed")
    return found[1]


def licence(about: PackageMetadata) -> str:
    """The licence as an SPDX expression.

    Raises
    ------
    LookupError
        Where the package has none, and other words than those in `FREE_WORDS`.
    """
    if told := about.get("License-Expression"):
        return str(told)
    classes = (line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License"))
    words = (str(about.get("License") or "").strip(), *(re.sub(r" \(.*\)", "", line) for line in classes))
    known = [FREE_WORDS[word] for word in words if word in FREE_WORDS]
    if not known:
        raise LookupError(f"{about['Name']} says {words!r}: read its licence, and add these words to FREE_WORDS")
    return known[0]


def parts(expression: str) -> set[str]:
    """The licences in an expression, of which AND asks for all; where OR gives a choice, any allowed one is taken."""
    found = set()
    for each in re.sub(r"[()]", "", expression).split(" AND "):
        choices = each.strip().split(" OR ")
        found.add(next((choice for choice in choices if choice in ALLOWED), choices[0]))
    return found


def refused() -> list[str]:
    """Packages under a licence that is not in `ALLOWED`."""
    return [f"{package.name}: {package.licence}" for package in packages() if not parts(package.licence) <= ALLOWED]


def text() -> str:
    """The whole page, with the list as it is now."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    return before + BEGIN + "".join(f"{row}\n" for row in _rows()) + END + rest.split(END)[1]


def _rows() -> Iterator[str]:
    yield "| package | version | licence |"
    yield "| --- | --- | --- |"
    for package in packages():
        yield f"| [{package.name}](https://pypi.org/project/{package.name}/) | {' or '.join(package.versions)} | {package.licence} |"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
