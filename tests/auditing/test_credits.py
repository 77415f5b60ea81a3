"""Where credits went, and statements of them: beneficiaries, vintages, tilings, running balances."""

from typing import Any

from tests.auditing.acts import Acts, everything
from tests.world import World

BENEFICIARIES = """beneficiaries(first: $first, after: $after, asOf: $asOf) {
    pageInfo { hasNextPage endCursor }
    nodes { quantity pilot { code } accountingPeriod { startsOn } } }"""
ARGUMENTS = "$id: ID!, $asOf: BigInt, $first: Int! = 100, $after: String"
OF_BATCH = f"query ({ARGUMENTS}) {{ it: creditBatch(by: {{id: $id}}) {{ {BENEFICIARIES} }} }}"
OF_PROJECT = f"query ({ARGUMENTS}) {{ it: project(by: {{id: $id}}) {{ {BENEFICIARIES} }} }}"
OF_VINTAGE = """query ($vintage: Int!, $asOf: BigInt, $first: Int! = 100, $after: String) {
    it: creditsByVintage(programme: CCER, vintage: $vintage, asOf: $asOf) {
        programme vintage quantity asOfPosition beneficiaries(first: $first, after: $after) {
            pageInfo { hasNextPage endCursor }
            nodes { quantity pilot { code } accountingPeriod { startsOn } } } } }"""

TILING = """query ($id: ID!, $first: Int! = 100, $after: String) { creditBatch(by: {id: $id}) {
    serials { first last } tiling(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { quantity sincePosition serials { first last }
            account { kind organisation { id } pilot { code } } } } } }"""

LINES = """pageInfo { hasNextPage endCursor } nodes { position at kind quantity balance
    event { position } movement { line quantity debit { kind } credit { kind } batch { id } } }"""
OF_PILOT = f"""query ({ARGUMENTS}) {{ it: pilot(by: {{id: $id}}) {{
    creditStatement(first: $first, after: $after, asOf: $asOf) {{ {LINES} }} }} }}"""
OF_HOLDER = f"""query ({ARGUMENTS}, $batch: ID) {{ it: node(id: $id) {{ ... on Organisation {{
    creditStatement(programme: CCER, batch: $batch, first: $first, after: $after, asOf: $asOf) {{
        {LINES} }} }} }} }}"""


