"""What leans on how Streamlit keeps closed sessions: an upgrade that breaks it must show here."""

import asyncio
import gc
import weakref
from dataclasses import dataclass

import pytest
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from prep_core.memory import UsedAgain
from prep_ui.work import closed
from prep_ui.work.closed import forgetting, forgotten, returning
from tests.aside import run_aside


class Session:
    """As much of a session as its storage asks for; what a page is made of refers to itself in circles."""

    def __init__(self, number: int) -> None:
        self.id = str(number)
        self.itself = self


@dataclass
class Server:
    _session_mgr: object


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> MemorySessionStorage:
    """That of a server that runs."""
    kept = MemorySessionStorage(ttl_seconds=30)
    manager = WebsocketSessionManager(kept, None, None, None)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: Server(manager))
    return kept


def save(storage: MemorySessionStorage, number: int) -> "weakref.ref[Session]":
    session = Session(number)
    storage.save(SessionInfo(client=None, session=session, script_run_count=0))
    return weakref.ref(session)


def test_sessions_are_forgotten_once_their_time_is_over(
    storage: MemorySessionStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(storage._cache, "_timer", lambda: now)
    save(storage, 1)
    now = 120.0
    save(storage, 2)
    assert forgotten() == 0
    now = 131.0
    assert forgotten() == 1
    assert [info.session.id for info in storage.list()] == ["2"]


def test_the_server_gives_back_what_they_held(storage: MemorySessionStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage._cache, "_ttl", 0.0)
    monkeypatch.setattr(closed, "PAUSE", 0.01)
    gave: list[int] = []
    monkeypatch.setattr(closed, "returning", lambda: lambda: gave.append(1))
    memory = UsedAgain(4, 4096)
    monkeypatch.setattr(closed, "used_again", lambda: memory)
    result = weakref.ref(memory.empty((2, 3)).base)
    assert result() is not None

    async def serve() -> bool:
        async with forgetting():
            session = save(storage, 1)
            # As when the kernels come while it is open.
            gc.freeze()
            for _ in range(500):
                await asyncio.sleep(0.01)
                if gave:
                    break
            return session() is None

    is_gone = run_aside(serve())
    gc.unfreeze()
    assert is_gone
    assert gave == [1]
    assert result() is None


def test_another_way_to_keep_them_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "get_instance", lambda: Server(object()))
    with pytest.raises(RuntimeError, match="only sessions kept in memory"):
        forgotten()


def test_memory_is_given_back_to_the_system() -> None:
    returning()()
