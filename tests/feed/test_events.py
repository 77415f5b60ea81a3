"""Following the log: nothing missed, nothing twice, in order, whatever happens in between."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.access.model import RegisterOrganisation
from nzc_api.access.principals import Role
from nzc_api.ids import Position
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText
from nzc_api.services import Nzc
from tests.conftest import Server, TestDatabase, fresh_database
from tests.counting import counted
from tests.served import (
    PATIENCE,
    OwnPostgres,
    Served,
    own_postgres,
    served,
    socket,
    sse,
    told,
)
from tests.world import Caller, World, key

FOLLOW = "subscription ($after: BigInt) { events(after: $after) { position kind at } }"
FOLLOW_NEW = "subscription { events { position } }"
WHOLE = """subscription ($after: BigInt) {
    events(after: $after) { position organisation { id } subject { id } } }"""
EVENTS = """query ($after: BigInt!, $first: Int!) {
    events(after: $after, first: $first) { position kind at } }"""

CANCEL_WAITING = """
    SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

WRITERS = 20


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def api(database: TestDatabase) -> AsyncIterator[Served]:
    async with served(database.api_url) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def other_api(database: TestDatabase) -> AsyncIterator[Served]:
    async with served(database.api_url) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def world(database: TestDatabase, api: Served) -> AsyncIterator[World]:
    async with api.client() as http:
        yield await World.make(http, database.api_url)


async def write(caller: Caller) -> None:
    name = {"zh": "甲", "en": "A"}
    await caller.made(
        "registerOrganisation",
        "organisation { id }",
        idempotencyKey=key(),
        name=name,
        role="VERIFIER",
    )


async def everything(caller: Caller, after: int, page: int = 100) -> list[dict[str, Any]]:
    """The entries after a position, by the query, page by page."""
    entries: list[dict[str, Any]] = []
    while True:
        data = await caller.ask(EVENTS, after=str(after), first=page)
        entries += data["events"]
        if not data["events"]:
            return entries
        after = int(data["events"][-1]["position"])


# Ways to follow. Each yields entries after a position until it is closed or cut.

Way = Callable[[Served, int | None], AsyncIterator[dict[str, Any]]]


def _event(payload: dict[str, Any]) -> dict[str, Any]:
    assert "errors" not in payload, payload
    event: dict[str, Any] = payload["data"]["events"]
    return event


async def by_websocket(api: Served, after: int | None) -> AsyncIterator[dict[str, Any]]:
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("log", FOLLOW, after=None if after is None else str(after))
        try:
            while True:
                message = await client.receive(60)
                assert (message["id"], message["type"]) == ("log", "next"), message
                yield _event(message["payload"])
        finally:
            client.cut()


async def _by_sse(api: Served, after: int | None, *, get: bool) -> AsyncIterator[dict[str, Any]]:
    async with api.client() as http:
        given = None if after is None else str(after)
        async with aclosing(sse(http, FOLLOW, get=get, after=given)) as events:  # type: ignore[type-var]
            async for name, data in events:
                assert name == "next", name
                assert data is not None
                yield _event(data)


def by_sse_post(api: Served, after: int | None) -> AsyncIterator[dict[str, Any]]:
    return _by_sse(api, after, get=False)


def by_sse_get(api: Served, after: int | None) -> AsyncIterator[dict[str, Any]]:
    return _by_sse(api, after, get=True)


WAYS: list[Way] = [by_websocket, by_sse_post, by_sse_get]
NAMES = [way.__name__ for way in WAYS]


@dataclass
class Subscriber:
    """Somebody who follows the log from a position and comes back after every cut."""

    way: Way
    apis: list[Served]
    after: int
    chance: random.Random
    heard: list[dict[str, Any]] = field(default_factory=list)
    cuts: int = 0

    @property
    def position(self) -> int:
        return int(self.heard[-1]["position"]) if self.heard else self.after

    async def follow_until(self, last: Callable[[], int | None]) -> None:
        """Follow, cut off at random points, until the position that ``last`` comes to name."""
        while last() is None or self.position < (last() or 0):
            patience = self.chance.randint(1, 30)
            try:
                async with asyncio.timeout(self.chance.uniform(0.05, 1.5)):
                    await self._listen(patience)
            except (TimeoutError, OSError, httpx.HTTPError):
                pass
            self.cuts += 1

    async def _listen(self, patience: int) -> None:
        api = self.chance.choice(self.apis)
        async with aclosing(self.way(api, self.position)) as events:  # type: ignore[type-var]
            async for event in events:
                self.heard.append(event)
                patience -= 1
                if patience == 0:
                    return


