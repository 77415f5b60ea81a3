"""What another factor list or other potentials would change: as a revision then does."""

from typing import Any

import pytest

from nzc_api.statements import impact
from nzc_api.statements.impact import count_looked_at
from tests.inventories.test_revisions import line
from tests.world import SINK_BASIS, Caller, World

IMPACT = """
    query ($from: FactorBasisInput, $to: FactorBasisInput!, $pilot: ID, $first: Int! = 20, $after: String) {
        factorChangeImpact(from: $from, to: $to, pilot: $pilot, first: $first, after: $after) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes { inventory { id status version }
                grossCo2eBefore grossCo2eAfter grossCo2eDifference
                sinksCo2eBefore sinksCo2eAfter sinksCo2eDifference
                unknown { reason message { zh en } } unfitCount
                unfitLines { reason { zh en } line { id label } } } } }
"""

POWER = line("power", "ENERGY_CONSUMPTION", "elec.guangdong.avg.2022", "1000000", "kWh")
FOREST = line("forest", "FORESTRY_SINK", "measured.co2", "12.5", "tCO2", **SINK_BASIS)
METHANE = line("methane", "WASTE", "measured.ch4", "1", "tCH4")
SF6 = line("switchgear", "INDUSTRIAL_PROCESSES", "measured.sf6", "1", "kgSF6")
NF3 = line("etching", "INDUSTRIAL_PROCESSES", "measured.nf3", "1", "kgNF3")

# What the figures of an impact are called, in order.
FIGURES = ("grossCo2eBefore", "grossCo2eAfter", "grossCo2eDifference")
SINKS = ("sinksCo2eBefore", "sinksCo2eAfter", "sinksCo2eDifference")


async def impacts(caller: Caller, **given: Any) -> Any:
    return (await caller.ask(IMPACT, **given))["factorChangeImpact"]


async def only(caller: Caller, **given: Any) -> Any:
    (found,) = (await impacts(caller, **given))["nodes"]
    return found


def named(found: Any, names: tuple[str, ...]) -> list[Any]:
    return [found[name] for name in names]


async def kept(
    world: World, pilot: dict[str, Any], *lines: dict[str, Any], verify: bool = True, **given: Any
) -> str:
    """A submitted inventory."""
    inventory = await world.inventory(pilot, **{"factorList": "prov2025-gd-2022"} | given)
    await world.record(inventory, *lines)
    await world.submit(inventory, verify=verify)
    return inventory


async def test_another_years_grid(world: World) -> None:
    """0.4403 kg/kWh in 2022, 0.4419 in 2023: 1.6 t on a million kWh; and so it comes."""
    pilot = await world.pilot()
    inventory = await kept(world, pilot, POWER)
    before = await world.head()
    given = {"from": {"factorList": "prov2025-gd-2022"}, "to": {"factorList": "prov2025-gd-2023"}}
    found = await only(world.operator, **given)
    assert found["inventory"] == {"id": inventory, "status": "VERIFIED", "version": 1}
    assert named(found, FIGURES) == ["440.300000", "441.900000", "1.600000"]
    assert named(found, SINKS) == ["0.000000", "0.000000", "0.000000"]
    assert (found["unknown"], found["unfitCount"], found["unfitLines"]) == ([], 0, [])
    assert await world.head() == before
    made = await world.operator.made(
        "reviseInventory", "inventory { emissionSources { nodes { co2e } } }",
        inventory=inventory, factorList="prov2025-gd-2023",
    )  # fmt: skip
    assert made["emissionSources"]["nodes"] == [{"co2e": "441.900000"}]


async def test_other_potentials(world: World) -> None:
    """SAR to AR6: SF6 23,900 to 25,200, CH4 21 to 27.9; a kilogram and a tonne of them."""
    pilot = await world.pilot("TOWN")
    await kept(world, pilot, SF6, METHANE, gwpSet="SAR")
    await kept(world, await world.pilot("TOWN"), SF6)
    given = {"from": {"gwpSet": "SAR"}, "to": {"gwpSet": "AR6"}}
    found = await only(world.operator, **given)
    assert named(found, FIGURES) == ["44.900000", "53.100000", "8.200000"]
    # Back it is less; of whatever basis, both inventories are shown, the older first.
    both = (await impacts(world.operator, to={"gwpSet": "AR4"}))["nodes"]
    assert [named(i, FIGURES) for i in both] == [
        ["44.900000", "47.800000", "2.900000"], ["23.500000", "22.800000", "-0.700000"],
    ]  # fmt: skip


