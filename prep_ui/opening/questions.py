"""What a file does not say is asked: its axes, which of its arrays, or what its bare numbers are."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st

from prep_core.io import AxesNeeded, Content, FormNeeded, PartNeeded, RawForm
from prep_core.io.raw_form import TYPES, Order
from prep_ui.session.state import AppState, Pending
from prep_ui.text import plain

ORDERS: tuple[Order, ...] = get_args(Order)

Read = Callable[[AppState, Mapping[str, Content], Mapping[str, Any]], None]


def ask(state: AppState, pending: Pending, count: int, read: Read) -> None:
    """Draw the question of `pending`, the first of `count`, and read on with the answer."""
    with st.container(border=True, key="question"):
        name = next(iter(pending.files)).split("/")[-1]
        st.markdown(f"**{plain(name)}**{f' ({int(count)} questions open)' if count > 1 else ''}")
        answer = _answer(pending)
        with st.container(horizontal=True):
            st.button(
                "Open it so",
                key="inspect.open",
                type="primary",
                disabled=answer is None,
                on_click=_go_on,
                args=(state, pending, answer, read),
                help="Reads the file with this answer.",
            )
            st.button(
                "Leave it out",
                key="inspect.skip",
                on_click=_leave_out,
                args=(state, pending),
                help="Closes the question; the file is not opened.",
            )


def _answer(pending: Pending) -> dict[str, Any] | None:
    """What the user says, as `load` takes it; None while it is not whole."""
    question = pending.question
    if isinstance(question, AxesNeeded):
        return {"axes": _axes(question)}
    if isinstance(question, PartNeeded):
        return {"part": _part(question)}
    if isinstance(question, FormNeeded):
        return _form(question)
    raise TypeError(f"no way to ask {type(question).__name__}")


def _axes(question: AxesNeeded) -> str:
    shape = " x ".join(map(str, question.shape))
    st.caption(f"The file does not say what its axes are: {plain(shape)} of {plain(question.dtype)}.")
    return st.selectbox(
        "Axes, in the order of the array",
        question.choices,
        key="inspect.axes",
        help="T time, C channel, Z slice, Y row, X column.",
    )


def _part(question: PartNeeded) -> str:
    st.caption(f"The file holds {len(question.parts)} arrays.")
    words = {part.name: f"{part.name}: {' x '.join(map(str, part.shape))} {part.dtype}" for part in question.parts}
    return st.selectbox(
        "Array", tuple(words), key="inspect.part", format_func=words.__getitem__, help="Upload it again for another."
    )


def _form(question: FormNeeded) -> dict[str, Any] | None:
    st.caption(f"Bare numbers, {question.size:,} bytes: say how to read them.")
    left, right = st.columns(2)
    dtype = left.selectbox(
        "Type", TYPES, index=TYPES.index("uint16"), key="inspect.raw.dtype", help="Of each number in the file."
    )
    order = right.selectbox(
        "Byte order", ORDERS, key="inspect.raw.order", help="Which byte of a number comes first; mostly little."
    )
    shape = left.text_input("Shape", key="inspect.raw.shape", placeholder="44 x 256 x 256", help="Slowest axis first.")
    header = right.number_input(
        "Header bytes",
        0,
        max(question.size - 1, 0),
        key="inspect.raw.header",
        help="Bytes before the first number; they are passed over.",
    )
    try:
        form = RawForm(dtype, tuple(int(n) for n in shape.lower().replace("x", " ").split()), order, int(header))
    except ValueError:
        st.caption("The shape is whole numbers above 0, such as 44 x 256 x 256.")
        return None
    if form.size != question.size:
        st.caption(f"That needs {form.size:,} bytes; the file has {question.size:,}.")
        return None
    return {"raw": form}


def _go_on(state: AppState, pending: Pending, answer: Mapping[str, Any], read: Read) -> None:
    _leave_out(state, pending)
    read(state, pending.files, {**pending.answers, **answer})


def _leave_out(state: AppState, pending: Pending) -> None:
    state.pending = tuple(other for other in state.pending if other is not pending)
