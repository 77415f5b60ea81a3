"""The log as lines, and the follower of `examples/` that rebuilds the state from them."""

import asyncio
import gzip
import json
import random
import threading
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.feed import facts, service, stretch_store
from nzc_api.ids import Position
from nzc_api.overload import Overloaded
from nzc_api.transport import asked as asking
from nzc_api.transport import exporting
from tests.conftest import Server
from tests.feed import telling as telling_room
from tests.feed.following import agree, follower
from tests.feed.telling import CALLERS, Told, exported, telling
from tests.served import Served, served
from tests.served import told as told_of
from tests.world import World, key


@pytest_asyncio.fixture(scope="module")
async def told(server: Server, people: World) -> AsyncIterator[Told]:
    async with telling(server, people) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def api(told: Told) -> AsyncIterator[Served]:
    async with served(told.url) as running:
        yield running


async def lines(told: Told, secret: str | None = None, **given: Any) -> list[dict[str, Any]]:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    answer = await told.world.http.get("/export", params=given, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("who", CALLERS)
async def test_lines_say_to_the_byte_what_events_say(
    told: Told, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = getattr(told.world, who)
    expected = await telling_room.lines(caller)
    for largest in (7, 1000):
        monkeypatch.setattr(service, "LARGEST_PAGE", largest)
        assert await exported(caller) == expected


@pytest.mark.parametrize("most", [1, 5, 20])
async def test_a_stretch_ends_before_its_facts_are_too_many(
    told: Told, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, carried, rows = await exported(told.world.operator), service.Feed.carried, []

    async def noted(feed: service.Feed, *given: Position) -> facts.Carried:
        found = await carried(feed, *given)
        rows.append([*map(len, found.movements)])
        return found

    monkeypatch.setattr(service, "MOST_ROWS", most)
    monkeypatch.setattr(service.Feed, "carried", noted)
    assert await exported(told.world.operator) == whole
    assert all(len(page) == 1 or sum(page) <= most for page in rows), rows


async def test_no_entry_is_told_without_some_of_its_movements(told: Told) -> None:
    """Where so many were read as may be, and there may be more of the last one."""
    database = Database(told.url, pool_size=1)
    try:
        async with database.read() as connection:
            whole, _ = await stretch_store.read_stretch(connection, 0, 1000, 1000, 1000)
            assert sum(map(len, whole.movements)) > 20
            for most in range(5, 20):
                found, _ = await stretch_store.read_stretch(connection, 0, 1000, 1000, most)
                assert found == whole.first(len(found.positions))
                assert 0 < len(found.positions) < len(whole.positions)
    finally:
        await database.close()


async def test_lines_are_put_together_where_they_keep_nobody_waiting(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()

    def noted(*given: Any) -> Any:
        threads.add(threading.current_thread().name)
        return facts.seen_by(*given)

    monkeypatch.setattr(exporting, "seen_by", noted)
    assert await lines(told)
    assert threads == {"worker"}


async def test_an_export_goes_on_when_too_many_wait_and_begins_not(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST_PAGE", 7)
    monkeypatch.setattr(asking, "RETRY_SECONDS", 0)
    whole, asked = await lines(told), []
    carried = service.Feed.carried

    async def crowded(feed: service.Feed, *given: Any) -> Any:
        asked.append(given)
        if len(asked) in (3, 4):
            raise Overloaded
        return await carried(feed, *given)

    monkeypatch.setattr(service.Feed, "carried", crowded)
    assert await lines(told) == whole
    asked[:] = [(), ()]
    answer = await told.world.http.get("/export")
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "TRY_AGAIN"


async def test_an_export_is_of_a_position_and_goes_on_from_any(told: Told) -> None:
    whole, head = await lines(told), await told.world.head()
    assert await lines(told, after=10, until=20) == whole[10:20]
    assert await lines(told, until=10) + await lines(told, after=10) == whole
    assert await lines(told, after=head) == []
    answer = await told.world.http.get("/export", params={"until": 5})
    assert answer.headers["nzc-position"] == "5"


@pytest.mark.parametrize(
    "given",
    [
        {"after": "-1"},
        {"after": "x"},
        {"until": "999999"},
        {"until": "９"},
        {"after": "1" * 19},
        # Of another log, which was longer: nothing new would be told for good.
        {"after": "999999"},
    ],
)
async def test_what_is_no_position_is_refused(told: Told, given: dict[str, str]) -> None:
    answer = await told.world.http.get("/export", params=given)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == list(given)


async def test_a_key_that_is_none_is_refused(told: Told) -> None:
    answer = await told.world.http.get("/export", headers={"Authorization": "Bearer nzc_x"})
    assert answer.status_code == 401


async def test_a_key_that_is_revoked_meanwhile_reads_no_further(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST_PAGE", 7)
    administrator = told.world.administrator
    issued = await administrator.ask(
        """mutation ($input: IssueApiKeyInput!) { issueApiKey(input: $input) {
            ... on IssueApiKeySuccess { secret apiKey { id } } } }""",
        input={
            "idempotencyKey": key(),
            "organisation": told.world.operator.organisation,
            "label": "x",
        },
    )
    secret, api_key = issued["issueApiKey"]["secret"], issued["issueApiKey"]["apiKey"]["id"]
    read_stretch, ours = stretch_store.read_stretch, asyncio.get_running_loop()

    reads = count(1)

    async def revoking(*asked: Any) -> Any:
        # One stretch is read while the one before it is put together.
        if next(reads) < 3:
            return await read_stretch(*asked)
        monkeypatch.setattr(stretch_store, "read_stretch", read_stretch)
        revoked = administrator.made("revokeApiKey", "apiKey { id }", apiKey=api_key)
        # Lines are put together in the worker's thread, which has a loop of its own.
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(revoked, ours))
        return await read_stretch(*asked)

    monkeypatch.setattr(stretch_store, "read_stretch", revoking)
    *whole, last = await lines(told, secret)
    assert [line["position"] for line in whole] == [str(n) for n in range(1, len(whole) + 1)]
    assert 0 < len(whole) < await told.world.head()
    assert told_of(last["errors"][0], "UNAUTHENTICATED")


async def test_only_what_it_is_of_is_told_to_who_asks_for_the_head(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP sends no body with it: to gather the whole log would be for nobody."""
    monkeypatch.setattr(service.Feed, "carried", None)
    answer = await told.world.http.head("/export", params={"until": 5})
    assert (answer.status_code, answer.headers["nzc-position"]) == (200, "5")
    assert answer.headers["content-type"] == "application/x-ndjson"


async def test_lines_are_compressed_for_who_asks(api: Served) -> None:
    async with (
        api.client() as http,
        http.stream("GET", "/export", headers={"Accept-Encoding": "gzip"}) as answer,
    ):
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert json.loads(gzip.decompress(packed).splitlines()[0])["position"] == "1"


def followed(api: Served, file: Path, until: int | None = None) -> Any:
    state = follower.opened(str(file))
    with httpx.Client(base_url=api.address) as http:
        follower.catch_up(http, state, until)
    return state


async def agreeing(told: Told, state: Any, position: int) -> None:
    """What pilots state as of a position is what follows from the state."""
    pilots = [told.names[name] for name in ("park", "town", "beside")]
    await agree(told.world.anyone, pilots, state, position)


async def test_its_state_is_what_the_api_says_at_any_position(
    told: Told, api: Served, tmp_path: Path
) -> None:
    head = await told.world.head()
    seed = random.randrange(2**32)
    chosen = [*sorted(random.Random(seed).sample(range(1, head), 8)), head]
    for position in chosen:  # Each goes on where the one before ended.
        state = followed(api, tmp_path / "state.db", position)
        assert follower.reached(state) == position
        await agreeing(told, state, position)
    assert followed(api, tmp_path / "other.db").execute(
        "SELECT * FROM run ORDER BY 1, 2"
    ).fetchall() == (state.execute("SELECT * FROM run ORDER BY 1, 2").fetchall())


async def test_a_kill_of_the_api_loses_nothing(told: Told, api: Served, tmp_path: Path) -> None:
    """The stream is cut off between any two events; the follower goes on at another process."""
    head = await told.world.head()
    state = follower.opened(str(tmp_path / "state.db"))
    async with served(told.url) as dying:
        with httpx.Client(base_url=dying.address) as http:
            for event in follower.read(http, 0):
                follower.apply(state, event)
                if follower.reached(state) == head // 2:
                    break
            dying.process.kill_all()
            with pytest.raises(httpx.HTTPError):
                follower.catch_up(http, state)
    assert follower.reached(state) == head // 2
    state = followed(api, tmp_path / "state.db")
    assert follower.reached(state) == head
    await agreeing(told, state, head)


async def test_an_event_that_is_missing_is_seen(told: Told, tmp_path: Path) -> None:
    state = follower.opened(str(tmp_path / "state.db"))
    first, second, third = (await lines(told, until=3))[:3]
    follower.apply(state, first)
    for wrong in (third, first):
        with pytest.raises(ValueError, match="does not follow 1"):
            follower.apply(state, wrong)
    follower.apply(state, second)
    assert follower.reached(state) == 2
