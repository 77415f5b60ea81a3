"""What of a retirement is in force, and what is not, since when and why: lists and nets agree."""

from typing import Any

from tests.auditing.acts import GROUNDS, Acts
from tests.counting import counted
from tests.schema.test_batching import SPLIT
from tests.world import World, part_of

WITHDRAWN = """withdrawn(first: 100) { totalCount nodes { position at entryKind quantity batch { id }
    serials { first last } posting { position postedAt entryKind grounds { document reason } } } }"""
SHOWN = f"""id quantity quantityInForce quantityNotInForce asOfPosition
    correction {{ position }} {WITHDRAWN}"""

LISTS = f"""query ($pilot: ID!, $period: ID!) {{
    query: retirements(filter: {{pilots: [$pilot]}}, first: 10) {{ totalCount nodes {{ {SHOWN} }} }}
    period: node(id: $period) {{ ... on AccountingPeriod {{
        retirements(first: 10) {{ totalCount nodes {{ {SHOWN} }} }} }} }}
    statement: node(id: $pilot) {{ ... on Pilot {{ netEmissions(period: {{id: $period}}) {{
        purchasedReductions {{ quantity retirements(first: 10) {{ totalCount nodes {{ {SHOWN} }} }} }} }} }} }} }}"""

STATEMENT = f"""query ($pilot: ID!, $period: ID!, $asOf: BigInt, $basis: Basis! = OPERATIONAL) {{
    pilot(by: {{id: $pilot}}) {{ netEmissions(period: {{id: $period}}, asOf: $asOf, basis: $basis) {{
        asOfPosition purchasedReductions {{ quantity retiredQuantity shortfallQuantity
            retirements(first: 100) {{ totalCount nodes {{ {SHOWN} }} }} }} }} }} }}"""

NODE = f"""query ($id: ID!) {{ node(id: $id) {{
    ... on Retirement {{ {SHOWN} }} ... on CreditUse {{ {SHOWN} }} }} }}"""


def in_year(pilot: dict[str, Any], year: int = 2022) -> dict[str, str]:
    return {"pilot": pilot["id"], "period": pilot["periods"][year]}


async def stated(world: World, pilot: dict[str, Any], as_of: int | None = None) -> Any:
    """The term of purchased reductions as of a position. Its list agrees with it."""
    given = in_year(pilot) | {"asOf": None if as_of is None else str(as_of)}
    found = (await world.anyone.ask(STATEMENT, **given))["pilot"]["netEmissions"]
    bought = found["purchasedReductions"]
    nodes = bought["retirements"]["nodes"]
    assert bought["retirements"]["totalCount"] == len(nodes)
    in_force = str(sum(int(node["quantityInForce"]) for node in nodes))
    assert bought["quantity"] == bought["retiredQuantity"] == in_force
    survey = (await world.anyone.ask(STATEMENT, **given, basis="HISTORICAL"))["pilot"]
    elsewhere = survey["netEmissions"]["purchasedReductions"]
    assert elsewhere["retirements"] == bought["retirements"], "it is told in every statement"
    assert (elsewhere["quantity"], elsewhere["retiredQuantity"]) == ("0", in_force)
    for node in nodes:
        assert node["asOfPosition"] == found["asOfPosition"]
        check(node)
    return bought


def check(node: dict[str, Any]) -> None:
    """What is shown of a retirement or another use agrees with itself."""
    in_force, not_in_force = int(node["quantityInForce"]), int(node["quantityNotInForce"])
    assert in_force + not_in_force == int(node["quantity"])
    parts = node["withdrawn"]["nodes"]
    assert node["withdrawn"]["totalCount"] == len(parts)
    assert sum(int(part["quantity"]) for part in parts) == not_in_force
    for part in parts:
        first, last = (int(part["serials"][end]) for end in ("first", "last"))
        assert int(part["quantity"]) == last - first + 1
        assert int(part["position"]) <= int(node["asOfPosition"])
        posting = part["posting"]
        if posting is None:
            assert part["entryKind"] in {
                "PILOT_PLACED", "PILOT_OVERLAP_RECORDED", "PROJECT_AMENDED", "PROJECT_SITE_RESOLVED",
            }  # fmt: skip
            continue
        assert (part["position"], part["at"], part["entryKind"]) == (
            posting["position"], posting["postedAt"], posting["entryKind"],
        )  # fmt: skip


