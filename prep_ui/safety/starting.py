"""What a server does around its answers: it keeps messages of faults out of its log, says what was loosened, and gives
back what closed sessions held.
"""

import logging
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit import config, net_util

from prep_core.io import SHARED_FROM
from prep_ui.safety import sign_in
from prep_ui.safety.faults import discreet_records
from prep_ui.safety.loosened import FOLDERS, loosened, opened_folders, opened_to_all
from prep_ui.session.bounds import bounds
from prep_ui.work.closed import forgetting

_log = logging.getLogger(__name__)

OURS = ("prep_ui", "prep_core")
FORMAT = "%(asctime)s %(levelname)s %(message)s"


@asynccontextmanager
async def starting(app: st.App) -> AsyncIterator[None]:
    """The `lifespan` of the dashboard."""
    ask_nobody_outside()
    keep_small_uploads_in_memory()
    # A bound that cannot be read is said here, and not to the first who opens a scan.
    bounds()
    # By the time that a browser asks for its first page, most of this is done.
    threading.Thread(target=import_module, args=("prep_ui.ahead",), name="prep ahead").start()
    with logged():
        for sentence in _told():
            _log.warning("Loosened: %s", sentence)
        async with forgetting():
            yield


def ask_nobody_outside() -> None:
    """Keep Streamlit from asking a host on the internet what address this computer has there.

    It asks when a foreign page knocks, while all sessions wait, to allow pages from that address; here the allowed
    hosts are named.  Streamlit has no setting for this, so a test keeps watch over what is set instead.
    """
    net_util._external_ip = "127.0.0.1"


def keep_small_uploads_in_memory() -> None:
    """Keep those in memory that are too small for a segment: Starlette writes what has more than 1 MB to the disk."""
    MultiPartParser.spool_max_size = SHARED_FROM


def _told() -> Iterator[str]:
    yield from loosened(st.get_option, config.get_where_defined)
    yield from opened_to_all(st.get_option("server.address"), sign_in.is_asked())
    yield from opened_folders(os.environ.get(FOLDERS, ""))


@contextmanager
def logged() -> Iterator[None]:
    """Write what the project has to say to the standard error, with its time, and no message of a fault."""
    handler, make = logging.StreamHandler(), logging.getLogRecordFactory()
    handler.setFormatter(logging.Formatter(FORMAT))
    loggers = [logging.getLogger(name) for name in OURS]
    logging.setLogRecordFactory(discreet_records(make))
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)
        for logger in loggers:
            logger.removeHandler(handler)
