"""The workers of a cluster, for one task: what a round needs of Dask."""

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

from prep_core.engine.alike import versions
from prep_core.engine.engine import EngineError
from prep_core.engine.far_task import FarTask, as_it_is, done_there
from prep_core.engine.rounds import Died

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Answer = TypeVar("Answer")

AHEAD = 2
"""Items that are given at most for each worker: the one it works on, and one that follows without a pause."""

LARGE = "4 GiB"
"""Dask warns of a task above 10 MB.  Ours, with the images that were measured, is sent once for all items."""


class FarCrew(Generic[Item, Answer]):
    """The workers that `client` knows, and what they have of `task`."""

    def __init__(self, distributed: ModuleType, client: "Client", task: Callable[[Item], Answer]) -> None:
        self._distributed = distributed
        self._client = client
        self._places: dict[Future[Answer], int] = {}
        self._ready = distributed.as_completed(loop=client.loop)
        with distributed.dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGE}):
            self._task = client.submit(as_it_is, FarTask(task, versions()), pure=False)
        self._count_workers()

    def has_room(self) -> bool:
        return len(self._places) < self._room

    def give(self, place: int, item: Item) -> None:
        future = self._client.submit(done_there, self._task, item, pure=False)
        self._places[future] = place
        self._ready.add(future)

    def answers(self) -> Sequence[tuple[int, Answer | Died]]:
        found = [(self._places.pop(future), self._answer(future)) for future in self._ready.next_batch()]
        self._count_workers()
        return found

    def take_back(self) -> None:
        """Let the cluster forget the task, and what is not done of it."""
        if self._client.status == "running":
            self._client.cancel([*self._places, self._task], force=True)

    def _answer(self, future: "Future[Answer]") -> Answer | Died:
        try:
            answer: Answer = future.result()
        except self._distributed.KilledWorker as killed:
            last = killed.last_worker.address
            return Died(
                f"its worker process died at every try, the last time at {last}; the log of that worker says why"
            )
        except CancelledError as cancelled:
            why = " ".join(str(cancelled).split())
            raise EngineError(
                f"the Dask scheduler is gone or gave up what it had to do ({why}); look into its log, and start again"
            ) from cancelled
        return answer

    def _count_workers(self) -> None:
        """Workers come and go while work goes on; where there is none, what is given waits for the next."""
        self._room = AHEAD * max(1, len(self._client.nthreads()))
