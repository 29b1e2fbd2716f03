"""A Dask cluster as the crew of an archive: its workers make the parts, this process writes them.

Batches are read here and sent to the workers, articles as their files' bytes, and the parts come
back: nothing has to be shared but the network. The scheduler keeps every batch until its part has
arrived, so what a worker was making when it died is made by another one.
"""

from __future__ import annotations

import os
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, get_worker

from tagger.batch.crew import Hands, collect_rarely
from tagger.batch.manifest import digest_model
from tagger.batch.parts import Making, Part, make_part
from tagger.batch.pieces import File
from tagger.batch.scorer import fast_scorer
from tagger.batch.sources import Batch
from tagger.errors import InputError, ModelError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Future, Worker

    from tagger.learning.model import Model

LOCAL = "local"
_PATIENCE = "20s"  # for a scheduler to answer
_AHEAD = 2  # batches a thread of the cluster: one at work, one that waits for it


@contextmanager
def dask_workers(
    model: Model,
    making: Making,
    workers: int | None,
    told: Callable[[str], None],
    *,
    address: str,
) -> Iterator[Hands]:
    """The crew of a cluster.

    Args:
        model: is sent to every worker once, with its version and digest.
        making: how to make a part.
        workers: how many processes a local cluster has; one a processor for None.
        told: hears where the work goes.
        address: of a scheduler, such as ``tcp://host:8786``, or ``local`` for processes of this
            machine.

    Raises:
        InputError: no scheduler answers there, or it has no workers.
        ModelError: a worker has another version of this program, or got a damaged model.
    """
    with _connected(address, workers) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise InputError(f"The cluster at {address} has no workers.", "Start some.")
        told(f"Tagging on {_workers(len(client.nthreads()))} of {client.scheduler.address}.")
        name = f"tagger-{digest_model(model)}"
        client.register_plugin(_ModelThere(replace(model), name), name)

        def submit(batch: Batch) -> _Away:
            if client.status == "closed":  # it waited in vain for a scheduler that went away
                raise _gone(address)
            task = client.submit(_make, _with_bytes(batch), name, making, pure=False)
            return _Away(task, address)

        yield Hands(submit, threads * _AHEAD)


class _ModelThere(WorkerPlugin):
    """The model on a worker, one that joins later too; compiled there for its processor."""

    def __init__(self, model: Model, name: str) -> None:
        self.model = model
        self.name = name
        self.program = _program()

    def setup(self, worker: Worker) -> None:
        """Check what arrived, and make it ready."""
        if self.program != _program():
            raise ModelError(
                f"The worker {worker.address} has version {_program()} of this program, "
                f"not {self.program}.",
                "Install the same version on every worker.",
            )
        if self.name != f"tagger-{digest_model(self.model)}":
            raise ModelError(
                f"Model {self.model.version} arrived damaged at {worker.address}.",
                "Run the job again with --resume.",
            )
        self.model = fast_scorer(self.model, print)
        collect_rarely()


def _program() -> str:
    return version("newsroom-tagger")


def _make(batch: Batch, name: str, making: Making) -> Part:
    """Make a part on a worker."""
    there: Any = get_worker().plugins[name]
    return make_part(batch, there.model, making)


class _Away:
    """A part that is being made on the cluster."""

    def __init__(self, task: Future[Part], address: str) -> None:
        self._task = task
        self._address = address

    def result(self) -> Part:
        """Wait for it.

        Raises:
            TaggerError: every worker that tried died of it, or the cluster is gone.
        """
        try:
            return self._task.result()
        except KilledWorker as error:
            raise TaggerError(
                "A part was given up: several workers died while they made it.",
                "Give them more memory, or begin anew with fewer --rows-a-part; see their logs.",
            ) from error
        except (CancelledError, OSError) as error:
            raise _gone(self._address) from error


def _gone(address: str) -> TaggerError:
    return TaggerError(
        f"The cluster at {address} is gone.",
        "Start it again and go on with --resume; the finished parts are kept.",
    )


def _with_bytes(batch: Batch) -> Batch:
    """A batch whose articles' bytes travel with it: the workers need not see our disk."""
    return Batch(tuple(_loaded(p) if isinstance(p, File) else p for p in batch.pieces))


def _loaded(piece: File) -> Any:
    try:
        return replace(piece, data=piece.path.read_bytes())
    except OSError:
        return piece.read_here()  # for the words that say what is wrong with it


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count:,} workers"


@contextmanager
def _connected(address: str, workers: int | None) -> Iterator[Any]:
    if address == LOCAL:
        count = workers or os.cpu_count() or 1
        with (
            LocalCluster(  # type: ignore[no-untyped-call]  # distributed is typed in part
                n_workers=count,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs="ERROR",
            ) as cluster,
            Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]  # same
        ):
            yield client
        return
    try:
        remote: Any = Client(  # type: ignore[no-untyped-call]  # same
            address, timeout=_PATIENCE, set_as_default=False
        )
    except (OSError, ValueError) as error:  # a time-out is an OSError
        raise InputError(
            f"No scheduler answers at {address}.",
            "Check the address, as tcp://host:8786, and that 'dask scheduler' runs there.",
        ) from error
    with remote:
        yield remote
