"""What the header of a scan says: its place in space, its technical tags, and what was done to the stored numbers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from prep_core.scan import Scan
from prep_ui.facts import modality, table
from prep_ui.text import plain, sentence

TOWARDS: Mapping[str, str] = {
    "L": "left",
    "R": "right",
    "A": "anterior",
    "P": "posterior",
    "S": "superior",
    "I": "inferior",
}

UNITS: Mapping[str, str] = {
    **dict.fromkeys(("slice_thickness", "spacing_between_slices"), "mm"),
    **dict.fromkeys(("echo_time", "repetition_time", "inversion_time", "frame_time", "exposure_time"), "ms"),
    **dict.fromkeys(("flip_angle", "gantry_tilt"), "degrees"),
    "kvp": "kV",
    "tube_current": "mA",
    "exposure": "mAs",
    "field_strength": "T",
    "pixel_bandwidth": "Hz per pixel",
    "EXPTIME": "s",
}
"""Of technical tags whose standard names one unit: DICOM PS3.3, and the common FITS keyword."""


def geometry(scan: Scan) -> None:
    """Draw size, directions and origin, and the matrix that holds them."""
    st.subheader("Geometry")
    rows = {"Axes": f"{scan.axes} {' x '.join(map(str, scan.data.shape))}"}
    if not scan.spacing_known:
        table(rows | {"Voxel size": "not said in the file: lengths are counted in voxels"})
        return
    for axis, size, letter in zip(scan.spatial_axes, scan.spacing, scan.orientation, strict=True):
        length = f"{scan.size(axis)} x {size:.6g} = {scan.size(axis) * size:.6g} mm"
        rows[f"Along {axis.lower()}"] = f"{length}, towards {TOWARDS[letter]}" if _is_placed(scan) else length
    if _is_placed(scan):
        rows["First voxel at"] = f"({', '.join(f'{v:.6g}' for v in scan.origin)}) mm, left, posterior, superior"
    table(rows)
    with st.expander("Affine: array index (z, y, x, 1) to patient LPS (x, y, z, 1)"):
        st.code("\n".join("  ".join(f"{v: 12.6g}" for v in row) for row in scan.affine), language=None)


def _is_placed(scan: Scan) -> bool:
    """A picture without depth, at the origin, is a projection or a view: nobody said where it lies."""
    return "Z" in scan.axes or any(scan.origin)


def converted(scan: Scan) -> None:
    """Draw what was done to the stored numbers, in order."""
    st.subheader("From the file to the values")
    if scan.source.converted:
        words = enumerate(scan.source.converted, start=1)
        st.markdown("\n".join(f"{int(i)}. {plain(sentence(said))}" for i, said in words))
    else:
        st.markdown("The values are the stored numbers.")


def origin(scan: Scan) -> None:
    """Draw which bytes were read, and by what."""
    st.subheader("Read from")
    source = scan.source
    rows = {"Format": source.format, "Read by": source.reader, "Unit": scan.unit, "Modality": modality(scan.modality)}
    if scan.channels:
        rows["Channels"] = ", ".join(scan.channels)
    # In groups, so that the line can break.
    digest = " ".join(source.sha256[i : i + 16] for i in range(0, len(source.sha256), 16))
    table(rows | {"SHA-256": digest})


def tags(scan: Scan) -> None:
    """Draw the technical tags that were kept."""
    st.subheader("Technical tags")
    st.caption("Only technical tags are kept. Names, numbers, dates and places of people never leave the file.")
    facts = {name.replace("_", " "): _with_unit(name, value) for name, value in scan.source.facts.items()}
    if facts:
        table(facts)
    else:
        st.markdown("None.")


def _with_unit(name: str, value: Any) -> str:
    return f"{_value(value)} {UNITS[name]}" if name in UNITS else _value(value)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(v)}" for name, v in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(_value, value)) or "none"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
