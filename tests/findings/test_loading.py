"""What a scan that is loaded comes with, and what is refused, through the reader of .npy."""

import io
import re
from typing import Any

import numpy as np
import pytest

from prep_core.findings import QUICK
from prep_core.io import ReadError, load
from prep_core.scan import Scan


def loaded(data: Any, **answers: Any) -> Scan:
    file = io.BytesIO()
    np.save(file, np.asarray(data))
    (scan,) = load(file.getvalue(), name="scan.npy", **answers)
    return scan


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        ([[7, 7]], "constant", "image is constant"),
        ([[0.0, 0.0]], "constant", "zero has no decibel"),
        ([[1, np.nan, 2]], "not_finite", r"1 of 3 voxels \(33.3 %\) are not finite"),
        ([[1, 2j]], "complex_values", "complex128"),
        (np.array([[1, 2**63 + 1]], np.uint64), "above_2_53", "uint64.*precision"),
        ([[1e-42, 3e-39]], "beneath_float32", "too small"),
        ([[1.0, 1e308]], "above_float32", "overflow"),
        ([[-1.0, 0.0, 5.0]], "negatives", "excluded from a dB histogram"),
    ],
)
def test_what_is_odd_about_values_is_told(data: Any, name: str, words: str) -> None:
    (finding,) = loaded(data).findings
    assert finding.name == name
    assert re.search(words, finding.evidence)


def test_a_plain_scan_comes_with_nothing() -> None:
    assert loaded(np.arange(20).reshape(4, 5)).findings == ()


def test_the_answers_count() -> None:
    assert loaded([[-1000, 40]], modality="CT", unit="HU").findings == ()


def test_only_quick_rules_run() -> None:
    stretched = np.arange(10_000).reshape(100, 100) % 250 * 257
    assert loaded(stretched.astype(np.uint16)).findings == ()
    assert {"constant", "lossy"} <= {rule.name for rule in QUICK}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, complex(np.nan, 0)])
def test_nothing_finite_is_refused(value: Any) -> None:
    with pytest.raises(ReadError, match="has no finite voxel, only NaN or infinity; check how it was made"):
        loaded(np.full((3, 3), value))
