"""One field, one widget.  The only place that knows both Streamlit and parameters."""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from prep_core.param import Field
from prep_ui.session.bound import bound

Change = Callable[[Any], None]


BOX = 84
"""Pixels of a box beside a slider."""

IMAGE_UNITS = "image units"
"""What a parameter says whose unit is that of the values it meets."""

_UNITS = ("mm", "px")
_ABBREVIATIONS = ("ct", "cxr", "t1", "t2", "pd", "flair", "mad", "iqr", "ndvi", "ndwi", "tv", "nlm")
"""Names of choices that are no words."""

NAMELESS = ("", "1", "a.u.")


def field_widget(
    field: Field, value: Any, key: str, change: Change, seen: tuple[float, float] | None, unit: str
) -> None:
    """Draw the widget of `field` with `value`; `change` is called with a new value.

    Parameters
    ----------
    key : str
        Unlike any other on any page.
    seen : (low, high) or None
        The values that the line meets, where sliders of values in image units end.
    unit : str
        Of these values.
    """
    shown = unit if field.p.unit == IMAGE_UNITS else field.p.unit
    label = words(field.name) if shown in NAMELESS else f"{words(field.name)} ({shown})"
    if field.type is bool:
        st.toggle(label, value, help=field.p.help, **bound(key, value, change))
    elif field.choices:
        index = field.choices.index(value)
        st.selectbox(label, field.choices, index, words, help=field.p.help, **bound(key, value, change))
    elif field.length:
        _tuple(field, value, label, key, change)
    elif field.kind in ("float", "int"):
        _number(field, value, label, key, change, seen)
    else:
        st.text_input(label, value, help=field.p.help, **bound(key, value, change))


def words(name: str) -> str:
    """A name from the recipe as words on the screen."""
    if name in _ABBREVIATIONS:
        return name.upper()
    return name.replace("_", " ").capitalize() if name.islower() and name not in _UNITS else name


def _number(field: Field, value: float, label: str, key: str, change: Change, seen: tuple[float, float] | None) -> None:
    soft = _slider_range(field, value, seen)
    if soft is None:
        _box(field, value, label, key, change, "visible")
        return
    # No columns: they are elements too, and the browser draws all of them anew for each change.
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", wrap=False):
        _slider(field, value, label, key, change, soft)
        _box(field, value, label, key, change, "collapsed", BOX)


def _slider(field: Field, value: float, label: str, key: str, change: Change, soft: tuple[float, float]) -> None:
    step = 1 if field.type is int else _nice_step(soft[1] - soft[0])
    low, high, value = map(field.type, (*soft, value))
    st.slider(
        label,
        low,
        high,
        value,
        step=step,
        help=field.p.help,
        format=_format(field, step),
        **bound(f"{key}.slider", value, change),
    )


def _box(
    field: Field, value: float, label: str, key: str, change: Change, visibility: Any, width: Any = "stretch"
) -> None:
    low, high, value = map(field.type, (*(field.p.limits or (-1e9, 1e9)), value))
    st.number_input(
        label,
        low,
        high,
        value,
        help=field.p.help,
        label_visibility=visibility,
        width=width,
        format=None if field.type is int else "%.6g",
        step=1 if field.type is int else _nice_step(abs(value) or 1.0),
        **bound(f"{key}.box", value, change),
    )


def _tuple(field: Field, value: tuple[float, ...], label: str, key: str, change: Change) -> None:
    low, high = map(float, field.p.limits or (-1e9, 1e9))
    for i, (column, part) in enumerate(zip(st.columns(field.length), value, strict=True)):
        column.number_input(
            f"{label} {field.p.parts[i]}" if field.p.parts else label,
            low,
            high,
            part,
            help=field.p.help,
            format="%.6g",
            step=1.0 if field.p.unit == "px" else 0.1,
            **bound(f"{key}.{i}", part, _of_part(value, i, change)),
        )


def _of_part(value: tuple[float, ...], i: int, change: Change) -> Change:
    return lambda part: change((*value[:i], part, *value[i + 1 :]))


def _slider_range(field: Field, value: float, seen: tuple[float, float] | None) -> tuple[float, float] | None:
    soft = field.p.soft
    if soft and seen and field.p.unit == IMAGE_UNITS and field.name != "divide":
        span = seen[1] - seen[0]
        soft = (span / 200, 2 * span) if field.name == "width" else seen
        digit = 10.0 ** (math.floor(math.log10(span)) - 2)
        soft = (
            math.floor(soft[0] / digit) * digit or digit * (field.name == "width"),
            math.ceil(soft[1] / digit) * digit,
        )
    if not soft:
        return None
    low, high = field.p.limits or soft
    return max(min(soft[0], value), low), min(max(soft[1], value), high)


def _nice_step(span: float) -> float:
    """About a two-hundredth of `span`, as 1, 2 or 5 times a power of ten."""
    rough = span / 200
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(m for m in (1, 2, 5, 10) if m * power >= rough * 0.999)


def _format(field: Field, step: float) -> str:
    digits = 0 if field.type is int else max(0, -math.floor(math.log10(step)))
    return "%d" if field.type is int else f"%.{digits}f"
