"""A fault that nobody expected: a number on the page and in the log, and nothing of the scan in either."""

import logging
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from prep_ui.safety.faults import DETAILS, MOST_LINKS, discreet_records, mark, on_page, place

SECRET = "CANARY^JANE"


def fail(message: str) -> None:
    raise ValueError(message)


def fault(message: str = SECRET) -> BaseException:
    """A fault with a cause, both of which quote `message`."""
    try:
        try:
            fail(message)
        except ValueError as cause:
            raise KeyError(message) from cause
    except KeyError as error:
        return error


@pytest.fixture
def loose() -> Iterator[None]:
    """A server whose operator wants to see messages of faults."""
    before = st.get_option(DETAILS)
    config.set_option(DETAILS, "full")
    yield
    config.set_option(DETAILS, before)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged with the records of the dashboard."""
    make = logging.getLogRecordFactory()
    logging.setLogRecordFactory(discreet_records(make))
    yield caplog
    logging.setLogRecordFactory(make)


def broken_page() -> None:
    from prep_ui.safety.faults import on_page

    try:
        int("CANARY^JANE")
    except ValueError as error:
        on_page(error)


def test_the_page_shows_a_number_and_what_to_do() -> None:
    app = AppTest.from_function(broken_page).run()
    (shown,) = app.error
    assert "number " in shown.value
    assert "reload" in shown.value
    assert SECRET not in shown.value
    assert not app.exception


def test_the_log_has_the_number_and_the_place_and_no_message(log: pytest.LogCaptureFixture) -> None:
    error = fault()
    logging.getLogger("streamlit.error_util").error("Uncaught app execution", exc_info=error)
    assert mark(error) in log.text
    assert log.text.index("builtins.ValueError") < log.text.index("builtins.KeyError")
    assert "in fail" in log.text
    assert "test_faults.py" in log.text
    assert SECRET not in log.text


def test_a_fault_has_the_same_number_whatever_its_message() -> None:
    assert len({mark(fault(message)) for message in ("one", "two")}) == 1
    assert mark(ValueError("one")) != mark(TypeError("one"))


def test_where_details_were_loosened_streamlit_shows_and_logs_them(loose: None, log: pytest.LogCaptureFixture) -> None:
    assert on_page(ValueError(SECRET)) is False
    logging.getLogger("streamlit.error_util").error("Uncaught app execution", exc_info=fault())
    assert SECRET in log.text


def test_other_records_stay_as_they_are(log: pytest.LogCaptureFixture) -> None:
    logging.getLogger("prep_ui").warning("as %s is", "it")
    assert [(record.getMessage(), record.exc_text) for record in log.records] == [("as it is", None)]


def test_chains_end() -> None:
    one, two = ValueError("1"), TypeError("2")
    one.__cause__, two.__cause__ = two, one
    assert place(one).split() == ["builtins.TypeError", "builtins.ValueError"]
    links = [ValueError(str(n)) for n in range(3 * MOST_LINKS)]
    for later, earlier in zip(links[1:], links, strict=False):
        later.__cause__ = earlier
    assert len(place(links[-1]).split()) == MOST_LINKS


def test_a_cause_that_was_put_aside_is_not_told() -> None:
    try:
        try:
            fail("inner")
        except ValueError:
            raise KeyError("outer") from None
    except KeyError as error:
        assert "ValueError" not in place(error)
