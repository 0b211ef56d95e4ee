"""One folder takes one run; what a killed run left is cleared away; complaints name the place."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from prep_core.batch.aside import ASIDE, Aside, FolderError, put, reserved
from tests.batch.batches import run, write_scans


def test_a_second_run_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with reserved(tmp_path) as own:
        put(own / "a", b"first")
        with pytest.raises(FolderError, match=r"another run writes into .*; one folder takes one run at a time"):
            run(write_scans(tmp_path / "in", "a"), tmp_path)
        assert (own / "a").read_bytes() == b"first"
    assert not (tmp_path / ASIDE).exists()
    with reserved(tmp_path):
        pass


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from prep_core.batch.aside import put, reserved\n"
    code += (
        f"with reserved(Path(sys.argv[1])) as own: put(own / 'a', b'half'); os.kill(os.getpid(), {signal.SIGKILL:d})"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list((tmp_path / ASIDE).rglob("a"))) == 1
    with reserved(tmp_path) as own:
        assert list(own.iterdir()) == []
        assert list((tmp_path / ASIDE).rglob("a")) == []


def test_the_lock_of_a_run_that_just_ended_does_not_count(tmp_path: Path) -> None:
    """A run that opened the lock before the other removed it holds a file that nobody else sees."""
    with reserved(tmp_path) as own:
        (own.parent / "run").unlink()
        with reserved(tmp_path) as second:
            assert second != own


def test_a_file_waits_with_the_rights_of_any_other(tmp_path: Path) -> None:
    put(tmp_path / "a", b"1")
    (tmp_path / "b").write_bytes(b"1")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_disk_without_room_is_named(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="big") as caught:
            put(tmp_path / "big", bytes(100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert caught.value.filename == str(tmp_path / "big")


def test_files_of_one_result_have_names_of_their_own(tmp_path: Path) -> None:
    aside = Aside(tmp_path, "3-0", "npy")
    assert len({aside.result, aside.mask, aside.thumbnail, aside.record}) == 4
    assert all(os.path.dirname(path) == str(tmp_path) for path in (aside.result, aside.mask, aside.record))
