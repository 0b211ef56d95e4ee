"""Where pictures lie: letters against NiBabel, positions against the affine."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest
import streamlit as st
from scipy.spatial.transform import Rotation
from streamlit.testing.v1 import AppTest

from prep_core.scan import Scan, Source, voxel_affine
from prep_ui.planes.panes import pane
from prep_ui.planes.slice_view import in_stack
from prep_ui.session.state import AppState
from prep_ui.viewer import Place, Slices, pack
from tests.ui.test_viewer import GREY, two_panes, unpack

RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
"""From our patient axes (left, posterior, superior) to those of NiBabel."""

RIMS = {"R": "L", "L": "R", "A": "P", "P": "A", "S": "I", "I": "S"}


def turned(degrees: tuple[float, float, float]) -> Scan:
    affine = voxel_affine((2.5, 0.7, 0.8), (-10.0, 20.0, 30.0))
    affine[:3, :3] = Rotation.from_euler("xyz", degrees, degrees=True).as_matrix() @ affine[:3, :3]
    return Scan(np.zeros((3, 4, 5), np.int16), "ZYX", affine, spacing_known=True, modality="MR")


@pytest.mark.parametrize(
    "degrees", [(0, 0, 0), (90, 0, 0), (0, 90, 0), (0, 0, 180), (20, -35, 10), (-100, 15, 60), (180, 5, -95)]
)
def test_letters_are_those_of_nibabel(degrees: tuple[float, float, float]) -> None:
    scan = turned(degrees)
    # NiBabel says where an axis points to; its matrix takes (z, y, x) as ours does.
    _, down, right = nibabel.orientations.aff2axcodes(RAS @ scan.affine)
    lies = Place.of(scan.take({"Z": 1}))
    assert lies.letters == RIMS[right] + right + RIMS[down] + down
    corner = np.array(lies.origin) + 3 * np.array(lies.down) + 4 * np.array(lies.right)
    np.testing.assert_allclose(corner, (scan.affine @ [1, 3, 4, 1])[:3], rtol=1e-12)


@pytest.mark.parametrize(
    ("changed", "letters"),
    [
        ({}, "RLAP"),
        ({"spacing_known": False}, ""),
        ({"modality": "US"}, ""),
        ({"modality": "OT"}, ""),
        ({"modality": "OT", "source": Source(format="NIfTI")}, "RLAP"),
        ({"modality": "OT", "source": Source(format="OME-TIFF")}, ""),
    ],
)
def test_letters_stand_only_in_patient_space(changed: dict[str, object], letters: str) -> None:
    scan = replace(turned((0, 0, 0)), **changed)
    lies = Place.of(scan.take({"Z": 0}))
    assert (lies.letters, lies.known) == (letters, scan.spacing_known)


def test_slices_are_those_along_z_and_else_along_time() -> None:
    volume = turned((0, 0, 0))
    movie = Scan(np.zeros((4, 1, 2, 2)), "TCYX")
    assert Slices.of(volume, {"Z": 2}) == Slices("Z", 2, 3)
    assert Slices.of(movie, {"T": 1, "C": 0}) == Slices("T", 1, 4)
    assert Slices.of(volume.take({"Z": 0}), {"Z": 0}) is None
    with pytest.raises(ValueError, match="slices: index along Z must be from 0 to 2, got 3"):
        Slices("Z", 3, 3)


def test_place_and_slices_reach_the_browser() -> None:
    lies = Place.of(turned((0, 0, 0)).take({"Z": 2}))
    header, _ = unpack(pack([GREY, replace(GREY, place=lies)], pixel_aspect=1.0, height=9, slices=Slices("Z", 2, 3)))
    assert header["slices"] == {"axis": "Z", "index": 2, "size": 3}
    assert header["panes"][0]["place"] is None
    assert header["panes"][1]["place"] == {
        "origin": [-10.0, 20.0, 35.0],
        "down": [0.0, 0.7, 0.0],
        "right": [0.8, 0.0, 0.0],
        "known": True,
        "letters": "RLAP",
    }


def test_a_turned_slice_is_answered_like_a_moved_window() -> None:
    page = AppTest.from_function(two_panes)
    page.session_state["v"] = {"window": {"center": 0.25, "width": 2.0, "line": 1, "at": 77}, "slice": {"at": 78}}
    page.run()
    assert not page.exception
    assert unpack(page.get("bidi_component")[0].proto.bytes)[0]["answers"] == 78


@pytest.mark.parametrize(("asked", "shown"), [(("Z", 2), 2), (("Z", 99), 2), (("Z", -4), 0), (("T", 2), 1), (None, 1)])
def test_a_browser_cannot_leave_the_stack(
    monkeypatch: pytest.MonkeyPatch, asked: tuple[str, int] | None, shown: int
) -> None:
    state, scan = AppState(), turned((0, 0, 0))
    follow = in_stack(state, scan, "v")["on_slice_change"]
    answer = asked and dict(zip(("axis", "index"), asked, strict=True))
    monkeypatch.setattr(st, "session_state", {"v": {"slice": answer}})
    follow()
    assert state.at.get("Z", 1) == shown


def test_one_plane_is_no_stack() -> None:
    assert in_stack(AppState(), turned((0, 0, 0)).take({"Z": 1}), "v") == {}


def test_padding_does_not_count() -> None:
    scan = turned((0, 0, 0)).take({"Z": 0})
    assert pane(scan, "all").valid is None
    valid = np.arange(20).reshape(1, 4, 5) % 3 > 0
    np.testing.assert_array_equal(pane(replace(scan, valid=valid), "some").valid, valid[0])
