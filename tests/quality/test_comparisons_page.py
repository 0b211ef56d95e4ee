"""docs/comparisons.md says what is measured here.

Numbers may differ by 2 %, or by two in the last digit after the point: libraries round differently on other
machines.  Times are not compared.
"""

import re
from pathlib import Path

import pytest

from docs.make_comparisons import BUILT_IN, FILE, PICTURES, REAL, section

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
TIME = re.compile(r"\b\d+\.\d s\b")
COMMITTED = FILE.read_text("utf-8")


def numbers(text: str) -> list[str]:
    return NUMBER.findall(text)


def far(measured: str, written: str) -> bool:
    """Whether two numbers differ by more than 2 % and by more than two in the last digit after the point."""
    mantissa, _, exponent = written.partition("e")
    digits = len(mantissa.partition(".")[2])
    last = 10.0 ** (int(exponent or 0) - digits) if digits else 0.0
    apart = abs(float(measured) - float(written))
    return apart > max(0.02 * abs(float(written)), 2.001 * last)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_section_says_what_is_measured_here(name: str, tmp_path: Path) -> None:
    compare(BUILT_IN[name][1](tmp_path), section(name, COMMITTED))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", REAL)
def test_a_section_on_real_scans_says_what_is_measured_here(name: str, tmp_path: Path) -> None:
    compare(REAL[name][1](tmp_path), section(name, COMMITTED))


def compare(measured: str, written: str) -> None:
    measured, written = (TIME.sub("time", text) for text in (measured, written))
    assert NUMBER.sub("#", measured) == NUMBER.sub("#", written)
    pairs = list(zip(numbers(measured), numbers(written), strict=True))
    assert len(pairs) > 15
    assert [pair for pair in pairs if far(*pair)] == []


def test_every_section_and_picture_is_there() -> None:
    for name, (title, _) in {**BUILT_IN, **REAL}.items():
        assert section(name, COMMITTED)
        assert f"\n## {title}\n" in COMMITTED
    shown = re.findall(r"\]\(comparisons/(\w+\.png)\)", COMMITTED)
    assert sorted(shown) == sorted(file.name for file in PICTURES.glob("*.png"))


@pytest.mark.parametrize(("measured", "written"), [("1.03", "1.00"), ("0.9", "0.5"), ("0.000", "0.009"), ("-1", "1")])
def test_a_number_that_moved_is_found(measured: str, written: str) -> None:
    assert far(measured, written)
    assert not far(written, written)
