"""Opening scans in a real browser: several at once, findings that become lines, and nothing of a person anywhere."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, WebSocket, expect
from pydicom import Dataset

from prep_core.recipe import Recipe
from tests.e2e.conftest import ROOT, go, running_server, settled
from tests.io.dicom.slices import CANARY, as_bytes, dataset
from tests.io.guarded.processes import children

PERSONAL = {
    "PatientName": f"{CANARY}^JANE",
    "PatientID": CANARY,
    "PatientComments": f"{CANARY} lives here",
    "InstitutionName": CANARY,
    "ReferringPhysicianName": CANARY,
    "StudyDescription": f"![x](http://host.invalid/{CANARY}.png)",
    "SeriesDescription": f"<img src=x onerror=alert('{CANARY}')>",
    "ProtocolName": CANARY,
    "ImageComments": CANARY,
    "StationName": CANARY,
    "OperatorsName": CANARY,
    "AccessionNumber": CANARY,
}


def of_a_person() -> Dataset:
    """A radiograph with a name in every place where one is found in the wild; low values are meant to be bright."""
    pixels = np.random.default_rng(0).integers(0, 4096, (48, 64)).astype(np.uint16)
    own = {"Rows": 48, "Columns": 64, "Modality": "CR", "PhotometricInterpretation": "MONOCHROME1"}
    return dataset(pixels, BitsStored=12, HighBit=11, RescaleIntercept=None, **own, **PERSONAL)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "server.txt"


@pytest.fixture
def server_with_log(log: Path) -> Iterator[str]:
    with running_server(log) as url:
        yield url


def open_files(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(paths)
    expect(page.get_by_text("Reading")).to_have_count(0)
    settled(page)


def test_several_files_are_opened_and_one_is_chosen(app: Page, tmp_path: Path) -> None:
    for name, side in (("small", 16), ("large", 32)):
        np.save(tmp_path / f"{name}.npy", np.eye(side, dtype=np.float32))
    (tmp_path / "page.dcm").write_bytes(b"<html>" * 99)
    open_files(app, tmp_path / "small.npy", tmp_path / "large.npy", tmp_path / "page.dcm")
    expect(app.get_by_text("2 scans opened. Choose one above.")).to_be_visible()
    expect(app.get_by_text("page.dcm is not a DICOM file")).to_be_visible()
    app.get_by_role("combobox", name="Scan").first.click()
    app.get_by_role("option", name="YX 32 x 32").click()
    settled(app)
    expect(app.get_by_text("YX 32 x 32 float32").first).to_be_visible()


def test_a_large_upload_arrives_whole_in_memory_that_is_shared(app: Page, tmp_path: Path) -> None:
    scan = tmp_path / "large.npy"
    np.save(scan, np.random.default_rng(0).normal(size=(3, 900, 900)).astype(np.float32))
    open_files(app, scan)
    app.get_by_role("button", name="Open it so").click()
    expect(app.get_by_text("Open it so")).to_have_count(0)
    settled(app)
    go(app, "Header")
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    expect(app.get_by_text(" ".join(textwrap.wrap(digest, 16)))).to_be_visible()
    servers = children(b"streamlit", os.getpid())
    assert any("memfd:prep" in Path(f"/proc/{server}/maps").read_text() for server in servers)


def test_nothing_of_a_person_is_shown_sent_logged_or_written(
    page: Page, server_with_log: str, log: Path, tmp_path: Path
) -> None:
    seen: list[bytes | str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: seen.append(payload))

    page.on("websocket", listen)
    page.on("response", lambda answer: seen.append(answer.url))
    (tmp_path / "scan.dcm").write_bytes(as_bytes(of_a_person()))
    page.goto(server_with_log)
    settled(page)
    open_files(page, tmp_path / "scan.dcm")
    page.get_by_role("button", name="Add invert").click()
    settled(page)
    expect(page.get_by_role("button", name="In the recipe")).to_be_disabled()
    for name in ("Header", "Tune", "Recipe"):
        go(page, name)
        seen.extend((page.content(), page.url))
    page.get_by_role("button", name="Apply to the whole scan").click()
    for button in ("Download result", "Download provenance", "Download recipe"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        data = Path(waiting.value.path()).read_bytes()
        seen.append(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    page.goto("about:blank")
    seen.append(log.read_bytes())
    leaks = [text[:200] for text in seen if CANARY.encode() in (text.encode() if isinstance(text, str) else text)]
    assert len(seen) > 20
    assert leaks == []


def test_the_line_of_a_finding_means_the_same_on_the_command_line(app: Page, tmp_path: Path) -> None:
    scan = tmp_path / "scan.dcm"
    scan.write_bytes(as_bytes(of_a_person()))
    open_files(app, scan)
    app.get_by_role("button", name="Add invert").click()
    settled(app)
    go(app, "Recipe")
    with app.expect_download() as waiting:
        app.get_by_role("button", name="Download recipe").click()
    recipe = Recipe.from_yaml(Path(waiting.value.path()).read_bytes())
    (line,) = recipe.lines
    call = [sys.executable, "-m", "prep_core", "inspect", "--json", str(scan)]
    (record,) = json.loads(subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    (finding,) = [f for f in record["scans"][0]["findings"] if f["name"] == "monochrome1"]
    assert (finding["step"], finding["params"]) == (line.step, dict(line.params))
    assert line.params["high"] == 4095
