"""Requests that come again as they came: answered as they would be by all of NZC, and by none of it but what says
whether they still are."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nzc_api.access.principals import Principal
from nzc_api.access.service import AccessService
from nzc_api.app import create_app
from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.log.model import Head
from nzc_api.observing.record import RequestRecord
from nzc_api.settings import Settings
from nzc_api.transport import conditional, rates, request_log
from nzc_api.transport.compression import Compression
from nzc_api.transport.conditional import Answers
from nzc_api.transport.front import Front
from nzc_api.transport.repeats import Repeats, repeatable_in
from tests.conftest import TestDatabase
from tests.world import Caller, World

POSITION = "{ log { position } viewer { id } }"
PRODUCT = '{ factorList(code: "prov2025-gd-2022") { code } gwpTables { gwpSet } }'
# Large enough to go out compressed.
LONG = """{ log { position } guide { title { zh en } referenceCatalogues { zh en }
    categories { category name { zh en } } } }"""

# What an answer says of the request alone.
NAMING = ("x-request-id", "date")


class Passed:
    """How many requests went on to the layers within."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        within = Compression.__call__

        async def counted(self_: Compression, *given: Any) -> None:
            self.count += 1
            await within(self_, *given)

        monkeypatch.setattr(Compression, "__call__", counted)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> Passed:
    return Passed(monkeypatch)


async def get(
    caller: Caller, query: str = POSITION, *, method: str = "GET", **headers: str
) -> httpx.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if caller.secret is not None:
        given["Authorization"] = f"Bearer {caller.secret}"
    return await caller.http.request(method, "/graphql", params={"query": query}, headers=given)


