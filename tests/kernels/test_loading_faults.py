"""Machine code on a disk that is full, and a compiler whose program is killed."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prep_core.kernels import loading
from prep_core.kernels.loops.declared import compile_declared, is_kept
from tests.io.guarded.processes import children, is_alive, wait_until
from tests.kernels.test_loading import SOURCE, imported

WAITS = "from prep_core.kernels import loading; loading._compile_aside()"
"""A program that has the loops compiled, and waits."""


@contextmanager
def full_disk() -> Iterator[None]:
    """Let this process write no file."""
    limits, heed = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, heed)


def test_what_cannot_be_kept_is_compiled_all_the_same_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "alone.py").write_text(SOURCE)
    twice = imported(tmp_path / "alone.py").twice
    with full_disk():
        compile_declared(twice)
    assert twice(21) == 42
    assert not is_kept(twice)
    assert list(Path(twice.stats.cache_path).glob("*.nb*")) == []
    monkeypatch.setattr(loading, "_declared", lambda: {"alone.twice": twice, "alone.again": twice})
    monkeypatch.setattr(loading, "_compile_aside", lambda: None)
    assert loading.loaded(aside=True)["alone.twice"](4) == 8
    assert caplog.messages == [
        f"2 compiled loops cannot be kept in {twice.stats.cache_path}, so each start compiles them anew: "
        "make room there, or name another folder by NUMBA_CACHE_DIR"
    ]


def test_no_compiler_outlives_the_program_that_waits_for_it(tmp_path: Path) -> None:
    """The program is killed, so that it can end nothing itself, while there is everything to compile."""
    own = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(loading.ROOT)}
    with subprocess.Popen([sys.executable, "-c", WAITS], env=own) as program:
        wait_until(lambda: list(tmp_path.rglob("*.nbi")) != [], 300)
        (compiler,) = children(b"prep_core.kernels", program.pid)
        program.kill()
    wait_until(lambda: not is_alive(compiler), 20)
