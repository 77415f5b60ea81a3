"""Only what is known is a number: what is not is null with a reason, never 0."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.statements.test_net_emissions import line
from tests.world import World

STATEMENT = """
    query ($id: ID!, $year: Int!, $basis: Basis!, $asOf: BigInt) {
        pilot(by: {id: $id}) { netEmissions(period: {year: $year}, basis: $basis, asOf: $asOf) {
            netCo2e creditsToZero furtherCreditsToZero surplusCo2e
            unknown { reason message { zh en } gwpSets categories }
            notes { code message { zh en } families { zh en } }
            gross { co2e byCategory { category co2e gases { gas tonnes co2e } } byGas { gas tonnes co2e } }
            sinks { measuredCo2e soldCo2e co2e }
            memoSources { co2e }
            purchasedReductions { quantity counted notCounted { zh en } retiredQuantity
                forestryQuantity shortfallQuantity byMechanism { mechanism quantity }
                invalidated { nodes { quantity } } retirements { nodes { quantity } } }
            coverage { status }
        } } }
"""

DERIVED = ("netCo2e", "creditsToZero", "furtherCreditsToZero", "surplusCo2e")

FOREST = "forest.carbonforest.rule"

SCOPE = ["ENERGY_ACTIVITIES", "INDUSTRIAL_PROCESSES", "AGRICULTURE", "LUCF", "WASTE"]


async def statement(
    world: World, pilot: dict[str, Any], year: int = 2022, basis: str = "OPERATIONAL", **given: Any
) -> Any:
    variables = {"id": pilot["id"], "year": year, "basis": basis} | given
    return (await world.auditor.ask(STATEMENT, **variables))["pilot"]["netEmissions"]


def electricity(kwh: str, factor: str = "elec.guangdong.avg.2022") -> dict[str, Any]:
    return line("ENERGY_CONSUMPTION", factor, kwh, "kWh")


async def retire(world: World, pilot: dict[str, Any], prefix: str, tonnes: int) -> None:
    await world.issue(await world.project(), prefix, 1, tonnes)
    given = world.retirement(pilot, prefix, 1, tonnes)
    await world.registry.made("retireCredits", "retirement { id }", **given)


def derived(found: Any) -> set[Any]:
    return {found["gross"]["co2e"], *(found[name] for name in DERIVED)}


async def test_without_an_inventory_nothing_is_known_but_what_was_retired(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    await retire(world, pilot, "GD-N", 2160)
    cases: tuple[tuple[dict[str, Any], str], ...] = (({}, "2160"), ({"asOf": str(before)}, "0"))
    for at, retired in cases:
        found = await statement(world, pilot, **at)
        assert derived(found) == {None}
        assert [reason["reason"] for reason in found["unknown"]] == ["NO_INVENTORY"]
        assert found["unknown"][0]["message"] == {
            "zh": "该核算期没有按此口径提交且您可见的清单，排放量未知",
            "en": "No inventory that you see was submitted for the period on this basis: the emissions "
            "are not known",
        }
        assert found["coverage"]["status"] == "NONE"
        bought = found["purchasedReductions"]
        assert (bought["quantity"], bought["retiredQuantity"]) == (retired, retired)
        assert bought["counted"] is True
        assert bought["notCounted"] is None


@pytest.mark.parametrize(
    ("record", "sinks"),
    [
        (line("WASTE", "measured.co2", "5", "tCO2"), False),
        (line("FORESTRY_SINK", FOREST, "5", "亩"), True),
    ],
    ids=["memo lines only", "sinks only"],
)
async def test_where_no_source_counts_nothing_is_known(
    world: World, record: dict[str, Any], sinks: bool
) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, record, sinks=sinks)
    await world.submit(inventory)
    await retire(world, pilot, "GD-S", 3)
    found = await statement(world, pilot)
    assert derived(found) == {None}
    assert found["gross"]["byCategory"] == []
    assert [(unknown["reason"], unknown["categories"]) for unknown in found["unknown"]] == [
        ("NO_SOURCES", ["ENERGY_CONSUMPTION"])
    ]
    assert "能源消耗（ENERGY_CONSUMPTION）" in found["unknown"][0]["message"]["zh"]
    assert found["sinks"]["co2e"] == ("5.000000" if sinks else "0.000000")
    assert found["purchasedReductions"]["quantity"] == "3"
    assert found["coverage"]["status"] == "PARTIAL"


async def test_what_is_declared_not_to_occur_is_known_to_be_nothing(world: World) -> None:
    """All of it; where one category is left open it is not, and another inventory closes nothing."""
    pilot = await world.pilot("TOWN")
    halves = [("2022-01-01", "2022-06-30", SCOPE[:-1]), ("2022-07-01", "2022-12-31", SCOPE[1:])]
    inventories = []
    for first, last, declared in halves:
        covers = {"startsOn": first, "endsOn": last}
        inventory = await world.inventory(pilot, covers=covers, notOccurring=declared)
        await world.submit(inventory)
        inventories.append(inventory)
    found = await statement(world, pilot)
    assert derived(found) == {None}
    assert found["unknown"][0]["categories"] == ["ENERGY_ACTIVITIES", "WASTE"]
    for inventory in inventories:
        revision = await world.operator.made(
            "reviseInventory", "inventory { id }", inventory=inventory, notOccurring=SCOPE
        )
        await world.submit(revision["id"])
    found = await statement(world, pilot)
    assert found["unknown"] == []
    nothing = {"netCo2e": "0.000000", "surplusCo2e": "0.000000"}
    nothing |= {"creditsToZero": "0", "furtherCreditsToZero": "0"}
    assert found["gross"]["co2e"] == "0.000000"
    assert {name: found[name] for name in DERIVED} == nothing
    # No town emits nothing.
    assert found["coverage"]["status"] == "PARTIAL"


async def halves(world: World, *given: dict[str, Any]) -> dict[str, Any]:
    """A park with an inventory of each half of a year: methane and refrigerant leak from it."""
    pilot = await world.pilot("PARK")
    days = (("2022-01-01", "2022-06-30"), ("2022-07-01", "2022-12-31"))
    for (first, last), more in zip(days, given, strict=True):
        covers = {"startsOn": first, "endsOn": last}
        inventory = await world.inventory(pilot, covers=covers, **more)
        await world.record(
            inventory,
            line("WASTE", "measured.ch4", "10", "tCH4"),
            line("INDUSTRIAL_PROCESSES", "measured.hcfc22", "3", "kgHCFC22"),
        )
        await world.record(inventory, line("FORESTRY_SINK", FOREST, "4", "亩·年"), sinks=True)
        await world.submit(inventory)
    return pilot


async def test_methods_for_electricity_are_not_mixed(world: World) -> None:
    pilot = await halves(world, {}, {"electricityMethod": "MARKET_BASED"})
    found = await statement(world, pilot)
    assert derived(found) == {None}
    [unknown] = found["unknown"]
    assert unknown["reason"] == "ELECTRICITY_METHODS_DIFFER"
    assert "LOCATION_BASED" in unknown["message"]["en"]
    assert "MARKET_BASED" in unknown["message"]["zh"]


async def test_sets_of_warming_potentials_are_not_mixed(world: World) -> None:
    """The masses are known, and the sinks, which are CO2; no CO2e over both halves is."""
    pilot = await halves(world, {"gwpSet": "SAR"}, {"gwpSet": "AR6"})
    found = await statement(world, pilot)
    assert derived(found) == {None}
    assert [(unknown["reason"], unknown["gwpSets"]) for unknown in found["unknown"]] == [
        ("GWP_SETS_DIFFER", ["SAR", "AR6"])
    ]
    assert "SAR, AR6" in found["unknown"][0]["message"]["en"]
    methane = {"gas": "CH4", "tonnes": "20.000000", "co2e": None}
    assert found["gross"]["byGas"] == [methane]
    assert found["gross"]["byCategory"] == [{"category": "WASTE", "co2e": None, "gases": [methane]}]
    assert found["memoSources"] == [{"co2e": None}]
    assert found["sinks"]["co2e"] == "8.000000"

    same = await statement(world, await halves(world, {"gwpSet": "SAR"}, {"gwpSet": "SAR"}))
    assert same["unknown"] == []
    assert same["gross"]["co2e"] == "420.000000"
    assert same["netCo2e"] == "412.000000"


async def test_families_of_factors_are_not_mixed_unnoticed(world: World) -> None:
    pilot = await halves(
        world, {"factorList": "prov2025-gd-2022"}, {"factorList": "ipcc2006-national-2022"}
    )
    found = await statement(world, pilot)
    assert found["gross"]["co2e"] == "560.000000", "it is said, and the numbers stand"
    families = [
        {"zh": "省级温室气体清单编制指南（2025年版）燃料",
         "en": "fuels of the provincial inventory guidelines (2025)"},
        {"zh": "IPCC 2006 指南燃料（含CH4、N2O）",
         "en": "fuels of the IPCC 2006 guidelines (with CH4, N2O)"},
    ]  # fmt: skip
    [note] = found["notes"]
    assert (note["code"], note["families"]) == ("FACTOR_LISTS_DIFFER", families)
    for name in families:
        assert name["zh"] in note["message"]["zh"]
        assert name["en"] in note["message"]["en"]
    # Another grid is another list, of the same family.
    same = {"factorList": "prov2025-south-2022"}
    assert (await statement(world, await halves(world, {}, same)))["notes"] == []


async def test_a_purchase_is_of_the_operating_account(world: World) -> None:
    """A survey and a projection show what was retired, and what would be needed; it does not count."""
    pilot = await world.pilot()
    kwh = {"OPERATIONAL": "1000000", "HISTORICAL": "2000000", "PROJECTED": "500000"}
    for basis, amount in kwh.items():
        inventory = await world.inventory(pilot, basis=basis)
        await world.record(inventory, electricity(amount))
        await world.submit(inventory)
    await retire(world, pilot, "GD-O", 100)
    await world.registry.made(
        "invalidateCredits",
        "posting { id }",
        target={"serials": {"programme": "CCER", "block": {"text": "GD-O-1 to 30"}}},
        document="粤环函〔2025〕1号",
        reason="撤销",
    )
    nets = {
        "OPERATIONAL": ("370.300000", "441", "371"),
        "HISTORICAL": ("880.600000", "881", "881"),
        "PROJECTED": ("220.150000", "221", "221"),
    }
    for basis, expected in nets.items():
        found = await statement(world, pilot, basis=basis)
        needed = tuple(found[n] for n in ("netCo2e", "creditsToZero", "furtherCreditsToZero"))
        assert needed == expected
        counts = basis == "OPERATIONAL"
        bought = found["purchasedReductions"]
        assert bought["counted"] is counts
        assert (bought["quantity"], bought["retiredQuantity"]) == ("70" if counts else "0", "70")
        assert bought["shortfallQuantity"] == ("30" if counts else "0")
        assert bought["invalidated"]["nodes"] == [{"quantity": "30"}]
        assert sum(int(mechanism["quantity"]) for mechanism in bought["byMechanism"]) == 70
        assert (bought["notCounted"] is None) is counts


# What may be recorded next in a pilot's inventory: a source that counts, one that does not, a sink.
LINES = {
    "BUILDING_EXISTING": ("ENERGY_CONSUMPTION", "WASTE"),
    "TOWN": ("WASTE", "OTHER"),
}
SOURCES_IN_SCOPE = {"BUILDING_EXISTING": ["ENERGY_CONSUMPTION"], "TOWN": SCOPE}

KINDS = ("source", "cleared", "memo", "sink", "retire", "export", "generated")

steps = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9)), max_size=4)


@dataclass
class Recorded:
    """What is known of a pilot's year, by what was accepted."""

    nothing_occurs: bool
    sources: list[int] = field(default_factory=list)
    exported: int = 0
    sinks: int = 0
    retired: int = 0

    @property
    def gross(self) -> Decimal | None:
        is_known = self.sources or self.nothing_occurs
        return Decimal(sum(self.sources) - self.exported) if is_known else None

    @property
    def net(self) -> Decimal | None:
        return None if self.gross is None else self.gross - self.sinks - self.retired


