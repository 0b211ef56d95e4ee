"""docs/fitting.md, run from top to bottom in one folder."""

import re
import shlex
from pathlib import Path

import pytest

from prep_core.cli import main
from tests.fitting_page import Block, blocks, make_scans


def run(commands: str) -> None:
    for line in commands.splitlines():
        code = re.search(r"# exit code (\d)$", line)
        program, *arguments = shlex.split(line.removeprefix("python -m "), comments=True)
        assert program == "prep_core"
        assert main(arguments) == (int(code[1]) if code else 0)


def follow(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    if block.kind == "sh":
        run(block.text)
    elif block.kind == "text":
        assert capsys.readouterr().err == block.text
    elif block.kind == "python":
        exec(compile(block.text, "docs/fitting.md", "exec"), {})
    elif Path(block.file).exists():
        assert Path(block.file).read_text("utf-8") == block.text
    else:
        Path(block.file).write_text(block.text, "utf-8")


def test_the_page_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    make_scans(tmp_path)
    for block in blocks():
        follow(block, capsys)
    assert not Path("leak.yaml").exists()
    assert main(["fit", "recipe.yaml", "scans.json", "--fold", "2", "-o", "json.yaml"]) == 0
