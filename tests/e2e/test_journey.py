"""The main job in a real browser: look at the CT sample, tune a recipe, export it, apply it on the command line."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Download, Page, expect

from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_core.samples.oct import simulate_oct
from tests.e2e.conftest import ROOT, go, settled


def add(page: Page, step: str) -> None:
    page.get_by_role("button", name="Add a step").click()
    page.locator(f".st-key-tune-add-{step}").get_by_role("button").click()
    settled(page)


def set_number(page: Page, name: str, value: str) -> None:
    box = page.locator(f"[class*='-{name}-box'] input")
    box.fill(value)
    box.press("Enter")
    settled(page)


def choose(page: Page, key: str, option: str) -> None:
    page.locator(f"[class*='{key}'] [data-baseweb=select], [class*='{key}'] [role=combobox]").first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    download: Download = waiting.value
    folder.mkdir(exist_ok=True)
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def command_line(recipe: Path, scans: list[Path], out: Path, format: str) -> None:
    call = [sys.executable, "-m", "prep_core", "apply", str(recipe), *map(str, scans), "-o", str(out)]
    done = subprocess.run([*call, "--format", format], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_ct_from_the_first_look_to_the_same_bytes_on_the_command_line(app: Page, tmp_path: Path) -> None:
    expect(app.get_by_text("−1024 … 3071 HU").first).to_be_visible()
    go(app, "Tune")
    add(app, "window")
    set_number(app, "center", "40")
    set_number(app, "width", "400")
    add(app, "clahe")
    expect(app.get_by_text("after clahe").first).to_be_visible()
    go(app, "Recipe")
    recipe = saved(app, "Download recipe", tmp_path)
    lines = Recipe.from_yaml(recipe.read_bytes()).lines
    assert [line.step for line in lines] == ["window", "clahe"]
    assert (lines[0].params["center"], lines[0].params["width"]) == (40, 400)
    app.get_by_role("button", name="Apply to the whole scan").click()
    expect(app.get_by_role("button", name="Download result")).to_be_visible(timeout=120_000)
    settled(app)
    result, sidecar = saved(app, "Download result", tmp_path), saved(app, "Download provenance", tmp_path)
    command_line(recipe, [SAMPLES["ct_chest"].source], tmp_path / "out", "nii.gz")
    assert result.read_bytes() == (tmp_path / "out" / result.name).read_bytes()
    assert json.loads(sidecar.read_text()) == json.loads((tmp_path / "out" / sidecar.name).read_text())


def test_a_dragged_window_reaches_the_recipe(app: Page) -> None:
    go(app, "Tune")
    add(app, "window")
    picture = app.locator("canvas").first.bounding_box()
    assert picture is not None
    x, y = picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2
    app.mouse.move(x, y)
    app.mouse.down()
    app.mouse.move(x + 40, y, steps=5)
    app.mouse.up()
    settled(app)
    go(app, "Recipe")
    params = Recipe.from_yaml(app.get_by_test_id("stCode").first.inner_text()).lines[0].params
    assert params["width"] > 500
    assert params["center"] == 40


def test_a_reload_gives_the_same_picture(app: Page) -> None:
    go(app, "Tune")
    add(app, "window")
    add(app, "clahe")
    viewer = app.locator(".viewer").first
    before = viewer.screenshot(animations="disabled")
    app.reload()
    settled(app)
    expect(app.get_by_text("after clahe").first).to_be_visible()
    assert viewer.screenshot(animations="disabled") == before


def test_the_recipe_is_exported_and_imported_again(app: Page, tmp_path: Path) -> None:
    go(app, "Tune")
    add(app, "percentile_rescale")
    go(app, "Recipe")
    recipe = saved(app, "Download recipe", tmp_path)
    changed = tmp_path / "changed.yaml"
    changed.write_text(recipe.read_text().replace("high: 99.8", "high: 98.0"))
    app.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(changed)
    expect(app.get_by_test_id("stCode").first).to_contain_text("high: 98.0")
    settled(app)
    broken = tmp_path / "broken.yaml"
    broken.write_text(recipe.read_text().replace("high: 99.8", "high: 250"))
    app.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(broken)
    settled(app)
    expect(app.get_by_text("line 1: percentile_rescale high must be float from 0 to 100 %, got 250")).to_be_visible()
    assert "high: 98.0" in app.get_by_test_id("stCode").first.inner_text()


@pytest.mark.parametrize("name", ["text.dcm", "objects.npy"])
def test_a_broken_upload_is_a_sentence(app: Page, tmp_path: Path, name: str) -> None:
    broken = tmp_path / name
    broken.write_bytes(b"\x93NUMPY\x01\x00garbage" if name.endswith("npy") else b"plain words, no scan" * 30)
    app.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(broken)
    settled(app)
    expect(app.get_by_test_id("stAlertContentError")).to_contain_text(name)
    expect(app.get_by_text("−1024 … 3071 HU").first).to_be_visible()


def test_raw_oct_from_upload_to_the_same_bytes_whatever_the_gain(app: Page, tmp_path: Path) -> None:
    """magnitude, decibel (percentile 99.9), clip -50..0, zscore; doubling the raw data moves no pixel by 1e-4 dB."""
    raw = simulate_oct().data
    for name, gain in (("oct", 1), ("doubled", 2)):
        np.save(tmp_path / f"{name}.npy", (gain * raw).astype(np.complex64))
    app.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(tmp_path / "oct.npy")
    settled(app)
    expect(app.get_by_text("complex64").first).to_be_visible()
    go(app, "Tune")
    for step in ("magnitude", "decibel", "clip"):
        add(app, step)
    set_number(app, "low", "-50")
    set_number(app, "high", "0")
    add(app, "zscore")
    go(app, "Recipe")
    recipe = saved(app, "Download recipe", tmp_path)
    lines = Recipe.from_yaml(recipe.read_bytes()).lines
    assert [line.step for line in lines] == ["magnitude", "decibel", "clip", "zscore"]
    assert (lines[1].params["percentile"], dict(lines[2].params)) == (99.9, {"low": -50, "high": 0})
    app.get_by_text("npy", exact=True).click()
    settled(app)
    app.get_by_role("button", name="Apply to the whole scan").click()
    expect(app.get_by_role("button", name="Download result")).to_be_visible(timeout=120_000)
    settled(app)
    result = saved(app, "Download result", tmp_path / "page")
    command_line(recipe, [tmp_path / f"{name}.npy" for name in ("oct", "doubled")], tmp_path / "out", "npy")
    assert result.read_bytes() == (tmp_path / "out" / "oct.npy").read_bytes()
    once, twice = (np.load(tmp_path / "out" / f"{name}.npy") for name in ("oct", "doubled"))
    std = json.loads((tmp_path / "out" / "oct.prep.json").read_text())["lines"][3]["measured"]["numbers"]["std"]
    assert np.abs(once - twice).max() * std < 1e-4
