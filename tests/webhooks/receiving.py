"""A receiver on a socket of its own, and what delivers to it: at a clock that tests set."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from nzc_api.access.model import IssueApiKey
from nzc_api.access.principals import Principal
from nzc_api.feed.model import EVERYTHING, EventFilter
from nzc_api.ids import OrganisationId, WebhookEndpointId
from nzc_api.log.requests import Actor
from nzc_api.outbound.posting import Outbound
from nzc_api.schema.feed.types import SUBJECTS
from nzc_api.schema.kit.ids import Ids
from nzc_api.services import Nzc
from nzc_api.webhooks.delivering import DeliveryService, EventNamings
from nzc_api.webhooks.model import CreateEndpoint, Delivery, Endpoint
from nzc_api.webhooks.sending import Sender
from tests.proofs.growing import register
from tests.world import key

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
ADDRESS = "https://nzc.example"

OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """An answer of HTTP with a status."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Got:
    """A message that a receiver got."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def position(self) -> int:
        return int(self.event["position"])


Answering = Callable[[Got], Awaitable[bytes]]


@dataclass
class Receiver:
    """Answers what comes as it is told to: by the next of the ``planned`` answers, or with 204."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    planned: list[bytes] = field(default_factory=list)
    answering: Answering | None = None

    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def has(self, count: int) -> None:
        """Wait until so many messages came."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= count)

    @property
    def positions(self) -> list[int]:
        return [one.position for one in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in head)
            }
            got = Got(headers, await reader.readexactly(int(headers["content-length"])))
            async with self.arrived:
                self.got.append(got)
                self.arrived.notify_all()
            said = (
                await self.answering(got)
                if self.answering
                else self.planned.pop(0)
                if self.planned
                else OK
            )
            writer.write(said)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(host: str = "127.0.0.1", path: str = "/hook") -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host)
    port = server.sockets[0].getsockname()[1]
    receiver.url = f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
    try:
        yield receiver
    finally:
        server.close()


class Clock:
    """The time as a test sets it: ahead of the database's by so much."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        # The database's own clock may be a moment ahead of this one.
        return datetime.now(UTC) + self.ahead + timedelta(seconds=1)

    def wait(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass
class Hooks:
    """NZC with an organisation that registers endpoints, and what delivers to them."""

    nzc: Nzc
    clock: Clock
    delivery: DeliveryService
    holder: Principal

    @property
    def webhooks(self) -> Any:
        return self.nzc.services.webhooks

    async def created(
        self,
        url: str,
        wanted: EventFilter = EVERYTHING,
        after: int | None = 0,
        by: Principal | None = None,
    ) -> tuple[WebhookEndpointId, str]:
        """An endpoint that is told what follows a position, and its secret."""
        command = CreateEndpoint(url=url, label="test", wanted=wanted, after=after)
        made = await self.nzc.services.webhooks.create(by or self.holder, key(), command)
        assert made.outcome.position is not None, made.outcome.refusal
        assert made.secret is not None
        return WebhookEndpointId(made.outcome.position), made.secret

    async def endpoint(self, id_: WebhookEndpointId) -> Endpoint:
        return (await self.nzc.services.webhooks.endpoints([id_]))[id_]

    async def deliveries(self, id_: int) -> list[Delivery]:
        """The attempts that are known of an endpoint, the first one first."""
        from nzc_api.database.paging import Page

        found = await self.nzc.services.webhooks.page_deliveries_of([id_], Page(100))
        return found.get(id_, [])

    async def registered(self, count: int = 1) -> Sequence[int]:
        """So many entries more, each of an organisation: their positions."""
        return [await register(self.nzc.services, f"N{key()[:8]}") for _ in range(count)]

    async def head(self) -> int:
        return (await self.nzc.services.log.head()).position


def delivery_of(
    nzc: Nzc, clock: Clock, busy: Callable[[], bool] = lambda: False
) -> DeliveryService:
    services = nzc.services
    named = EventNamings(lambda log_id: Ids(log_id).of, SUBJECTS, ADDRESS)
    return DeliveryService(
        log=services.log, feed=services.feed, access=services.access, webhooks=services.webhooks,
        sender=Sender(Outbound(LOOPBACK, whole_seconds=2)), named=named, now=clock.now, busy=busy,
    )  # fmt: skip


async def principal_of(nzc: Nzc, organisation: int) -> Principal:
    """A key of an organisation, and who holds it."""
    command = IssueApiKey(OrganisationId(organisation), "webhooks")
    issued = await nzc.services.access.issue_api_key_as(Actor(), key(), command)
    assert issued.secret is not None
    found = await nzc.services.access.authenticate([issued.secret])
    return found[issued.secret]


async def hooks_on(nzc: Nzc) -> Hooks:
    clock = Clock()
    organisation = await register(nzc.services, f"H{key()[:8]}")
    return Hooks(
        nzc=nzc,
        clock=clock,
        delivery=delivery_of(nzc, clock),
        holder=await principal_of(nzc, organisation),
    )
