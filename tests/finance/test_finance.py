"""Measures are paid for once, and their savings pledged once; what cannot be is refused, and nothing written."""

from typing import Any

import pytest

from tests.counting import least, reckoned
from tests.finance.financing import allocation, ended, financed, financing, pledge
from tests.measures.planning import planned
from tests.world import Caller, World, as_kind, unchanged

FINANCING = """id position financeProduct productName financier amount startsOn endsOn endedOn endDocument allocated
    allocations { amount measure { id } } pledges { share startsOn endsOn measure { id } } pilot { code }"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Financing {{ {FINANCING} }} }} }}"
SUMS = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) {
    financings(asOf: $at) { totalCount nodes { id endedOn } }
    financingSums(asOf: $at) { financeProduct count amount allocated } } }"""
MEASURE = """query ($id: ID!, $on: Date!, $at: BigInt) { node(id: $id) { ... on Measure {
    financings(asOf: $at) { nodes { id } }
    finance(on: $on, asOf: $at) { allocated unallocated pledgedShare } } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def of_measure(caller: Caller, measure: str, on: str, at: str | None = None) -> Any:
    return (await caller.ask(MEASURE, id=measure, on=on, at=at))["node"]


async def test_a_financing_is_recorded(world: World) -> None:
    pilot = await world.pilot()
    lamps = await planned(world, pilot["id"], capex="41000")
    before = await world.head()
    made = await world.operator.made(
        "recordFinancing", f"financing {{ {FINANCING} }}",
        **financing(pilot["id"], allocations=[allocation(lamps, "40000.5")], pledges=[pledge(lamps, "33.33")]),
    )  # fmt: skip
    assert made == {
        "id": made["id"], "position": str(before + 1), "financeProduct": "SAVINGS_PLEDGE_LOAN", "productName": None,
        "financier": "某银行", "amount": "100000", "startsOn": "2024-01-01", "endsOn": "2025-12-31", "endedOn": None,
        "endDocument": None, "allocated": "40000.5",
        "allocations": [{"amount": "40000.5", "measure": {"id": lamps}}],
        "pledges": [{"share": "33.33", "startsOn": "2024-01-01", "endsOn": "2025-12-31", "measure": {"id": lamps}}],
        "pilot": {"code": pilot["code"]},
    }  # fmt: skip
    lease = await financed(
        world, pilot["id"], financeProduct="OTHER", productName="转型债券", amount="7"
    )
    assert (await world.operator.ask(NODE, id=lease))["node"]["productName"] == "转型债券"
    events = await world.operator.ask(
        "query ($after: BigInt!) { events(after: $after) { kind subject { id } } }",
        after=str(before),
    )
    assert events["events"] == [
        {"kind": "FINANCING_RECORDED", "subject": {"id": subject}}
        for subject in (made["id"], lease)
    ]


async def test_a_measure_is_paid_for_once(world: World) -> None:
    """It costs 41,000 once, over all financings, whether they ended or not."""
    pilot = (await world.pilot())["id"]
    lamps = await planned(world, pilot, capex="41000")
    first = await financed(
        world, pilot, financeProduct="GREEN_BUYER_CREDIT", allocations=[allocation(lamps, "40000")]
    )
    more = financing(pilot, allocations=[allocation(lamps, "1000.01")])
    found = await unchanged(world, world.operator, "recordFinancing", **more)
    assert found == ("ALLOCATIONS_EXCEED_CAPEX", ["allocations", "0", "amount"])
    await ended(world, first, "2024-06-30")
    assert await unchanged(world, world.operator, "recordFinancing", **more) == found, (
        "what was paid stays paid"
    )
    exact = await financed(world, pilot, allocations=[allocation(lamps, "1000")])
    measure = await of_measure(world.operator, lamps, "2024-01-01")
    assert measure["financings"]["nodes"] == [{"id": first}, {"id": exact}]
    assert measure["finance"] == {"allocated": "41000", "unallocated": "0", "pledgedShare": "0"}


async def test_savings_are_pledged_once(world: World) -> None:
    """60 % in January to June and 40 % from June: full in June; after an early end there is room again."""
    pilot = (await world.pilot())["id"]
    lamps, pumps = await planned(world, pilot), await planned(world, pilot)
    first = await financed(world, pilot, pledges=[pledge(lamps, "60", "2024-01-01", "2024-06-30")])
    await financed(world, pilot, pledges=[pledge(lamps, "40", "2024-06-01", "2025-12-31")])
    shares = {
        "2023-12-31": "0",
        "2024-05-31": "60",
        "2024-06-30": "100",
        "2024-07-01": "40",
        "2026-01-01": "0",
    }
    for on, share in shares.items():
        assert (await of_measure(world.operator, lamps, on))["finance"]["pledgedShare"] == share
    one_day = financing(
        pilot, pledges=[pledge(pumps, "100"), pledge(lamps, "0.01", "2024-06-30", "2024-06-30")]
    )
    refused = await world.operator.refused("recordFinancing", **one_day)
    assert (refused["code"], refused["path"]) == (
        "SAVINGS_PLEDGED_ALREADY",
        ["input", "pledges", "1", "share"],
    )
    assert "2024-06-30" in refused["message"]["en"]
    assert "at most 0 % more" in refused["message"]["en"]
    itself = financing(pilot, pledges=[pledge(pumps, "50"), pledge(pumps, "51")])
    found = await unchanged(world, world.operator, "recordFinancing", **itself)
    assert found == ("SAVINGS_PLEDGED_ALREADY", ["pledges", "1", "share"])
    at = await world.head()
    await ended(world, first, "2024-06-29")
    await financed(world, pilot, pledges=one_day["pledges"])
    now = (await of_measure(world.operator, lamps, "2024-06-30"))["finance"]
    then = (await of_measure(world.operator, lamps, "2024-06-30", str(at)))["finance"]
    assert (now["pledgedShare"], then["pledgedShare"]) == ("40.01", "100")


async def test_an_early_end(world: World) -> None:
    pilot = (await world.pilot())["id"]
    lamps = await planned(world, pilot)
    pledges = [pledge(lamps, "10"), pledge(lamps, "20", "2025-01-01")]
    financing = await financed(world, pilot, pledges=pledges, allocations=[allocation(lamps, "5")])
    at = await world.head()

    async def refused(on: str, document: str = "凭证1") -> tuple[str, list[str]]:
        given = {"financing": financing, "on": on, "document": document}
        return await unchanged(world, world.operator, "endFinancing", **given)

    assert await refused("2023-12-31") == ("INVALID_INPUT", ["on"])
    assert await refused("2026-01-01") == ("INVALID_INPUT", ["on"])
    assert await refused("2024-06-30", "-") == ("INVALID_INPUT", ["document"])
    await ended(world, financing, "2024-06-30")
    assert await refused("2024-06-30") == ("FINANCING_ENDED", ["financing"])
    found = (await world.operator.ask(NODE, id=financing))["node"]
    assert (found["endedOn"], found["endDocument"], found["endsOn"]) == (
        "2024-06-30",
        "还款凭证",
        "2025-12-31",
    )
    held = {
        "share": "10",
        "startsOn": "2024-01-01",
        "endsOn": "2024-06-30",
        "measure": {"id": lamps},
    }
    assert found["pledges"] == [held]
    expected = [
        {"financeProduct": "SAVINGS_PLEDGE_LOAN", "count": 1, "amount": "100000", "allocated": "5"}
    ]
    for position, on in ((None, "2024-06-30"), (str(at), None)):
        shown = (await world.operator.ask(SUMS, id=pilot, at=position))["pilot"]
        assert shown["financings"]["nodes"] == [{"id": financing, "endedOn": on}]
        assert shown["financingSums"] == expected
    shown = (await world.operator.ask(SUMS, id=pilot, at=str(at - 1)))["pilot"]
    assert shown == {"financings": {"totalCount": 0, "nodes": []}, "financingSums": []}


async def test_an_end_to_come_is_none(world: World) -> None:
    financing = await financed(world, (await world.pilot())["id"], endsOn="2099-12-31")
    given = {"financing": financing, "on": "2090-01-01", "document": "凭证1"}
    found = await unchanged(world, world.operator, "endFinancing", **given)
    assert found == ("INVALID_INPUT", ["on"])


FINANCINGS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "a product of the guide with another name": ({"productName": "信贷"}, "INVALID_INPUT", ["productName"]),
    "another product without a name": ({"financeProduct": "OTHER"}, "INVALID_INPUT", ["productName"]),
    "a name that says nothing": ({"financeProduct": "OTHER", "productName": "-"}, "INVALID_INPUT", ["productName"]),
    "lent by nobody": ({"financier": "无"}, "INVALID_INPUT", ["financier"]),
    "nothing": ({"amount": "0"}, "INVALID_INPUT", ["amount"]),
    "less than nothing": ({"amount": "-1"}, "INVALID_INPUT", ["amount"]),
    "finer than a fen": ({"amount": "0.001"}, "INVALID_INPUT", ["amount"]),
    "more than there is": ({"amount": "1000000000001"}, "INVALID_INPUT", ["amount"]),
    "days out of order": ({"endsOn": "2023-12-31"}, "DATES_OUT_OF_ORDER", ["endsOn"]),
    "a day of no loan": ({"startsOn": "0024-01-01"}, "INVALID_INPUT", ["startsOn"]),
    "nothing allocated": (
        {"allocations": [("measure", "0")]}, "INVALID_INPUT", ["allocations", "0", "amount"],
    ),
    "allocated twice": ({"allocations": [("measure", "1")] * 2}, "INVALID_INPUT", ["allocations"]),
    "allocated above the amount": (
        {"allocations": [("measure", "100000.01")]}, "ALLOCATIONS_EXCEED_FINANCING", ["allocations"],
    ),
    "allocated above what it costs": (
        {"allocations": [("measure", "41000.01")]}, "ALLOCATIONS_EXCEED_CAPEX", ["allocations", "0", "amount"],
    ),
    "allocated to another pilot's": (
        {"allocations": [("measure", "1"), ("other", "1")]}, "MEASURE_NOT_OF_PILOT",
        ["allocations", "1", "measure"],
    ),
    "another pilot's savings": (
        {"pledges": [("other", "1", "2024-01-01", "2025-12-31")]}, "MEASURE_NOT_OF_PILOT", ["pledges", "0", "measure"],
    ),
    "no share": (
        {"pledges": [("measure", "0", "2024-01-01", "2025-12-31")]}, "INVALID_INPUT", ["pledges", "0", "share"],
    ),
    "more than all": (
        {"pledges": [("measure", "100.01", "2024-01-01", "2025-12-31")]}, "INVALID_INPUT", ["pledges", "0", "share"],
    ),
    "a pledge before the loan": (
        {"pledges": [("measure", "1", "2023-12-31", "2025-12-31")]}, "PLEDGE_OUTSIDE_FINANCING",
        ["pledges", "0", "startsOn"],
    ),
    "a pledge after the loan": (
        {"pledges": [("measure", "1", "2024-01-01", "2026-01-01")]}, "PLEDGE_OUTSIDE_FINANCING",
        ["pledges", "0", "endsOn"],
    ),
    "a pledge out of order": (
        {"pledges": [("measure", "1", "2025-01-01", "2024-01-01")]}, "DATES_OUT_OF_ORDER", ["pledges", "0", "endsOn"],
    ),
    "a pledge for a lease": (
        {"financeProduct": "GREEN_FINANCE_LEASE", "pledges": [("measure", "1", "2024-01-01", "2025-12-31")]},
        "PRODUCT_PLEDGES_NOTHING", ["pledges"],
    ),
    "too many allocations": ({"allocations": [("measure", "1")] * 51}, "INVALID_INPUT", ["allocations"]),
    "too many pledges": (
        {"pledges": [("measure", "1", "2024-01-01", "2025-12-31")] * 51}, "INVALID_INPUT", ["pledges"],
    ),
}  # fmt: skip


async def test_what_cannot_be_financed(world: World) -> None:
    pilot = (await world.pilot())["id"]
    measures = {
        "measure": await planned(world, pilot, capex="41000"),
        "other": await planned(world, (await world.pilot())["id"]),
    }
    for what, (said, code, path) in FINANCINGS.items():
        given = financing(pilot, **said)
        given["allocations"] = [
            allocation(measures[measure], amount)
            for measure, amount in given.get("allocations", ())
        ]
        given["pledges"] = [
            pledge(measures[measure], *rest) for measure, *rest in given.get("pledges", ())
        ]
        found = await unchanged(world, world.operator, "recordFinancing", **given)
        assert found == (code, path), what
    nothing = as_kind("Financing", pilot)
    given = {"financing": nothing, "on": "2024-01-01", "document": "凭证1"}
    found = await unchanged(world, world.operator, "endFinancing", **given)
    assert found == ("NOT_FOUND", ["financing"])


async def test_who_finances_and_who_sees_it(world: World) -> None:
    """What pays for measures is as little public as what they cost."""
    pilot = (await world.pilot())["id"]
    lamps = await planned(world, pilot)
    pledged = await financed(world, pilot, allocations=[allocation(lamps, "5")])
    for caller in (
        world.operator,
        world.verifier,
        world.auditor,
        world.regulator,
        world.administrator,
    ):
        assert (await caller.ask("query ($id: ID!) { node(id: $id) { id } }", id=pledged))[
            "node"
        ] == {"id": pledged}
        assert (await caller.ask(SUMS, id=pilot, at=None))["pilot"]["financings"]["totalCount"] == 1
    for caller in (world.anyone, world.other_operator, world.holder, world.registry):
        assert (await caller.ask("query ($id: ID!) { node(id: $id) { id } }", id=pledged))[
            "node"
        ] is None
        found = (await caller.ask(SUMS, id=pilot, at=None))["pilot"]
        assert found == {"financings": {"totalCount": 0, "nodes": []}, "financingSums": []}
    query = (
        "mutation ($input: RecordFinancingInput!) { recordFinancing(input: $input) { __typename } }"
    )
    given = financing(pilot) | {"idempotencyKey": "not-mine"}
    for other in (world.other_operator, world.regulator):
        error = await other.fail(query, input=given)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand."""
    pilots = [(await world.pilot())["id"] for _ in range(4)]
    for pilot in pilots:
        lamps = await planned(world, pilot)
        await financed(
            world, pilot, allocations=[allocation(lamps, "5")], pledges=[pledge(lamps, "1")]
        )
    query = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Pilot {{
        financings {{ totalCount nodes {{ {FINANCING} }} }} financingSums {{ amount }}
        measures {{ nodes {{ financings {{ totalCount }} finance(on: "2024-01-01") {{ pledgedShare }} }} }} }} }} }}"""
    one = await least(lambda: world.operator.ask(query, ids=pilots[:1]))
    four = await least(lambda: world.operator.ask(query, ids=pilots))
    assert four <= one + 3, "two answers that come back in another order can split a batch in two"
    assert four <= reckoned(query, {"ids": pilots}).statements
