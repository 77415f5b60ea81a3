"""Every query in the documents runs on the demo's data, in both languages, and answers as shown."""

import re
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.demo import load_demo
from nzc_api.services import Nzc
from tests.conftest import Server, TestDatabase, client_of, fresh_database
from tests.counting import least, reckoned
from tests.documents import (
    CHINESE,
    DOCUMENTS,
    ENGLISH,
    FOR_USERS,
    ROOT,
    code_of,
    headings_of,
    links_of,
    names_of,
    queries_of,
    sister,
)
from tests.world import Caller

# What the comments of a query say: whose key it is sent with, what its variables are, and what of
# its answer is a variable of the page's later queries.
KEY = re.compile(r"^# key: (\w+)$", re.MULTILINE)
WITH = re.compile(r"^# with: pilot = ([\w-]+), period = (\d{4})$", re.MULTILINE)
KEEP = re.compile(r"^# keep: (\w+) = ([\w.]+)$", re.MULTILINE)

# Its Chinese page has not the code's English words for each refusal.
GENERATED = "docs/errors.md"


@pytest_asyncio.fixture(scope="module")
async def loaded(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, Mapping[str, str]]]:
    """The name of a database with the demo and nobody connected, and the demo's keys."""
    async with fresh_database(server, template) as database:
        async with Nzc.on(Database(database.api_url)).running() as nzc:
            keys = await load_demo(nzc.services, tmp_path_factory.mktemp("demo"))
            await nzc.services.proofs.grow()
        assert keys is not None
        yield urlsplit(database.api_url).path[1:], keys


@pytest_asyncio.fixture
async def demo(
    server: Server, loaded: tuple[str, Mapping[str, str]]
) -> AsyncIterator[dict[str, Caller]]:
    """A caller for each of the demo's keys, and one without a key under ''."""
    name, keys = loaded
    async with fresh_database(server, name) as database, client_of(database.api_url) as client:
        yield {"": Caller(client)} | {n: Caller(client, s) for n, s in keys.items()}


async def variables_of(demo: dict[str, Caller], text: str) -> dict[str, Any]:
    found = WITH.search(text)
    if found is None:
        return {}
    data = await demo[""].ask(
        """query ($code: String!, $year: Int!) { pilot(by: {code: $code}) {
            id accountingPeriod(by: {year: $year}) { id } } }""",
        code=found[1],
        year=int(found[2]),
    )
    return {"pilot": data["pilot"]["id"], "period": data["pilot"]["accountingPeriod"]["id"]}


def kept(text: str, data: Any) -> dict[str, Any]:
    """What a query's answer has for later queries: `x = a.b.0` is `data["a"]["b"][0]`."""
    found = {}
    for name, path in KEEP.findall(text):
        value = data
        for step in path.split("."):
            value = value[int(step) if step.isdigit() else step]
        found[name] = value
    return found


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if any(queries_of(name))])
async def test_every_query_runs_and_answers_as_shown(demo: dict[str, Caller], name: str) -> None:
    variables: dict[str, Any] = {}
    for shown in queries_of(name):
        key = KEY.search(shown.query)
        variables |= await variables_of(demo, shown.query)
        caller = demo[key[1] if key else ""]
        data = await caller.ask(shown.query, **variables)
        if "mutation" not in shown.query:
            taken = await least(partial(caller.ask, shown.query, **variables))
            assert taken <= reckoned(shown.query, variables).statements, shown.query
        variables |= kept(shown.query, data)
        if shown.answer is not None:
            assert {"data": data} == shown.answer, shown.query
            continue
        assert None not in data.values(), shown.query
        for payload in data.values():
            if isinstance(payload, dict):
                assert "code" not in payload, (shown.query, payload)


def test_queries_are_found() -> None:
    assert sum(len(list(queries_of(name))) for name in DOCUMENTS) > 60
    assert [shown.answer is not None for shown in queries_of("README.md")] == [True]


@pytest.mark.parametrize("name", FOR_USERS)
def test_a_page_and_its_sister_show_the_same_code(name: str) -> None:
    """In both languages: what is for users has a page in each, and they differ in words only."""
    assert name in ENGLISH
    assert sister(name) in CHINESE
    assert code_of(name) == code_of(sister(name))
    if name != GENERATED:
        assert names_of(name) == names_of(sister(name))


async def test_loading_the_demo_again_changes_nothing(
    database: TestDatabase, tmp_path: Path
) -> None:
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        first = await load_demo(nzc.services, tmp_path)
        head = await nzc.services.log.head()
        again = await load_demo(nzc.services, tmp_path)
        assert again == first
        assert await nzc.services.log.head() == head


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    for file, heading in links_of(name):
        if "://" in file:
            continue
        target = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        assert target.exists(), file
        if heading:
            assert heading in headings_of(target.relative_to(ROOT).as_posix()), heading
