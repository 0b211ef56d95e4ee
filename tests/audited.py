"""Say what pip-audit found: python -m tests.audited REPORT STATUS.  1 for a finding, or where none was looked up."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

UNREACHED = "NOT AUDITED: the advisories of the Python Package Index could not be reached for {count} of {of} packages."


def findings(report: Mapping[str, Any]) -> Iterator[str]:
    """One line for each advisory that concerns a locked version."""
    for package in report["dependencies"]:
        for one in package.get("vulns", ()):
            mended = ", ".join(one["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {one['id']}, mended in {mended}"


def unreached(report: Mapping[str, Any]) -> int:
    """How many packages could not be looked up."""
    return sum("skip_reason" in package for package in report["dependencies"])


def verdict(text: str, status: int, required: bool) -> tuple[list[str], int]:
    """What to say, and the exit code.

    Parameters
    ----------
    text : str
        The report of pip-audit, as JSON; empty where it gave none.
    status : int
        Its exit code: 0 and 1 come with a report.
    required : bool
        Whether packages that could not be looked up are a failure.
    """
    if not text or status > 1:
        return ["NOT AUDITED: pip-audit did not run to its end; see its words above."], int(required)
    report = json.loads(text)
    said, missing, of = list(findings(report)), unreached(report), len(report["dependencies"])
    if missing:
        said.append(UNREACHED.format(count=missing, of=of))
    elif not said:
        said.append(f"No known advisory concerns any of {of} packages.")
    return said, int(any(findings(report)) or (required and missing > 0))


if __name__ == "__main__":
    words, code = verdict(Path(sys.argv[1]).read_text(), int(sys.argv[2]), os.environ.get("PREP_REQUIRE_AUDIT") == "1")
    sys.stdout.write("".join(f"{line}\n" for line in words))
    sys.exit(code)
