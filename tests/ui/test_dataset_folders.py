"""Folders of the server: off unless allowed, never left through dots or links, read one scan at a time."""

import os
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.fitting import Progress
from prep_core.io import load
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_ui.dataset.folders import FolderError, allowed, inside, read_folder
from prep_ui.dataset.members import GoneError, InFolder, Member, Open
from prep_ui.session import state as sessions
from prep_ui.session.bounds import Bounds
from prep_ui.session.store import ScanStore
from tests.ui.dashboard import npy, state, words
from tests.ui.test_dataset import settled, show


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a study of three scans and a broken one, and a secret beside it that a link leads to."""
    study, secret = tmp_path / "open" / "study", tmp_path / "secret"
    study.mkdir(parents=True)
    secret.mkdir()
    for i, name in enumerate("abc"):
        (study / f"{name}.npy").write_bytes(
            npy(np.random.default_rng(i).normal(10 * i, 1, (12, 12)).astype(np.float32))
        )
    (study / "broken.npy").write_bytes(b"no scan")
    (secret / "other.npy").write_bytes(npy(np.eye(4)))
    (tmp_path / "open" / "link").symlink_to(secret)
    (study / "linked.npy").symlink_to(secret / "other.npy")
    return (tmp_path / "open").resolve()


def test_without_the_setting_there_is_no_folder(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREP_FOLDERS", raising=False)
    app.switch_page("../pages/dataset.py").run()
    assert "A folder on the server" not in app.selectbox(key="dataset.source").options


def test_allowed_folders_are_those_that_exist(root: Path) -> None:
    setting = os.pathsep.join([str(root), str(root / "missing"), "", str(root / "study" / "a.npy")])
    assert allowed(setting) == (root,)
    assert allowed("") == ()


@pytest.mark.parametrize(
    "typed", ["..", "../secret", "link", "/etc", "study/../../secret", "missing", "study/a.npy", "a\0b"]
)
def test_nothing_outside_the_root_is_a_folder(root: Path, typed: str) -> None:
    with pytest.raises(FolderError, match="no folder inside open"):
        inside(root, typed)


def test_folders_inside_are_found(root: Path) -> None:
    assert inside(root, "") == root
    assert inside(root, " study ") == root / "study"


def test_a_folder_is_read_scan_by_scan_and_keeps_figures_only(root: Path) -> None:
    told: list[Progress] = []
    read = read_folder(root / "study", load, told.append)
    assert [scan.name for scan in read.scans] == ["a", "b", "c"]
    assert len(read.complaints) == 1
    assert "broken.npy" in read.complaints[0]
    assert [progress.scans for progress in told] == [1, 2, 3, 4]
    means = [read.figures[scan.identity].mean for scan in read.scans]
    assert means == pytest.approx([np.load(root / "study" / f"{n}.npy").mean() for n in "abc"], rel=1e-5)


def test_a_folder_without_a_scan_is_refused(root: Path) -> None:
    (root / "empty").mkdir()
    with pytest.raises(FolderError):
        read_folder(root / "empty", load, lambda _: None)


def test_a_file_that_changed_since_is_refused(root: Path) -> None:
    path = root / "study" / "a.npy"
    member = Member("a", InFolder(str(path), 0, "a", path.stat().st_mtime_ns), "training")
    source = Open(ScanStore(Bounds()), load)
    assert [scan.name for scan in source.each([member])] == ["a"]
    os.utime(path, ns=(0, 0))
    with pytest.raises(GoneError, match=r"a\.npy changed since the folder was read"):
        list(source.each([member]))
    path.unlink()
    with pytest.raises(GoneError, match=r"a\.npy changed since the folder was read"):
        list(source.each([member]))


def test_a_folder_is_fitted_on_the_page(app: AppTest, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_FOLDERS", str(root))
    app.switch_page("../pages/dataset.py").run()
    app.selectbox(key="dataset.source").set_value("folder").run()
    app.text_input(key="dataset.folder").set_value("../secret").run()
    assert "no folder inside open" in words(app.error[0])
    app.text_input(key="dataset.folder").set_value("study").run()
    settled(app.button(key="dataset.read").click().run())
    assert app.dataframe[0].value["scan"].tolist() == ["a", "b", "c"]
    assert app.expander[0].label == "1 files are not in the set"
    sessions.set_recipe(state(app), Recipe((Line("minmax", over="dataset"),)))
    show(app, "fit")
    settled(app.button(key="dataset.fit").click().run())
    low = min(np.load(root / "study" / f"{n}.npy").min() for n in "abc")
    assert app.dataframe[0].value["value"][0] == pytest.approx(float(low))
