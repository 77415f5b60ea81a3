"""Looking up where a name leads, by the system's resolver, which may keep a thread for as long as it likes."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import BoundedSemaphore, Thread

from nzc_api.outbound.addresses import Address

# How many names are looked up at once, those included that nobody waits for any more.
MOST_LOOK_UPS = 64

_places = BoundedSemaphore(MOST_LOOK_UPS)


async def look_up(host: str, port: int) -> Sequence[Address]:
    """The addresses that a host has now. Raises ``OSError`` or ``UnicodeError`` where it has none.

    In a thread that is for this alone: of those that all else is done in there are few, and a name whose server is
    silent would keep one. Nobody waits for it at the end of the process.
    """
    if not _places.acquire(blocking=False):
        raise OSError("too many names are being looked up")
    found: Future[Sequence[Address]] = Future()
    found.set_running_or_notify_cancel()
    Thread(target=_look_up, args=(host, port, found), name="look-up", daemon=True).start()
    return await asyncio.wrap_future(found)


def _look_up(host: str, port: int, found: Future[Sequence[Address]]) -> None:
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.set_result(list(dict.fromkeys(ip_address(where[0]) for *_, where in places)))
    except Exception as error:
        found.set_exception(error)
    finally:
        _places.release()
