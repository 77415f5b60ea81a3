"""Serving from one process, or from several, which listen on one address and share its connections.

Each is NZC as one process is: what they share is the database, whose log orders what they post. They
live and die together, so that whoever restarts NZC restarts all of it.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import connection, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread

from nzc_api.app import create_app
from nzc_api.observed import observed
from nzc_api.observing.log import start_logging
from nzc_api.refusal import Failed
from nzc_api.serving import address_of, listening, serve
from nzc_api.settings import Settings
from nzc_api.stopping import SIGNALS, Stop
from nzc_api.transport.front import Front


class ProcessEnded(Failed):
    """A process that serves ended though nobody asked it to; the text says how."""


def serve_at(
    settings: Settings,
    url: str,
    stop: Stop,
    started: Callable[[str], None],
    *,
    loopback_origins: bool = False,
) -> None:
    """Serve the database at ``url`` at the address that is set, until one is asked to stop; ``started`` is told
    the address when it is served. Raises ``CannotListen`` or ``ProcessEnded``."""
    front = Front(
        allowed_origins=settings.allowed_origins,
        trusted_proxies=settings.trusted_proxies,
        path_prefix=settings.path_prefix,
        loopback_origins=loopback_origins,
    )
    with listening(settings.host, settings.port, settings.processes) as listeners:
        start_logging(settings.log_format, settings.log_level)
        stop.check()
        say = partial(started, address_of(listeners[0]))
        if len(listeners) == 1:
            with observed(settings):
                app = create_app(url, settings, front)
                serve(app, listeners[0], stop, say, shortcuts=settings.shortcuts)
        else:
            serve_together(listeners, url, settings, front, stop, say)


def serve_together(
    listeners: Sequence[socket.socket],
    url: str,
    settings: Settings,
    front: Front,
    stop: Stop,
    started: Callable[[], None],
) -> None:
    """Serve the database at ``url``, from a process for each listener, until one is asked to stop;
    ``started`` is called when all of them serve.

    Raises ``ProcessEnded`` where one ends by itself; the others are stopped then.
    """
    spawning = get_context("spawn")  # A fork would take our signal handlers and locks along.
    resource_tracker.ensure_running()  # Its start would let through what is held back below.
    processes: list[SpawnProcess] = []
    starting: list[Connection] = []
    with _ended_together(processes), stop.obeyed_by(lambda: _end(processes)):
        for number, listener in enumerate(listeners):
            stop.check()
            here, there = spawning.Pipe(duplex=False)
            process = spawning.Process(
                target=_serve_one, args=(url, settings, front, number, listener, there)
            )
            with _held_back():
                process.start()
                processes.append(process)
            there.close()
            starting.append(here)
        if _all_start(starting):
            started()
        ended = _first_ended(processes)
        if ended is not None and not stop.asked:
            ended.join()  # Its end is seen a moment before its exit code is there.
            raise ProcessEnded(
                f"{len(listeners)}个服务进程中的进程{ended.pid}已退出（退出码{ended.exitcode}），NZC停止运行。"
                "请重新启动。",
                f"Process {ended.pid}, one of {len(listeners)} that serve, ended with {ended.exitcode}: "
                "NZC stops. Start it again.",
            )


def _serve_one(
    url: str,
    settings: Settings,
    front: Front,
    number: int,
    listener: socket.socket,
    told: Connection,
) -> None:
    stop = Stop()
    with stop.heard():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        Thread(target=_outlive_nobody, name="parent", daemon=True).start()
        start_logging(settings.log_format, settings.log_level)
        with observed(settings, number):
            app = create_app(url, settings, front)
            say = partial(told.send, None)
            serve(app, listener, stop, say, shortcuts=settings.shortcuts)


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold signals back, here and in what is started meanwhile, until it hears them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _all_start(starting: list[Connection]) -> bool:
    """Wait until all say that they serve, or one ends before it does."""
    try:
        for told in starting:
            told.recv()
    except EOFError:
        return False
    return True


def _outlive_nobody() -> None:
    """Stop when the process that started this one is gone, however it went."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _first_ended(processes: list[SpawnProcess]) -> SpawnProcess | None:
    ended = connection.wait([process.sentinel for process in processes])
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
