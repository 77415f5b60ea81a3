"""What every resolver has at hand: who calls, what NZC can do, and loaders that batch."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import strawberry
from strawberry.dataloader import DataLoader

from nzc_api.access.principals import Principal, expired, no_bearer, unknown_key
from nzc_api.feed.viewers import Viewer, viewer_of
from nzc_api.ids import Position
from nzc_api.inventories.visibility import Sight, sight_of
from nzc_api.log.asked import position_asked
from nzc_api.observing.record import current
from nzc_api.schema.kit.ids import Ids
from nzc_api.services import Services
from nzc_api.worker import Worker

if TYPE_CHECKING:
    from nzc_api.schema.engine.followers import ShownEvents, Subscriptions
    from nzc_api.schema.loaders import Loaders


# So many statements, where they follow one another, find one thing, as of a position: a transaction around them would
# take as long as they.
ONE_THING = 3


@dataclass(frozen=True, slots=True)
class Execution:
    """How operations are executed: within ``seconds``, and dear ones by a worker, which has services of
    its own in its thread."""

    worker: Worker
    services: Services
    seconds: float
    shown_events: "ShownEvents"
    subscriptions: "Subscriptions"


class Client(NamedTuple):
    """Who sends a request, as far as its head says; ``resumed_after`` is the position that its stream
    of events goes on after."""

    address: str
    authorization: str | None
    resumed_after: int | None = None


class Context:
    """The context of one operation. ``principal`` is asked for only where it matters who asks."""

    def __init__(
        self,
        services: Services,
        log_id: int,
        client: Client,
        loaders: "Loaders",
        execution: Execution,
        *,
        snapshot: bool = False,
        statements: int = 0,
    ) -> None:
        self.services = services
        self.loaders = loaders
        self.execution = execution
        self.ids = Ids(log_id)
        # Set by graphql-transport-ws from the payload of connection_init.
        self.connection_params: dict[str, Any] = {}
        self.shows_cost = False
        # Tonnes that this operation corrected and invalidated so far by the word of one person.
        self.ordered_alone = 0
        # Returns when the client has gone away; None where that cancels the operation by itself.
        self.departure: Callable[[], Awaitable[None]] | None = None
        self._log_id = log_id
        self._client = client
        self._snapshot = snapshot
        self._statements = statements

    def for_operation(self, log_id: int, *, snapshot: bool, statements: int = 0) -> "Context":
        """A fresh context of a log; with ``snapshot`` all its statements are as of one position, and, where there may
        be several ``statements``, of one moment."""
        # Mutations and events share loaders: what was posted together is read together. A query,
        # which may be large, is not mixed with anyone else's.
        loaders = type(self.loaders)(self.services) if snapshot else self.loaders
        return self._fresh(self.services, loaders, log_id, snapshot=snapshot, statements=statements)

    def apart(self) -> "Context":
        """The same for an operation that the worker executes."""
        services = self.execution.services
        return self._fresh(
            services, type(self.loaders)(services), self._log_id,
            snapshot=self._snapshot, statements=self._statements,
        )  # fmt: skip

    def _fresh(
        self,
        services: Services,
        loaders: "Loaders",
        log_id: int,
        *,
        snapshot: bool,
        statements: int,
    ) -> "Context":
        fresh = Context(
            services=services,
            log_id=log_id,
            client=self._client,
            loaders=loaders,
            execution=self.execution,
            snapshot=snapshot,
            statements=statements,
        )
        fresh.connection_params = self.connection_params
        return fresh

    def reading(self) -> AbstractAsyncContextManager[None]:
        """Around the execution of the operation: what it reads in several statements is as of one moment."""
        if self._snapshot and self._statements > ONE_THING:
            return self.services.log.reading()
        return nullcontext()

    @property
    def client(self) -> Client:
        """Who calls, unauthenticated. A WebSocket's first message may say what its head could not."""
        params = self.connection_params
        given = params.get("authorization") or params.get("Authorization")
        return (
            self._client._replace(authorization=given) if isinstance(given, str) else self._client
        )

    async def principal(self) -> Principal | None:
        """Who calls; None where no key was sent. Raises where the key is not in force."""
        return await (self._principal.load(None) if self._snapshot else self._read_principal())

    @cached_property
    def _principal(self) -> DataLoader[None, Principal | None]:
        async def read(keys: list[None]) -> list[Principal | None]:
            return [await self._read_principal()] * len(keys)

        return DataLoader(read)

    async def _read_principal(self) -> Principal | None:
        authorization = self.client.authorization
        if authorization is None:
            return None
        return in_force(await self.loaders.principal.load(secret_of(authorization)))

    async def sight(self) -> Sight:
        """What whoever calls sees of inventories. Raises where a key was sent that is not in force: who
        thinks to see all of it is not shown what is public."""
        return sight_of(await self.principal())

    async def viewer(self) -> Viewer:
        """What whoever calls sees of the log. Raises as ``sight`` does."""
        return viewer_of(await self.principal())

    async def now(self) -> Position:
        """The position that “now” means in this operation."""
        return await self._now.load(None)

    @cached_property
    def _now(self) -> DataLoader[None, Position]:
        return DataLoader(self._read_now, cache=self._snapshot)

    async def as_of(self, position: int | None) -> Position:
        """The position asked for, which must exist, or now."""
        return position_asked(position, await self.now(), "asOf")

    async def between(self, start: int, end: int | None) -> tuple[Position, Position]:
        """Two positions asked for, `from` and `to`, one not after the other; the latter may be now."""
        to = position_asked(end, await self.now(), "to")
        return position_asked(start, to, "from"), to

    async def _read_now(self, keys: list[None]) -> list[Position]:
        head = await self.services.log.head()
        return [head.position] * len(keys)


def secret_of(authorization: str) -> str:
    """The secret of an Authorization header. Raises ``AccessDenied`` where it is of another scheme."""
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise no_bearer()
    return secret.strip()


def in_force(principal: Principal | None) -> Principal:
    """Who was found to hold a secret, whom the line of the request tells of. Raises ``AccessDenied`` where its key is
    not in force."""
    if principal is None:
        raise unknown_key()
    if principal.expired_at is not None:
        raise expired(principal.expired_at)
    current().principal = principal.organisation_id
    return principal


Info = strawberry.Info[Context, None]
