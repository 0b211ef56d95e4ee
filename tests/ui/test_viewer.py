"""What reaches the browser: the payload is decoded here from its description alone."""

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from prep_ui.viewer import Histogram, Marker, Pane, Window, pack
from prep_ui.viewer.payload import MAX_SIDE, displayable, stride

SENT_AS_STORED = ("u1", "<i2", "<u2", "<f4", ">i2", ">u2", ">f4")
GREY = Pane(np.arange(6, dtype=np.int16).reshape(2, 3), 0.0, 5.0, "before", "HU")
COUNTS = Histogram((-1.0, 3.0), np.array([4, 0, 2]), "HU", "this slice", (Marker("p50", 1.5),))
WINDOW = Window(40.0, 400.0, "linear", 2)


def unpack(payload: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Header and pixel blocks."""
    (length,) = struct.unpack_from("<I", payload)
    header = json.loads(payload[4 : 4 + length])
    blocks, at = [], 4 + length + -length % 4
    for size in header["blocks"]:
        blocks.append(payload[at : at + size])
        at += size + -size % 4
    assert at == len(payload)
    return header, blocks


def image_of(head: dict[str, Any], blocks: list[bytes]) -> NDArray[Any]:
    shape = (3, head["rows"], head["cols"]) if head["colour"] else (head["rows"], head["cols"])
    return np.frombuffer(blocks[head["block"]], np.dtype(head["dtype"]).newbyteorder("<")).reshape(shape)


def packed(*panes: Pane, **options: Any) -> bytes:
    return pack(panes, **{"pixel_aspect": 1.0, "height": 300, **options})


def test_the_first_bytes_by_hand() -> None:
    payload = packed(replace(GREY, image=np.array([[1, -2]], np.int16)))
    assert payload[4:5] == b"{"
    assert payload[-4:] == b"\x01\x00\xfe\xff"
    assert payload[-5:-4] in (b"}", b"\x00")


@given(hnp.arrays(st.sampled_from(SENT_AS_STORED).map(np.dtype), hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_pixels_come_back_as_they_were(image: NDArray[Any]) -> None:
    header, blocks = unpack(packed(replace(GREY, image=image), replace(GREY, image=image[::-1, ::-1])))
    np.testing.assert_array_equal(image_of(header["panes"][0], blocks), image)
    np.testing.assert_array_equal(image_of(header["panes"][1], blocks), image[::-1, ::-1])
    assert header["panes"][0]["dtype"] == image.dtype.name


@pytest.mark.parametrize(
    ("values", "dtype", "sent"),
    [
        ([-32768, 32767], np.int32, "int16"),
        ([0, 65535], np.int64, "uint16"),
        ([-1, 32768], np.int32, "float32"),
        ([0, 65536], np.uint32, "float32"),
        ([-128, 127], np.int8, "int16"),
        ([False, True], np.bool_, "uint8"),
        ([0.25, -1.5], ">f8", "float32"),
        ([0.25, -1.5], np.float16, "float32"),
    ],
)
def test_other_dtypes_become_one_that_can_be_drawn(values: list[Any], dtype: Any, sent: str) -> None:
    shown = displayable(np.array([values], dtype))
    assert shown.dtype.name == sent
    assert shown.tolist() == [values]


def test_float64_beyond_float32_becomes_infinite_without_a_warning() -> None:
    assert displayable(np.array([[1e300, -1e300, np.nan]])).tolist()[0][:2] == [np.inf, -np.inf]


@pytest.mark.parametrize(("side", "every"), [(1, 1), (1024, 1), (1025, 2), (2048, 2), (2049, 3)])
def test_a_large_picture_is_thinned_by_its_longer_side(side: int, every: int) -> None:
    image = np.arange(side * 4, dtype=np.float32).reshape(4, side)
    header, blocks = unpack(packed(replace(GREY, image=image)))
    head = header["panes"][0]
    assert head["stride"] == stride(image) == every
    assert head["cols"] <= MAX_SIDE
    np.testing.assert_array_equal(image_of(head, blocks), image[::every, ::every])


def test_colour_keeps_its_three_planes() -> None:
    image = np.arange(18, dtype=np.uint8).reshape(3, 2, 3)
    header, blocks = unpack(packed(replace(GREY, image=image)))
    assert header["panes"][0]["colour"] is True
    np.testing.assert_array_equal(image_of(header["panes"][0], blocks), image)


def test_the_header_says_how_to_draw() -> None:
    low: Any = np.float32(-1.5)  # a NumPy number, as statistics give it
    pane = replace(GREY, low=low, inverted=True, histogram=COUNTS)
    header, _ = unpack(packed(GREY, pane, window=WINDOW, live=pane, pixel_aspect=2.5, height=330, answers=17))
    assert (header["aspect"], header["height"], header["answers"]) == (2.5, 330, 17)
    assert header["window"] == {"center": 40.0, "width": 400.0, "function": "linear", "line": 2}
    assert [p["label"] for p in header["panes"]] == ["before", "before"]
    head = header["panes"][1]
    assert (head["low"], head["high"], head["unit"], head["inverted"]) == (-1.5, 5.0, "HU", True)
    assert head["histogram"] == {
        "edges": [-1.0, 3.0],
        "counts": [4, 0, 2],
        "unit": "HU",
        "title": "this slice",
        "markers": [["p50", 1.5]],
        "log": True,
    }
    assert header["live"] == head
    assert header["panes"][0]["histogram"] is None


def test_a_mask_is_sent_with_its_pane_and_thinned_like_it() -> None:
    mask = np.zeros((2, 3), bool)
    mask[1, 2] = True
    header, blocks = unpack(packed(GREY, replace(GREY, mask=mask)))
    without, of_mask = (head["mask"] for head in header["panes"])
    assert without is None
    assert list(blocks[of_mask]) == [0, 0, 0, 0, 0, 1]
    large = replace(GREY, image=np.zeros((4, 2 * MAX_SIDE)), mask=np.arange(8 * MAX_SIDE).reshape(4, -1) % 4 == 2)
    header, blocks = unpack(packed(large))
    assert list(blocks[header["panes"][0]["mask"]][:4]) == [0, 1, 0, 1]
    with pytest.raises(ValueError, match="mask must have the shape"):
        replace(GREY, mask=mask.T)


def test_what_counts_is_sent_where_something_does_not() -> None:
    valid = np.array([[True, False, True], [True, True, False]])
    header, blocks = unpack(packed(GREY, replace(GREY, valid=valid, mask=valid)))
    everywhere, some = header["panes"]
    assert everywhere["valid"] is None
    assert list(blocks[some["valid"]]) == [1, 0, 1, 1, 1, 0]
    assert some["valid"] == some["mask"]
    with pytest.raises(ValueError, match="valid must have the shape"):
        replace(GREY, valid=valid.T)


def test_equal_pixels_are_sent_once() -> None:
    other = replace(GREY, image=GREY.image + 1)
    header, blocks = unpack(packed(GREY, other, window=WINDOW, live=replace(GREY, image=GREY.image.copy())))
    assert len(blocks) == 2
    assert header["live"]["block"] == header["panes"][0]["block"] != header["panes"][1]["block"]


@pytest.mark.parametrize(
    "changed",
    [
        {"pixel_aspect": 2.0},
        {"height": 301},
        {"answers": 5},
        {"window": WINDOW, "live": GREY},
    ],
)
def test_rev_follows_what_is_drawn(changed: dict[str, Any]) -> None:
    def rev(*panes: Pane, **options: Any) -> str:
        return str(unpack(packed(*panes, **options))[0]["rev"])

    assert rev(GREY) == rev(replace(GREY, image=GREY.image.copy()))
    assert rev(GREY) != rev(GREY, **changed)
    assert rev(GREY) != rev(replace(GREY, image=GREY.image + 1))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"image": np.zeros(4)}, r"image must be \(y, x\).*got \(4,\) float64"),
        ({"image": np.zeros((3, 2, 2))}, "uint8 for colour"),
        ({"image": np.zeros((4, 2, 2), np.uint8)}, r"got \(4, 2, 2\) uint8; take one plane"),
        ({"image": np.zeros((0, 2))}, r"got \(0, 2\)"),
        ({"image": np.zeros((2, 2), complex)}, "complex128"),
        ({"image": np.full((2, 2), "a")}, "numbers"),
        ({"low": np.nan}, "low and high must be finite"),
        ({"high": np.inf}, "got 0.0 and inf"),
        ({"low": 6.0}, "in that order, got 6.0 and 5.0"),
    ],
)
def test_a_pane_that_cannot_be_drawn_is_refused(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^pane 'before': .*{complaint}"):
        replace(GREY, **changed)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"edges": (1.0, 1.0)}, r"edges must be finite and rising, got \(1.0, 1.0\)"),
        ({"edges": (0.0, np.nan)}, "edges must be finite"),
        ({"counts": np.zeros(3)}, r"row of integers, got \(3,\) float64"),
        ({"counts": np.zeros((2, 2), int)}, r"got \(2, 2\)"),
        ({"counts": np.zeros(0, int)}, r"got \(0,\)"),
        ({"counts": np.array([3, -1])}, "at least 0, got -1"),
        ({"markers": (Marker("p50", np.nan),)}, "marker 'p50' must be finite, got nan"),
    ],
)
def test_a_histogram_that_cannot_be_drawn_is_refused(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^histogram 'this slice': .*{complaint}"):
        replace(COUNTS, **changed)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"width": 0.0}, "width above 0, got 40.0 and 0.0"),
        ({"center": np.nan}, "center must be finite"),
        ({"width": np.inf}, "got 40.0 and inf"),
        ({"function": "cubic"}, "linear, linear_exact or sigmoid, got 'cubic'"),
    ],
)
def test_a_window_that_is_none_is_refused(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^window: .*{complaint}"):
        replace(WINDOW, **changed)


@pytest.mark.parametrize(
    ("panes", "options", "complaint"),
    [
        ([], {}, "at least one pane"),
        ([GREY], {"pixel_aspect": 0.0}, "pixel_aspect must be finite and above 0, got 0.0"),
        ([GREY], {"pixel_aspect": np.nan}, "got nan"),
        ([GREY], {"height": 0}, "height must be above 0"),
        ([GREY], {"window": WINDOW}, "window and live must be given together"),
        ([GREY], {"live": GREY}, "window and live must be given together"),
    ],
)
def test_an_impossible_view_is_refused(panes: list[Pane], options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^viewer: .*{complaint}"):
        packed(*panes, **options)


def two_panes() -> None:
    import numpy as np
    import streamlit as st

    from prep_ui.viewer import Pane, Window, viewer

    pane = Pane(np.eye(4, dtype=np.float32), 0.0, 1.0, "eye", "1")
    window = Window(0.5, 1.0, "linear_exact", 1)
    at = viewer([pane, pane], key="v", pixel_aspect=1.0, height=200, window=window, live=pane)
    st.text(f"moved: {at}")


def test_a_page_sends_the_panes_and_starts_without_a_moved_window() -> None:
    page = AppTest.from_function(two_panes).run()
    assert not page.exception
    (component,) = page.get("bidi_component")
    header, blocks = unpack(component.proto.bytes)
    np.testing.assert_array_equal(image_of(header["live"], blocks), np.eye(4))
    assert header["answers"] == 0
    assert page.text[0].value == "moved: None"


def test_an_unchanged_page_sends_an_unchanged_view() -> None:
    page = AppTest.from_function(two_panes).run()
    first = page.get("bidi_component")[0].proto
    again = page.run().get("bidi_component")[0].proto
    assert (again.id, again.bytes) == (first.id, first.bytes)


def test_a_moved_window_comes_back_and_its_answer_says_so() -> None:
    moved = {"center": 0.25, "width": 2.0, "line": 1, "at": 77}
    page = AppTest.from_function(two_panes)
    page.session_state["v"] = {"window": moved}
    page.run()
    assert not page.exception
    assert unpack(page.get("bidi_component")[0].proto.bytes)[0]["answers"] == 77
    assert page.text[0].value == f"moved: {moved}"
