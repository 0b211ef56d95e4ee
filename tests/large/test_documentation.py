"""The page about large scans says what the table of steps says."""

from docs.large_table import FILE, text
from prep_core.cli.options import LIMITS
from prep_core.io import Limits


def test_the_page_is_the_one_that_is_generated() -> None:
    assert FILE.read_text("utf-8") == text(), "run python -m docs.large_table"


def test_the_limits_are_those_of_the_page() -> None:
    assert f"| `--limit whole_bytes=N` | 2^{LIMITS.whole_bytes.bit_length() - 1} |" in text()
    assert f"| `--limit block_voxels=N` | 2^{LIMITS.block_voxels.bit_length() - 1} |" in text()
    assert 1 << (LIMITS.whole_bytes.bit_length() - 1) == LIMITS.whole_bytes
    assert LIMITS.block_voxels == Limits().block_voxels
