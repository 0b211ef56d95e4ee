"""A picture of a large plane says that it does not show every pixel."""

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.ui.dashboard import go, npy, upload, words

SAID = (
    "The picture shows every second pixel of 1200 x 40, down and across, with its exact value: 25.0 % of them. "
    "Numbers, histograms and results are made of all pixels."
)


def test_what_is_left_out_of_the_picture_is_said(app: AppTest) -> None:
    upload(app, "wide.npy", npy(np.random.default_rng(0).normal(size=(40, 1200))))
    assert SAID in [words(caption) for caption in app.caption]
    go(app, "tune")
    assert SAID in [words(caption) for caption in app.caption]
    upload(go(app, "inspect"), "small.npy", npy(np.eye(32)))
    assert not any("The picture shows" in words(caption) for caption in app.caption)
