"""Faults that nobody expected: the page shows a number and a sentence, and the log has that number with the place.

A message of a fault may hold a name or a value of a scan, so it stands neither on the page nor in the log.
"""

import logging
from collections.abc import Callable, Iterator
from hashlib import sha256
from traceback import format_tb
from typing import Any

import streamlit as st

from prep_ui.text import plain

DETAILS = "client.showErrorDetails"
MOST_LINKS = 8
"""Faults that are told of a chain of causes."""


def on_page(fault: Exception) -> bool:
    """Show a fault of a page, as `on_script_error` of `st.App`; whether Streamlit's own text is left out.

    Where an operator loosened `client.showErrorDetails`, Streamlit shows what that option says.
    """
    if not is_discreet():
        return False
    number = mark(fault)
    with st.container(key=f"fault-{number}"):
        st.error(
            f"This page met a fault of the program, number {plain(number)}. What you opened is kept: undo the last "
            "change, choose another page, or reload. Whoever runs this dashboard finds the number in its log."
        )
    return True


def is_discreet() -> bool:
    """Whether messages of faults are kept from pages and from the log."""
    return bool(st.get_option(DETAILS) == "none")


def discreet_records(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    """A factory of log records as `make`, whose faults have their number and place instead of their message."""

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None and is_discreet():
            record.exc_text = f"Fault {mark(fault)}, its message left out\n{place(fault)}"
            record.exc_info = None
        return record

    return made


def mark(fault: BaseException) -> str:
    """The number of a fault: the same wherever the same lines of the program raise the same types."""
    return sha256(place(fault).encode()).hexdigest()[:8]


def place(fault: BaseException) -> str:
    """Where `fault` and what led to it were raised, and of what types they are."""
    return "\n".join(f"{''.join(format_tb(link.__traceback__))}{_type(link)}" for link in _chain(fault))


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """What led to `fault`, and then it, in the order of a traceback."""
    links = [fault]
    while len(links) < MOST_LINKS:
        last = links[-1]
        cause = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
        if cause is None or cause in links:
            break
        links.append(cause)
    return reversed(links)


def _type(fault: BaseException) -> str:
    return f"{type(fault).__module__}.{type(fault).__qualname__}"