@asynccontextmanager
async def listening(
    way: Way, api: Served, after: int | None
) -> AsyncIterator["asyncio.Queue[Any]"]:
    """What a follower hears, in a queue."""
    heard: asyncio.Queue[Any] = asyncio.Queue()

    async def listen() -> None:
        async with aclosing(way(api, after)) as events:  # type: ignore[type-var]
            async for event in events:
                heard.put_nowait(event)

    task = asyncio.create_task(listen())
    try:
        yield heard
        assert not task.done() or task.result() is None
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def next_of(heard: "asyncio.Queue[Any]") -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        event: dict[str, Any] = await heard.get()
    return event


# The same feed.


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
async def test_the_subscription_gives_what_the_query_gives(
    api: Served, world: World, way: Way
) -> None:
    asked = await everything(world.anyone, 0, page=7)
    assert [int(event["position"]) for event in asked] == list(range(1, len(asked) + 1))
    for after in (0, 1, len(asked) - 1):
        async with listening(way, api, after) as heard:
            followed = [await next_of(heard) for _ in asked[after:]]
        assert followed == asked[after:]


async def test_they_say_the_same_of_everything_an_entry_has(api: Served, world: World) -> None:
    await credits_to_retire(world, "GD-SAME", 10)
    wanted = """{ position kind at organisation { id name { zh en } role }
                  subject { __typename id } }"""
    data = await world.anyone.ask(f'{{ events(after: "0", first: 100) {wanted} }}')
    assert {event["kind"] for event in data["events"]} >= {"CREDITS_ISSUED", "PILOT_REGISTERED"}
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("log", f'subscription {{ events(after: "0") {wanted} }}')
        for event in data["events"]:
            assert (await client.receive())["payload"] == {"data": {"events": event}}


async def test_the_query_pages_without_a_gap(world: World) -> None:
    whole = await everything(world.anyone, 0)
    for page in (1, 3, 100):
        assert await everything(world.anyone, 0, page=page) == whole


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
async def test_without_a_position_only_what_is_new_comes(
    api: Served, world: World, way: Way
) -> None:
    start = await world.head()
    async with listening(way, api, None) as heard:
        async with asyncio.timeout(PATIENCE):
            while heard.empty():  # Until it follows.
                await write(world.administrator)
        first = int((await next_of(heard))["position"])
        assert first > start
        await write(world.administrator)
        last = await world.head()
        assert last > first
        positions = [int((await next_of(heard))["position"]) for _ in range(first, last)]
        assert positions == list(range(first + 1, last + 1))
        assert heard.empty()


async def test_a_subscriber_hears_soon(api: Served, world: World) -> None:
    async with listening(by_websocket, api, await world.head()) as heard:
        for _ in range(5):
            await write(world.administrator)
            await next_of(heard)


# Positions that are none.


@pytest.mark.parametrize("after", ["-1", "-9223372036854775808"])
async def test_a_negative_position_is_refused(api: Served, world: World, after: str) -> None:
    error = await world.anyone.fail(EVENTS, after=after, first=10)
    assert told(error, "INVALID_INPUT")["inputPath"][-1] == "after"
    async with socket(api.address) as client:
        await client.initialise()
        answer = await client.answer(FOLLOW, after=after)
        assert answer["data"] is None
        assert told(answer["errors"][0], "INVALID_INPUT")["inputPath"][-1] == "after"
    async with api.client() as http:
        events = [event async for event in sse(http, FOLLOW, after=after)]
    assert [name for name, _ in events] == ["next", "complete"]
    assert events[0][1] is not None
    told(events[0][1]["errors"][0], "INVALID_INPUT")


