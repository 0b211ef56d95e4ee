"""What closed sessions held, given back: Streamlit itself forgets them only when another session ends."""

import asyncio
import ctypes
import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from streamlit import runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from prep_core.memory import used_again

PAUSE = 10.0
"""Seconds from one look to the next."""


@asynccontextmanager
async def forgetting() -> AsyncIterator[None]:
    """Meanwhile forget closed sessions, in the loop of the server, as everything that begins and ends sessions."""
    task = asyncio.create_task(_forget_for_ever())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _forget_for_ever() -> None:
    give_back = returning()
    while True:
        await asyncio.sleep(PAUSE)
        if runtime.exists() and forgotten():
            # What a page is made of refers to itself in circles, and what was there when the kernels came was frozen.
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            used_again().let_go()
            give_back()


def forgotten() -> int:
    """Forget sessions whose page was closed longer than `server.disconnectedSessionTTL` ago, and count them.

    Streamlit has no public way to do this, so a test keeps watch over the private one.

    Raises
    ------
    RuntimeError
        Where the server keeps closed sessions in another way.
    """
    manager = runtime.get_instance()._session_mgr
    storage = manager._session_storage if isinstance(manager, WebsocketSessionManager) else None
    kept = storage._cache if isinstance(storage, MemorySessionStorage) else None
    if not isinstance(kept, TTLCache):
        raise RuntimeError(f"forgotten knows only sessions kept in memory, got {type(storage).__name__}")
    return len(kept.expire())


def returning() -> Callable[[], object]:
    """What gives freed memory back to the system: glibc keeps what lies below something that is still used."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    return (lambda: trim(0)) if trim else (lambda: None)
