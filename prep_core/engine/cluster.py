"""Many tasks on a cluster, through Dask distributed."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from prep_core.engine.alike import difference, sees, versions
from prep_core.engine.engine import EngineError, Lost
from prep_core.engine.far_crew import FarCrew
from prep_core.engine.far_task import differing
from prep_core.engine.rounds import in_rounds

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Cluster:
    """Tasks on the workers of the Dask scheduler at `address`.  Use it in a `with` block.

    Before the first task every worker is asked for its versions, and whether it sees `folders`.

    Parameters
    ----------
    address : str
        ``tcp://HOST:PORT``, or ``tls://HOST:PORT`` with the certificates that Dask's configuration names.
    folders : iterable of Path
        Where workers write: made here, and on a file system that all share.
    seconds : float
        How long to wait for the scheduler, and then for its first worker.

    Raises
    ------
    EngineError
        When Dask is not installed, the scheduler does not answer or has no worker, a worker has other versions than
        this process or does not see a folder; and later, when the scheduler is gone.
    """

    def __init__(self, address: str, folders: Iterable[Path] = (), seconds: float = 15) -> None:
        self._address = address
        self._folders = [folder.absolute() for folder in folders]
        self._seconds = seconds
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        self._distributed = _installed()
        with ExitStack() as closing:
            self.client = closing.enter_context(self._connected())
            self._check_workers()
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def each(self, task: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer | Lost]]:
        """See `Engine.each`.  An item whose worker died is given to others first, as often as Dask is told to."""
        crew = FarCrew[Item, Answer](self._distributed, self.client, task)
        try:
            yield from in_rounds(crew, items)
        finally:
            crew.take_back()

    def _connected(self) -> "Client":
        try:
            return self._distributed.Client(self._address, timeout=self._seconds, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise EngineError(
                f"no Dask scheduler answers at {self._address} within {self._seconds:g} s; "
                "start one with `dask scheduler` and give the address that it prints"
            ) from error

    def _check_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=self._seconds)
        except TimeoutError as error:
            raise EngineError(
                f"the Dask scheduler at {self._address} has no worker after {self._seconds:g} s; "
                f"start one with `dask worker {self._address} --nthreads 1`"
            ) from error
        self._on_all(versions, self._check_versions)
        for folder in self._folders:
            self._check_folder(folder)

    def _check_versions(self, worker: str, there: dict[str, str]) -> None:
        if differs := difference(versions(), there):
            raise EngineError(differing(f"worker {worker}", differs))

    def _check_folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name, content = f".seen-by-workers-{secrets.token_hex(8)}", secrets.token_hex(8)

        def check(worker: str, seen: bool) -> None:
            if not seen:
                raise EngineError(
                    f"worker {worker} does not see {folder}, or may not write there; "
                    "results need a folder that this machine and all workers share"
                )

        try:
            (folder / name).write_text(content)
            self._on_all(sees, check, str(folder), name, content)
        finally:
            (folder / name).unlink(missing_ok=True)

    def _on_all(self, question: Callable[..., Any], check: Callable[[str, Any], None], *details: str) -> None:
        """Let `check` see what every worker answers."""
        for worker, answer in self.client.run(question, *details, on_error="return").items():
            if isinstance(answer, ImportError):
                raise EngineError(
                    f"worker {worker} cannot import what it needs ({answer}); install prep-core[cluster] there, "
                    "in the same version as here"
                )
            if isinstance(answer, BaseException):
                raise EngineError(f"worker {worker} cannot be asked what it is: {answer}") from answer
            check(worker, answer)


def _installed() -> ModuleType:
    try:
        import distributed
    except ImportError:
        raise EngineError(
            "a cluster needs Dask distributed, which is not installed; run pip install 'prep-core[cluster]'"
        ) from None
    module: ModuleType = distributed
    return module
