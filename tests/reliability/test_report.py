"""docs/reliability.md says what its figures say, and a claim that does not hold fails the command."""

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from tests.reliability import __main__ as command
from tests.reliability import kept, report
from tests.reliability.figure import Figure
from tests.reliability.kept import Kept

MACHINE = {
    "date": "2026-01-02",
    "system": "S",
    "processor": "P",
    "cores": 2,
    "python": "3",
    "packages": {"streamlit": "1", "numpy": "2"},
}
HELD = Figure("20 sessions: slider move", "under 2 s", "0.84 s", True)
MISSED = Figure("memory | after", "under 10 %", "12 %\nof the start", False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "load_of_many.py").write_text('"""Many at once,\nfor minutes.\n\nNot shown.\n"""\n', "utf-8")
    return tmp_path


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch, folder: Path) -> ModuleType:
    """A part that measures `HELD`, the only one there is, with its figures and page in `folder`."""
    module = ModuleType("tests.reliability.load_of_many")
    monkeypatch.setattr(module, "figures", lambda told: [told("one of one"), HELD][1:], raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(command, "PARTS", ("load_of_many",))
    monkeypatch.setattr(report, "FILE", folder / "page.md")
    monkeypatch.setattr(report, "PARTS_IN", folder)
    monkeypatch.setattr(kept, "FIGURES", folder / "kept" / "figures.json")
    return module


def test_the_page_is_that_of_its_figures() -> None:
    known = kept.read(command.PARTS, kept.FIGURES)
    assert report.FILE.read_text("utf-8") == report.text(known, report.PARTS_IN), (
        "run python -m tests.reliability --redraw"
    )


def test_every_part_can_be_measured_and_has_a_word_above_its_table() -> None:
    for name in command.PARTS:
        module = report.PARTS_IN / f"{name}.py"
        assert "def figures(" in module.read_text("utf-8")
        assert report.first_paragraph(module)


def test_the_page_has_a_table_for_each_part_with_the_words_of_its_module(folder: Path) -> None:
    text = report.text({"load_of_many": Kept(MACHINE, (HELD, MISSED))}, folder)
    assert "1 of 2 claims hold.\n\n- does not hold: memory | after: 12 %\nof the start, asked under 10 %\n" in text
    assert (
        "\n## Load of many\n\nMany at once,\nfor minutes.\n\n`python -m tests.reliability --write --only load_of"
        in text
    )
    assert "measured 2026-01-02 on S, P, 2 cores, Python 3, streamlit 1, numpy 2.\n" in text
    assert "| 20 sessions: slider move | under 2 s | 0.84 s | yes |\n" in text
    assert text.endswith("| memory \\| after | under 10 % | 12 % of the start | **no** |\n")
    assert "Not shown" not in text


def test_a_part_without_a_word_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mute.py").write_text("x = 1\n", "utf-8")
    with pytest.raises(ValueError, match=r"mute\.py has no docstring"):
        report.text({"mute": Kept(MACHINE, ())}, tmp_path)


def test_what_is_stored_is_read_back_and_parts_not_run_keep_theirs(tmp_path: Path) -> None:
    file = tmp_path / "new" / "figures.json"
    old, new = Kept(MACHINE, (HELD,)), Kept({**MACHINE, "date": "2026-02-03"}, (MISSED, HELD))
    for name, measured in (("b", old), ("a", old), ("gone", old), ("b", new)):
        kept.write(name, measured, ("a", "b", "gone"), file)
    assert list(kept.read(("a", "b"), file).items()) == [("a", old), ("b", new)]
    kept.write("a", new, ("a", "b"), file)
    assert "gone" not in file.read_text("utf-8")


def test_the_command_prints_keeps_and_writes(
    part: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["reliability", "--write", "--only", "load_of_many"])
    assert command.main() == 0
    out, err = capsys.readouterr()
    assert out == "holds: 20 sessions: slider move: 0.84 s (asked: under 2 s)\n"
    assert err == "load_of_many: one of one\n"
    (found,) = kept.read(("load_of_many",), kept.FIGURES).values()
    assert found.figures == (HELD,)
    assert {"date", "system", "processor", "cores", "python", "packages"} <= set(found.machine)
    assert "| under 2 s | 0.84 s | yes |" in report.FILE.read_text("utf-8")


def test_the_command_fails_where_a_claim_does_not_hold(
    part: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(part, "figures", lambda told: [HELD, replace(HELD, holds=False)])
    monkeypatch.setattr(sys, "argv", ["reliability"])
    assert command.main() == 1
    assert capsys.readouterr().out.splitlines()[1].startswith("FAILS: 20 sessions")
    assert not report.FILE.exists()
