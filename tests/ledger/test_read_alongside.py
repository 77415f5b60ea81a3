"""What is read along with a page of retirements is what is read of each by itself."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.counting import least, reckoned
from tests.world import World

LINE = "line serials { text } batch { vintage project { code name { en } } }"
# First and second are cursors.
PAGES = (
    "movements { nodes { LINE } pageInfo { hasNextPage endCursor } totalCount }",
    "movements(first: 1) { nodes { LINE } pageInfo { hasNextPage hasPreviousPage } }",
    "movements(last: 1) { edges { cursor node { LINE } } pageInfo { hasNextPage hasPreviousPage } }",
    'movements(last: 1, before: "SECOND") { nodes { LINE } }',
    'movements(first: 5, after: "FIRST") { nodes { ...line } }',
    "moved: movements(first: 2) { ... { edges { node { ...line } } } } movements(last: 2) { nodes { line } }",
    "movements { nodes { line } } ... on Retirement { movements { nodes { batch { project { code } } } } }",
    "movements { totalCount }",
)
FRAGMENT = f"fragment line on LedgerMovement {{ {LINE} }}"


@pytest_asyncio.fixture
async def pilot(world: World) -> AsyncIterator[dict[str, Any]]:
    """Four retirements, each of two batches of two projects."""
    pilot = await world.pilot("TOWN", 2022)
    for number in range(5):
        await world.issue(await world.project(), f"GD-{number}", 1, 4)
    any_five = {"serials": None, "quantity": "5", "holder": world.holder.organisation}
    for _ in range(4):
        given = world.retirement(pilot, "", 0, 0, **any_five)
        await world.registry.made("retireCredits", "retirement { id }", **given)
    yield pilot


async def retired(world: World, pilot: dict[str, Any], wanted: str) -> list[dict[str, Any]]:
    """What is asked of the pilot's retirements, all at once."""
    query = f"""query ($code: String!) {{ pilot(by: {{code: $code}}) {{ accountingPeriod(by: {{year: 2022}}) {{
        retirements {{ nodes {{ {wanted} }} }} }} }} }} {FRAGMENT if "...line" in wanted else ""}"""
    found = await world.anyone.ask(query, code=pilot["code"])
    nodes: list[dict[str, Any]] = found["pilot"]["accountingPeriod"]["retirements"]["nodes"]
    return nodes


@pytest.mark.parametrize("page", PAGES)
async def test_it_is_the_same(world: World, pilot: dict[str, Any], page: str) -> None:
    of_any = (await retired(world, pilot, "movements { edges { cursor } }"))[0]["movements"]
    first, second = (edge["cursor"] for edge in of_any["edges"])
    wanted = page.replace("LINE", LINE).replace("FIRST", first).replace("SECOND", second)
    together = await retired(world, pilot, f"id {wanted}")
    assert len(together) == 4
    fragment = FRAGMENT if "...line" in wanted else ""
    query = (
        f"query ($id: ID!) {{ node(id: $id) {{ ... on Retirement {{ id {wanted} }} }} }} {fragment}"
    )
    for one in together:
        assert (await world.anyone.ask(query, id=one["id"]))["node"] == one


async def test_it_takes_one_statement(world: World, pilot: dict[str, Any]) -> None:
    """Beside the pilot, which comes with its periods: however many retirements, movements, batches and projects."""
    wanted = "movements { nodes { batch { project { code } } } }"
    assert await least(lambda: retired(world, pilot, wanted)) == 2


async def test_what_is_wrong_is_said_where_it_is(world: World, pilot: dict[str, Any]) -> None:
    query = """query ($code: String!) { pilot(by: {code: $code}) { accountingPeriod(by: {year: 2022}) {
        retirements { nodes { position movements(first: 1000) { nodes { line } } } } } } }"""
    answer = (await world.anyone.post(query, code=pilot["code"])).json()
    told = {(error["extensions"]["code"], error["path"][-1]) for error in answer["errors"]}
    assert told == {("INVALID_INPUT", "movements")}


PROJECTS = "nodes { batch { project { code } } }"
DOCUMENTS = (
    f"retirements {{ nodes {{ movements {{ {PROJECTS} }} }} }}",
    f"retirements {{ edges {{ node {{ ... on Retirement {{ movements {{ {PROJECTS} }} }} }} }} }}",
    f"retirements {{ nodes {{ movements {{ {PROJECTS} }} more: movements(first: 1) {{ {PROJECTS} }} }} }}",
    "retirements { nodes { ...moved } }",
    f"retirements {{ nodes {{ movements {{ {PROJECTS} }} ...moved }} }}",
    f"retirements {{ totalCount nodes {{ movements {{ totalCount {PROJECTS} }} }} }}",
    f"retirements {{ nodes {{ movements {{ {PROJECTS} }} }} }}"
    f" retirements {{ nodes {{ more: movements(first: 1) {{ {PROJECTS} }} }} }}",
    f"retirements {{ nodes {{ movements {{ {PROJECTS} }} }} }} ...retired",
)


@pytest.mark.parametrize("by", ['id: "ID"', 'code: "CODE"'])
@pytest.mark.parametrize("wanted", DOCUMENTS)
async def test_it_is_reckoned_as_no_less(
    world: World, pilot: dict[str, Any], wanted: str, by: str
) -> None:
    by = by.replace("ID", pilot["id"]).replace("CODE", pilot["code"])
    query = f"{{ pilot(by: {{{by}}}) {{ accountingPeriod(by: {{year: 2022}}) {{ {wanted} }} }} }}"
    if "...moved" in wanted:
        query += f" fragment moved on Retirement {{ last: movements(last: 1) {{ {PROJECTS} }} }}"
    if "...retired" in wanted:
        query += " fragment retired on AccountingPeriod { retirements { nodes {"
        query += f" last: movements(last: 1) {{ {PROJECTS} }} }} }} }}"
    taken = await least(lambda: world.anyone.ask(query))
    assert 2 <= taken <= reckoned(query, {}).statements
