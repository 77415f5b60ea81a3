"""Energy baselines over GraphQL: fitted as of a position, days beside them, and what is refused."""

from typing import Any

import pytest

from tests.metering.test_drafting import billed, metered
from tests.monitoring.explaining import (
    COOLING,
    VARIABLE,
    explained_pilot,
    explaining,
    month,
    varied,
)
from tests.world import Caller, World

FACTS = """id carrier unit step firstDay lastDay readPosition points intercept rSquared cvRmse
    variables { denominatorKind product unit slope least most }"""

BASELINES = f"""query ($id: ID!) {{ pilot(by: {{id: $id}}) {{
    energyBaselines {{ totalCount nodes {{ {FACTS} }} }} }} }}"""

PERFORMANCE = """query ($id: ID!, $from: Date!, $to: Date!, $asOf: BigInt) { node(id: $id) { ... on EnergyBaseline {
    performance(from: $from, to: $to, asOf: $asOf) { expected actual saving
        points { startsAt expected actual saving beyond unknownBecause } } } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def recorded(world: World, pilot: dict[str, Any], **given: Any) -> Any:
    return await world.operator.made(
        "recordEnergyBaseline", f"energyBaseline {{ {FACTS} }}", **explaining(pilot, **given)
    )


async def performance(world: World, baseline: str, **given: Any) -> Any:
    asked = {"from": "2022-07-01", "to": "2022-08-31", "asOf": None} | given
    return (await world.operator.ask(PERFORMANCE, id=baseline, **asked))["node"]["performance"]


async def test_what_was_used_is_explained_and_what_is_saved_follows(world: World) -> None:
    """1,000 kWh and 2 a degree day: July, at 200, would have used 1,400 and used 1,300."""
    pilot = await explained_pilot(world)
    found = await recorded(world, pilot)
    assert (found["unit"], found["points"], found["step"]) == ("kWh", 6, "MONTH")
    assert (found["intercept"], found["rSquared"], found["cvRmse"]) == ("1000", "1", "0")
    assert found["variables"] == [
        VARIABLE | {"product": None, "unit": "degC*d", "slope": "2", "least": "0", "most": "250"}
    ]
    before = await world.head()
    nothing = await performance(world, found["id"])
    assert {point["unknownBecause"] for point in nothing["points"]} == {"USE_MISSING"}
    await billed(world, pilot["meter"], (*month(7), "1300"), (*month(8), "1500"))
    missing = await performance(world, found["id"])
    assert {point["unknownBecause"] for point in missing["points"]} == {"DENOMINATOR_MISSING"}
    await varied(world, pilot, 7, "200")
    await varied(world, pilot, 8, "300")
    july, august = (shown := await performance(world, found["id"]))["points"]
    assert (july["expected"], july["actual"], july["saving"]) == ("1400", "1300", "100")
    assert (august["expected"], august["saving"], august["beyond"]) == ("1600", "100", True)
    assert (july["beyond"], july["unknownBecause"]) == (False, None)
    assert (shown["expected"], shown["actual"], shown["saving"]) == ("3000", "2800", "200")
    then = await performance(world, found["id"], asOf=str(before))
    assert {point["expected"] for point in then["points"]} == {None}
    assert then["saving"] is None


async def test_a_line_that_leads_below_zero_expects_nothing(world: World) -> None:
    """Less use the more it cools: at 300 degree days the line is at zero, beyond at less than nothing."""
    used = [str(1000 - int(days) * 10 // 3) for days in COOLING]
    pilot = await explained_pilot(world, used=used)
    found = await recorded(world, pilot)
    for number, days in ((7, "280"), (8, "400")):
        await billed(world, pilot["meter"], (*month(number), "5"))
        await varied(world, pilot, number, days)
    july, august = (shown := await performance(world, found["id"]))["points"]
    assert july["expected"] is not None
    assert (july["beyond"], july["unknownBecause"]) == (True, None)
    assert (august["expected"], august["actual"], august["saving"]) == (None, "5", None)
    assert (august["beyond"], august["unknownBecause"]) == (True, "BELOW_ZERO")
    assert (shown["expected"], shown["actual"], shown["saving"]) == (None, "10", None)


async def test_what_is_sold_beyond_what_there_is_is_no_use(world: World) -> None:
    """As much sold as bought: the mean would be zero, and nothing is a part of it."""
    pilot = await explained_pilot(world, used=["10"] * 6)
    sold = await metered(world, pilot, "E-2", flow="SOLD")
    quantities = ("5", "15", "7", "13", "8", "12")
    await billed(world, sold, *((*month(n), quantity) for n, quantity in enumerate(quantities, 1)))
    error = await world.operator.refused("recordEnergyBaseline", **explaining(pilot))
    assert (error["code"], error["path"]) == ("BASELINE_USE_UNKNOWN", ["input", "carrier"])
    assert "2022-02-01" in error["message"]["en"]
    assert "BELOW_ZERO" in error["message"]["en"]


async def test_of_a_part_of_a_month_nothing_is_expected(world: World) -> None:
    """What goes with no variable is that of a whole month: 17 days would have saved half of it."""
    baseline = await recorded(world, await explained_pilot(world))
    for first, last in (("2022-07-15", "2022-07-31"), ("2022-07-01", "2022-08-30")):
        asked = {"from": first, "to": last, "asOf": None}
        error = await world.operator.fail(PERFORMANCE, id=baseline["id"], **asked)
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert "整月" in error["extensions"]["localizedMessage"]["zh"]


async def test_as_of_a_position_it_is_what_it_was(world: World) -> None:
    """What is put right afterwards changes a new baseline, and none that was recorded."""
    pilot = await explained_pilot(world)
    at = str(await world.head())
    await varied(world, pilot, 6, "300")
    old, new = await recorded(world, pilot, asOf=at), await recorded(world, pilot)
    assert (old["readPosition"], old["rSquared"]) == (at, "1")
    assert new["rSquared"] < "1"
    listed = (await world.operator.ask(BASELINES, id=pilot["id"]))["pilot"]["energyBaselines"]
    assert listed == {"totalCount": 2, "nodes": [old, new]}


@pytest.mark.parametrize(("caller", "seen"), [("other_operator", 0), ("anyone", 0), ("auditor", 1)])
async def test_it_is_seen_by_who_sees_the_meters(world: World, caller: str, seen: int) -> None:
    pilot = await explained_pilot(world)
    found = await recorded(world, pilot)
    asking: Caller = getattr(world, caller)
    listed = (await asking.ask(BASELINES, id=pilot["id"]))["pilot"]["energyBaselines"]
    assert (listed["totalCount"], len(listed["nodes"])) == (seen, seen)
    one = await asking.ask("query ($id: ID!) { node(id: $id) { id } }", id=found["id"])
    assert (one["node"] is not None) is bool(seen)


OCCUPANTS = {"denominatorKind": "EMPLOYEES"}

REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "by the hour": ({"step": "HOUR"}, "INVALID_INPUT", "step"),
    "by the year": ({"step": "YEAR"}, "INVALID_INPUT", "step"),
    "of a part of a month": (
        {"days": {"startsOn": "2022-01-02", "endsOn": "2022-06-30"}}, "INVALID_INPUT", "days",
    ),
    "by nothing": ({"variables": []}, "INVALID_INPUT", "variables"),
    "by too many": ({"variables": [VARIABLE] * 7}, "INVALID_INPUT", "variables"),
    "by one twice": ({"variables": [VARIABLE, VARIABLE]}, "INVALID_INPUT", "variables.1.denominatorKind"),
    "by a product without a name": (
        {"variables": [{"denominatorKind": "PRODUCT"}]}, "INVALID_INPUT", "variables.0.product",
    ),
    "of days the wrong way about": (
        {"days": {"startsOn": "2022-06-30", "endsOn": "2022-01-01"}}, "DATES_OUT_OF_ORDER", "to",
    ),
    "of two steps for a variable": (
        {"days": {"startsOn": "2022-01-01", "endsOn": "2022-02-28"}}, "TOO_FEW_BASELINE_POINTS", "days",
    ),
    "of a carrier that is not metered": ({"carrier": "HEAT"}, "BASELINE_USE_UNKNOWN", "carrier"),
    "of units that do not convert": ({"carrier": "STEAM"}, "INVALID_INPUT", "carrier"),
    "of days with a gap": (
        {"days": {"startsOn": "2022-01-01", "endsOn": "2022-07-31"}}, "BASELINE_USE_UNKNOWN", "carrier",
    ),
    "by what was not recorded": (
        {"variables": [{"denominatorKind": "OUTPUT_VALUE"}]}, "BASELINE_VARIABLE_UNKNOWN",
        "variables.0.denominatorKind",
    ),
    "by what does not vary": (
        {"variables": [VARIABLE, OCCUPANTS]}, "BASELINE_CONSTANT", "variables.1.denominatorKind",
    ),
    "by what others make": (
        {"variables": [VARIABLE, {"denominatorKind": "PASSENGER_KM"}]}, "BASELINE_VARIABLES_COLLINEAR",
        "variables.1.denominatorKind",
    ),
    "as of a position to come": ({"asOf": str(1 << 40)}, "INVALID_INPUT", "asOf"),
}  # fmt: skip


async def test_what_is_refused(world: World) -> None:
    """Each names its field and what would be right, and nothing is written."""
    pilot = await explained_pilot(world)
    for number in range(1, 7):
        await varied(world, pilot, number, "50", denominatorKind="EMPLOYEES")
        more = str(100 + 3 * number * number)
        await varied(world, pilot, number, more, denominatorKind="VEHICLE_KM")
    for number, value in enumerate(("5", "25", "85", "185", "325", "505"), 1):
        await varied(world, pilot, number, value, denominatorKind="PASSENGER_KM")
    for code, unit in (("S-1", "t"), ("S-2", "GJ")):
        await metered(world, pilot, code, carrier="STEAM", unit=unit)
    before = await world.head()
    for what, (given, code, path) in REFUSED.items():
        error = await world.operator.refused("recordEnergyBaseline", **explaining(pilot, **given))
        assert (error["code"], ".".join(error["path"])) == (code, f"input.{path}"), what
        assert error["message"]["zh"]
        assert error["message"]["en"]
    assert await world.head() == before


async def test_a_use_that_is_always_the_same_is_not_explained(world: World) -> None:
    pilot = await explained_pilot(world, used=["1000"] * 6)
    error = await world.operator.refused("recordEnergyBaseline", **explaining(pilot))
    assert (error["code"], error["path"]) == ("BASELINE_CONSTANT", ["input", "carrier"])


async def test_only_degree_days_may_be_none(world: World) -> None:
    pilot = await world.pilot()
    said = {"firstDay": "2022-01-01", "lastDay": "2022-01-31", "value": "0", "source": "气象站"}
    error = await world.operator.refused(
        "recordDenominator", pilot=pilot["id"], denominatorKind="EMPLOYEES", **said
    )
    assert error["code"] == "DENOMINATOR_NOT_POSITIVE"
    await varied(world, pilot, 1, "0", denominatorKind="HEATING_DEGREE_DAYS")
