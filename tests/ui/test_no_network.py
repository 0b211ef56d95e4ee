"""The dashboard asks no other computer for anything: a journey where there is none."""

import shutil
import subprocess
import sys

import pytest

from tests.ui.dashboard import ROOT
from tests.ui.offline_journey import LOOKED, forbid

ALONE = ("unshare", "--map-root-user", "--net")


def can_be_alone() -> bool:
    """Whether this system gives a process a network of its own, which leads nowhere."""
    if not shutil.which(ALONE[0]):
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, timeout=60).returncode == 0


def test_a_journey_without_a_network() -> None:
    """In a network of its own where that can be; looks outside are refused in either case."""
    before, alone = (ALONE, ("--alone",)) if can_be_alone() else ((), ())
    command = [*before, sys.executable, "-m", "tests.ui.offline_journey", *alone]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert LOOKED not in done.stderr
    assert done.stdout == "arrived\n", done.stderr[-3000:]
    assert done.returncode == 0


@pytest.mark.parametrize("host", ["192.0.2.1", "pypi.org", "8.8.8.8", "::ffff:8.8.8.8"])
def test_others_are_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AssertionError, match="another computer"):
        forbid("socket.connect", (None, (host, 80)))
    with pytest.raises(AssertionError, match="another computer"):
        forbid("socket.getaddrinfo", (host, 80))
    assert capsys.readouterr().err.count(LOOKED) == 2
    for here in ("127.0.0.1", "localhost", "::1"):
        forbid("socket.connect", (None, (here, 80)))