@pytest.mark.parametrize("after", ["9223372036854775808", "1.0", "", " 1", "１", "0x1", "1e3"])
async def test_what_is_no_position_is_refused(api: Served, world: World, after: str) -> None:
    told(await world.anyone.fail(EVENTS, after=after, first=10), "INVALID_INPUT")
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("log", FOLLOW, after=after)
        message = await client.receive()
        assert message["type"] == "error"
        told(message["payload"][0], "INVALID_INPUT")


async def test_a_position_that_is_not_yet_is_waited_for(api: Served, world: World) -> None:
    start = await world.head()
    assert (await world.anyone.ask(EVENTS, after=str(start + 2), first=10))["events"] == []
    async with (
        listening(by_websocket, api, start + 2) as heard,
        listening(by_sse_post, api, 2**63 - 1) as silence,
    ):
        for _ in range(4):
            await write(world.administrator)
        positions = [int((await next_of(heard))["position"]) for _ in range(2)]
        assert positions == [start + 3, start + 4]
        assert silence.empty()


# Two processes.


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
async def test_what_is_written_through_one_process_is_heard_on_the_other(
    api: Served, other_api: Served, world: World, way: Way
) -> None:
    async with other_api.client() as http:
        there = Caller(http, world.administrator.secret)
        start = await world.head()
        async with (
            listening(way, api, start) as here_heard,
            listening(way, other_api, start) as there_heard,
        ):
            for caller in (world.administrator, there, world.administrator):
                await write(caller)
            for heard in (here_heard, there_heard):
                positions = [int((await next_of(heard))["position"]) for _ in range(3)]
                assert positions == [start + 1, start + 2, start + 3]


# Under load.


@dataclass
class Lot:
    """Credits that writers retire, a tonne at a time."""

    pilot: dict[str, Any]
    prefix: str


async def credits_to_retire(world: World, prefix: str, tonnes: int) -> Lot:
    pilot = await world.pilot()
    await world.issue(await world.project(), prefix, 1, tonnes)
    return Lot(pilot, prefix)


async def test_nothing_is_missed_and_nothing_comes_twice(
    api: Served, other_api: Served, world: World
) -> None:
    rounds = 4
    lot = await credits_to_retire(world, "GD-LOAD", WRITERS * rounds)
    start = await world.head()
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    end: list[int] = []

    async def post(writer: int) -> None:
        # Half of them write through the ledger's group commit, half one by one; on both processes.
        where = (api, other_api)[writer % 2]
        async with where.client() as http:
            for number in range(rounds):
                if writer % 4 < 2:
                    serial = writer * rounds + number + 1
                    await Caller(http, world.registry.secret).made(
                        "retireCredits",
                        "retirement { position }",
                        **world.retirement(lot.pilot, lot.prefix, serial, serial),
                    )
                else:
                    await write(Caller(http, world.administrator.secret))
                await asyncio.sleep(chance.uniform(0, 0.1))

    subscribers = [
        Subscriber(
            way=way, apis=[api, other_api], after=start, chance=random.Random(chance.random())
        )
        for way in WAYS
        for _ in range(2)
    ]

    async def write_all() -> None:
        await asyncio.gather(*(post(writer) for writer in range(WRITERS)))
        end.append(await world.head())

    async with asyncio.timeout(60):
        await asyncio.gather(
            write_all(),
            *(each.follow_until(lambda: end[0] if end else None) for each in subscribers),
        )
    expected = await everything(world.anyone, start)
    assert len(expected) == WRITERS * rounds
    for each in subscribers:
        assert each.heard == expected, f"seed {seed}, {each.way.__name__}, {each.cuts} cuts"
        assert each.cuts > 1
    times = [event["at"] for event in expected]
    assert times == sorted(times)


async def test_a_follower_that_is_far_behind_catches_up(api: Served, world: World) -> None:
    while await world.head() < 250:
        await asyncio.gather(*(write(world.administrator) for _ in range(20)))
    last = await world.head()
    async with listening(by_websocket, api, 0) as heard:
        positions = [int((await next_of(heard))["position"]) for _ in range(last)]
    assert positions == list(range(1, last + 1))


