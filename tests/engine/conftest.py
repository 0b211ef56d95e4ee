"""Engines that take seconds to start, started once."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from distributed import Client

from prep_core.engine import Cluster, Processes

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "cluster.md"
QUICK = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
"""A worker that dies is seen as dead at the first time; else a test that kills one would kill four."""


@pytest.fixture(scope="session")
def two() -> Iterator[Processes]:
    with Processes(2) as engine:
        yield engine


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own, started by the commands of docs/cluster.md."""
    port = free_port()
    running = [dask(words, tmp_path_factory.mktemp("dask")) for words in commands(port)]
    try:
        with Client(f"tcp://127.0.0.1:{port}", timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield f"tcp://127.0.0.1:{port}"
    finally:
        kill([one for process in running for one in tree(process.pid)])
        for process in running:
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def commands(port: int) -> list[list[str]]:
    """What the page says about Dask by hand, with another port."""
    (block,) = re.findall(r"^## Dask by hand\n.*?```bash\n(.*?)```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line.replace("8786", str(port)).split() for line in block.splitlines() if "dask" in line]
    assert [line[3] for line in lines] == ["scheduler", "worker", "worker"]
    return lines


def dask(words: list[str], folder: Path) -> "subprocess.Popen[bytes]":
    """A command of Dask, as a process of its own that can import the project."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, *words[1:]],
        cwd=folder,
        env={**os.environ, **QUICK, "PYTHONPATH": path, "DASK_TEMPORARY_DIRECTORY": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def tree(pid: int) -> list[psutil.Process]:
    """A process, and all that it started."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        # A child may have ended with its parent.
        with suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture(scope="session")
def cluster(address: str) -> Iterator[Cluster]:
    with Cluster(address) as engine:
        yield engine
