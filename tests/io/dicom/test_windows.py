"""How a DICOM file wants to be shown: its windows, and the nearest to its lookup tables."""

from typing import Any

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.pixels import apply_voi_lut, apply_windowing
from pydicom.sequence import Sequence

from prep_core.io import load
from prep_core.line import Line
from prep_core.presets import presets_for
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan
from tests.io.dicom.slices import as_bytes, dataset, plane


def read(ds: Dataset) -> Scan:
    (scan,) = load(as_bytes(ds), name="slice.dcm")
    return scan


def windows(ds: Dataset) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(ds).source.facts["windows"]
    return found


def test_windows_keep_their_explanations() -> None:
    tags = {"WindowCenter": [40, -600], "WindowWidth": [400, 1500], "WindowCenterWidthExplanation": ["SOFT", "LUNG"]}
    assert windows(dataset(**tags)) == [
        {"center": 40.0, "width": 400.0, "name": "SOFT", "function": "linear"},
        {"center": -600.0, "width": 1500.0, "name": "LUNG", "function": "linear"},
    ]


@pytest.mark.filterwarnings("ignore:The value length:UserWarning")
def test_an_explanation_is_cut_and_printable() -> None:
    (window,) = windows(dataset(WindowCenter=1, WindowWidth=2, WindowCenterWidthExplanation="a\x1b[31m" + 60 * "b"))
    assert window["name"] == "a[31m" + 59 * "b"


@pytest.mark.parametrize(("center", "width"), [(0, 0), (0, -5), (1e9, 400), (0, 1e9), (0, 1e-9)])
def test_a_window_that_no_step_takes_is_dropped_and_told(center: float, width: float) -> None:
    scan = read(dataset(WindowCenter=[f"{center:g}", 40], WindowWidth=[f"{width:g}", 400]))
    assert [w["width"] for w in scan.source.facts["windows"]] == [400.0]
    assert any("1 DICOM window of width 0 or beyond all values" in w for w in scan.source.warnings)


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID", None])
@pytest.mark.parametrize(("center", "width"), [(10, 12), (7.5, 1), (3, 40)])
def test_a_window_is_the_curve_of_its_function(function: str | None, center: float, width: float) -> None:
    ds = dataset(WindowCenter=center, WindowWidth=width, VOILUTFunction=function, RescaleIntercept=-3, RescaleSlope=2)
    scan = read(ds)
    own = presets_for("window", scan, scan.unit)[0]
    shown = apply(Recipe((Line("window", own.params),)), scan).data
    expected = apply_windowing(scan.data, ds)
    low, high = 2 * -(2**15) - 3, 2 * (2**15 - 1) - 3
    np.testing.assert_allclose(shown, (expected - low) / (high - low), atol=1e-6)


def test_a_window_narrower_than_1_is_exact() -> None:
    (window,) = windows(dataset(WindowCenter=0.5, WindowWidth=0.25))
    assert window["function"] == "linear_exact"


def in_frames(*pairs: tuple[float, float]) -> Dataset:
    frames = []
    for i, (center, width) in enumerate(pairs):
        voi, place, frame = Dataset(), Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = center, width
        place.ImagePositionPatient = [0, 0, i]
        frame.FrameVOILUTSequence, frame.PlanePositionSequence = Sequence([voi]), Sequence([place])
        frames.append(frame)
    pixels = np.stack([plane(i) for i in range(len(pairs))])
    return dataset(pixels, NumberOfFrames=len(pairs), PerFrameFunctionalGroupsSequence=Sequence(frames))


def test_windows_of_frames_are_offered_once_each() -> None:
    found = windows(in_frames((40, 400), (50, 500), (40, 400)))
    assert [(w["center"], w["width"]) for w in found] == [(40, 400), (50, 500)]


def test_of_many_different_windows_that_of_the_middle_is_offered() -> None:
    (found,) = windows(in_frames(*((i, 100 + i) for i in range(21))))
    assert (found["center"], found["width"]) == (10, 110)


def with_table(values: np.ndarray, first: int = 0, explanation: str | None = None) -> Dataset:
    table = Dataset()
    table.LUTDescriptor = [len(values) % 2**16, first, 16]
    if len(values) < 2**15:
        table.add_new("LUTData", "US", [int(v) for v in values])
    else:
        table.add_new("LUTData", "OW", values.astype("<u2").tobytes())
    if explanation:
        table.LUTExplanation = explanation
    return dataset(plane(dtype="uint16"), VOILUTSequence=Sequence([table]))


def curve(function: str, center: float, width: float, count: int) -> np.ndarray:
    x = np.arange(count)
    exact = np.clip((x - center) / width + 0.5, 0, 1)
    return 65535 * (exact if function == "linear_exact" else 1 / (1 + np.exp(-4 * (x - center) / width)))


@pytest.mark.parametrize("function", ["linear_exact", "sigmoid"])
@pytest.mark.parametrize(("center", "width", "count"), [(500, 400, 1024), (2000, 700, 4096), (30000, 9000, 65536)])
def test_a_table_that_is_a_window_is_found(function: str, center: float, width: float, count: int) -> None:
    (found,) = windows(with_table(curve(function, center, width, count).round()))
    assert found["function"] == function
    np.testing.assert_allclose((found["center"], found["width"]), (center, width), rtol=0.01)
    assert found["name"] == "VOI LUT 1: nearest window, at most 1 % off"


def test_how_far_a_window_is_off_a_table_is_true() -> None:
    table = 65535 * (np.arange(4096) / 4095) ** 2.2
    ds = with_table(table.round(), explanation="FILM")
    (found,) = windows(ds)
    told = int(found["name"].removeprefix("FILM: nearest window, at most ").removesuffix(" % off"))
    scan = read(ds)
    ramp = Scan(np.arange(4096, dtype=np.float32).reshape(64, 64), "YX", unit=scan.unit, source=scan.source)
    (own,) = (p for p in presets_for("window", ramp, ramp.unit) if p.source == "this scan")
    shown = apply(Recipe((Line("window", own.params),)), ramp).data.ravel()
    meant = apply_voi_lut(np.arange(4096, dtype=np.uint16), ds) / 65535
    assert told - 1 <= 100 * np.abs(shown - meant).max() <= told + 0.1
    assert 3 < told < 15


def test_a_table_in_bytes_is_the_same_table() -> None:
    values = curve("linear_exact", 500, 400, 1024).round()
    ds = with_table(values)
    words = windows(ds)
    del ds.VOILUTSequence[0].LUTData
    ds.VOILUTSequence[0].add_new("LUTData", "OW", values.astype("<u2").tobytes())
    assert windows(ds) == words


@pytest.mark.parametrize("values", [np.arange(100)[::-1], np.full(100, 7), np.r_[np.arange(50), np.arange(50)]])
def test_a_table_that_does_not_rise_is_left_out_and_told(values: np.ndarray) -> None:
    scan = read(with_table(values))
    assert scan.source.facts["windows"] == []
    assert any("1 VOI LUT does not rise and is left out" in w for w in scan.source.warnings)
