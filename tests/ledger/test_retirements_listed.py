"""What was retired for a period, page by page from either end, with what moved and of which batch."""

from typing import Any

from tests.counting import least
from tests.world import World

PAGE = """query ($code: String!, $first: Int, $after: String, $last: Int, $before: String) {
    pilot(by: {code: $code}) { accountingPeriod(by: {year: 2022}) {
        retirements(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor }
            nodes { position quantity movements { edges { cursor } nodes {
                serials { prefix first last } batch { serials { prefix } project { code } } } } } } } } }"""
FORWARDS = PAGE.replace(", $last: Int, $before: String", "") % "first: $first, after: $after"
BACKWARDS = PAGE.replace("$first: Int, $after: String, ", "") % "last: $last, before: $before"
MANY = 5


def said(node: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Which serials moved; each names the batch that it is of."""
    moved = node["movements"]["nodes"]
    assert all(m["serials"]["prefix"] == m["batch"]["serials"]["prefix"] for m in moved)
    return [(m["serials"]["prefix"], m["serials"]["first"], m["serials"]["last"]) for m in moved]


async def test_pages_of_a_period_from_either_end(world: World) -> None:
    pilot, other = await world.pilot(), await world.pilot()
    for prefix in ("GD-A", "GD-B"):
        await world.issue(await world.project(), prefix)
    retired = []
    for number in range(MANY):
        serials = ("GD-A" if number % 2 else "GD-B", 10 * number + 1, 10 * number + 3)
        given = world.retirement(pilot, *serials)
        await world.registry.made("retireCredits", "retirement { id }", **given)
        retired.append([(serials[0], str(serials[1]), str(serials[2]))])
        beside = world.retirement(other, serials[0], 10 * number + 5, 10 * number + 5)
        await world.registry.made("retireCredits", "retirement { id }", **beside)

    async def page(query: str, **given: Any) -> dict[str, Any]:
        data = await world.anyone.ask(query, code=pilot["code"], **given)
        found: dict[str, Any] = data["pilot"]["accountingPeriod"]["retirements"]
        assert found["totalCount"] == MANY
        return found

    first = await page(FORWARDS, first=3)
    after = first["pageInfo"]["endCursor"]
    assert after == first["edges"][-1]["cursor"]
    second = await page(FORWARDS, first=3, after=after)
    assert [*map(said, first["nodes"]), *map(said, second["nodes"])] == retired
    ends = [
        (p["pageInfo"]["hasPreviousPage"], p["pageInfo"]["hasNextPage"]) for p in (first, second)
    ]
    assert ends == [(False, True), (True, False)]

    last = await page(BACKWARDS, last=3)
    earlier = await page(BACKWARDS, last=3, before=last["pageInfo"]["startCursor"])
    assert [*map(said, earlier["nodes"]), *map(said, last["nodes"])] == retired
    ends = [
        (p["pageInfo"]["hasPreviousPage"], p["pageInfo"]["hasNextPage"]) for p in (earlier, last)
    ]
    assert ends == [(False, True), (True, False)]


async def test_a_page_takes_a_statement(world: World) -> None:
    pilot, project = await world.pilot(), await world.project()
    await world.issue(project, "GD-A")
    for number in range(3):
        given = world.retirement(pilot, "GD-A", 10 * number + 1, 10 * number + 3)
        await world.registry.made("retireCredits", "retirement { id }", **given)
    query = FORWARDS.replace("totalCount", "")
    # The pilot with its periods; retirements with movements, batches and projects.
    assert await least(lambda: world.anyone.ask(query, code=pilot["code"], first=3)) == 2
