"""What processes hold is counted right: against a process that holds what it says."""

import subprocess
import sys

import pytest

from tests.reliability.held import Watch, held, segments_of

MEGABYTE = 10**6
HOLDS = """
import os, sys, tempfile
segment = os.memfd_create("prep")
os.write(segment, bytes(30_000_000))
nameless = tempfile.TemporaryFile()
nameless.write(bytes(10_000_000))
nameless.flush()
child = os.fork()
own = bytearray(os.urandom(50_000_000)) if child else b""
print("holds", flush=True) if child else None
sys.stdin.read()
"""


def test_memory_segments_and_nameless_files_are_counted_once() -> None:
    """Both processes hold the segment and the file, one of them memory of its own."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        with Watch(process.pid) as watch:
            now = held(process.pid)
        assert segments_of(process.pid) == pytest.approx(30 * MEGABYTE, rel=0.01)
        assert now.on_disk == pytest.approx(10 * MEGABYTE, rel=0.01)
        # And two small interpreters.
        assert 80 * MEGABYTE < now.memory < 110 * MEGABYTE
        assert watch.most.memory >= now.memory
    assert held(process.pid).memory == 0
