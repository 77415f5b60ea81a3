"""Every query in the documents runs, on the demo's data, and the README's answer is the real one."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.app import Nzc
from nzc_api.database.engine import Database
from nzc_api.demo import load_demo
from tests.conftest import TestDatabase, client_of
from tests.world import Caller

ROOT = Path(__file__).parents[1]

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"))
)

QUERY = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
KEY = re.compile(r"^# key: (\w+)$", re.MULTILINE)
WITH = re.compile(r"^# with: pilot = ([\w-]+), period = (\d{4})$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)(#[^)]*)?\)")


@pytest_asyncio.fixture
async def demo(database: TestDatabase, tmp_path: Path) -> AsyncIterator[dict[str, Caller]]:
    """A caller for each of the demo's keys, and one without a key under ''."""
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        keys = await load_demo(nzc.services, tmp_path)
    assert keys is not None
    async with client_of(database.api_url) as client:
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


async def test_every_query_runs(demo: dict[str, Caller]) -> None:
    count = 0
    for name in DOCUMENTS:
        for text in QUERY.findall((ROOT / name).read_text("utf-8")):
            key = KEY.search(text)
            caller = demo[key[1] if key else ""]
            data = await caller.ask(text, **await variables_of(demo, text))
            assert None not in data.values(), (name, text)
            for payload in data.values():
                if isinstance(payload, dict):
                    assert "code" not in payload, (name, payload)
            count += 1
    assert count >= 15


async def test_the_readmes_answer_is_the_real_one(demo: dict[str, Caller]) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    query = QUERY.findall(readme)[0]
    stated = json.loads(re.findall(r"```json\n(.*?)```", readme, re.DOTALL)[0])
    assert (await demo[""].post(query)).json() == stated


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
    path = ROOT / name
    for target, _ in LINK.findall(path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target