async def whole(world: World, query: str, name: str, **given: Any) -> list[dict[str, Any]]:
    """All pages of a list, three at a time; and that it is the same list in one page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await world.anyone.ask(query, first=3, after=after, **given))["it"][name]
        found += page["nodes"]
        assert len(page["nodes"]) == 3 or not page["pageInfo"]["hasNextPage"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert (await world.anyone.ask(query, **given))["it"][name]["nodes"] == found
    return found


def sums(found: list[dict[str, Any]]) -> dict[tuple[str, int], int]:
    return {
        (item["pilot"]["code"], int(item["accountingPeriod"]["startsOn"][:4])): int(
            item["quantity"]
        )
        for item in found
    }


async def test_whom_a_batch_a_project_and_a_vintage_went_to(world: World) -> None:
    pilots = [await world.pilot() for _ in range(4)]
    codes = [pilot["code"] for pilot in pilots]
    project = await world.project()
    batches = [
        await world.issue(project, prefix, 1, 1000, production={"vintage": vintage})
        for prefix, vintage in (("GD-A", 2021), ("GD-B", 2022))
    ]
    elsewhere = await world.issue(await world.project(), "GD-C", 1, 1000)  # of 2022
    a, b, c = (Acts(world, prefix) for prefix in ("GD-A", "GD-B", "GD-C"))
    for number, pilot in enumerate(pilots):
        await a.retire(pilot, 10 * number + 1, 10 * number + 5)
    await b.retire(pilots[0], 1, 7)
    await b.retire(pilots[0], 8, 10, year=2023)
    then = await world.head()
    mistaken = await c.retire(pilots[1], 1, 20)
    await a.order("invalidate", 3, 4)
    await c.correct(mistaken)
    await c.retire(pilots[2], 1, 2)

    assert sums(await whole(world, OF_BATCH, "beneficiaries", id=batches[0])) == {
        (codes[0], 2022): 3, (codes[1], 2022): 5, (codes[2], 2022): 5, (codes[3], 2022): 5,
    }  # fmt: skip
    assert sums(await whole(world, OF_BATCH, "beneficiaries", id=elsewhere)) == {
        (codes[2], 2022): 2
    }
    assert sums(await whole(world, OF_PROJECT, "beneficiaries", id=project)) == {
        (codes[0], 2022): 10, (codes[0], 2023): 3, (codes[1], 2022): 5, (codes[2], 2022): 5,
        (codes[3], 2022): 5,
    }  # fmt: skip
    assert sums(await whole(world, OF_VINTAGE, "beneficiaries", vintage=2022)) == {
        (codes[0], 2022): 7, (codes[0], 2023): 3, (codes[2], 2022): 2,
    }  # fmt: skip
    earlier = {"asOf": str(then)}
    assert sums(await whole(world, OF_PROJECT, "beneficiaries", id=project, **earlier)) == {
        (codes[0], 2022): 12, (codes[0], 2023): 3, (codes[1], 2022): 5, (codes[2], 2022): 5,
        (codes[3], 2022): 5,
    }  # fmt: skip
    assert await whole(world, OF_BATCH, "beneficiaries", id=batches[0], asOf="1") == []
    vintage = (await world.anyone.ask(OF_VINTAGE, vintage=2022))["it"]
    assert (vintage["programme"], vintage["vintage"], vintage["quantity"]) == ("CCER", 2022, "2000")
    assert (await world.anyone.ask(OF_VINTAGE, vintage=1999))["it"]["quantity"] == "0"


async def test_a_batch_that_was_invalidated_whole(world: World) -> None:
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-I", 1, 100)
    acts = Acts(world, "GD-I")
    await acts.retire(pilot, 1, 10)
    before = str(await world.head())
    await acts.order_batch("invalidate", batch)
    query = """query ($id: ID!, $asOf: BigInt) { creditBatch(by: {id: $id}) {
        beneficiaries(asOf: $asOf) { nodes { quantity invalidatedQuantity } } } }"""
    for as_of, invalidated in ((None, "10"), (before, "0")):
        data = await world.anyone.ask(query, id=batch, asOf=as_of)
        assert data["creditBatch"]["beneficiaries"]["nodes"] == [
            {"quantity": "10", "invalidatedQuantity": invalidated}
        ]


async def test_a_tiling_is_the_batch(world: World) -> None:
    done = await everything(world)
    found: list[dict[str, Any]] = []
    after = None
    while True:
        data = await world.anyone.ask(TILING, id=done["batch"], first=3, after=after)
        page = data["creditBatch"]["tiling"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    at = 1
    for tile in found:
        assert int(tile["serials"]["first"]) == at
        at = int(tile["serials"]["last"]) + 1
        owner = await world.anyone.ask(
            """query ($text: String!) { creditSerial(by: {programme: CCER, text: $text}) {
                sincePosition account { kind organisation { id } pilot { code } } } }""",
            text=f"GD-E-{tile['serials']['first']}",
        )
        assert owner["creditSerial"] == {
            "sincePosition": tile["sincePosition"], "account": tile["account"],
        }  # fmt: skip
    assert at == 1001
    assert {tile["account"]["kind"] for tile in found} == {
        "HOLDING", "PENDING", "RETIREMENT", "OTHER_USE", "FROZEN", "INVALIDATED",
    }  # fmt: skip


def check_lines(lines: list[dict[str, Any]]) -> int:
    """Check that the balance runs; the last one."""
    balance = 0
    places = [(int(line["position"]), line["movement"]["line"]) for line in lines]
    assert places == sorted(places)
    for line in lines:
        balance += int(line["quantity"])
        assert int(line["balance"]) == balance
        assert abs(int(line["quantity"])) == int(line["movement"]["quantity"])
        assert line["event"]["position"] == line["position"]
    return balance


async def test_the_statement_of_a_pilot(world: World) -> None:
    done = await everything(world)
    other = await world.issue(await world.project(), "GD-O", 1, 100)
    await Acts(world, "GD-O").retire(done["pilot"], 1, 9, year=2023)
    lines = await whole(world, OF_PILOT, "creditStatement", id=done["pilot"]["id"])
    assert [(line["kind"], int(line["quantity"])) for line in lines] == [
        ("CREDITS_RETIRED", 100),
        ("CREDITS_RETIRED", 20),
        ("CREDITS_RETIRED", 20),
        ("POSTING_CORRECTED", -20),
        ("CREDITS_RETIRED", 10),
        ("CREDITS_INVALIDATED", -5),
        ("CREDITS_RETIRED", 9),
    ]
    assert check_lines(lines) == 134
    assert lines[-1]["movement"]["batch"]["id"] == other
    net = await world.anyone.ask(
        """query ($id: ID!) { pilot(by: {id: $id}) { a: netEmissions(period: {year: 2022}) {
            purchasedReductions { quantity } } b: netEmissions(period: {year: 2023}) {
            purchasedReductions { quantity } } } }""",
        id=done["pilot"]["id"],
    )
    bought = [net["pilot"][name]["purchasedReductions"]["quantity"] for name in ("a", "b")]
    assert sum(map(int, bought)) == 134
    for line in lines:
        until = await whole(
            world, OF_PILOT, "creditStatement", id=done["pilot"]["id"], asOf=line["position"]
        )
        assert until == [item for item in lines if int(item["position"]) <= int(line["position"])]


async def test_the_statement_of_a_holder(world: World) -> None:
    done = await everything(world)
    second = await world.issue(await world.project(), "GD-S", 1, 100)
    await Acts(world, "GD-S").transfer(1, 30, done["holder"], done["other"])
    for holder in (done["holder"], done["other"]):
        lines = await whole(world, OF_HOLDER, "creditStatement", id=holder)
        holdings = await world.anyone.ask(
            "query ($id: ID!) { node(id: $id) { ... on Organisation { holdings { nodes { quantity } } } } }",
            id=holder,
        )
        held = sum(int(item["quantity"]) for item in holdings["node"]["holdings"]["nodes"])
        assert check_lines(lines) == held
        apart = []
        for batch in (done["batch"], second):
            of_batch = await whole(world, OF_HOLDER, "creditStatement", id=holder, batch=batch)
            check_lines(of_batch)
            assert {line["movement"]["batch"]["id"] for line in of_batch} == {batch}
            apart += of_batch
        assert len(apart) == len(lines)
    assert await whole(world, OF_HOLDER, "creditStatement", id=world.verifier.organisation) == []


async def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    done = await everything(world)
    page = await world.anyone.ask(OF_PILOT, id=done["pilot"]["id"], first=1)
    cursor = page["it"]["creditStatement"]["pageInfo"]["endCursor"]
    error = await world.anyone.fail(OF_BATCH, id=done["batch"], after=cursor)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    page = await world.anyone.ask(OF_BATCH, id=done["batch"], first=1)
    cursor = page["it"]["beneficiaries"]["pageInfo"]["endCursor"]
    error = await world.anyone.fail(OF_PILOT, id=done["pilot"]["id"], after=cursor)
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """What many batches and pilots are asked at once is asked in as many statements as of one."""
    from tests.counting import counted
    from tests.schema.test_batching import SPLIT

    project = await world.project()
    for number in range(12):
        pilot = await world.pilot()
        await world.issue(project, f"GD-N{number}", 1, 100)
        await Acts(world, f"GD-N{number}").retire(pilot, 1, 10)
    query = """query ($first: Int!) {
        creditBatches(first: $first) { nodes {
            beneficiaries(first: 3) { nodes { quantity pilot { code } accountingPeriod { id } } }
            tiling(first: 3) { nodes { serials { text } account { kind pilot { code } } } } } }
        pilots(first: $first) { nodes { creditStatement(first: 3) { nodes {
            balance event { subject { id } } movement { batch { id } debit { kind } } } } } } }"""
    counts = {}
    for first in (2, 12):
        with counted() as statements:
            data = await world.anyone.ask(query, first=first)
        assert len(data["creditBatches"]["nodes"]) == len(data["pilots"]["nodes"]) == first
        counts[first] = len(statements)
    assert counts[12] <= counts[2] + SPLIT, counts
