"""Benchmarks are no tests: they are collected only by `pytest tests/benchmarks --benchmark-only`."""

import os
from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Let benchmarks wait for compiled loops, unless the environment says otherwise."""
    if _asked(config):
        os.environ.setdefault("PREP_KERNELS", "compiled")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave all of this folder out, unless benchmarks are asked for."""
    return None if _asked(config) else True


def _asked(config: pytest.Config) -> bool:
    return bool(config.getoption("benchmark_only", default=False))
