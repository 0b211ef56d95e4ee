"""What a scan is, in words: shares, units and codes that can be read without a manual."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.inspection import inspect
from prep_core.scan import MODALITIES, Scan, Source
from prep_ui import facts
from prep_ui.inspecting import header
from tests.ui.dashboard import go, npy, upload, words


def rows(values: np.ndarray, **more: object) -> dict[str, str]:
    scan = Scan(values, "YX", **more)
    return facts.rows(scan, inspect(scan))


def test_one_voxel_of_many_is_not_none_of_them() -> None:
    values = np.ones((200, 500), np.float32)
    values[0, :3] = -1, 0, np.nan
    found = rows(values)
    assert (found["Negatives"], found["Zeros"]) == ("0.001 %", "0.001 %")
    assert found["Padding"].startswith("0.001 % of all voxels")
    whole = rows(np.ones((4, 4), np.float32) * np.arange(1, 5))
    assert {whole[name] for name in ("Negatives", "Zeros", "Padding")} == {"none"}


def test_mean_and_standard_deviation_have_their_unit() -> None:
    found = rows(np.array([[10.0, 20.0]]), unit="HU", modality="CT")
    assert (found["Mean, std"], found["Modality"]) == ("15, 5 HU", "CT, computed tomography")


def test_every_code_but_other_is_told_in_words() -> None:
    assert set(facts.MODALITIES) == set(MODALITIES) - {"OT"}
    assert facts.modality("OT") == "not said in the file"


def test_a_scan_of_an_unknown_kind_is_called_so(app: AppTest) -> None:
    upload(app, "mine.npy", npy(np.eye(32)))
    for where in ("inspect", "tune"):
        assert any("unknown modality" in words(text) for text in go(app, where).markdown)


def test_technical_tags_have_the_units_of_their_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, str] = {}
    monkeypatch.setattr(header, "table", drawn.update)
    told = {"echo_time": 22.0, "field_strength": 1.5, "bits_stored": 12, "EXPTIME": 60.0}
    header.tags(Scan(np.ones((2, 2)), "YX", source=Source(facts=told)))
    assert drawn == {"echo time": "22 ms", "field strength": "1.5 T", "bits stored": "12", "EXPTIME": "60 s"}
