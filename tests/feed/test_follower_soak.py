"""The follower of `examples/` while two processes of the API, PostgreSQL and itself are killed at random, and 64
writers post: in the end its state is what the API says, at any position."""

import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.feed.following import SCRIPT, agree, agree_of_batches, contents, follower
from tests.feed.telling import GAS, GROUNDS, block, of_serials
from tests.served import NZC, PATIENCE, Loaded, OwnPostgres, Process, free_ports, own_postgres
from tests.world import Caller, World

pytestmark = pytest.mark.slow

WRITERS = 64
TONNES = 400
KILLS_OF_EACH = 4

# What is asked again: the database is away, or what was committed is not known.
AGAIN = {"DATABASE_UNAVAILABLE", "COMMIT_UNCONFIRMED", "TRY_AGAIN", "HISTORY_DIVERGED"}


@dataclass
class Stubborn(Caller):
    """Somebody who asks again, under the same idempotency key, at one process of the API or the other, until there is
    an answer."""

    others: tuple[httpx.AsyncClient, ...] = ()

    async def post(self, query: str, **variables: Any) -> httpx.Response:
        async with asyncio.timeout(PATIENCE):
            while True:
                caller = Caller(random.choice((self.http, *self.others)), self.secret)
                try:
                    answer = await caller.post(query, **variables)
                    if answer.status_code < 500 and not _codes(answer) & AGAIN:
                        return answer
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)


def _codes(answer: httpx.Response) -> set[str]:
    return {error["extensions"]["code"] for error in answer.json().get("errors", ())}


@dataclass
class Api:
    """A process of the API at an address of its own, which may be killed and started again."""

    url: str
    port: int
    folder: Path
    process: Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        given = {"NZC_DATABASE_URL": self.url, "NZC_PORT": str(self.port), "NZC_REQUESTS_PER_SECOND": "0"}  # fmt: skip
        self.process = Loaded([NZC, "serve"], given, self.folder)
        await self.process.says(r"(http://\S+)/graphql")

    async def kill(self) -> None:
        assert self.process is not None
        self.process.kill_all()
        await self.process.ended()


@dataclass
class Following:
    """The script as a process, which goes on at another process of the API when it was killed."""

    addresses: list[str]
    file: Path
    folder: Path
    process: Process | None = None

    async def start(self) -> None:
        self.addresses.append(self.addresses.pop(0))
        arguments: list[str | Path] = [sys.executable, SCRIPT, self.addresses[0], self.file]
        self.process = Process(arguments, {}, self.folder)

    async def kill(self) -> None:
        assert self.process is not None
        assert self.process.alive, self.process.err
        self.process.kill_all()
        await self.process.ended()


@dataclass
class Written:
    """What the writers made."""

    pilots: list[dict[str, Any]] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)


@dataclass
class Writer:
    """Who posts about a batch of its own for anybody's pilots, one thing after another."""

    world: World
    written: Written
    number: int
    stopping: asyncio.Event
    batch: str = ""
    serial: int = 1
    retired: list[str] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"GD-S{self.number}"

    async def write(self) -> None:
        world = self.world
        self.batch = await world.issue(await world.project(), self.prefix, 1, TONNES)
        self.written.batches.append(self.batch)
        ways: list[Callable[[], Awaitable[None]]] = [
            self._retire, self._retire, self._retire, self._correct, self._transfer, self._invalidate,
            self._whole, self._account,
        ]  # fmt: skip
        while not self.stopping.is_set() and self.serial < TONNES - 10:
            await random.choice(ways)()

    def _next(self) -> tuple[int, int]:
        first = self.serial
        self.serial = first + random.randint(1, 5)
        return first, self.serial - 1

    async def _retire(self) -> None:
        pilot = random.choice(self.written.pilots)
        given = self.world.retirement(pilot, self.prefix, *self._next())
        made = await self.world.registry.made("retireCredits", "retirement { id }", **given)
        self.retired.append(made["id"])

    async def _correct(self) -> None:
        if self.retired:
            slip = self.retired.pop()
            await self.world.registry.made("correctPosting", "posting { id }", posting=slip, **GROUNDS)  # fmt: skip
            return
        await self._retire()

    async def _transfer(self) -> None:
        world = self.world
        ends = {"from": world.holder.organisation, "to": world.other_operator.organisation}
        serials = block(self.prefix, *self._next())
        await world.registry.made(
            "transferCredits", "transfer { id }", programme="CCER", serials=serials, **ends
        )

    async def _invalidate(self) -> None:
        given = of_serials(self.prefix, *self._next())
        await self.world.registry.made("invalidateCredits", "posting { id }", **given)

    async def _whole(self) -> None:
        """All of the batch is invalidated, which was a slip."""
        whole = {"target": {"batch": self.batch}} | GROUNDS
        made = await self.world.registry.made("invalidateCredits", "posting { id }", **whole)
        await self.world.registry.made(
            "correctPosting", "posting { id }", posting=made["id"], **GROUNDS
        )

    async def _account(self) -> None:
        """Another pilot, with a verified inventory."""
        pilot = await self.world.pilot("BUILDING_EXISTING", 2022)
        made = await self.world.inventory(pilot)
        await self.world.record(made, GAS | {"label": "气"})
        await self.world.submit(made)
        self.written.pilots.append(pilot)


