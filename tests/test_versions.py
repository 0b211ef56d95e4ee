"""The version that a lock records is that of the package."""

import tomllib
from pathlib import Path

import numpy as np

from prep_core.versions import LIBRARIES, VERSION, library_versions


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION
    assert set(LIBRARIES) <= {word.split(">")[0] for word in project["dependencies"]}


def test_versions_are_those_that_are_imported() -> None:
    assert library_versions()["numpy"] == np.__version__
    assert list(library_versions()) == ["python", *LIBRARIES]