@given(st.sampled_from(sorted(LINES)), st.data(), steps)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_number_comes_from_what_is_not_known(
    world: World, variant: str, data: st.DataObject, story: list[tuple[str, int]]
) -> None:
    """Whatever is accepted: a source never lowers the gross, an export never raises it, a sink never raises
    the net, and only what says something about emissions makes them known."""
    declared = data.draw(st.sets(st.sampled_from(SOURCES_IN_SCOPE[variant])))
    pilot = await world.pilot(variant)
    recorded = Recorded(declared == set(SOURCES_IN_SCOPE[variant]))
    current = await world.inventory(pilot, notOccurring=sorted(declared))
    if not declared:
        await world.record(current, line("OTHER", "measured.co2", "1", "tCO2"))
    await world.submit(current)
    before = await agrees(world, pilot, recorded)
    for kind, tonnes in story:
        current = await take(world, pilot, variant, current, recorded, kind, tonnes)
        after = await agrees(world, pilot, recorded)
        if kind not in ("source", "cleared"):
            assert (before.gross is None) == (after.gross is None)
        if kind == "sink" and before.net is not None:
            assert after.net is not None
            assert after.net <= before.net
        if kind not in ("sink", "retire") and before.gross is not None:
            assert after.gross is not None
            assert after.gross <= before.gross if kind == "export" else after.gross >= before.gross
        before = after


