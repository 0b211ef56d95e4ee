"""The command line, as a shell sees it: exit codes, stdout, stderr, files."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zarr

from prep_core import Recipe, apply, load
from prep_core.batch import loaded
from prep_core.cli import main
from prep_core.io import ReaderFault
from prep_core.scan import Scan
from prep_core.steps import STEPS
from tests.io.dicom.slices import as_bytes, dataset, plane

RECIPE = """prep: 1
name: grey
steps:
- {step: percentile_clip, low: 1, high: 99}
- {step: zscore}
"""
FITTABLE = "prep: 1\nsteps:\n- {step: zscore, over: dataset}\n"


@pytest.fixture
def recipe(tmp_path: Path) -> str:
    path = tmp_path / "grey.yaml"
    path.write_text(RECIPE)
    return str(path)


@pytest.fixture
def scans(tmp_path: Path) -> list[str]:
    """Three arrays that do not say what their axes are."""
    rng = np.random.default_rng(0)
    paths = [tmp_path / f"scan{i}.npy" for i in range(3)]
    for i, path in enumerate(paths):
        np.save(path, rng.normal(100 * i, 20, (3, 20, 30)).astype(np.float32))
    return [str(path) for path in paths]


def test_steps_as_json_hold_what_a_program_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["name"] for record in records] == list(STEPS)
    window = next(record for record in records if record["name"] == "window")
    assert set(window) == {"name", "family", "domain", "help", "measured", "population", "params"}
    assert window["params"][0] == {
        "name": "center",
        "type": "float",
        "default": 40.0,
        "limits": [-1e6, 1e6],
        "soft": [-200, 400],
        "unit": "image units",
        "choices": [],
        "help": "Value shown as mid-grey.",
    }


def test_one_step_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "decibel"]) == 0
    words = capsys.readouterr().out
    assert "percentile = 99.9   float from 0 to 100 %" in words
    assert "over = image | dataset" in words
    assert main(["steps", "nope"]) == 2


def test_inspect_as_json(scans: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", scans[0], "--axes", "ZYX", "--spacing", "2.5,1,1", "--unit", "HU", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["path"], record["ok"], record["error"]) == (scans[0], True, None)
    (scan,) = record["scans"]
    assert (scan["axes"], scan["shape"], scan["spacing"], scan["unit"]) == ("ZYX", [3, 20, 30], [2.5, 1, 1], "HU")
    values = np.load(scans[0]).astype(np.float64)
    assert scan["percentiles"]["99.9"] == np.percentile(values, 99.9)
    assert scan["mean"] == pytest.approx(values.mean())


def test_inspect_goes_on_after_a_broken_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.npy", tmp_path / "bad.npy"
    np.save(good, np.eye(4))
    np.save(bad, np.array([{}], dtype=object), allow_pickle=True)
    assert main(["inspect", str(bad), str(good)]) == 8
    streams = capsys.readouterr()
    assert "good: OT, YX 4 x 4, float64" in streams.out
    assert "bad.npy" in streams.err
    assert main(["inspect", str(bad)]) == 3


def test_inspect_of_a_tree_is_one_object_a_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree" / "deep").mkdir(parents=True)
    np.save(tmp_path / "tree" / "one.npy", np.eye(4))
    np.save(tmp_path / "tree" / "deep" / "two.npy", np.eye(5))
    (tmp_path / "tree" / "bad.nii").write_bytes(b"nothing")
    (tmp_path / "tree" / "notes.txt").write_text("not a scan")
    assert main(["inspect", str(tmp_path / "tree"), "--json"]) == 8
    (record,) = json.loads(capsys.readouterr().out)
    assert not record["ok"]
    assert record["error"].startswith("bad.nii")
    assert sorted(scan["name"] for scan in record["scans"]) == ["one", "two"]


def test_a_place_that_cannot_be_written_is_said(recipe: str, scans: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["apply", recipe, scans[0], "-o", str(tmp_path / "file"), "--axes", "ZYX"]) == 2


def test_axes_that_nobody_told_are_asked_for(scans: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", scans[0]]) == 3
    assert "say it with --axes CYX (or ZYX, TYX, YXC)" in capsys.readouterr().err
    assert main(["inspect", scans[0], "--axes", "AB"]) == 2
    assert "axes must be" in capsys.readouterr().err


def test_bare_numbers_are_read_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = np.arange(24, dtype=">i2").reshape(2, 3, 4)
    (tmp_path / "a.raw").write_bytes(b"header" + values.tobytes())
    call = ["inspect", str(tmp_path / "a.raw"), "--axes", "ZYX", "--json"]
    assert main([*call, "--raw", "int16:2x3x4:big:6"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["scans"][0]["shape"], record["scans"][0]["max"]) == ([2, 3, 4], 23)
    assert main(call) == 3
    assert "a.raw has 54 bytes without a known header: say what they are with --raw" in capsys.readouterr().err
    assert main([*call, "--raw", "int16:2x3x4:middle"]) == 2
    assert capsys.readouterr().err.startswith("raw must be TYPE:ZxYxX[:little|big][:HEADER]")


def test_a_part_of_a_store_is_read_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        made = zarr.create_array(tmp_path / "both.zarr" / name, shape=(3, 4), dtype="u1", zarr_format=2)
        made[...] = len(name)
    assert main(["inspect", str(tmp_path / "both.zarr")]) == 3
    assert "both.zarr holds 2 arrays that can be images: one (3 x 4 uint8), two" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path), "--part", "two", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert [scan["name"] for scan in record["scans"]] == ["both-two"]


def test_check_says_valid_or_why_not(recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", recipe]) == 0
    assert capsys.readouterr().out == f"valid: 2 lines, digest {Recipe.from_yaml(RECIPE).digest}\n"
    bad = tmp_path / "bad.yaml"
    bad.write_text("prep: 1\nsteps:\n- step: clip\n- {step: decibel, percentile: 250}\n")
    assert main(["check", str(bad)]) == 2
    assert capsys.readouterr().err == "line 2: decibel percentile must be float from 0 to 100 %, got 250\n"
    assert main(["check", str(tmp_path / "missing.yaml")]) == 2
    assert "missing.yaml cannot be read: No such file" in capsys.readouterr().err


def test_apply_writes_result_provenance_and_report(recipe: str, scans: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["apply", recipe, *scans, "-o", str(out), "--format", "npy", "--axes", "ZYX"]) == 0
    assert sorted(p.name for p in out.iterdir()) == sorted(
        [
            *("report.html", "report.json", "thumbnails"),
            *(f"scan{i}.{end}" for i in range(3) for end in ("npy", "prep.json")),
        ]
    )
    (scan,) = load(scans[1], axes="ZYX")
    assert np.array_equal(np.load(out / "scan1.npy"), apply(Recipe.from_yaml(RECIPE), scan).data)
    sidecar = json.loads((out / "scan1.prep.json").read_text())
    assert sidecar["output"]["sha256"] == hashlib.sha256((out / "scan1.npy").read_bytes()).hexdigest()
    assert sidecar["input"]["sha256"] == hashlib.sha256(Path(scans[1]).read_bytes()).hexdigest()
    assert Recipe.from_yaml(sidecar["recipe"]["yaml"]) == Recipe.from_yaml(RECIPE)
    assert [line["step"] for line in sidecar["lines"]] == ["percentile_clip", "zscore"]
    report = json.loads((out / "report.json").read_text())
    assert (report["done"], report["failed"]) == (3, 0)


def test_apply_reports_broken_scans_and_goes_on(recipe: str, scans: list[str], tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.dcm", tmp_path / "out"
    bad.write_text("this is no DICOM file")
    call = ["apply", recipe, str(bad), *scans, "-o", str(out), "--axes", "ZYX"]
    assert main(call) == 8
    report = json.loads((out / "report.json").read_text())
    assert (report["done"], report["failed"]) == (3, 1)
    assert "bad.dcm" in report["scans"][0]["error"]
    assert main(["apply", recipe, str(bad), "-o", str(out)]) == 3


def test_scans_of_one_name_do_not_overwrite_each_other(recipe: str, tmp_path: Path) -> None:
    paths = []
    for i in range(2):
        (tmp_path / str(i)).mkdir()
        paths.append(tmp_path / str(i) / "scan.npy")
        np.save(paths[-1], np.random.default_rng(i).uniform(size=(8, 8)))
    assert main(["apply", recipe, *map(str, paths), "-o", str(tmp_path / "out"), "--format", "npy"]) == 0
    one, two = (np.load(tmp_path / "out" / name) for name in ("scan.npy", "scan_2.npy"))
    assert not np.array_equal(one, two)


def test_fit_freezes_and_apply_uses_the_frozen_numbers(scans: list[str], tmp_path: Path) -> None:
    source, fitted, out = tmp_path / "r.yaml", tmp_path / "fitted.yaml", tmp_path / "out"
    source.write_text(FITTABLE)
    assert main(["apply", str(source), *scans, "-o", str(out), "--axes", "ZYX"]) == 2
    assert main(["fit", str(source), *scans, "-o", str(fitted), "--axes", "ZYX"]) == 0
    pool = np.concatenate([np.load(path).ravel() for path in scans]).astype(np.float64)
    numbers = Recipe.from_yaml(fitted.read_text()).lines[0].fitted.numbers
    assert numbers == pytest.approx({"mean": pool.mean(), "std": pool.std()}, rel=1e-9)
    assert main(["apply", str(fitted), scans[2], "-o", str(out), "--axes", "ZYX", "--format", "npy"]) == 0
    wanted = (np.load(scans[2]) - pool.mean()) / pool.std()
    assert np.load(out / "scan2.npy") == pytest.approx(wanted, abs=1e-5)


def test_fit_refuses_what_it_cannot_fit(recipe: str, scans: list[str], tmp_path: Path) -> None:
    out, broken, source = tmp_path / "f.yaml", tmp_path / "broken.npy", tmp_path / "r.yaml"
    source.write_text(FITTABLE)
    broken.write_bytes(b"\x93NUMPY nothing")
    assert main(["fit", recipe, *scans, "-o", str(out), "--axes", "ZYX"]) == 2
    assert main(["fit", str(source), *scans, str(broken), "-o", str(out), "--axes", "ZYX"]) == 3
    assert not out.exists()


@pytest.mark.parametrize("call", [[], ["apply"], ["apply", "r.yaml", "x.npy"], ["inspect", "x", "--spacing", "a,b"]])
def test_a_wrong_call_exits_with_2(call: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(call)


def test_the_module_runs_without_streamlit_and_plotly_and_loads_what_is_needed() -> None:
    code = "import sys, runpy; sys.argv = ['prep_core', 'steps']\n"
    code += "sys.modules['streamlit'] = sys.modules['plotly'] = None\n"
    code += "try: runpy.run_module('prep_core', run_name='__main__')\n"
    code += "finally: print('loaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "decibel" in done.stdout
    loaded = done.stdout.rpartition("loaded ")[2].split()
    assert "numpy" in loaded
    assert {"scipy.stats", "scipy.interpolate", "astropy", "zarr", "numba"} & set(loaded) == set(), (
        "what few need waits"
    )


def test_a_limit_is_raised_and_lowered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "a.npy", np.eye(20))
    assert main(["inspect", str(tmp_path / "a.npy"), "--limit", "voxels=399"]) == 3
    assert "limit voxels = 399; if you trust it" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "a.npy"), "--limit", "voxels=399", "--limit", "voxels=400"]) == 0


@pytest.mark.parametrize("words", ["voxel=3", "voxels", "voxels=0", "voxels=-1", "voxels=1e9"])
def test_a_limit_that_is_none_is_refused(words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "a.npy", np.eye(20))
    assert main(["inspect", str(tmp_path / "a.npy"), "--limit", words]) == 2
    assert "a limit is NAME=NUMBER, with one of file_bytes, voxels" in capsys.readouterr().err


def test_inspect_says_what_was_converted_and_which_tags_were_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = dataset(plane(1000, "uint16"), RescaleSlope=2, RescaleIntercept=-1024, KVP=120)
    (tmp_path / "ct.dcm").write_bytes(as_bytes(scan))
    assert main(["inspect", "--json", str(tmp_path / "ct.dcm")]) == 0
    (found,) = json.loads(capsys.readouterr().out)[0]["scans"]
    assert (found["format"], found["facts"]["kvp"], found["orientation"]) == ("DICOM", 120, "PL")
    assert found["sha256"] == hashlib.sha256((tmp_path / "ct.dcm").read_bytes()).hexdigest()
    assert any("slope 2" in words and "intercept -1024" in words for words in found["converted"])
    assert main(["inspect", str(tmp_path / "ct.dcm")]) == 0
    assert "  converted: " in capsys.readouterr().out


def test_a_mistake_of_this_program_is_a_failure_of_one_scan(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.eye(20))
    np.save(tmp_path / "b.npy", np.eye(20))

    def read(path: Path) -> list[Scan]:
        if path.name == "a.npy":
            raise ReaderFault("a.npy met a mistake of this program")
        return load(path)

    first, second = loaded([str(tmp_path)], read)
    assert (first.scan, first.error) == (None, "a.npy met a mistake of this program")
    assert second.scan is not None


def test_a_folder_of_texts_beside_scans_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "a.txt").write_text("words")
    np.save(tmp_path / "a.npy", np.eye(20))
    assert main(["inspect", str(tmp_path)]) == 0
    assert main(["inspect", str(tmp_path / "licences")]) == 3
    assert "there is nothing to read in licences: no file that is a scan" in capsys.readouterr().err
