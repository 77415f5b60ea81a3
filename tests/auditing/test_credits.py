"""Where credits went, and statements of them: beneficiaries, vintages, tilings, running balances."""

from typing import Any

from tests.auditing.acts import GROUNDS, Acts, everything
from tests.world import World, part_of

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

LINES = """pageInfo { hasNextPage endCursor } nodes { position at kind quantity balance invalidatedBalance
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


async def test_what_was_invalidated_says_so_wherever_it_sits(world: World) -> None:
    """A batch, a holding, a tile and a serial: since when, why, and as of a position of before."""
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-I", 1, 100)
    acts = Acts(world, "GD-I")
    await acts.retire(pilot, 1, 10)
    await acts.order("invalidate", 9, 12)
    exact = str(await world.head())
    serials = " ".join(
        f"""s{n}: creditSerial(by: {{programme: CCER, text: "GD-I-{n}"}}, asOf: {{position: $at}}) {{
            account {{ kind }} invalidated {{ position grounds {{ document reason }} }} }}"""
        for n in (1, 9, 50)
    )
    query = f"""query ($batch: ID!, $holder: ID!, $at: BigInt!) {{ {serials}
        creditBatch(by: {{id: $batch}}) {{ quantity invalidatedQuantity
            tiling {{ nodes {{ quantity account {{ kind }} invalidated {{ position }} }} }} }}
        node(id: $holder) {{ ... on Organisation {{ holdings(asOf: $at) {{ nodes {{
            quantity invalidatedQuantity }} }} }} }} }}"""

    async def asked(at: str) -> Any:
        holder = world.holder.organisation
        return await world.anyone.ask(query, batch=batch, holder=holder, at=at)

    def by(position: str | None) -> Any:
        return position and {"position": position, "grounds": GROUNDS}

    found = await asked(exact)
    assert found["creditBatch"]["invalidatedQuantity"] == "4"
    assert [(t["account"]["kind"], t["invalidated"]) for t in found["creditBatch"]["tiling"]["nodes"]] == [
        ("RETIREMENT", None), ("INVALIDATED", {"position": exact}),
        ("INVALIDATED", {"position": exact}), ("HOLDING", None),
    ]  # fmt: skip
    assert found["node"]["holdings"]["nodes"] == [{"quantity": "88", "invalidatedQuantity": "0"}]
    assert [found[f"s{n}"]["invalidated"] for n in (1, 9, 50)] == [None, by(exact), None]

    await acts.order_batch("invalidate", batch)
    whole = str(await world.head())
    found = await asked(whole)
    assert found["creditBatch"]["invalidatedQuantity"] == found["creditBatch"]["quantity"] == "100"
    assert [t["invalidated"]["position"] for t in found["creditBatch"]["tiling"]["nodes"]] == [
        whole, exact, exact, whole,
    ]  # fmt: skip
    assert found["node"]["holdings"]["nodes"] == [{"quantity": "88", "invalidatedQuantity": "88"}]
    assert [found[f"s{n}"]["invalidated"] for n in (1, 9, 50)] == [by(whole), by(exact), by(whole)]
    assert found["s1"]["account"] == {"kind": "RETIREMENT"}
    then = await asked(exact)
    assert then["node"]["holdings"]["nodes"] == [{"quantity": "88", "invalidatedQuantity": "0"}]
    assert [then[f"s{n}"]["invalidated"] for n in (1, 9, 50)] == [None, by(exact), None]


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
    moves = [line for line in lines if line["movement"] is not None]
    places = [(int(line["position"]), line["movement"]["line"]) for line in moves]
    assert places == sorted(places)
    for line in lines:
        balance += int(line["quantity"])
        assert int(line["balance"]) == balance
        assert 0 <= int(line["invalidatedBalance"]) <= balance
        assert line["event"]["position"] == line["position"]
        if line["movement"] is None:
            assert line["kind"] in {
                "BATCH_INVALIDATED",
                "BATCH_EXPORTED",
                "BATCH_FROZEN",
                "BATCH_UNFROZEN",
            }
            assert line["quantity"] == "0"
        else:
            assert abs(int(line["quantity"])) == int(line["movement"]["quantity"])
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
        ("BATCH_FROZEN", 0),
        ("BATCH_UNFROZEN", 0),
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


async def test_a_statement_says_that_a_whole_batch_was_invalidated(world: World) -> None:
    """It moves nothing; what of the balance counts no more is told, and what counts is what nets count."""
    pilot = await world.pilot()
    batches = [await world.issue(await world.project(), f"GD-{n}", 1, 100) for n in (1, 2)]
    one, two = Acts(world, "GD-1"), Acts(world, "GD-2")
    await one.retire(pilot, 1, 10)
    await one.retire(pilot, 11, 15, year=2023)
    await two.retire(pilot, 1, 20)
    request = await one.request(pilot, 21, 30)
    holder, other = world.holder.organisation, world.other_operator.organisation
    await two.transfer(91, 100, holder, other)
    await one.transfer(91, 95, holder, other)
    await one.transfer(91, 95, other, holder)
    await one.order_batch("invalidate", batches[0])
    await one.cancel(request)
    await two.retire(pilot, 21, 23)

    lines = await whole(world, OF_PILOT, "creditStatement", id=pilot["id"])
    check_lines(lines)
    assert [
        (line["kind"], line["quantity"], line["balance"], line["invalidatedBalance"])
        for line in lines
    ] == [
        ("CREDITS_RETIRED", "10", "10", "0"), ("CREDITS_RETIRED", "5", "15", "0"),
        ("CREDITS_RETIRED", "20", "35", "0"), ("BATCH_INVALIDATED", "0", "35", "15"),
        ("CREDITS_RETIRED", "3", "38", "15"),
    ]  # fmt: skip
    assert lines[3]["movement"] is None
    nets = await world.anyone.ask(
        """query ($id: ID!) { pilot(by: {id: $id}) { a: netEmissions(period: {year: 2022}) {
            purchasedReductions { quantity } } b: netEmissions(period: {year: 2023}) {
            purchasedReductions { quantity } } } }""",
        id=pilot["id"],
    )
    bought = [int(nets["pilot"][n]["purchasedReductions"]["quantity"]) for n in ("a", "b")]
    assert sum(bought) == 38 - 15

    lines = await whole(world, OF_HOLDER, "creditStatement", id=holder)
    check_lines(lines)
    assert [(line["kind"], line["balance"], line["invalidatedBalance"]) for line in lines[-3:]] == [
        ("BATCH_INVALIDATED", "145", "75"), ("RETIREMENT_REQUEST_CANCELLED", "155", "85"),
        ("CREDITS_RETIRED", "152", "85"),
    ]  # fmt: skip
    of_one = await whole(world, OF_HOLDER, "creditStatement", id=holder, batch=batches[0])
    assert [line["kind"] for line in of_one[-2:]] == [
        "BATCH_INVALIDATED", "RETIREMENT_REQUEST_CANCELLED",
    ]  # fmt: skip
    # Who had some of it and has none is not told.
    lines = await whole(world, OF_HOLDER, "creditStatement", id=other)
    assert [line["kind"] for line in lines] == ["CREDITS_TRANSFERRED"] * 3


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
            assert {line["movement"]["batch"]["id"] for line in of_batch if line["movement"]} == {
                batch
            }
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
        await world.issue(project, f"GD-N{number}", 1, 100, **part_of("DJ-N", 1200))
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
