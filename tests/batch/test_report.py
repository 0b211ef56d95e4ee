"""The reports: what stands in them, in which order, and that no name can do anything in a page."""

import csv
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from prep_core import Recipe, load
from prep_core.batch import page as pages
from prep_core.batch.curve import HEIGHT, WIDTH, curve
from tests.batch.batches import RECIPE, files, image, run, write_scans

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "ol", "li", "b", "details"}
TAGS |= {"summary", "code", "pre", "table", "tr", "th", "td", "div", "img", "a", "figure", "svg", "path", "span"}
CLIP = Recipe.from_yaml(f"prep: 1\nname: {json.dumps(HOSTILE)}\nsteps:\n- {{step: clip, low: 0, high: 1}}\n")


class Page(HTMLParser):
    """Tags with their attributes, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[Mapping[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Six scans, one of them far brighter, and one that is none."""
    paths = write_scans(tmp_path / "in", ["a", "b", "c", "d", "e", "f"])
    np.save(paths[3], image(3) / 100 + 0.99)
    (tmp_path / "in" / "z.npy").write_bytes(b"\x93NUMPY nothing")
    run([*paths, str(tmp_path / "in" / "z.npy")], tmp_path / "out", CLIP)
    return tmp_path


def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    return found


def test_totals_and_figures(batch: Path) -> None:
    found = report(batch)
    assert {key: found[key] for key in ("prep", "recipe", "done", "failed", "with_warnings", "outliers")} == {
        "prep": 1,
        "recipe": CLIP.digest,
        "done": 6,
        "failed": 1,
        "with_warnings": 0,
        "outliers": 1,
    }
    first = found["scans"][0]
    result = np.clip(image(0), 0, 1)
    assert (first["path"], first["name"], first["ok"], first["file"]) == (
        str(batch / "in" / "a.npy"),
        "a",
        True,
        "a.npy",
    )
    assert (first["error"], first["warnings"]) == (None, [])
    assert first["figures"]["median"] == np.median(result)
    assert first["figures"]["mean"] == pytest.approx(result.mean(dtype=np.float64), rel=1e-12)
    share = np.mean(image(0) < 0), np.mean(image(0) > 1)
    assert first["cut"] == [{"line": 1, "step": "clip", "clipped_low": share[0], "clipped_high": share[1]}]
    assert [bool(scan["outlier"]["reason"]) for scan in found["scans"][:6]] == [False] * 3 + [True] + [False] * 2


def test_failures_are_named_in_json_csv_and_page(batch: Path) -> None:
    path = str(batch / "in" / "z.npy")
    (failed,) = (scan for scan in report(batch)["scans"] if not scan["ok"])
    assert (failed["path"], failed["file"]) == (path, None)
    rows = list(csv.DictReader(StringIO((batch / "out" / "failed.csv").read_text("utf-8"))))
    assert rows == [{"path": path, "reason": failed["error"]}]
    page = Page((batch / "out" / "report.html").read_text("utf-8"))
    assert page.text.index(failed["error"]) < page.text.index("6 results")


def test_a_batch_without_failures_has_no_list_of_them(batch: Path) -> None:
    run([str(batch / "in" / "a.npy")], batch / "out", CLIP)
    assert "failed.csv" not in files(batch / "out")


def test_each_scan_is_a_line_of_the_json(batch: Path) -> None:
    lines = (batch / "out" / "report.json").read_text("utf-8").splitlines()
    assert [json.loads(line.rstrip(","))["name"] for line in lines[1:-1]] == [*"abcdef", ""]


def test_the_outlier_comes_first_and_rows_follow_the_paths(batch: Path) -> None:
    page = Page((batch / "out" / "report.html").read_text("utf-8"))
    assert re.findall(r"\b([a-f])\.npy\n", page.text)[0] == "d"
    assert "Outlier: p1 0.9" in page.text
    assert CLIP.to_yaml() in page.text


