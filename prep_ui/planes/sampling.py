"""What a picture does not show: of a plane that is larger than it, every n-th pixel."""

from collections.abc import Mapping

import streamlit as st

from prep_core.findings.words import percent
from prep_core.scan import Scan
from prep_ui.text import plain
from prep_ui.viewer.payload import stride

_ORDINALS: Mapping[int, str] = {2: "second", 3: "third"}


def told(scan: Scan) -> None:
    """Say how much of the planes of `scan` the pictures show, where it is not all of it."""
    every = stride(scan.data)
    if every == 1:
        return
    rows, columns = scan.data.shape[-2:]
    which = _ORDINALS.get(every, f"{every}th")
    st.caption(
        plain(
            f"The picture shows every {which} pixel of {columns} x {rows}, down and across, with its exact value: "
            f"{percent(1 / every**2)} of them. Numbers, histograms and results are made of all pixels."
        )
    )