async def test_sinks_and_memo_lines_count_as_in_the_statement(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot, gwpSet="SAR")
    memo = line("waste", "WASTE", "measured.ch4", "1", "tCH4")
    await world.record(inventory, POWER, memo)
    await world.record(inventory, FOREST, sinks=True)
    await world.submit(inventory)
    found = await only(world.operator, to={"gwpSet": "AR6", "factorList": "prov2025-gd-2023"})
    query = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
        gross { co2e } sinks { measuredCo2e } memoSources { co2e } } } }"""
    stated = (await world.operator.ask(query, id=pilot["id"]))["pilot"]["netEmissions"]
    assert stated["memoSources"] == [{"co2e": "21.000000"}]
    assert named(found, FIGURES) == ["440.300000", "441.900000", "1.600000"]
    assert named(found, SINKS) == ["12.500000", "12.500000", "0.000000"]
    assert found["grossCo2eBefore"] == stated["gross"]["co2e"]
    assert found["sinksCo2eBefore"] == stated["sinks"]["measuredCo2e"]


async def test_what_is_sold_is_deducted(world: World) -> None:
    """600,000 kWh are left of a million: 264.18 t by the factor of 2022, 265.14 t by that of 2023."""
    sold = line("sold", "EXPORTED_ELECTRICITY", "elec.guangdong.avg.2022", "400000", "kWh")
    inventory = await kept(world, await world.pilot(), POWER, sold)
    found = await only(world.operator, to={"factorList": "prov2025-gd-2023"})
    assert named(found, FIGURES) == ["264.180000", "265.140000", "0.960000"]
    shown = await world.operator.ask(
        """mutation ($input: ReviseInventoryInput!) { reviseInventory(input: $input) {
            ... on InventoryPreview { statement { gross { co2e } } } } }""",
        input={"idempotencyKey": "sold", "inventory": inventory, "dryRun": True},
    )
    assert shown["reviseInventory"]["statement"]["gross"]["co2e"] == "264.180000"


async def test_lines_that_do_not_fit_leave_it_unknown(world: World) -> None:
    """SAR has no potential for NF3: what would be is null with its reason, never 0."""
    await kept(world, await world.pilot("TOWN"), METHANE, NF3)
    found = await only(world.operator, to={"gwpSet": "SAR"})
    assert named(found, FIGURES) == ["44.100000", None, None]
    assert named(found, SINKS) == ["0.000000", None, None]
    (why,) = found["unknown"]
    assert why["reason"] == "LINES_DO_NOT_FIT"
    assert "1 " in why["message"]["en"]
    assert "1行" in why["message"]["zh"]
    assert found["unfitCount"] == 1
    (unfit,) = found["unfitLines"]
    assert unfit["line"]["label"] == "etching"
    assert "SAR" in unfit["reason"]["en"]


async def test_what_is_not_known_before_is_not_known_after(world: World) -> None:
    """A building of a memo line only: no source counts."""
    memo = line("waste", "WASTE", "measured.ch4", "1", "tCH4")
    await kept(world, await world.pilot(), memo)
    found = await only(world.operator, to={"gwpSet": "SAR"})
    assert named(found, FIGURES) == [None, None, None]
    assert [why["reason"] for why in found["unknown"]] == ["NO_SOURCES"]


async def test_only_the_version_that_counts(world: World) -> None:
    """The latest verified one, else the latest submitted one; never a draft."""
    pilot = await world.pilot()
    first = await kept(world, pilot, POWER)
    made = await world.operator.made("reviseInventory", "inventory { id }", inventory=first)
    to = {"factorList": "prov2025-gd-2023"}
    assert (await only(world.operator, to=to))["inventory"]["version"] == 1
    await world.submit(made["id"], verify=False)
    assert (await only(world.operator, to=to))["inventory"]["version"] == 1
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=made["id"])
    assert (await only(world.operator, to=to))["inventory"]["version"] == 2
    # Once on the other basis it is no more among those that it would change.
    last = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=made["id"], **to
    )
    await world.submit(last["id"])
    assert (await impacts(world.operator, to=to))["nodes"] == []


async def test_only_inventories_whose_lines_one_sees(world: World) -> None:
    """From what a list changes one could tell the activity: it is shown to who sees that."""
    open_pilot = await world.pilot(lineVisibility="PUBLIC")
    by_role = await world.pilot(lineVisibility="ROLES")
    for pilot in (open_pilot, by_role):
        await kept(world, pilot, POWER)
        await kept(world, pilot, POWER, verify=False, year=2023)
    to = {"factorList": "prov2025-gd-2023"}
    for caller, count in (
        (world.anyone, 1), (world.other_operator, 1), (world.registry, 1), (world.operator, 4),
        (world.auditor, 4), (world.regulator, 4), (world.verifier, 4), (world.administrator, 4),
    ):  # fmt: skip
        found = await impacts(caller, to=to)
        assert (len(found["nodes"]), found["totalCount"]) == (count, count), caller
    assert (await impacts(world.anyone, to=to, pilot=by_role["id"]))["nodes"] == []
    assert len((await impacts(world.operator, to=to, pilot=by_role["id"]))["nodes"]) == 2


async def test_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the series; and a page that would account too many lines anew ends before."""
    pilots = [await world.pilot() for _ in range(3)]
    one, two, three = [
        await kept(world, pilot, *[POWER | {"label": str(n)} for n in range(lines)])
        for pilot, lines in zip(pilots, (1, 2, 4), strict=True)
    ]
    to = {"factorList": "prov2025-gd-2023"}

    async def walked(first: int) -> list[list[Any]]:
        pages, after = [], None
        while True:
            found = await impacts(world.operator, to=to, first=first, after=after)
            pages.append(found["nodes"])
            assert found["totalCount"] == 3
            if not found["pageInfo"]["hasNextPage"]:
                return pages
            after = found["pageInfo"]["endCursor"]

    def ids(pages: list[list[Any]]) -> list[list[str]]:
        return [[node["inventory"]["id"] for node in page] for page in pages]

    assert ids(await walked(20)) == [[one, two, three]]
    assert ids(await walked(2)) == [[one, two], [three]]
    monkeypatch.setattr(impact, "MOST_LINES", 2)
    monkeypatch.setattr("nzc_api.statements.service.MOST_LINES", 2)
    pages = await walked(20)
    assert ids(pages) == [[one], [two, three]]
    large = pages[1][1]
    assert named(large, FIGURES) == ["1761.200000", None, None]
    assert [why["reason"] for why in large["unknown"]] == ["TOO_MANY_LINES"]
    assert "4 lines" in large["unknown"][0]["message"]["en"]


