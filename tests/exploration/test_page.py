"""The one-page report: what it says, what it never holds, and that it is the same each time."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from prep_core.explained import explained
from prep_core.exploration import explore, page
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError
from prep_core.scan import Finding, Scan, Source, voxel_affine
from tests.strategies import unit_scan

RECIPE = Recipe((Line("clip", {"low": 0.2, "high": 0.8}), Line("zscore")), "two <b>lines</b>")
EVIL = "<script>alert(1)</script>"


def named_scan() -> Scan:
    """A scan whose words all try to come alive, and whose file has the name of a person."""
    source = Source("ab" * 32, EVIL, EVIL, {"note": "DOE^JANE"}, ("slice DOE_JANE_03.dcm is missing",), (EVIL,))
    found = (Finding("odd_" + EVIL, "warning", EVIL, EVIL),)
    return replace(unit_scan(), name="DOE_JANE", unit="<u>", source=source, findings=found)


class Elements(HTMLParser):
    """Every element with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("path",):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def html() -> str:
    return page(explore(RECIPE, named_scan(), {"Z": 1}))


def pictures(html: str) -> list[np.ndarray]:
    coded = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    return [np.asarray(Image.open(BytesIO(base64.b64decode(text)))) for text in coded]


def test_the_page_holds_all_it_shows_and_nothing_comes_alive(html: str) -> None:
    elements = Elements(html)
    assert elements.open == []
    assert {tag for tag, _ in elements.tags} & {"script", "link", "iframe", "b"} <= {"b"}
    assert "default-src 'none'" in html
    assert EVIL in elements.text
    addresses = [
        value for _, attributes in elements.tags for key, value in attributes.items() if key in ("src", "href")
    ]
    assert len(addresses) == 2
    assert all(str(address).startswith("data:image/png;base64,") for address in addresses)
    assert not any(key.startswith("on") for _, attributes in elements.tags for key in attributes)


def test_nothing_private_is_in_it(html: str) -> None:
    assert "DOE" not in html
    assert "1 remark of the reader left out" in html


def test_the_same_exploration_gives_the_same_bytes(html: str) -> None:
    assert page(explore(RECIPE, replace(named_scan(), name="other"), {"Z": 1})) == html
    assert page(explore(RECIPE, named_scan(), {"Z": 2})) != html


def test_the_recipe_stands_there_with_its_reasons(html: str) -> None:
    assert explained(RECIPE, "<u>") in Elements(html).text
    assert RECIPE.digest in html


def test_why_a_line_is_there_is_told() -> None:
    found = explore(RECIPE, named_scan(), {"Z": 1})
    assert explained(RECIPE, "<u>", (EVIL, "")) in Elements(page(found, (EVIL, ""))).text


def test_a_picture_has_the_shape_of_what_it_shows() -> None:
    scan = Scan(np.eye(40, 80, dtype=np.float32), "YX", affine=voxel_affine((0.5, 0.25)))
    (style,) = {a["style"] for tag, a in Elements(page(explore(Recipe(), scan, {}))).tags if tag == "img"}
    assert style == f"--aspect: {80 * 0.25 / (40 * 0.5):.4f}"


def test_findings_lines_figures_and_warnings_are_told(html: str) -> None:
    text = Elements(html).text
    assert "The plane Z 1 of 0 to 2." in text
    assert "two <b>lines</b>" in text
    assert "1. clip" in text
    assert "2. zscore" in text
    assert "Mean of the bright class" in text
    clipped = replace(named_scan(), data=named_scan().data.clip(0.2, 0.8))
    values = clipped.data[clipped.valid].astype(np.float64)
    assert f"mean {values.mean():.6g}, std {values.std():.6g}" in text


def test_pictures_are_the_plane_in_grey_with_padding_left_out(html: str) -> None:
    before, after = pictures(html)
    scan = named_scan()
    values, valid = scan.data[1].astype(np.float64), scan.valid[1]
    low, high = np.percentile(values[valid], (0.5, 99.5))
    expected = np.rint(255 * ((values - low) / (high - low)).clip(0, 1))
    assert np.abs(before[..., 0].astype(float) - expected)[valid].max() <= 1
    np.testing.assert_array_equal(before[..., 1], np.where(valid, 255, 0))
    np.testing.assert_array_equal(after[..., 1], before[..., 1])
    assert np.unique(after[..., 0]).size > 10


def test_an_inverted_scan_is_shown_inverted() -> None:
    scan = replace(unit_scan("YX"), unit="1")
    plain, turned = (pictures(page(explore(Recipe(), s, {})))[0] for s in (scan, replace(scan, display_inverted=True)))
    assert np.abs(plain[..., 0].astype(int) + turned[..., 0] - 255)[scan.valid].max() <= 1


def test_another_grid_shows_the_same_place() -> None:
    scan = replace(unit_scan(), data=np.broadcast_to(np.arange(3.0)[:, None, None], (3, 20, 24)).astype(np.float32))
    found = explore(Recipe((Line("resample", {"spacing": (1.0, 1.0, 1.5)}),)), scan, {"Z": 2})
    assert found.stages[-1].shape == (6, 20, 24)
    assert (found.after.low, found.after.high) == pytest.approx((2.0, 2.0), abs=0.26)
    assert found.against is not None


def test_large_planes_show_every_kth_pixel() -> None:
    shown = explore(Recipe(), Scan(np.arange(1500.0).reshape(1, 1500).repeat(2, 0), "YX"), {}).before
    assert shown.every == 3
    assert Image.open(BytesIO(shown.png)).size == (500, 1)


def test_a_constant_scan_has_a_page() -> None:
    assert "As stored" in page(explore(Recipe(), Scan(np.zeros((4, 5), np.uint8), "YX"), {}))


def test_what_has_no_answer_says_so() -> None:
    with pytest.raises(StepError, match="line 1: zscore"):
        explore(Recipe((Line("zscore"),)), Scan(np.zeros((4, 5), np.uint8), "YX"), {})
    empty = Scan(np.zeros((4, 5)), "YX", valid=np.zeros((4, 5), bool))
    with pytest.raises(ValueError, match="no valid voxel"):
        explore(Recipe(), empty, {})


def test_a_line_that_waits_is_measured_on_the_scan_and_said_so() -> None:
    recipe = Recipe((Line("zscore", over="dataset"),))
    assert "Line 1 waits for its training set" in page(explore(recipe, unit_scan(), {"Z": 0}))


def test_warnings_about_the_recipe_are_told() -> None:
    text = page(explore(Recipe((Line("window"),)), unit_scan(), {"Z": 0}))
    assert "Line 1: window" in text
