"""Posting to a server outside: to an address that was looked up and checked by us, in bounded time."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import httpcore

from nzc_api.outbound.addresses import Address, Network, check_addresses
from nzc_api.outbound.names import look_up

# Seconds: for a connection, and for all of it.
CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0

# How much of an answer is read: of its body, and of all that came before it. Who answers "100 Continue" for ever never
# comes to an end otherwise, and each is work.
MOST_ANSWERED = 4 * 1024
MOST_BEFORE = 16 * 1024

# How much is read at once: others have their turn between.
READ_AT_ONCE = 4 * 1024

# Of the addresses that a name has, to how many a connection is tried.
MOST_ADDRESSES = 4

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


class _Bounded(httpcore.AsyncNetworkStream):
    """A connection of which no more is read than an answer may have."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._left = MOST_BEFORE + MOST_ANSWERED

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        if not self._left:
            raise httpcore.RemoteProtocolError("more than an answer may have")
        part = await self._stream.read(min(max_bytes, self._left, READ_AT_ONCE), timeout)
        self._left -= len(part)
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _Bounded(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


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
                return _Bounded(
                    await self._plain.connect_tcp(
                        str(address), port, timeout, local_address, socket_options
                    )
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)


class Outbound:
    """Posts to servers outside. ``networks``: what the operator allows beside public addresses; to these `http` may
    lead, too.

    Each time by a connection of its own. A server may say more than one answer on a connection, and what it said after
    the first would be taken for the answer to whatever is posted next; and where a name leads is seen each time.
    """

    def __init__(
        self,
        networks: Sequence[Network] = (),
        resolve: Resolve = look_up,
        tls: ssl.SSLContext | None = None,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._tls = tls
        self._whole_seconds = whole_seconds
        self._backends = {
            scheme: PinnedBackend(resolve, networks, public=scheme == b"https")
            for scheme in (b"https", b"http")
        }

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Post once; no redirect is followed. Raises ``Unanswered``."""
        origin = httpcore.URL(url).origin
        try:
            async with (
                asyncio.timeout(self._whole_seconds),
                httpcore.AsyncHTTPConnection(
                    origin,
                    ssl_context=self._tls or _trusting(),
                    network_backend=self._backends[origin.scheme],
                ) as connection,
                connection.stream(
                    "POST",
                    url,
                    headers=[*headers.items(), ("connection", "close")],
                    content=body,
                    extensions={"timeout": {"connect": CONNECT_SECONDS}},
                ) as response,
            ):
                return Reply(response.status, _headers(response), await _read(response))
        except AddressRefused:
            raise Unanswered(WhyUnanswered.ADDRESS_REFUSED) from None
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise Unanswered(WhyUnanswered.TIMED_OUT) from error
        except httpcore.NetworkError as error:
            raise Unanswered(WhyUnanswered.UNREACHED) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ssl.SSLError) as error:
            raise Unanswered(WhyUnanswered.BROKEN) from error


@cache
def _trusting() -> ssl.SSLContext:
    """What trusts the certificates that browsers do: to read them takes as long as many handshakes."""
    return httpcore.default_ssl_context()


async def _read(response: httpcore.Response) -> bytes:
    """An answer up to its bound; of one that is longer the connection is closed, by whom streams it."""
    read = b""
    async for part in response.aiter_stream():
        read += part
        if len(read) >= MOST_ANSWERED:
            break
    return read


def _headers(response: httpcore.Response) -> Mapping[str, str]:
    return {
        name.lower().decode("ascii", "replace"): value.decode("ascii", "replace")
        for name, value in response.headers
    }
