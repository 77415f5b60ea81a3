"""Something done in a thread while one goes on."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread


def begun(work: Callable[[], None]) -> Callable[[], None]:
    """What waits for ``work``, which is begun, and raises what it raised. The thread holds up no end: who interrupts
    the program waits for no answer."""
    future: Future[None] = Future()

    def run() -> None:
        try:
            work()
            future.set_result(None)
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result