def parts_of(node: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Why, and which serials from where to where."""
    return [
        (part["entryKind"], int(part["serials"]["first"]), int(part["serials"]["last"]))
        for part in node["withdrawn"]["nodes"]
    ]


async def shown(world: World, node_id: str) -> Any:
    found = (await world.anyone.ask(NODE, id=node_id))["node"]
    check(found)
    return found


async def test_a_retirement_says_what_of_it_is_in_force(world: World) -> None:
    """The issue's own: 100 of which 20 were invalidated, and 50; the net counts 130, and so do lists."""
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-1", 1, 1000)
    acts = Acts(world, "GD-1")
    partly, wholly = await acts.retire(pilot, 1, 100), await acts.retire(pilot, 101, 150)
    before = await world.head()
    await acts.order("invalidate", 41, 60)
    after = await world.head()

    for name, nodes in (await lists(world, pilot)).items():
        assert [(n["quantity"], n["quantityInForce"], n["quantityNotInForce"]) for n in nodes] == [
            ("100", "80", "20"), ("50", "50", "0"),
        ], name  # fmt: skip
    assert (await stated(world, pilot))["quantity"] == "130"
    found = await shown(world, partly)
    assert found["withdrawn"]["nodes"] == [
        {
            "position": str(after),
            "at": found["withdrawn"]["nodes"][0]["at"],
            "entryKind": "CREDITS_INVALIDATED",
            "quantity": "20",
            "batch": {"id": batch},
            "serials": {"first": "41", "last": "60"},
            "posting": {
                "position": str(after),
                "postedAt": found["withdrawn"]["nodes"][0]["at"],
                "entryKind": "CREDITS_INVALIDATED",
                "grounds": GROUNDS,
            },
        }
    ]
    assert (await shown(world, wholly))["withdrawn"] == {"totalCount": 0, "nodes": []}
    # As of a statement of before, all of it was in force.
    then = await stated(world, pilot, before)
    assert then["quantity"] == "150"
    assert [n["quantityInForce"] for n in then["retirements"]["nodes"]] == ["100", "50"]


async def lists(world: World, pilot: dict[str, Any]) -> dict[str, Any]:
    """The same retirements in each list that has them; they agree with one another."""
    found = await world.anyone.ask(LISTS, **in_year(pilot))
    bought = found["statement"]["netEmissions"]["purchasedReductions"]
    all_lists = {
        "query": found["query"],
        "period": found["period"]["retirements"],
        "statement": bought["retirements"],
    }
    for name, one in all_lists.items():
        assert one["totalCount"] == len(one["nodes"]), name
        assert one == bought["retirements"], name
    assert sum(int(n["quantityInForce"]) for n in bought["retirements"]["nodes"]) == int(
        bought["quantity"]
    )
    return {name: one["nodes"] for name, one in all_lists.items()}


async def test_an_order_across_two_retirements_and_a_second_one(world: World) -> None:
    """One movement invalidates serials of both; each says its own. Runs that touch are one range."""
    pilot, other = await world.pilot(), await world.pilot()
    await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    first, second = await acts.retire(pilot, 1, 20), await acts.retire(pilot, 21, 40)
    elsewhere = await acts.retire(other, 41, 60)
    await acts.order("invalidate", 15, 45)
    await acts.order("invalidate", 1, 4)
    await acts.order("invalidate", 10, 14)

    assert parts_of(await shown(world, first)) == [
        ("CREDITS_INVALIDATED", 15, 20), ("CREDITS_INVALIDATED", 1, 4),
        ("CREDITS_INVALIDATED", 10, 14),
    ]  # fmt: skip
    assert parts_of(await shown(world, second)) == [("CREDITS_INVALIDATED", 21, 40)]
    assert (await shown(world, second))["quantityInForce"] == "0"
    assert parts_of(await shown(world, elsewhere)) == [("CREDITS_INVALIDATED", 41, 45)]
    assert (await stated(world, pilot))["quantity"] == "5"
    assert (await stated(world, other))["quantity"] == "15"


async def test_a_batch_that_was_invalidated_whole(world: World) -> None:
    """A fact about the batch, which moves nothing; what was invalidated before keeps its own reason. A
    retirement of two batches loses one of them."""
    pilot = await world.pilot()
    project = await world.project()
    one = await world.issue(project, "GD-1", 1, 30, **part_of("DJ-1", 60))
    two = await world.issue(project, "GD-2", 1, 30, **part_of("DJ-1", 60))
    acts = Acts(world, "GD-1")
    both = await acts.retire_quantity(pilot, 40, world.holder.organisation)
    await acts.order("invalidate", 11, 15)
    between = await world.head()
    await acts.order_batch("invalidate", one)
    found = await shown(world, both)
    assert parts_of(found) == [
        ("CREDITS_INVALIDATED", 11, 15), ("BATCH_INVALIDATED", 1, 10),
        ("BATCH_INVALIDATED", 16, 30),
    ]  # fmt: skip
    assert {part["batch"]["id"] for part in found["withdrawn"]["nodes"]} == {one}
    assert [part["posting"]["grounds"] for part in found["withdrawn"]["nodes"]] == [GROUNDS] * 3
    assert (await stated(world, pilot))["quantity"] == found["quantityInForce"] == "10"
    then = await stated(world, pilot, between)
    assert [node["quantityInForce"] for node in then["retirements"]["nodes"]] == ["35"]
    await Acts(world, "GD-2").order_batch("invalidate", two)
    assert (await shown(world, both))["quantityInForce"] == "0"
    assert (await stated(world, pilot))["shortfallQuantity"] == "40"


async def test_a_correction_takes_back_the_whole(world: World) -> None:
    """And what is retired again, for the same period, is in force by itself; then it is invalidated."""
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    wrong = await acts.retire(pilot, 1, 20)
    before = await world.head()
    await acts.correct(wrong)
    corrected = await world.head()
    right = await acts.retire(pilot, 1, 10)
    await acts.order("invalidate", 1, 3)

    found = await shown(world, wrong)
    assert (found["quantity"], found["quantityInForce"]) == ("20", "0")
    assert parts_of(found) == [("POSTING_CORRECTED", 1, 20)]
    assert found["correction"] == {"position": str(corrected)}
    assert found["withdrawn"]["nodes"][0]["posting"]["grounds"] == GROUNDS
    assert parts_of(await shown(world, right)) == [("CREDITS_INVALIDATED", 1, 3)]
    now = await stated(world, pilot)
    assert (now["quantity"], now["shortfallQuantity"]) == ("7", "3")
    # Before the correction it was in force whole, whatever happened to its serials since.
    then = await stated(world, pilot, before)
    assert [(n["quantityInForce"], n["correction"]) for n in then["retirements"]["nodes"]] == [
        ("20", None)
    ]
    assert (await stated(world, pilot, corrected))["quantity"] == "0"


async def test_frozen_stays_in_force_and_exported_does_not(world: World) -> None:
    """What another country counts offsets no pilot, whenever it was retired (issue 13, case 5)."""
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    retired = await acts.retire(pilot, 1, 20)
    for verb in ("freeze", "unfreeze"):
        await acts.order_batch(verb, batch)
        assert (await shown(world, retired))["quantityInForce"] == "20"
        assert (await stated(world, pilot))["quantity"] == "20"
    before = await world.head()
    await world.registry.made("recordExport", "posting { id }", batch=batch, **GROUNDS)
    found = await shown(world, retired)
    assert (found["quantityNotInForce"], parts_of(found)) == ("20", [("BATCH_EXPORTED", 1, 20)])
    assert found["withdrawn"]["nodes"][0]["posting"]["grounds"] == GROUNDS
    now = await stated(world, pilot)
    assert (now["quantity"], now["shortfallQuantity"]) == ("0", "20")
    then = await stated(world, pilot, before)
    assert (then["quantity"], then["shortfallQuantity"]) == ("20", "0")
    assert [node["quantityInForce"] for node in then["retirements"]["nodes"]] == ["20"]


async def test_what_was_first_says_why(world: World) -> None:
    """Of what is final: a batch that was exported and then invalidated is out by its export, since then."""
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    retired = await acts.retire(pilot, 1, 20)
    await world.registry.made("recordExport", "posting { id }", batch=batch, **GROUNDS)
    exported = await world.head()
    await acts.order_batch("invalidate", batch)
    found = await shown(world, retired)
    assert parts_of(found) == [("BATCH_EXPORTED", 1, 20)]
    assert found["withdrawn"]["nodes"][0]["position"] == str(exported)
    told = await world.anyone.ask(
        """query ($pilot: ID!, $period: ID!) { pilot(by: {id: $pilot}) {
            netEmissions(period: {id: $period}) { purchasedReductions {
                withdrawn { nodes { quantity reason position } } } } } }""",
        **in_year(pilot),
    )
    shares = told["pilot"]["netEmissions"]["purchasedReductions"]["withdrawn"]["nodes"]
    assert shares == [{"quantity": "20", "reason": "EXPORTED", "position": str(exported)}]


async def test_what_was_retired_in_many_pieces(world: World) -> None:
    """Lots that were cut and came together again: a range is as long as it can be."""
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    a, b = world.holder.organisation, world.other_operator.organisation
    for serial in (5, 10, 15):
        await acts.transfer(serial, serial, a, b)
        await acts.transfer(serial, serial, b, a)
    retired = await acts.retire(pilot, 1, 20)
    await acts.order("invalidate", 4, 16)
    assert parts_of(await shown(world, retired)) == [("CREDITS_INVALIDATED", 4, 16)]
    await acts.correct(await acts.retire(pilot, 21, 40))
    assert (await stated(world, pilot))["quantity"] == "7"


async def test_pages_of_what_was_withdrawn(world: World) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    retired = await acts.retire(pilot, 1, 100)
    for first in (90, 1, 31, 61, 11):
        await acts.order("invalidate", first, first + 2)
    query = """query ($id: ID!, $after: String) { node(id: $id) { ... on Retirement {
        withdrawn(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor }
            nodes { serials { first } } } } } }"""
    found, after = [], None
    while True:
        page = (await world.anyone.ask(query, id=retired, after=after))["node"]["withdrawn"]
        assert page["totalCount"] == 5
        found += [int(node["serials"]["first"]) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == [90, 1, 31, 61, 11]
    cursor = "YWZ0ZXI6MQ"  # of a list by positions
    error = await world.anyone.fail(query, id=retired, after=cursor)
    assert (error["extensions"]["code"], error["extensions"]["inputPath"]) == (
        "INVALID_INPUT", ["after"],
    )  # fmt: skip


async def test_another_use_says_it_too(world: World) -> None:
    await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    used, mistaken = await acts.use(1, 10), await acts.use(11, 20)
    await acts.order("invalidate", 8, 9)
    await acts.correct(mistaken)
    found = await shown(world, used)
    assert (found["quantityInForce"], parts_of(found)) == ("8", [("CREDITS_INVALIDATED", 8, 9)])
    found = await shown(world, mistaken)
    assert (found["quantityInForce"], parts_of(found)) == ("0", [("POSTING_CORRECTED", 11, 20)])
    assert found["correction"] == {"position": str(await world.head())}


async def test_a_transfer_says_that_it_was_corrected(world: World) -> None:
    await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    a, b = world.holder.organisation, world.other_operator.organisation
    transferred = await acts.transfer(1, 10, a, b)
    query = (
        "query ($id: ID!) { node(id: $id) { ... on CreditTransfer { correction { position } } } }"
    )
    assert (await world.anyone.ask(query, id=transferred))["node"]["correction"] is None
    await acts.correct(transferred)
    assert (await world.anyone.ask(query, id=transferred))["node"]["correction"] == {
        "position": str(await world.head())
    }


REQUEST = """query ($id: ID!) { node(id: $id) { ... on RetirementRequest {
    quantity quantityInForce outcome retirement { id quantityInForce } } } }"""


async def test_a_request_says_what_of_it_is_in_force(world: World) -> None:
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    confirmed, cancelled, still_open, taken_back = [
        await acts.request(pilot, first, first + 9) for first in (1, 11, 21, 31)
    ]

    async def asked(request: str) -> list[Any]:
        found = (await world.anyone.ask(REQUEST, id=request))["node"]
        retirement = found["retirement"]
        return [
            found["outcome"], found["quantity"], found["quantityInForce"],
            retirement and retirement["quantityInForce"],
        ]  # fmt: skip

    assert await asked(confirmed) == ["OPEN", "10", "10", None]
    retirement = await acts.confirm(confirmed)
    await acts.cancel(cancelled)
    await acts.correct(await acts.confirm(taken_back))
    await acts.order("invalidate", 1, 3)
    assert await asked(confirmed) == ["CONFIRMED", "10", "7", "7"]
    assert (await world.anyone.ask(REQUEST, id=confirmed))["node"]["retirement"]["id"] == retirement
    assert await asked(cancelled) == ["CANCELLED", "10", "0", None]
    assert await asked(taken_back) == ["CONFIRMED", "10", "0", "0"]
    assert await asked(still_open) == ["OPEN", "10", "10", None]
    await acts.order_batch("invalidate", batch)
    assert await asked(still_open) == ["OPEN", "10", "0", None]
    assert await asked(confirmed) == ["CONFIRMED", "10", "0", "0"]


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    await world.issue(await world.project(), "GD-1", 1, 1000)
    acts = Acts(world, "GD-1")
    for number in range(12):
        pilot = await world.pilot()
        await acts.retire(pilot, 20 * number + 1, 20 * number + 10)
        await acts.order("invalidate", 20 * number + 3, 20 * number + 4)
    query = f"""query ($first: Int!) {{
        retirements(first: $first) {{ nodes {{ {SHOWN} }} }}
        pilots(first: $first) {{ nodes {{ netEmissions(period: {{year: 2022}}) {{
            purchasedReductions {{ retirements {{ nodes {{ quantityInForce }} }} }} }} }} }} }}"""
    counts = {}
    for first in (2, 12):
        with counted() as statements:
            data = await world.anyone.ask(query, first=first)
        assert [n["quantityInForce"] for n in data["retirements"]["nodes"]] == ["8"] * first
        counts[first] = len(statements)
    assert counts[12] <= counts[2] + SPLIT, counts


async def test_a_certificate_without_serials(world: World) -> None:
    pilot = await world.pilot()
    await world.registry.made(
        "issueCredits", "batch { id }", project=await world.project(), programme="CCER",
        certificate="ZS-1", quantity="100", production={"vintage": 2022},
        reductionsRegisteredOn="2024-01-15", holder=world.holder.organisation,
    )  # fmt: skip

    def tonnes(first: int, last: int) -> dict[str, Any]:
        return {"certificate": {"number": "ZS-1", "first": str(first), "last": str(last)}}

    given = world.retirement(pilot, "ZS-1", 1, 1) | {"serials": tonnes(1, 20)}
    made = await world.registry.made("retireCredits", "retirement { id quantityInForce }", **given)
    assert made["quantityInForce"] == "20"
    await world.registry.made(
        "invalidateCredits", "posting { id }",
        target={"serials": {"programme": "CCER", "block": tonnes(5, 20)}}, **GROUNDS,
    )  # fmt: skip
    found = await shown(world, made["id"])
    assert parts_of(found) == [("CREDITS_INVALIDATED", 5, 20)]
    assert (await stated(world, pilot))["quantity"] == "4"
