"""Posting an event to an endpoint: to an address that was looked up and checked by us, in bounded time."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from time import monotonic
from typing import Any

import httpcore

from nzc_api.webhooks.addresses import Address, Network, check_addresses
from nzc_api.webhooks.model import Answer, DeliveryOutcome

# Seconds: for a connection, for what is sent or answered next, and for all of it.
CONNECT_SECONDS = 5.0
QUIET_SECONDS = 10.0
WHOLE_SECONDS = 15.0

# How much of an answer is read, and thrown away.
MOST_ANSWERED = 4 * 1024

# Of the addresses that a name has, to how many a connection is tried.
MOST_ADDRESSES = 4

# How many connections are kept for the next event, and for how long.
MOST_CONNECTIONS = 32
KEPT_SECONDS = 20.0

_TIMEOUTS = {
    "connect": CONNECT_SECONDS,
    "read": QUIET_SECONDS,
    "write": QUIET_SECONDS,
    "pool": QUIET_SECONDS,
}

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]


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


class Sender:
    """Posts events. ``networks``: what the operator allows beside public addresses; to these `http` may lead, too."""

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

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a message once; whatever goes wrong is an answer, too."""
        began = monotonic()
        outcome, status, retry_after = await self._sent(url, headers, body)
        return Answer(outcome, status, retry_after, int((monotonic() - began) * 1000))

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def _sent(
        self, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[DeliveryOutcome, int | None, float | None]:
        pool = self._pools[url.partition(":")[0].lower()]
        status: int | None = None
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
                status = response.status
                await _read_some(response)
                return outcome_of(status), status, _retry_after(response)
        except AddressRefused:
            return DeliveryOutcome.ADDRESS_REFUSED, None, None
        except (TimeoutError, httpcore.TimeoutException):
            return DeliveryOutcome.TIMED_OUT, None, None
        except httpcore.NetworkError:
            return DeliveryOutcome.UNREACHED, None, None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ssl.SSLError):
            return DeliveryOutcome.BROKEN, None, None


def outcome_of(status: int) -> DeliveryOutcome:
    """What a status says of an event that was posted."""
    match status // 100:
        case 2:
            return DeliveryOutcome.ACCEPTED
        case 3:
            return DeliveryOutcome.REDIRECTED
    return DeliveryOutcome.GONE if status == 410 else DeliveryOutcome.REJECTED  # noqa: PLR2004


async def _read_some(response: httpcore.Response) -> None:
    """Read an answer up to its bound; of one that is longer the connection is closed, by whom streams it."""
    read = 0
    async for part in response.aiter_stream():
        read += len(part)
        if read > MOST_ANSWERED:
            return


def _retry_after(response: httpcore.Response) -> float | None:
    """In how many seconds the receiver asks for the next attempt, if it says so."""
    given = {name.lower(): value for name, value in response.headers}.get(b"retry-after")
    text = "" if given is None else given.decode("ascii", "replace").strip()
    if text.isdecimal() and len(text) < 10:  # noqa: PLR2004  (seconds of a lifetime)
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return (at - datetime.now(UTC)).total_seconds() if at.tzinfo else None