async def test_a_follower_that_does_not_read_holds_up_nobody(api: Served, world: World) -> None:
    async with socket(api.address) as idle, socket(api.address) as client:
        await idle.initialise()
        for number in range(20):
            await idle.subscribe(str(number), FOLLOW, after="0")
        await client.initialise()
        await client.subscribe("log", FOLLOW, after=str(await world.head()))
        await write(world.administrator)
        assert (await client.receive(20))["type"] == "next"


# When PostgreSQL is away.


@dataclass
class Restartable:
    """A server on a PostgreSQL that a test may restart."""

    postgres: OwnPostgres
    api: Served
    world: World


@pytest_asyncio.fixture(scope="module")
async def restartable() -> AsyncIterator[Restartable]:
    async with (
        own_postgres() as postgres,
        served(postgres.api_url) as api,
        api.client() as http,
    ):
        yield Restartable(postgres, api, await World.make(http, postgres.api_url))


async def write_through(caller: Caller) -> None:
    """Write as a careful client does: again with the same key until it is accepted."""
    name = {"zh": "甲", "en": "A"}
    given = {"idempotencyKey": key(), "name": name, "role": "VERIFIER"}
    query = """mutation ($input: RegisterOrganisationInput!) {
        registerOrganisation(input: $input) { __typename } }"""
    while True:
        response = await caller.post(query, input=given)
        answer = response.json()
        if "errors" not in answer:
            assert answer["data"]["registerOrganisation"]["__typename"].endswith("Success")
            return
        told(answer["errors"][0], "DATABASE_UNAVAILABLE")
        await asyncio.sleep(0.2)


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_the_feed_survives_a_restart_of_postgresql(
    restartable: Restartable, how: str
) -> None:
    postgres, api, world = restartable.postgres, restartable.api, restartable.world
    start = await world.head()
    done = asyncio.Event()

    async def keep_writing() -> int:
        written = 0
        while not done.is_set():
            await write_through(world.administrator)
            written += 1
        return written

    async with (
        listening(by_websocket, api, start) as one,
        listening(by_sse_post, api, start) as two,
        listening(by_sse_get, api, start) as three,
    ):
        writers = [asyncio.create_task(keep_writing()) for _ in range(5)]
        await asyncio.sleep(0.5)
        if how == "stopped":
            await postgres.stop()
        else:
            await postgres.kill()
        await asyncio.sleep(1)
        await postgres.start()
        await asyncio.sleep(0.5)
        done.set()
        written = sum(await asyncio.gather(*writers))
        assert await world.head() == start + written
        for heard in (one, two, three):
            positions = [int((await next_of(heard))["position"]) for _ in range(written)]
            assert positions == list(range(start + 1, start + written + 1))
            assert heard.empty()


async def test_who_follows_nothing_new_hears_again_after_a_restart(
    restartable: Restartable,
) -> None:
    postgres, api, world = restartable.postgres, restartable.api, restartable.world
    start = await world.head()
    async with listening(by_websocket, api, start) as heard:
        await asyncio.sleep(0.5)
        await postgres.stop()
        await asyncio.sleep(1.5)
        await postgres.start()
        await write_through(world.administrator)
        assert int((await next_of(heard))["position"]) == start + 1


async def test_who_comes_while_it_is_away_is_told_or_served_later(
    restartable: Restartable,
) -> None:
    postgres, api, world = restartable.postgres, restartable.api, restartable.world
    start = await world.head()
    await postgres.stop()
    try:
        async with socket(api.address) as client:
            await client.initialise()
            answer = await client.answer(FOLLOW_NEW)
            told(answer["errors"][0], "DATABASE_UNAVAILABLE")
        async with listening(by_sse_get, api, start) as heard:
            await asyncio.sleep(0.5)
            await postgres.start()
            await write_through(world.administrator)
            assert int((await next_of(heard))["position"]) == start + 1
    finally:
        await postgres.start()


