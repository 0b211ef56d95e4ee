"""What the dashboard runs on: locked with hashes, and under licences that were read."""

import json
import re
from email.message import Message
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs import licences_table
from docs.licences_table import ALLOWED, FREE_WORDS, PAGE, licence, locked, packages, parts, refused, text
from tests.audited import verdict

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {"name": "b", "skip_reason": "not found"}
CLEAN = {"name": "a", "version": "1", "vulns": []}
FOUND = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
PINS = ("requirements.txt", "requirements-signin.txt")
RENEW = "renew requirements.lock with the command in CONTRIBUTING.md"


def pinned(*files: str) -> dict[str, str]:
    lines = (line for file in files for line in (ROOT / file).read_text().splitlines())
    pairs = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {canonicalize_name(name): version.strip() for name, version in pairs}


def test_the_lock_holds_every_pin() -> None:
    wrong = {name: version for name, version in pinned(*PINS).items() if version not in locked().get(name, {})}
    assert wrong == {}, RENEW


def test_the_lock_holds_all_that_the_pinned_packages_need() -> None:
    """Of this Python and system, through all levels."""
    todo, seen = [Requirement(name) for name in pinned(*PINS)], set[str]()
    while todo:
        one = todo.pop()
        if (name := canonicalize_name(one.name)) in seen:
            continue
        seen.add(name)
        needed = map(Requirement, requires(one.name) or ())
        todo += [need for need in needed if not need.marker or need.marker.evaluate({"extra": ""})]
    assert seen - set(locked()) == set(), RENEW
    assert len(seen) > 60


def test_every_locked_file_has_a_hash() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text())
    bare = [
        block.split()[0] for block in blocks if "==" in block and not re.search(r"--hash=sha256:[0-9a-f]{64}", block)
    ]
    assert bare == []


def test_the_list_of_licences_is_that_of_the_lock() -> None:
    assert PAGE.read_text("utf-8") == text(), "run python -m docs.licences_table"
    listed = set(re.findall(r"^\| \[([^\]]+)\]", PAGE.read_text("utf-8"), re.MULTILINE))
    assert set(pinned(*PINS)) <= listed


def test_no_package_is_under_a_licence_that_nobody_read() -> None:
    assert refused() == []
    assert {package.name for package in packages()} == set(locked())


@pytest.mark.parametrize("bad", ["GPL-3.0-or-later", "MIT AND GPL-2.0", "AGPL-3.0 OR SSPL-1.0", "Proprietary"])
def test_a_licence_outside_the_list_is_refused(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not parts(bad) <= ALLOWED
    monkeypatch.setattr(licences_table, "licence", lambda about: bad)
    assert len(refused()) > 60


def test_a_choice_is_taken_and_all_of_several_are_asked_for() -> None:
    assert parts("Apache-2.0 OR BSD-2-Clause") == {"Apache-2.0"}
    assert parts("GPL-2.0 OR MIT") == {"MIT"}
    assert parts("BSD-3-Clause AND (MIT OR Zlib)") == {"BSD-3-Clause", "MIT"}


def test_words_that_nobody_read_are_refused() -> None:
    about: Any = Message()
    about["Name"], about["License"] = "strange", "Do what you like"
    with pytest.raises(LookupError, match=r"strange says .* read its licence"):
        licence(about)
    assert set(FREE_WORDS.values()) <= ALLOWED


@pytest.mark.parametrize(
    ("packages", "status", "required", "code", "said"),
    [
        ([CLEAN], 0, True, 0, "No known advisory concerns any of 1 packages."),
        ([CLEAN, FOUND], 1, False, 1, "c 2: PYSEC-1, mended in 3"),
        ([SKIPPED, FOUND], 1, False, 1, "c 2: PYSEC-1, mended in 3"),
        ([SKIPPED, CLEAN], 0, False, 0, "NOT AUDITED"),
        ([SKIPPED, CLEAN], 0, True, 1, "NOT AUDITED"),
        (None, 2, False, 0, "NOT AUDITED"),
        (None, 2, True, 1, "NOT AUDITED"),
    ],
)
def test_a_machine_without_advisories_says_so(
    packages: list[Any] | None, status: int, required: bool, code: int, said: str
) -> None:
    report = "" if packages is None else json.dumps({"dependencies": packages})
    words, given = verdict(report, status, required)
    assert given == code
    assert words[0].startswith(said)


def test_findings_are_skipped_only_with_a_reason_and_a_day() -> None:
    block = re.findall(r"skipped=\(\n(.*?)\)", (ROOT / ".ci" / "audit").read_text(), re.DOTALL)[0]
    assert all(re.search(r"--ignore-vuln \S+ +# .{20,} 20\d\d-\d\d-\d\d", line) for line in block.splitlines())
