"""Being asked to stop, by Ctrl-C, by ``kill`` or by a terminal that is closed."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """NZC was asked to stop, by the signal ``number``, before it was done."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Stop:
    """Whether one was asked to stop.

    The first signal is remembered, and whatever is at work then is told in its own way; nothing is
    interrupted where it stands, neither by the first signal nor by impatient further ones.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        self._obey: Callable[[], object] = _do_nothing

    @property
    def asked(self) -> bool:
        """Whether one was asked to stop."""
        return self._number is not None

    def check(self) -> None:
        """Raise ``Stopped`` if one was asked to stop."""
        if self._number is not None:
            raise Stopped(self._number)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear the signals during the block."""
        before = {number: signal.getsignal(number) for number in SIGNALS}
        if before[signal.SIGHUP] is signal.SIG_IGN:
            del before[signal.SIGHUP]  # `nohup` wants it to be ignored
        for number in before:
            signal.signal(number, self._hear)
        try:
            yield
        finally:
            # Nothing is left to stop but the process itself, which impatience must not make noisy.
            ignore = self._number is not None
            for number, handler in before.items():
                signal.signal(number, signal.SIG_IGN if ignore else handler)

    @contextmanager
    def obeyed_by(self, obey: Callable[[], object]) -> Iterator[None]:
        """During the block, being asked to stop calls ``obey``; so it does if one was before."""
        self._obey = obey
        try:
            if self._number is not None:
                obey()
            yield
        finally:
            self._obey = _do_nothing

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` to its end; being asked to stop cancels it and raises ``Stopped``."""

        async def cancellable() -> T:
            loop, task = asyncio.get_running_loop(), asyncio.current_task()
            assert task is not None
            with self.obeyed_by(lambda: loop.call_soon_threadsafe(task.cancel)):
                return await work

        try:
            return asyncio.run(cancellable())
        except (Exception, asyncio.CancelledError):
            self.check()
            raise

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._number is None:
            self._number = number
            self._obey()


def _do_nothing() -> None:
    pass
