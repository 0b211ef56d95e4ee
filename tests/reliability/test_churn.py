"""What is said of sessions that came and went, from numbers worked out by hand."""

from dataclasses import replace

import pytest

from tests.reliability.churn import MORE, Count, claims

BEFORE = Count(memory=1000 * 2**20, threads=9, processes=3, open_files=30, temporary_files=0)


def test_what_is_given_back_holds() -> None:
    figures = claims(200, BEFORE, replace(BEFORE, memory=1100 * 2**20, threads=9 + MORE["threads"]), [])
    assert all(figure.holds for figure in figures)
    assert figures[0].measured == "1000 MiB before, 1100 MiB after (+10.0%)"


@pytest.mark.parametrize("name", ["memory", "threads", "processes", "open_files", "temporary_files"])
def test_what_stays_fails(name: str) -> None:
    more = int(getattr(BEFORE, name) * 1.11) + 1 + MORE.get(name, 0)
    figures = claims(200, BEFORE, replace(BEFORE, **{name: more}), [])
    assert [figure.claim for figure in figures if not figure.holds] == [
        f"200 sessions that came and went: {'resident memory' if name == 'memory' else name.replace('_', ' ')}"
    ]


def test_a_fault_fails() -> None:
    assert not claims(200, BEFORE, BEFORE, ["person 1: script error"])[-1].holds