def said(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that an answer says but of the request alone."""
    headers = [header for header in answer.headers.multi_items() if header[0] not in NAMING]
    return answer.status_code, answer.content, headers


async def known(caller: Caller, query: str = POSITION, **given: Any) -> httpx.Response:
    """The answer to a request whose answer is known: the way it goes by all of NZC."""
    for _ in range(2):  # After the first its document is known.
        await get(caller, query, **given)
    return await get(caller, query, **given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"method": "HEAD"},
        {"accept": "application/graphql-response+json"},
        {"if_none_match": "*"},
        {"x_request_cost": "1"},
        {"accept_encoding": "gzip"},
        {"accept_encoding": "identity"},
        {"origin": "http://nzc.test", "sec_fetch_site": "same-origin"},
    ],
    ids=str,
)
@pytest.mark.parametrize("query", [POSITION, PRODUCT, LONG])
async def test_it_is_answered_as_before_without_asking_anew(
    world: World, passed: Passed, query: str, given: dict[str, str]
) -> None:
    for caller in (world.anyone, world.operator):
        first = await known(caller, query, **given)
        before = passed.count
        again = await get(caller, query, **given, x_request_id="mine")
        assert passed.count == before
        assert said(again) == said(first)
        assert again.headers["x-request-id"] == "mine"
        other = await get(caller, query, **given, x_more="another")
        assert passed.count == before + 1, "any header might have a say"
        assert said(other) == said(first)


async def test_what_is_executed_is_not_kept_so(world: World, passed: Passed) -> None:
    """Of what is asked once nothing is kept but what it shows; nor of what has no tag."""
    for query, times in ((POSITION, 2), ("{ ledgerHealth { position } }", 4), ("{", 4)):
        before = passed.count
        for _ in range(times):
            await get(world.anyone, query)
        assert passed.count == before + times


async def test_an_entry_of_the_log_ends_it(world: World) -> None:
    first = await known(world.anyone)
    assert said(await get(world.anyone)) == said(first)
    await world.pilot()
    after = await get(world.anyone)
    assert after.headers["etag"] != first.headers["etag"]
    assert int(after.json()["data"]["log"]["position"]) == await world.head()
    tag = first.headers["etag"]
    assert (await known(world.anyone, if_none_match=tag)).status_code == 200
    # And what is known since is answered again.
    await get(world.anyone)
    assert said(await get(world.anyone)) == said(after)


async def test_the_next_day_ends_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await known(world.anyone)
    monkeypatch.setattr(conditional, "today_in_china", lambda: date(2999, 1, 1))
    assert (await get(world.anyone)).headers["etag"] != first.headers["etag"]


async def test_a_key_is_asked_for_each_time(world: World, passed: Passed) -> None:
    async def issued(**more: Any) -> tuple[Caller, str]:
        made = await world.administrator.do(
            "issueApiKey", "apiKey { id } secret", organisation=world.operator.organisation, label="second", **more
        )  # fmt: skip
        return Caller(world.http, made["secret"]), made["apiKey"]["id"]

    caller, key_id = await issued()
    await known(caller)
    before = passed.count
    assert (await get(caller)).status_code == 200
    assert passed.count == before
    # Product data is the same for everybody, and needs no key in force.
    product = await known(caller, PRODUCT)
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=key_id)
    for _ in range(2):
        after = await get(caller)
        assert after.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert after.headers["cache-control"] == "no-store"
    assert said(await get(caller, PRODUCT)) == said(product)


async def test_a_key_that_expires_meanwhile_is_given_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No entry of the log tells of it."""
    await known(world.operator)
    find_both = AccessService.head_and_principal

    async def later(self: AccessService, secret: str | None) -> tuple[Head, Principal | None]:
        head, found = await find_both(self, secret)
        return head, found and replace(found, expired_at=head.at)

    monkeypatch.setattr(AccessService, "head_and_principal", later)
    answer = await get(world.operator)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_without_a_database_nothing_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known(world.anyone)

    async def away(*_: object) -> None:
        raise DatabaseUnavailable(None)

    monkeypatch.setattr(AccessService, "head_and_principal", away)
    answer = await get(world.anyone)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


async def test_a_line_tells_of_it_as_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[RequestRecord] = []
    monkeypatch.setattr(request_log, "tell_request", told.append)
    for caller in (world.anyone, world.operator):
        await known(caller)
        await get(caller)
        before, again = told[-2:]
        assert (again.status, again.path, again.method) == (200, "/graphql", "GET")
        assert again.principal == before.principal
        assert (again.principal is None) == (caller is world.anyone)
        assert again.id != before.id


PAGE = "https://page.test"


@pytest_asyncio.fixture
async def paced(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Caller]:
    """The application, which answers a client eight times, for no time goes by; and a page of another origin."""
    monkeypatch.setattr(rates, "monotonic", lambda: 1000.0)
    app = create_app(database.api_url, Settings(pool_size=5, requests_per_second=4), Front((PAGE,)))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as client:
            yield Caller(client)


async def test_each_is_counted_once(world: World, paced: Caller) -> None:
    """Whether it is known still, or is not."""
    for number in range(8):
        if number == 4:
            await world.pilot()
        assert (await get(paced)).status_code == 200, number
    refused = await get(paced)
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert "retry-after" in refused.headers
    # Product data is asked for as often.
    assert (await get(paced, PRODUCT)).status_code == 429


async def test_each_origin_is_answered_as_it_is(world: World, paced: Caller) -> None:
    first = await known(paced, origin=PAGE)
    assert first.headers["access-control-allow-origin"] == PAGE
    assert said(await get(paced, origin=PAGE)) == said(first)
    assert (await get(paced, origin="https://evil.test")).status_code == 403
    beside = await known(paced)
    assert "access-control-allow-origin" not in beside.headers
    assert "Origin" in beside.headers["vary"]
    assert said(await get(paced)) == said(beside)


async def test_what_is_kept_counts_with_all_that_it_takes(world: World) -> None:
    """Heads are the client's: long ones that never come again must not fill the memory."""
    answers = Answers(100_000)
    seen = 0

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        nonlocal seen
        seen += 1
        repeatable_in(scope).is_known = True
        await Response(b"x" * 1000)(scope, _receive, send)

    async def stands(*_: Any) -> bool:
        return True

    layer = Repeats(app, stands, answers)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=layer), base_url="http://nzc.test"
    ) as client:
        for number in range(20):
            await client.get(f"/graphql?{number}{'x' * 5000}", headers={"X": "x" * 5000})
        assert seen == 20
        for number in (19, 0):
            answer = await client.get(f"/graphql?{number}{'x' * 5000}", headers={"X": "x" * 5000})
            assert len(answer.content) == 1000
        assert seen == 21, "the first made room, the last is there"
