"""Opening scans: files, folders, questions, refusals, and what the page then says about them."""

import io

import h5py
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.io import encode
from prep_core.scan import Scan, voxel_affine
from prep_ui.session import state as sessions
from tests.ui.dashboard import PAGES, go, npy, showing, state, upload, upload_all, words


def test_an_upload_is_opened_and_the_uploader_is_empty_again(app: AppTest) -> None:
    upload(app, "mine.npy", npy(np.eye(32, dtype=np.float32)))
    assert state(app).opened[0].name == "mine"
    assert app.file_uploader(key="inspect.upload.1").value in (None, [])


def test_axes_that_the_file_does_not_say_are_asked(app: AppTest) -> None:
    upload(app, "stack.npy", npy(np.random.default_rng(0).uniform(size=(5, 24, 32))))
    assert any("does not say what its axes are" in words(caption) for caption in app.caption)
    app.selectbox(key="inspect.axes").set_value("TYX").run()
    app.button(key="inspect.open").click().run()
    assert sessions.current(state(app)).axes == "TYX"


def test_what_a_file_cannot_tell_is_said_on_the_page(app: AppTest) -> None:
    upload(app, "film.npy", npy(np.random.default_rng(0).uniform(size=(5, 24, 32))))
    app.button(key="inspect.open").click().run()
    app.selectbox(key="inspect.correct.axes").set_value("TYX").run()
    app.selectbox(key="inspect.correct.modality").set_value("OPT").run()
    app.text_input(key="inspect.correct.unit").set_value("dB").run()
    assert not app.exception
    scan = sessions.current(state(app))
    assert (scan.axes, scan.modality, scan.unit) == ("TYX", "OPT", "dB")
    assert len(app.get("plotly_chart")) == 2, "the depth profile of OCT in linear and dB"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("text.dcm", b"this is no DICOM file at all" * 20),
        (
            "objects.npy",
            b"\x93NUMPY\x01\x00" + b"v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(120),
        ),
        ("cut.nii.gz", b"\x1f\x8b\x08\x00"),
        ("empty.png", b""),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence_and_nothing_is_lost(app: AppTest, name: str, data: bytes) -> None:
    before = state(app).opened
    upload(app, name, data)
    (error,) = app.error
    assert name in words(error)
    assert "Traceback" not in words(error)
    assert state(app).opened == before


def test_names_from_files_stay_words(app: AppTest) -> None:
    evil = "![x](http:host.invalid) <b> $a$ :red[x]"
    upload(app, f"{evil}.npy", npy(np.eye(16)))
    upload(app, f"{evil}.dcm", b"no scan" * 99)
    assert len(app.error) == 1
    for page in PAGES:
        for element in [*app.markdown, *app.caption, *app.success, *app.info, *app.error]:
            assert "![x](" not in element.value
            assert ":red[" not in element.value
        go(app, page)


def test_several_files_are_scans_to_choose_from(app: AppTest) -> None:
    upload_all(
        app, {"a.npy": npy(np.eye(16)), "b.npy": npy(np.eye(20)), "broken.npy": b"x", "sub/a.npy": npy(np.eye(24))}
    )
    assert [opened.name for opened in state(app).opened[:3]] == ["a", "a-2", "b"]
    assert sessions.current(state(app)).data.shape == (24, 24)
    assert any("3 scans opened" in words(caption) for caption in app.caption)
    assert "broken.npy" in words(app.error[0])
    chooser = showing(app.selectbox, "inspect.scan")
    assert chooser.options[2] == "b · OT YX 20 x 20 float64"
    chooser.set_value(2).run()
    assert sessions.current(state(app)).data.shape == (20, 20)


def test_many_complaints_are_folded(app: AppTest) -> None:
    upload_all(app, {f"{i}.png": b"no scan" * 99 for i in range(3)} | {"good.npy": npy(np.eye(16))})
    assert app.expander[0].label == "3 files were not opened"
    assert len(app.expander[0].error) == 3
    assert sessions.current(state(app)).name == "good"


def test_each_file_asks_its_own_question(app: AppTest) -> None:
    rng = np.random.default_rng(0)
    upload_all(app, {f"{n}.npy": npy(rng.uniform(size=(5, 24, 32))) for n in "ab"} | {"flat.npy": npy(np.eye(16))})
    assert [opened.name for opened in state(app).opened[:1]] == ["flat"]
    assert len(state(app).pending) == 2
    app.selectbox(key="inspect.axes").set_value("TYX").run()
    app.button(key="inspect.open").click().run()
    assert [opened.name for opened in state(app).opened[:2]] == ["flat", "a"]
    app.button(key="inspect.skip").click().run()
    assert state(app).pending == ()
    assert [opened.name for opened in state(app).opened[:2]] == ["flat", "a"]


def test_bare_numbers_are_asked_for_their_form(app: AppTest) -> None:
    pixels = np.arange(6 * 8, dtype=">i2").reshape(6, 8)
    upload(app, "detector.raw", b"HEAD" + pixels.tobytes())
    assert app.button(key="inspect.open").disabled
    app.selectbox(key="inspect.raw.dtype").set_value("int16").run()
    app.selectbox(key="inspect.raw.order").set_value("big").run()
    app.text_input(key="inspect.raw.shape").set_value("6 x 8").run()
    assert any("needs 96 bytes; the file has 100" in words(caption) for caption in app.caption)
    app.number_input(key="inspect.raw.header").set_value(4).run()
    app.button(key="inspect.open").click().run()
    assert not app.exception
    np.testing.assert_array_equal(sessions.current(state(app)).data, pixels)


def test_one_of_several_arrays_is_asked_for(app: AppTest) -> None:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["raw/first"], file["raw/second"] = np.eye(16), np.eye(20)
    upload(app, "both.h5", stream.getvalue())
    chooser = app.selectbox(key="inspect.part")
    assert "second: 20 x 20" in chooser.options[0]
    app.button(key="inspect.open").click().run()
    assert not app.exception
    assert sessions.current(state(app)).data.shape == (20, 20)


def test_a_finding_adds_its_line_once(app: AppTest) -> None:
    upload(app, "oct.npy", npy(np.logspace(0, 7, 64 * 64).reshape(64, 64)))
    (button,) = [b for b in app.button if b.label.startswith("Add decibel")]
    button.click().run()
    assert not app.exception
    assert [card.line.step for card in state(app).cards] == ["decibel"]
    assert app.button(key=button.key).disabled


def test_the_header_says_where_a_scan_lies_and_what_was_converted(app: AppTest) -> None:
    scan = Scan(np.arange(24, dtype=np.int16).reshape(2, 3, 4), "ZYX", voxel_affine((2.5, 0.7, 0.5), (1, 2, 3)), True)
    upload(app, "volume.nii.gz", encode(scan, "nii.gz"))
    go(app, "header")
    text = "".join(words(element) for element in app.markdown)
    assert "4 x 0.5 = 2 mm, towards left" in text
    assert "2 x 2.5 = 5 mm, towards superior" in text
    assert "The values are the stored numbers" in text
    assert "NIfTI" in text


def test_a_corrected_modality_changes_what_is_noticed(app: AppTest) -> None:
    upload(app, "ct.npy", npy(np.random.default_rng(0).integers(-1000, 2000, (64, 64)).astype(np.int16)))
    assert "negatives" in [finding.name for finding in sessions.current(state(app)).findings]
    app.selectbox(key="inspect.correct.modality").set_value("CT").run()
    assert not app.exception
    assert "negatives" not in [finding.name for finding in sessions.current(state(app)).findings]
