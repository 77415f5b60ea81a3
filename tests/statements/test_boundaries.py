"""What was retired from outside a pilot counts for it only as long as it is outside: pilots that are placed, or
that share ground, afterwards (issue 13, case 3). Every list, net and statement of credits agrees."""

from typing import Any

from tests.auditing.acts import Acts
from tests.statements.test_in_force import lists, shown, stated
from tests.statements.test_portfolio import ask as portfolio
from tests.statements.test_portfolio import emitting
from tests.world import World, key

WITHDRAWN = """query ($pilot: ID!, $year: Int!, $asOf: BigInt, $after: String) { pilot(by: {id: $pilot}) {
    netEmissions(period: {year: $year}, asOf: $asOf) { netCo2e purchasedReductions {
        quantity retiredQuantity shortfallQuantity
        withdrawn(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
            quantity reason position message { zh en } batch { id } project { id }
            pilotInside { id } event { position kind } retirements { nodes { id } } } } } } } }"""
AFFECTED = "affectedRetirements { nodes { retirement { id } quantity countsAgain } }"
LINES = """query ($id: ID!, $asOf: BigInt) { pilot(by: {id: $id}) { creditStatement(first: 100, asOf: $asOf) {
    nodes { kind quantity balance inForceBalance } } } }"""
BENEFICIARIES = """query ($id: ID!, $asOf: BigInt) { creditBatch(by: {id: $id}) {
    beneficiaries(asOf: $asOf) { nodes { quantity quantityInForce invalidatedQuantity pilot { id } } } } }"""
RANKING = """query ($year: Int!) { pilotRanking(year: $year, first: 100) { nodes { pilot { id }
    netEmissions { netCo2e } } } }"""


async def place(
    world: World, pilot: Any, surrounding: Any, **given: Any
) -> list[tuple[str, str, bool]]:
    """Place a pilot; which retirements it affects: how many tonnes, and whether they count again."""
    given |= {"pilot": pilot["id"], "surroundingPilot": surrounding and surrounding["id"]}
    return told(await world.operator.do("placePilot", f"pilot {{ id }} {AFFECTED}", **given))


async def overlap(world: World, pilot: Any, other: Any) -> list[tuple[str, str, bool]]:
    given = {"pilot": pilot["id"], "other": other["id"]}
    return told(
        await world.operator.do("recordPilotOverlap", f"pilot {{ id }} {AFFECTED}", **given)
    )


def told(payload: Any) -> list[tuple[str, str, bool]]:
    return [
        (item["retirement"]["id"], item["quantity"], item["countsAgain"])
        for item in payload["affectedRetirements"]["nodes"]
    ]


async def purchased(world: World, pilot: Any, as_of: int | None = None, year: int = 2022) -> Any:
    given = {"pilot": pilot["id"], "year": year, "asOf": None if as_of is None else str(as_of)}
    found = (await world.anyone.ask(WITHDRAWN, **given))["pilot"]["netEmissions"]
    return found["purchasedReductions"] | {"net": found["netCo2e"]}


async def balances(
    world: World, pilot: Any, as_of: int | None = None
) -> list[tuple[str, str, str]]:
    """The lines of a pilot's statement of credits: what happened, and what of the balance counts."""
    position = None if as_of is None else str(as_of)
    data = await world.anyone.ask(LINES, id=pilot["id"], asOf=position)
    lines = data["pilot"]["creditStatement"]["nodes"]
    return [(line["kind"], line["balance"], line["inForceBalance"]) for line in lines]


