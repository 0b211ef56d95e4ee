"""The colour maps of the viewer: even lightness by scikit-image, and the colours that Plotly publishes."""

import base64
import re
from pathlib import Path

import numpy as np
import plotly.colors
import pytest
from numpy.typing import NDArray
from skimage.color import rgb2lab

FILE = Path(__file__).resolve().parents[2] / "prep_ui" / "viewer" / "colours.js"
NAMES = ("viridis", "magma", "inferno", "cividis")


def colour_map(name: str) -> NDArray[np.uint8]:
    """The 256 colours of a map, (level, rgb), out of the script that the browser gets."""
    text = re.search(rf"{name}:((?:\s*\"[^\"]+\"\s*\+?)+),", FILE.read_text("utf-8"))
    assert text is not None
    return np.frombuffer(base64.b64decode("".join(re.findall('"(.+?)"', text[1]))), np.uint8).reshape(256, 3)


@pytest.mark.parametrize("name", NAMES)
def test_lightness_rises_evenly(name: str) -> None:
    lightness = rgb2lab(colour_map(name) / 255)[:, 0]
    rises = np.diff(lightness[::5])
    assert rises.min() > 0
    # Grey by its bytes, the usual alternative, varies by 28 %.
    assert rises.std() / rises.mean() < 0.25
    assert lightness[-1] - lightness[0] > 70


@pytest.mark.parametrize("name", NAMES)
def test_colours_are_the_published_ones(name: str) -> None:
    anchors = [plotly.colors.hex_to_rgb(colour) for colour in getattr(plotly.colors.sequential, name.capitalize())]
    places = np.round(np.linspace(0, 255, len(anchors))).astype(int)
    # Plotly took its ten between two steps of the table.
    np.testing.assert_allclose(colour_map(name)[places].astype(int), anchors, atol=3)
