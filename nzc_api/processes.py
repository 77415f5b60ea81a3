"""Serving from several processes, which take their connections from one socket that listens.

Each is NZC as one process is: what they share is the database, whose log orders what they post. They
live and die together, so that whoever restarts NZC restarts all of it.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Semaphore
from threading import Thread

from nzc_api.app import create_app
from nzc_api.serving import serve
from nzc_api.stopping import Stop

# How soon it is seen that one has started, or that one has ended instead.
POLL_SECONDS = 0.1


class ProcessEnded(Exception):
    """A process that serves ended though nobody asked it to; the text says how."""


def serve_together(
    many: int,
    url: str,
    pool_size: int,
    listener: socket.socket,
    stop: Stop,
    started: Callable[[], None],
) -> None:
    """Serve the database at ``url`` from so many processes until one is asked to stop; ``started`` is
    called when all of them serve.

    Raises ``ProcessEnded`` where one ends by itself; the others are stopped then.
    """
    spawning = get_context("spawn")  # A fork would take our signal handlers and locks along.
    ready = spawning.Semaphore(0)
    processes: list[SpawnProcess] = []
    with _ended_together(processes), stop.obeyed_by(lambda: _end(processes)):
        for _ in range(many):
            stop.check()
            process = spawning.Process(target=_serve_one, args=(url, pool_size, listener, ready))
            process.start()
            processes.append(process)
        waiting = many
        while waiting and not _first_ended(processes, 0):
            waiting -= ready.acquire(timeout=POLL_SECONDS)
        if not waiting:
            started()
        ended = _first_ended(processes, None)
        if ended is not None and not stop.asked:
            ended.join()  # Its end is seen a moment before its exit code is there.
            raise ProcessEnded(
                f"Process {ended.pid}, one of {many} that serve, ended with {ended.exitcode}: "
                "NZC stops. Start it again."
            )


def _serve_one(url: str, pool_size: int, listener: socket.socket, ready: Semaphore) -> None:
    stop = Stop()
    with stop.heard():
        Thread(target=_outlive_nobody, name="parent", daemon=True).start()
        serve(create_app(url, pool_size), listener, stop, ready.release)


def _outlive_nobody() -> None:
    """Stop when the process that started this one is gone, however it went."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _first_ended(processes: list[SpawnProcess], timeout: float | None) -> SpawnProcess | None:
    ended = connection.wait([process.sentinel for process in processes], timeout)
    return next((process for process in processes if process.sentinel in ended), None)


def _end(processes: list[SpawnProcess]) -> None:
    for process in processes:
        process.terminate()


@contextmanager
def _ended_together(processes: list[SpawnProcess]) -> Iterator[None]:
    try:
        yield
    finally:
        _end(processes)
        for process in processes:
            process.join()
