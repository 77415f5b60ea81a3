"""`nzc` forked from a process where it is loaded: to load it takes two seconds of a processor, and tests start it a
hundred times. It is a process as any other from there on: its own signals, files, environment and end.

That it starts from nothing is shown by `tests/cli`, and one test of each file of commands: they do as a shell does.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from types import ModuleType

from nzc_api.cli import ROOMS

ROOT = Path(__file__).parents[1]

_forking = get_context("forkserver")
_forking.set_forkserver_preload(["__main__", __name__, *ROOMS])

# What is told of an end is read once: by whoever holds this.
_reading = Lock()


class Forked:
    """What ``subprocess.Popen`` is, as far as tests use it."""

    def __init__(
        self, arguments: list[str], environment: Mapping[str, str], out: Path, err: Path
    ) -> None:
        self._arguments = arguments
        here, there = _forking.Pipe(duplex=False)
        given = (arguments, dict(environment), out, err, there)
        self._process = _forking.Process(target=_become, args=given)
        with _reading:  # A start looks for others that ended.
            self._process.start()
        there.close()
        with here:
            here.recv()  # From now on it is a group of its own, as signals to it need it.
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        with _reading:
            return self._process.exitcode

    def wait(self, timeout: float) -> int:
        if not connection.wait([self._process.sentinel], timeout):
            raise subprocess.TimeoutExpired(self._arguments, timeout)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _become(
    arguments: list[str], environment: dict[str, str], out: Path, err: Path, ready: Connection
) -> None:
    """Be ``nzc`` with these arguments, in the process that was forked for it."""
    os.setpgid(0, 0)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.argv = arguments
    # What it starts itself begins with this script, too.
    script = ModuleType("__main__")
    script.__file__ = arguments[0]
    sys.modules["__main__"] = script
    ready.send(None)
    ready.close()
    from nzc_api.cli import app

    app()