@dataclass
class Read:
    gross: Decimal | None
    net: Decimal | None


async def agrees(world: World, pilot: dict[str, Any], recorded: Recorded) -> Read:
    found = await statement(world, pilot)
    gross, net = (
        None if value is None else Decimal(value)
        for value in (found["gross"]["co2e"], found["netCo2e"])
    )
    assert (gross, net) == (recorded.gross, recorded.net)
    assert (found["unknown"] == []) == (gross is not None)
    assert found["purchasedReductions"]["quantity"] == str(recorded.retired)
    if gross is None:
        assert derived(found) == {None}
    return Read(gross, net)


async def take(
    world: World,
    pilot: dict[str, Any],
    variant: str,
    current: str,
    recorded: Recorded,
    kind: str,
    tonnes: int,
) -> str:
    """One step: the inventory that now stands."""
    if kind == "retire":
        if tonnes:
            await retire(world, pilot, f"GD-{await world.head()}", tonnes)
        recorded.retired += tonnes
        return current
    draft = await world.operator.made("reviseInventory", "inventory { id }", inventory=current)
    counted, memo = LINES[variant]
    new = {
        "source": line(counted, "measured.co2", str(tonnes), "tCO2"),
        "cleared": line("LUCF", "measured.co2", str(tonnes), "tCO2"),
        "memo": line(memo, "measured.co2", str(tonnes), "tCO2"),
        "export": line("EXPORTED_HEAT", "heat.default", str(100 * tonnes), "GJ"),
        "generated": line("OWN_GENERATION", "own.pv", str(tonnes), "kWh"),
        "sink": line("FORESTRY_SINK", FOREST, str(tonnes), "亩"),
    }[kind]
    verb, name = (
        ("recordSinks", "sinks") if kind == "sink" else ("recordEmissionSources", "sources")
    )
    payload = await world.operator.do(verb, "", inventory=draft["id"], **{name: [new]})
    await world.submit(draft["id"])
    if payload["__typename"].endswith("Success"):
        recorded.sources += [tonnes] if kind in ("source", "cleared") else []
        recorded.exported += 11 * tonnes if kind == "export" else 0
        recorded.sinks += tonnes if kind == "sink" else 0
    return str(draft["id"])