async def test_a_park_that_is_placed_inside_the_town_afterwards(world: World) -> None:
    town, park = await emitting(world, "TOWN", 1000), await world.pilot("PARK")
    project = await world.project(pilot=park["id"])
    batch = await world.issue(project, "GD-1", 1, 1000)
    acts = Acts(world, "GD-1")
    retired = await acts.retire(town, 1, 90)
    before = await world.head()
    assert (await purchased(world, town))["net"] == "910.000000"

    assert await place(world, park, town) == [(retired, "90", False)]
    placed = await world.head()
    found = await purchased(world, town)
    assert found.pop("withdrawn")["nodes"] == [
        {
            "quantity": "90",
            "reason": "INSIDE_BOUNDARY",
            "position": str(placed),
            "message": {
                "zh": "产生减排量的项目现位于试点边界之内（或位于与之重叠的试点之内），"
                "边界内的减排不能抵消试点自身的排放",
                "en": "Their project lies inside the pilot's boundary now, or in a pilot that shares ground "
                "with it: reductions from inside never offset it",
            },
            "batch": {"id": batch},
            "project": {"id": project},
            "pilotInside": {"id": park["id"]},
            "event": {"position": str(placed), "kind": "PILOT_PLACED"},
            "retirements": {"nodes": [{"id": retired}]},
        }
    ]
    assert found == {
        "quantity": "0", "retiredQuantity": "0", "shortfallQuantity": "90", "net": "1000.000000",
    }  # fmt: skip
    # As of before it is what it was, to the last digit.
    then = await purchased(world, town, before)
    assert (then["net"], then["withdrawn"]["nodes"]) == ("910.000000", [])

    # So say the retirement, its lists, the statement of credits, the batch, the portfolio, the ranking.
    one = await shown(world, retired)
    assert (one["quantityInForce"], one["quantityNotInForce"]) == ("0", "90")
    assert [(n["entryKind"], n["posting"]) for n in one["withdrawn"]["nodes"]] == [
        ("PILOT_PLACED", None)
    ]
    assert (await stated(world, town))["quantity"] == "0"
    assert await balances(world, town) == [
        ("CREDITS_RETIRED", "90", "90"), ("PILOT_PLACED", "90", "0"),
    ]  # fmt: skip
    assert await balances(world, town, before) == [("CREDITS_RETIRED", "90", "90")]
    for as_of, in_force in ((None, "0"), (str(before), "90")):
        data = await world.anyone.ask(BENEFICIARIES, id=batch, asOf=as_of)
        assert data["creditBatch"]["beneficiaries"]["nodes"] == [
            {
                "quantity": "90", "quantityInForce": in_force, "invalidatedQuantity": "0",
                "pilot": {"id": town["id"]},
            }
        ]  # fmt: skip
    of_town = await portfolio(world, town)
    assert (of_town["netCo2e"], of_town["purchasedQuantity"], of_town["fromInsideQuantity"]) == (
        "1000.000000", "0", "90",
    )  # fmt: skip
    ranked = (await world.auditor.ask(RANKING, year=2022))["pilotRanking"]["nodes"]
    nets = {row["pilot"]["id"]: row["netEmissions"]["netCo2e"] for row in ranked}
    assert nets[town["id"]] == "1000.000000"


async def test_to_take_it_out_retire_and_place_it_again_gains_nothing(world: World) -> None:
    town, park = await emitting(world, "TOWN", 1000), await world.pilot("PARK")
    await world.issue(await world.project(pilot=park["id"]), "GD-1", 1, 1000)
    acts = Acts(world, "GD-1")
    assert await place(world, park, town) == []
    refused = await world.registry.refused("retireCredits", **world.retirement(town, "GD-1", 1, 90))
    assert refused["code"] == "CREDIT_FROM_INSIDE_BOUNDARY"
    assert await place(world, park, None) == []
    one = await acts.retire(town, 1, 90)
    assert (await purchased(world, town))["net"] == "910.000000"
    assert await place(world, park, town) == [(one, "90", False)]
    # Again: what it took out counts only as long as it is out.
    assert await place(world, park, None) == [(one, "90", True)]
    outside = await world.head()
    assert (await purchased(world, town))["net"] == "910.000000"
    two = await acts.retire(town, 91, 100)
    assert await place(world, park, town) == [(one, "90", False), (two, "10", False)]
    inside = await world.head()
    found = await purchased(world, town)
    assert (found["net"], found["shortfallQuantity"]) == ("1000.000000", "100")
    assert {n["id"] for n in found["withdrawn"]["nodes"][0]["retirements"]["nodes"]} == {one, two}
    assert await balances(world, town) == [
        ("CREDITS_RETIRED", "90", "90"), ("PILOT_PLACED", "90", "0"), ("PILOT_PLACED", "90", "90"),
        ("CREDITS_RETIRED", "100", "100"), ("PILOT_PLACED", "100", "0"),
    ]  # fmt: skip
    # Placed where it is already, nothing changes: not even since when.
    assert await place(world, park, town) == []
    again = await purchased(world, town)
    assert [n["position"] for n in again["withdrawn"]["nodes"]] == [str(inside)]
    assert (await purchased(world, town, outside))["net"] == "910.000000"


