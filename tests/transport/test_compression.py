"""Large answers are compressed for those who ask; small ones and streams never are."""

import json
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.conftest import Server, fresh_database
from tests.served import Served, served, socket
from tests.world import World

SMALL = "{ log { position } }"
LARGE = "{ emissionFactors(first: 100) { nodes { code name { zh en } sources { title } } } }"


@pytest_asyncio.fixture(scope="module")
async def api(server: Server, template: str) -> AsyncIterator[Served]:
    async with fresh_database(server, template) as database, served(database.api_url) as running:
        async with running.client() as http:
            await World.make(http, database.api_url)
        yield running


async def post(api: Served, query: str, accepted: str | None) -> httpx.Response:
    async with api.client() as http:
        del http.headers["accept-encoding"]
        headers = {} if accepted is None else {"Accept-Encoding": accepted}
        request = http.build_request("POST", "/graphql", json={"query": query}, headers=headers)
        response = await http.send(request, stream=True)
        # As it goes over the wire.
        content = b"".join([part async for part in response.aiter_raw()])
        return httpx.Response(
            response.status_code,
            headers=[(n, v) for n, v in response.headers.items() if n != "content-encoding"]
            + [("x-encoding", response.headers.get("content-encoding", ""))],
            content=content,
        )


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "br;q=1, GZIP;q=0.5"])
async def test_a_large_answer_is_compressed_where_asked(api: Served, accepted: str) -> None:
    plain = await post(api, LARGE, None)
    response = await post(api, LARGE, accepted)
    assert response.headers["x-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert int(response.headers["content-length"]) == len(response.content)
    assert len(response.content) < len(plain.content) / 4
    assert zlib.decompress(response.content, wbits=31) == plain.content


@pytest.mark.parametrize("accepted", [None, "identity", "br", "gzip;q=0", "gzip; q=0.000, br"])
async def test_it_is_sent_as_it_is_where_not_asked(api: Served, accepted: str | None) -> None:
    response = await post(api, LARGE, accepted)
    assert response.headers["x-encoding"] == ""
    assert response.headers["vary"] == "Accept-Encoding"
    assert json.loads(response.content)["data"]["emissionFactors"]["nodes"]


async def test_a_small_answer_is_sent_as_it_is(api: Served) -> None:
    response = await post(api, SMALL, "gzip")
    assert response.headers["x-encoding"] == ""
    assert json.loads(response.content)["data"]


async def test_a_stream_is_never_held_back(api: Served) -> None:
    headers = {"Accept": "text/event-stream", "Accept-Encoding": "gzip"}
    query = 'subscription { events(after: "0") { position } }'
    async with (
        api.client() as http,
        http.stream("GET", "/graphql", params={"query": query}, headers=headers) as response,
    ):
        assert "content-encoding" not in response.headers
        line = await anext(response.aiter_lines())
        assert line == "id: 1"


async def test_a_websocket_is_as_before(api: Served) -> None:
    async with socket(api.address, headers={"Accept-Encoding": "gzip"}) as client:
        await client.initialise()
        assert (await client.answer(LARGE))["data"]["emissionFactors"]["nodes"]