async def _kill(what: Api | Following) -> None:
    await what.kill()
    await asyncio.sleep(random.random())
    await what.start()


async def _crash(postgres: OwnPostgres) -> None:
    await postgres.kill()
    await asyncio.sleep(random.random())
    await postgres.start()


@asynccontextmanager
async def _apis(url: str, folder: Path) -> AsyncIterator[list[Api]]:
    first = free_ports(2)
    apis = [Api(url, first + number, folder) for number in range(2)]
    try:
        for api in apis:
            await api.start()
        yield apis
    finally:
        for api in apis:
            if api.process is not None:
                await api.process.stop()


@asynccontextmanager
async def _stubborn(world: World, apis: list[Api]) -> AsyncIterator[World]:
    """The same people, who are put off by nothing."""
    async with (
        httpx.AsyncClient(base_url=apis[0].address, timeout=30, verify=False) as one,
        httpx.AsyncClient(base_url=apis[1].address, timeout=30, verify=False) as other,
    ):
        people = {
            name: Stubborn(
                http=one, secret=caller.secret, organisation=caller.organisation, others=(other,)
            )
            for name, caller in vars(world).items()
            if isinstance(caller, Caller)
        }
        yield replace(world, http=one, **people)


async def _reaches(follow: Following, head: int) -> None:
    """Wait until the follower has all of the log."""
    state = follower.opened(str(follow.file))
    async with asyncio.timeout(PATIENCE):
        while follower.reached(state) < head:
            assert follow.process is not None
            assert follow.process.alive, follow.process.err
            await asyncio.sleep(0.2)
    state.close()


async def test_its_state_is_what_the_api_says_whatever_is_killed() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with own_postgres() as postgres, _apis(postgres.api_url, folder) as apis:
            async with httpx.AsyncClient(base_url=apis[0].address, timeout=30) as http:
                people = await World.make(http, postgres.api_url)
            async with _stubborn(people, apis) as world:
                await _soak(world, postgres, apis, folder)


async def _soak(world: World, postgres: OwnPostgres, apis: list[Api], folder: Path) -> None:
    written, stopping = Written([await world.pilot("BUILDING_EXISTING", 2022)]), asyncio.Event()
    follow = Following([api.address for api in apis], folder / "state.db", folder)
    await follow.start()
    writers = [
        asyncio.create_task(
            Writer(world=world, written=written, number=number, stopping=stopping).write()
        )
        for number in range(WRITERS)
    ]
    victims: list[Api | Following] = [*apis, follow]
    kills = [*(partial(_kill, what) for what in victims), partial(_crash, postgres)] * KILLS_OF_EACH
    try:
        for kill in random.sample(kills, len(kills)):
            await asyncio.sleep(random.uniform(0.5, 3))
            await kill()
        stopping.set()
        await asyncio.gather(*writers)
        head = await world.head()
        await _reaches(follow, head)
    finally:
        stopping.set()
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        assert follow.process is not None
        await follow.process.stop()
    followed = follower.opened(str(folder / "state.db"))
    await agree(world.anyone, written.pilots, followed, head)
    await agree_of_batches(world.anyone, written.batches, followed)
    anew = follower.opened(str(folder / "anew.db"))
    with httpx.Client(base_url=apis[0].address, timeout=60, verify=False) as http:
        for position in (*sorted(random.sample(range(1, head), 5)), head):
            follower.catch_up(http, anew, position)
            some = random.sample(written.pilots, min(len(written.pilots), 10))
            await agree(world.anyone, some, anew, position)
    assert contents(anew) == contents(followed)