@pytest.mark.parametrize(
    ("lines", "looked_at"),
    [
        ([], 0),
        ([2_000, 0, 1], 2),
        ([1_999, 1, 1], 2),
        ([2_001, 2_000, 5_000, 1], 3),
        ([0, 0, 0], 3),
    ],
)
def test_how_many_one_page_looks_at(lines: list[int], looked_at: int) -> None:
    assert count_looked_at(lines) == looked_at


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"to": {"factorList": "nobody"}}, ["to", "factorList"]),
        (
            {"from": {"factorList": "nobody"}, "to": {"factorList": "prov2025-gd-2023"}},
            ["from", "factorList"],
        ),
        ({"to": {}}, ["to"]),
        ({"from": {"gwpSet": "SAR"}, "to": {"gwpSet": "SAR"}}, ["to"]),
        ({"to": {"gwpSet": "SAR"}, "pilot": "nobody"}, ["pilot"]),
        ({"to": {"gwpSet": "SAR"}, "first": 101}, ["first"]),
        ({"to": {"gwpSet": "SAR"}, "after": "nobody"}, ["after"]),
    ],
)
async def test_what_cannot_be_asked(
    shared_world: World, given: dict[str, Any], path: list[str]
) -> None:
    error = await shared_world.operator.fail(IMPACT, **given)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == path
    assert error["extensions"]["localizedMessage"]["zh"]


async def test_a_list_may_have_been_issued_anew(shared_world: World) -> None:
    """The same list is another where inventories were begun with an earlier version of it."""
    same = {"factorList": "prov2025-gd-2022"}
    assert (await impacts(shared_world.operator, **{"from": same, "to": same}))["nodes"] == []