def test_warnings_of_the_provenance_come_before_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write_scans(tmp_path / "in", "abc")
    run(paths, tmp_path / "out")
    sidecar = tmp_path / "out" / "c.prep.json"
    record = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**record, "warnings": ["this scan was in the training set"]}))
    monkeypatch.setattr("prep_core.batch.apply_one.is_made", lambda *_: True)
    outcomes = run(paths, tmp_path / "out", resume=True)
    assert outcomes[2].warnings == ("this scan was in the training set",)
    assert report(tmp_path)["with_warnings"] == 1
    page = Page((tmp_path / "out" / "report.html").read_text("utf-8"))
    assert page.text.index("c.npy") < page.text.index("a.npy")
    assert "Warning: this scan was in the training set" in page.text


def test_no_name_can_do_anything(tmp_path: Path) -> None:
    folder = tmp_path / "in" / HOSTILE.replace("/", "_")
    paths = write_scans(folder, ['<b onclick="x">&amp;'])
    broken = folder / "<script>x<_script>.npy"
    broken.write_bytes(b"no")
    run([*paths, str(broken)], tmp_path / "out", CLIP)
    page = Page((tmp_path / "out" / "report.html").read_text("utf-8"))
    assert {tag for tag, _ in page.tags} <= TAGS
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert str(broken) in page.text
    assert HOSTILE in page.text
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert all(str(img["src"]).startswith("data:image/png;base64,") for img in page.all("img"))


def test_a_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    (path,) = write_scans(tmp_path, ["a"])
    odd = str(tmp_path / "\udcff.npy")
    Path(path).rename(odd)
    run([odd, str(tmp_path / "missing\udcfe.npy")], tmp_path / "out")
    assert [scan["path"] for scan in report(tmp_path)["scans"]] == [odd, str(tmp_path / "missing\udcfe.npy")]


def test_thumbnails_of_a_large_batch_lie_beside_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "EMBEDDED", 100)
    run(write_scans(tmp_path / "in", ["a b", "c#1"]), tmp_path / "out")
    page = Page((tmp_path / "out" / "report.html").read_text("utf-8"))
    assert sorted(str(img["src"]) for img in page.all("img")) == ["thumbnails/a%20b.png", "thumbnails/c_1.png"]
    assert all(img["loading"] == "lazy" for img in page.all("img"))
    assert sorted(str(link["href"]) for link in page.all("a")) == ["a%20b.npy", "c_1.npy"]


def test_a_page_has_rows_up_to_a_limit(batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_ROWS", 2)
    run([str(batch / "in")], batch / "out", CLIP)
    page = Page((batch / "out" / "report.html").read_text("utf-8"))
    assert len(page.all("img")) == 2
    assert "2 rows are shown, what needs a look first; report.json has all 6." in page.text


def test_a_batch_of_nothing_has_reports(tmp_path: Path) -> None:
    assert run([], tmp_path / "out") == []
    assert report(tmp_path)["scans"] == []
    assert "0 done" in Page((tmp_path / "out" / "report.html").read_text("utf-8")).text


def test_what_the_file_says_of_itself_stands_in_its_row(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", image(0))
    (scan,) = load(tmp_path / "a.tif")
    run([str(tmp_path / "a.tif")], tmp_path / "out")
    text = Page((tmp_path / "out" / "report.html").read_text("utf-8")).text
    assert scan.source.warnings
    assert all(f"The file: {warning}" in text for warning in scan.source.warnings)
    assert f"digest {RECIPE.digest}" in text


def path_of(svg: str) -> list[tuple[float, float]]:
    """The stair of a histogram: right end and height of each bar."""
    steps = re.findall(r"V([\d.-]+)H([\d.-]+)", svg)
    return [(float(x), HEIGHT - float(y)) for y, x in steps]


def test_a_histogram_stands_at_its_place_on_the_axis() -> None:
    bars = path_of(curve({"low": 0, "high": 4, "counts": [4, 16, 0, 1]}, (0, 8)))
    assert [x for x, _ in bars] == pytest.approx([WIDTH / 8, WIDTH / 4, 3 * WIDTH / 8, WIDTH / 2], abs=0.06)
    assert [y for _, y in bars] == [(HEIGHT - 2) * share for share in (0.5, 1, 0, 0.25)]


def test_a_histogram_of_one_value_and_of_none_is_drawn() -> None:
    ((x, y),) = path_of(curve({"low": 3, "high": 3, "counts": [9]}))
    assert (x, y) == (WIDTH / 2 + 1, HEIGHT - 2)
    assert path_of(curve({"low": 0, "high": 0, "counts": [0]}))[0][1] == 0