async def test_a_replay_of_the_placing_reports_the_same(world: World) -> None:
    town, park = await world.pilot("TOWN"), await world.pilot("PARK")
    await world.issue(await world.project(pilot=park["id"]), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    retired = await acts.retire(town, 1, 10)
    once = key()
    assert await place(world, park, town, idempotencyKey=once) == [(retired, "10", False)]
    await place(world, park, None)
    await acts.retire(town, 11, 20)
    given = {"pilot": park["id"], "surroundingPilot": town["id"], "idempotencyKey": once}
    again = await world.operator.do("placePilot", f"pilot {{ id }} {AFFECTED}", **given)
    assert (again["replayed"], again["pilot"]["id"]) == (True, park["id"])
    assert told(again) == [(retired, "10", False)]


async def test_what_lies_deeper_goes_with_it(world: World) -> None:
    """A building in the park: the town has it inside as soon as it has the park, or the park's town."""
    city, town, park = [await world.pilot(kind) for kind in ("TOWN", "TOWN", "PARK")]
    building = await world.pilot(surroundingPilot=park["id"])
    elsewhere = await world.pilot()
    await world.issue(await world.project(pilot=building["id"]), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    of_city, of_town = await acts.retire(city, 1, 10), await acts.retire(town, 11, 30)
    of_elsewhere = await acts.retire(elsewhere, 31, 40)
    assert await place(world, park, town) == [(of_town, "20", False)]
    assert await place(world, town, city) == [(of_city, "10", False)]
    for pilot in (city, town):
        found = await purchased(world, pilot)
        assert found["quantity"] == "0"
        assert found["withdrawn"]["nodes"][0]["pilotInside"] == {"id": building["id"]}
    assert (await shown(world, of_elsewhere))["quantityInForce"] == "10"
    # From one to the other at once: one counts again, and in one town it is all the same.
    since = (await purchased(world, city))["withdrawn"]["nodes"][0]["position"]
    assert await place(world, park, city) == [(of_town, "20", True)]
    assert (await purchased(world, city))["withdrawn"]["nodes"][0]["position"] == since
    assert (await purchased(world, town))["quantity"] == "20"


async def test_ground_that_is_shared_afterwards(world: World) -> None:
    """A pilot that shares ground with the project's pilot may have it inside; so may whatever is around it."""
    town, beside, park = [await world.pilot(kind) for kind in ("TOWN", "PARK", "PARK")]
    await world.issue(await world.project(pilot=park["id"]), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    of_town, of_beside = await acts.retire(town, 1, 10), await acts.retire(beside, 11, 30)
    assert await overlap(world, beside, park) == [(of_beside, "20", False)]
    recorded = await world.head()
    assert await overlap(world, park, beside) == []  # it was said before
    found = await purchased(world, beside)
    assert (found["quantity"], found["shortfallQuantity"]) == ("0", "20")
    assert found["withdrawn"]["nodes"][0]["event"] == {
        "position": str(recorded), "kind": "PILOT_OVERLAP_RECORDED",
    }  # fmt: skip
    assert (await purchased(world, town))["quantity"] == "10"
    assert await place(world, beside, town) == [(of_town, "10", False)]
    assert await balances(world, town) == [
        ("CREDITS_RETIRED", "10", "10"), ("PILOT_PLACED", "10", "0"),
    ]  # fmt: skip
    together = await portfolio(world, beside, town)
    assert (together["purchasedQuantity"], together["fromInsideQuantity"]) == ("0", "30")


async def test_only_what_stands_is_affected(world: World) -> None:
    """Not what was invalidated, exported or corrected before: that is final, and comes first."""
    town, park = await world.pilot("TOWN"), await world.pilot("PARK")
    project = await world.project(pilot=park["id"])
    whole = {"reference": "DJ-1", "quantity": "300"}
    batches = [await world.issue(project, f"GD-{n}", 1, 100, issuance=whole) for n in (1, 2, 3)]
    one, two, three = (Acts(world, f"GD-{n}") for n in (1, 2, 3))
    partly = await one.retire(town, 1, 10)
    later = await one.retire(town, 21, 25, year=2023)
    exported, invalidated = await two.retire(town, 1, 7), await three.retire(town, 1, 6)
    mistaken = await one.retire(town, 11, 20)
    await one.order("invalidate", 1, 2)
    await one.correct(mistaken)
    await two.export(batches[1])
    await three.order_batch("invalidate", batches[2])
    await world.operator.made("amendPilot", "pilot { id }", pilot=town["id"], closedOn="2023-06-30")
    assert await place(world, park, town) == [(partly, "8", False), (later, "5", False)]
    assert (await purchased(world, town, year=2023))["shortfallQuantity"] == "5"
    found, rows, after = await purchased(world, town), [], None
    assert (found["quantity"], found["shortfallQuantity"]) == ("0", "23")
    while True:
        given = {"pilot": town["id"], "year": 2022, "after": after}
        data = await world.anyone.ask(WITHDRAWN, **given)
        page = data["pilot"]["netEmissions"]["purchasedReductions"]["withdrawn"]
        assert page["totalCount"] == 4
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert [
        (row["reason"], row["quantity"], [n["id"] for n in row["retirements"]["nodes"]])
        for row in rows
    ] == [
        ("INVALIDATED", "2", [partly]), ("EXPORTED", "7", [exported]),
        ("INVALIDATED", "6", [invalidated]), ("INSIDE_BOUNDARY", "8", [partly]),
    ]  # fmt: skip
    assert await place(world, park, None) == [(partly, "8", True), (later, "5", True)]


async def test_a_request_waits_in_vain(world: World) -> None:
    """What was set aside for a pilot that has the project inside by then is in force no more, and is not
    confirmed."""
    town, park = await world.pilot("TOWN"), await world.pilot("PARK")
    await world.issue(await world.project(pilot=park["id"]), "GD-1", 1, 100)
    acts = Acts(world, "GD-1")
    request = await acts.request(town, 1, 10)
    query = "query ($id: ID!) { node(id: $id) { ... on RetirementRequest { quantityInForce } } }"
    assert (await world.anyone.ask(query, id=request))["node"]["quantityInForce"] == "10"
    assert await place(world, park, town) == []
    assert (await world.anyone.ask(query, id=request))["node"]["quantityInForce"] == "0"
    refused = await world.registry.refused(
        "confirmRetirement", request=request, retiredOn="2024-07-01", registryReference="R-1"
    )
    assert refused["code"] == "CREDIT_FROM_INSIDE_BOUNDARY"


async def test_every_list_has_it(world: World) -> None:
    """The lists of retirements at the root, of the period and of the statement."""
    town, park = await world.pilot("TOWN"), await world.pilot("PARK")
    await world.issue(await world.project(pilot=park["id"]), "GD-1", 1, 100)
    await Acts(world, "GD-1").retire(town, 1, 10)
    await place(world, park, town)
    for nodes in (await lists(world, town)).values():
        assert [node["quantityInForce"] for node in nodes] == ["0"]


GROUNDS = {"document": "粤环函〔2026〕9号", "reason": "现场核实"}


async def test_a_project_that_is_placed_in_the_town_afterwards(world: World) -> None:
    town = await emitting(world, "TOWN", 1000)
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    project = await world.project()
    await world.issue(project, "GD-1", 1, 1000)
    retired = await Acts(world, "GD-1").retire(town, 1, 90)
    given = {"project": project, "pilot": park["id"], **GROUNDS}
    wanted = f"project {{ pilot {{ id }} }} {AFFECTED}"
    made = await world.registry.do("amendProject", wanted, **given)
    assert (made["project"]["pilot"]["id"], told(made)) == (park["id"], [(retired, "90", False)])
    found = await purchased(world, town)
    assert (found["net"], found["shortfallQuantity"]) == ("1000.000000", "90")
    [withdrawn] = found["withdrawn"]["nodes"]
    assert withdrawn["event"] == {"position": str(await world.head()), "kind": "PROJECT_AMENDED"}
    assert withdrawn["pilotInside"]["id"] == park["id"]
    # Said again it changes nothing, and affects nothing.
    assert told(await world.registry.do("amendProject", wanted, **given)) == []
    out = await world.administrator.do("amendProject", wanted, **given | {"pilot": None})
    assert told(out) == [(retired, "90", True)]
    assert (await purchased(world, town))["net"] == "910.000000"


async def test_a_project_that_is_found_inside_afterwards(world: World) -> None:
    """As long as that is only suspected, nothing more is retired, and what was counts."""
    town = await emitting(world, "TOWN", 1000)
    point = {"latitude": "23.4", "longitude": "113.4"}
    building = await world.pilot(surroundingPilot=town["id"], coordinates=point)
    project = await world.project()
    await world.issue(project, "GD-1", 1, 1000)
    retired = await Acts(world, "GD-1").retire(town, 1, 90)
    wanted = f"project {{ id }} {AFFECTED}"
    given = {"project": project, "coordinates": point, **GROUNDS}
    assert told(await world.registry.do("amendProject", wanted, **given)) == []
    refused = await world.registry.refused(
        "retireCredits", **world.retirement(town, "GD-1", 91, 91)
    )
    assert refused["code"] == "CREDIT_FROM_INSIDE_SUSPECTED"
    assert (await purchased(world, town))["net"] == "910.000000"
    resolved = await world.administrator.do(
        "resolveSameSite", f"pilot {{ id }} {AFFECTED}", subject=project, pilot=building["id"],
        finding="SAME", **GROUNDS,
    )  # fmt: skip
    assert (resolved["pilot"]["id"], told(resolved)) == (building["id"], [(retired, "90", False)])
    found = await purchased(world, town)
    assert (found["net"], found["withdrawn"]["nodes"][0]["event"]["kind"]) == (
        "1000.000000", "PROJECT_SITE_RESOLVED",
    )  # fmt: skip
    one = await shown(world, retired)
    assert [n["entryKind"] for n in one["withdrawn"]["nodes"]] == ["PROJECT_SITE_RESOLVED"]


async def test_a_sink_that_is_given_back_comes_from_inside(world: World) -> None:
    """That is no reason for it to count no more."""
    park = await world.pilot("PARK")
    await world.issue(await world.project(pilot=park["id"], forestry=True), "GD-1", 1, 100)
    use = await world.registry.made(
        "useCredits", "use { id }", programme="CCER", serials={"text": "GD-1-1 to 10"},
        purpose="OWN_SINK", pilot=park["id"], accountingPeriod=park["periods"][2022],
        usedOn="2024-07-01",
    )  # fmt: skip
    found = await shown(world, use["id"])
    assert (found["quantityInForce"], found["withdrawn"]["nodes"]) == ("10", [])
