"""Each rule fires where it should and nowhere else, says so in sentences, and never fails."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from docs.findings_table import FILE, text
from prep_core.findings import QUICK, RULES, THOROUGH, Rule, Seen, all_findings, quick, thorough
from prep_core.line import Line
from prep_core.scan import MODALITIES, Finding, Scan
from tests.findings.cases import FIRES, SILENT, plane
from tests.strategies import wild_scan

RULE: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
NAMES = tuple(RULE)
SENTENCES = re.compile(r"[A-Z0-9].*[^.]\.", re.DOTALL)


def found(name: str) -> Finding:
    finding = RULE[name].apply(Seen(FIRES[name][0]()))
    assert finding is not None
    return finding


def test_names_are_distinct_and_every_rule_has_its_cases() -> None:
    assert len(NAMES) == len(RULES)
    assert set(NAMES) == set(FIRES) == set(SILENT)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_fires_and_says_what_it_saw(name: str) -> None:
    finding = found(name)
    assert finding.name == name
    assert re.search(FIRES[name][1], finding.evidence), finding.evidence


@pytest.mark.parametrize(("name", "at"), [(name, i) for name in NAMES for i in range(len(SILENT[name]))])
def test_a_rule_is_silent(name: str, at: int) -> None:
    assert RULE[name].apply(Seen(SILENT[name][at]())) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_is_made_of_sentences(name: str) -> None:
    finding = found(name)
    for words in (finding.evidence, finding.advice):
        assert SENTENCES.fullmatch(words), words
        assert not re.search(r"[{}\n]|np\.|nan|inf\b", words), words


@pytest.mark.parametrize("name", NAMES)
def test_the_suggested_line_is_legal(name: str) -> None:
    finding = found(name)
    if RULE[name].step:
        line = Line(finding.step, finding.params)
        assert {key: line.params[key] for key in finding.params} == dict(finding.params)
    else:
        assert (finding.step, dict(finding.params)) == ("", {})


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_is_documented(rule: Rule) -> None:
    assert SENTENCES.fullmatch(rule.meaning)
    assert all(words.endswith(".") for words in (rule.threshold, rule.source, rule.advice))


def test_the_page_shows_the_rules_as_they_are() -> None:
    assert FILE.read_text(encoding="utf-8") == text()


def test_warnings_come_first_and_nothing_is_told_twice() -> None:
    scan = FIRES["hu_offset"][0]()
    told = Finding("padding", "note", "x", "y"), *quick(scan), *thorough(scan)
    names = [finding.name for finding in all_findings(replace(scan, findings=told))]
    assert names[0] == "hu_offset"
    assert sorted(names) == sorted({finding.name for finding in told})


def test_quick_and_thorough_are_all() -> None:
    scan = plane([[5.0, -1.0], [np.nan, 0.0]])
    assert all_findings(scan) == (*quick(scan), *thorough(scan))
    assert [finding.name for finding in quick(scan)] == ["not_finite", "negatives"]
    assert RULES == QUICK + THOROUGH


DTYPES = st.one_of(
    hnp.integer_dtypes(endianness="="),
    hnp.unsigned_integer_dtypes(endianness="="),
    hnp.floating_dtypes(sizes=(32, 64), endianness="="),
    hnp.complex_number_dtypes(sizes=(64,), endianness="="),
)


@given(
    data=DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=3, max_dims=4, max_side=12))),
    modality=st.sampled_from(MODALITIES),
    unit=st.sampled_from(["HU", "a.u.", "dB"]),
    first=st.sampled_from("TC"),
)
def test_no_scan_breaks_a_rule(data: np.ndarray, modality: str, unit: str, first: str) -> None:
    # The magnitude of a complex number above half the largest float has no float.
    fair = np.where(np.abs(data) < np.sqrt(np.finfo(np.float32).max), data, 1) if data.dtype.kind == "c" else data
    axes = f"{first}ZYX"[-data.ndim :]
    scan = Scan(fair, axes, unit=unit, modality=modality)
    if scan.valid.any():
        assert all_findings(scan) == all_findings(scan)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (1, 900), (8, 8)])
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "complex64"])
@pytest.mark.parametrize("modality", ["CT", "MR", "US", "MIC"])
def test_tiny_and_constant_scans_are_taken(shape: tuple[int, int], dtype: str, modality: str) -> None:
    for data in (np.full(shape, 3, dtype), np.arange(np.prod(shape)).reshape(shape).astype(dtype)):
        names = {finding.name for finding in all_findings(Scan(data, "YX", modality=modality))}
        assert names <= {"constant", "complex_values"}


def test_padding_is_not_looked_at() -> None:
    wild = wild_scan()
    other = np.where(wild.valid, wild.data, np.float32(3)).astype(np.float32)
    same = replace(wild, data=other)
    left_out = ("not_finite", "missing_lines")
    seen = [tuple(f for f in all_findings(scan) if f.name not in left_out) for scan in (wild, same)]
    assert seen[0] == seen[1] != ()
