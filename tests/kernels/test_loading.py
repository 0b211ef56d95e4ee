import gc
import importlib.util
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from prep_core.kernels import loading
from prep_core.kernels.loops.declared import compile_declared, is_kept

SOURCE = """
from prep_core.kernels.loops.declared import INT64, loop


@loop(INT64, INT64)
def twice(number):
    return 2 * number
"""


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    """A module with one loop, whose machine code is kept beside it."""
    (tmp_path / "alone.py").write_text(SOURCE)
    return imported(tmp_path / "alone.py")


def imported(file: Path) -> ModuleType:
    """The module in `file`, made anew."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_machine_code_is_kept_until_its_source_changes(module: ModuleType) -> None:
    assert not is_kept(module.twice)
    compile_declared(module.twice)
    assert module.twice(21) == 42
    assert is_kept(module.twice)
    source = Path(str(module.__file__))
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert not is_kept(module.twice)


def test_several_threads_may_load_at_once(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_declared", lambda: {"alone.twice": module.twice})
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: loading.loaded(aside=False)["alone.twice"](21), range(4)))
    assert answers == [42] * 4


def test_a_source_that_only_looks_newer_is_kept(module: ModuleType) -> None:
    compile_declared(module.twice)
    source = Path(str(module.__file__))
    earlier = source.stat().st_mtime - 1
    for index in Path(module.twice.stats.cache_path).glob("*.nbi"):
        os.utime(index, (earlier, earlier))
    assert not is_kept(module.twice)
    again = imported(source)
    compile_declared(again.twice)
    assert sum(again.twice.stats.cache_hits.values()) == 1
    assert is_kept(again.twice)


def test_machine_code_of_another_python_is_none(module: ModuleType) -> None:
    compile_declared(module.twice)
    (index,) = Path(module.twice.stats.cache_path).glob("*.nbi")
    index.rename(index.with_name(index.name.replace(f"py3{sys.version_info.minor}", "py39")))
    assert not is_kept(module.twice)


def test_what_is_missing_is_compiled_by_another_process_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(loading, "_compile_aside", lambda: calls.append(1))
    loops = loading.loaded(aside=True)
    assert len(loops) > 20
    assert not calls, "all of them are kept by now"
    monkeypatch.setattr("prep_core.kernels.loops.declared.is_kept", lambda loop: False)
    assert loading.loaded(aside=True).keys() == loops.keys()
    assert calls == [1]


def test_the_collector_is_as_before() -> None:
    assert gc.isenabled()
    loading.loaded(aside=False)
    assert gc.isenabled()


def test_the_other_process_ends_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_program_runs", lambda: False)
    assert loading.loaded(aside=False) == {}
    monkeypatch.setattr(loading.subprocess, "Popen", _Sleeping)
    loading._compile_aside()
    assert _Sleeping.last.returncode == -9


class _Sleeping(loading.subprocess.Popen):  # type: ignore[type-arg]
    """A process that takes long, whatever it is asked for."""

    last: "_Sleeping"

    def __init__(self, command: list[str], **words: object) -> None:
        super().__init__(["/bin/sleep", "60"])
        _Sleeping.last = self
