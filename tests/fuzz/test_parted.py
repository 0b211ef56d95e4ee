"""The files that are to be read in parts are, and a damaged one can be seen again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from prep_core.io.guarded.reader import GuardedReader
from tests.fuzz.parted import PARTED
from tests.fuzz.reader_parts import LONGEST, cases, repeat, seen
from tests.fuzz.readers import LIMITS, SEED, Result, damaged, read


class Counting(GuardedReader):
    """Counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__(limits=replace(LIMITS, whole_bytes=1))
        self.asked: Counter[str] = Counter()

    def block(self, *asked: Any) -> Any:
        self.asked["block"] += 1
        return super().block(*asked)

    def load(self, *asked: Any, **how: Any) -> Any:
        self.asked["load"] += 1
        return super().load(*asked, **how)


@pytest.fixture(scope="module")
def reader() -> Iterator[Counting]:
    with Counting() as reader:
        yield reader


@pytest.mark.parametrize("format", PARTED)
def test_a_seed_is_read_in_parts(reader: Counting, format: str) -> None:
    reader.asked.clear()
    assert read(reader, PARTED[format](), f"seed.{format}").outcome == "scans"
    assert reader.asked == {"block": 2}


@pytest.mark.parametrize("case", ["in-parts-tiff-float/18", "in-parts-tiff-ome/48", "in-parts-tiff/49"])
def test_a_page_with_fewer_strips_than_its_size_asks_for_is_refused(reader: Counting, case: str) -> None:
    format = case.partition("/")[0]
    result = read(reader, damaged(PARTED[format](), f"{SEED}/{case}"), f"seed.{format}")
    assert result.outcome == "refused"
    assert "cannot be decoded as a strip or tile of a TIFF (IndexError)" in result.words


def test_cases_go_through_the_formats_and_can_be_repeated() -> None:
    found = cases(("npy", "bmp"), 3)
    first, second = next(found), next(found)
    found.close()
    assert (first.case, second.case) == ("bmp/1", "npy/2")
    again = repeat("bmp/1")
    assert (again.outcome, again.words) == (first.outcome, first.words)


@pytest.mark.parametrize(
    ("result", "failed"),
    [
        (Result("scans", "", LONGEST + 1), True),
        (Result("bad sentence", "", 0.1), True),
        (Result("crash", "", 0.1), False),
        (Result("refused", "", LONGEST - 1), False),
    ],
)
def test_what_counts_as_a_failure(result: Result, failed: bool) -> None:
    assert seen("npy", 1, result).failed is failed