async def follow_whole_events(api: Served, follower: Caller, last: int) -> list[int]:
    """The positions of all events up to ``last``, each of which came whole to who may see keys; where the stream ends,
    or says that the database is away, it is resumed."""
    heard = [0]
    while heard[-1] < last:
        async with socket(api.address) as client:
            await client.initialise(authorization=f"Bearer {follower.secret}")
            await client.subscribe("log", WHOLE, after=str(heard[-1]))
            while heard[-1] < last:
                message = await client.receive(30)
                payload = message.get("payload") or {}
                if message["type"] != "next" or payload["data"] is None:
                    await asyncio.sleep(0.2)
                    break
                assert "errors" not in payload, payload
                assert payload["data"]["events"]["subject"], payload
                heard.append(int(payload["data"]["events"]["position"]))
    return heard[1:]


async def test_no_half_of_an_event_comes_while_postgresql_goes_away(
    restartable: Restartable,
) -> None:
    postgres, api, world = restartable.postgres, restartable.api, restartable.world
    while await world.head() < 150:
        await asyncio.gather(*(write(world.administrator) for _ in range(20)))
    last = await world.head()
    followers = [
        asyncio.create_task(follow_whole_events(api, world.administrator, last)) for _ in range(10)
    ]
    try:
        await asyncio.sleep(0.4)
        await postgres.stop()
        await asyncio.sleep(1)
    finally:
        await postgres.start()
        heard = await asyncio.gather(*followers, return_exceptions=True)
    for each in heard:
        if isinstance(each, BaseException):
            raise each
        assert each == list(range(1, last + 1))


# When PostgreSQL answers, and yet not as it should.


async def test_a_query_that_was_cancelled_silences_nobody(
    database: TestDatabase, api: Served, world: World
) -> None:
    start = await world.head()
    superuser = await asyncpg.connect(database.superuser_url)
    try:
        async with listening(by_websocket, api, start) as heard:
            await asyncio.sleep(0.5)
            async with superuser.transaction():
                # As an ALTER TABLE or a VACUUM FULL would; and somebody cancels what waits for it.
                await superuser.execute("LOCK TABLE log_head IN ACCESS EXCLUSIVE MODE")
                async with asyncio.timeout(PATIENCE):
                    while not await superuser.fetchval(CANCEL_WAITING):  # noqa: ASYNC110  (no event to wait for)
                        await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            await write(world.administrator)
            assert int((await next_of(heard))["position"]) == start + 1
    finally:
        await superuser.close()


# What the feed's own service promises.


async def test_the_log_is_watched_while_somebody_follows(nzc: Nzc) -> None:
    def watches() -> int:
        return sum(task.get_name() == "feed-head" for task in asyncio.all_tasks())

    feed = nzc.services.feed
    assert watches() == 0
    followers = [feed.follow(Position(0)) for _ in range(3)]
    for follower in followers:
        await anext(follower)
        assert watches() == 1
    for follower in followers:
        assert watches() == 1
        await follower.aclose()  # type: ignore[attr-defined]
        await asyncio.sleep(0)
    assert watches() == 0
    again = feed.follow(Position(0))
    await anext(again)
    assert watches() == 1
    await again.aclose()  # type: ignore[attr-defined]


async def registered(nzc: Nzc) -> None:
    """An entry more."""
    command = RegisterOrganisation(LocalizedText("甲", "A"), Role.VERIFIER)
    await nzc.services.access.register_organisation_as(Actor(), key(), command)


async def test_an_event_is_read_once_for_all_who_wait(nzc: Nzc) -> None:
    followers = 50
    await registered(nzc)  # The first look must find a position to know what is new after it.
    begun = (await nzc.services.log.head()).position
    feed = nzc.services.feed
    waiting = [asyncio.ensure_future(anext(feed.follow(begun))) for _ in range(followers)]
    await asyncio.sleep(1)
    with counted() as statements:
        await registered(nzc)
        heard = [entry.position for entry in await asyncio.gather(*waiting)]
    assert heard == [begun + 1] * followers
    read = [statement for statement in statements if "FROM log_entry" in statement]
    assert 1 <= len(read) <= 2, read
