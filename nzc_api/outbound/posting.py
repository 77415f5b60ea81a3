"""Posting to a server outside: to an address that was looked up and checked by us, in bounded time."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any

import httpcore

from nzc_api.outbound.addresses import Address, Network, check_addresses

# Seconds: for a connection, for what is sent or answered next, and for all of it.
CONNECT_SECONDS = 5.0
QUIET_SECONDS = 10.0
WHOLE_SECONDS = 15.0

# How much of an answer is read.
MOST_ANSWERED = 4 * 1024

# Of the addresses that a name has, to how many a connection is tried.
MOST_ADDRESSES = 4

# How many connections are kept for what is posted next, and for how long.
MOST_CONNECTIONS = 32
KEPT_SECONDS = 20.0

_TIMEOUTS = {
    "connect": CONNECT_SECONDS,
    "read": QUIET_SECONDS,
    "write": QUIET_SECONDS,
    "pool": QUIET_SECONDS,
}

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]


class WhyUnanswered(StrEnum):
    """Why a server gave no answer."""

    TIMED_OUT = "TIMED_OUT"
    UNREACHED = "UNREACHED"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    BROKEN = "BROKEN"


class Unanswered(Exception):
    """What was posted was not answered."""

    def __init__(self, why: WhyUnanswered) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: names of headers in small letters, and the body as far as it was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AddressRefused(Exception):
    """A host has an address that nothing is sent to."""


async def look_up(host: str, port: int) -> Sequence[Address]:
    """The addresses that a host has now."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(where[0]) for *_, where in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the very addresses that it looked up and found allowed: no other look-up is in between. A host of
    which one address is not allowed is refused."""

    def __init__(self, resolve: Resolve, networks: Sequence[Network], *, public: bool) -> None:
        self._resolve = resolve
        self._networks = networks
        self._public = public
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own name)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await self._resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:  # The latter: no name that could be looked up.
            raise httpcore.ConnectError(str(error)) from error
        if check_addresses(addresses, self._networks, public=self._public) is not None:
            raise AddressRefused
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return await self._plain.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)


class Outbound:
    """Posts to servers outside. ``networks``: what the operator allows beside public addresses; to these `http` may
    lead, too."""

    def __init__(
        self,
        networks: Sequence[Network] = (),
        resolve: Resolve = look_up,
        tls: ssl.SSLContext | None = None,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._whole_seconds = whole_seconds
        self._pools = {
            scheme: httpcore.AsyncConnectionPool(
                ssl_context=tls,
                max_connections=MOST_CONNECTIONS,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=PinnedBackend(resolve, networks, public=scheme == "https"),
            )
            for scheme in ("https", "http")
        }

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, most: int = MOST_ANSWERED
    ) -> Reply:
        """Post once, and read ``most`` bytes of the answer or some more; no redirect is followed. Raises
        ``Unanswered``."""
        pool = self._pools[url.partition(":")[0].lower()]
        try:
            async with (
                asyncio.timeout(self._whole_seconds),
                pool.stream(
                    "POST",
                    url,
                    headers=list(headers.items()),
                    content=body,
                    extensions={"timeout": _TIMEOUTS},
                ) as response,
            ):
                return Reply(response.status, _headers(response), await _read(response, most))
        except AddressRefused:
            raise Unanswered(WhyUnanswered.ADDRESS_REFUSED) from None
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise Unanswered(WhyUnanswered.TIMED_OUT) from error
        except httpcore.NetworkError as error:
            raise Unanswered(WhyUnanswered.UNREACHED) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ssl.SSLError) as error:
            raise Unanswered(WhyUnanswered.BROKEN) from error

    async def close(self) -> None:
        """Let go of the connections that are kept."""
        for pool in self._pools.values():
            await pool.aclose()


async def _read(response: httpcore.Response, most: int) -> bytes:
    """An answer up to its bound; of one that is longer the connection is closed, by whom streams it."""
    read = b""
    async for part in response.aiter_stream():
        read += part
        if len(read) > most:
            break
    return read


def _headers(response: httpcore.Response) -> Mapping[str, str]:
    return {
        name.lower().decode("ascii", "replace"): value.decode("ascii", "replace")
        for name, value in response.headers
    }
