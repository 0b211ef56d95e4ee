"""The alarm on real scans: the table of docs/lock.md is what is measured here, and what it must be."""

from pathlib import Path

import pytest

from docs.shift_table import table

pytestmark = pytest.mark.shared_data

LOCK = Path(__file__).resolve().parents[2] / "docs" / "lock.md"


def test_the_table_is_measured_and_rings_where_it_must(shared_data: Path) -> None:
    measured = table(shared_data)
    assert measured in LOCK.read_text("utf-8")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in measured.splitlines()[2:]]
    silent = [scan for _, scan, _, _, _, alarm in rows if alarm == "-"]
    assert silent == [
        "training",
        "the other 22",
        "training (farthest of 6 scans)",
        "blocks between them (farthest of 5 scans)",
        "training",
        "upper half",
        "training",
        "right half",
    ]
