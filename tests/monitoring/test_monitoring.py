"""Denominators and monitoring, over GraphQL: by hand, as of positions, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nzc_api.ids import MeterId, PilotId
from nzc_api.monitoring.model import Denominator, DenominatorKind, RecordDenominator
from nzc_api.monitoring.rules import (
    MOST_DENOMINATORS,
    MOST_KINDS,
    MOST_METERS,
    check_beside,
    check_meters,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput
from tests.inventories.test_certificates import certificates, green
from tests.metering.test_drafting import billed, draft, metered, source
from tests.world import World

AREA = {"denominatorKind": "FLOOR_AREA", "firstDay": "2022-01-01", "lastDay": "2022-12-31", "value": "1000",
        "source": "不动产权证书"}  # fmt: skip

MONITORING = """query ($id: ID!, $from: Date!, $to: Date!, $step: Step!, $annualised: Boolean!, $asOf: BigInt) {
    node(id: $id) { ... on Pilot { monitoring(from: $from, to: $to, step: $step, annualised: $annualised, asOf: $asOf) {
        series { carrier flow unit meterCount unaccountedMeterCount points {
            startsAt quantity estimatedQuantity co2e cost measuredShare knownShare costKnownShare } }
        intensities { numerator denominatorKind product unit points {
            startsAt value numerator denominator annualised unknownBecause } } } } } }"""


async def monitoring(world: World, pilot: Any, first: str, last: str, **given: Any) -> Any:
    asked = {"from": first, "to": last, "step": "YEAR", "annualised": False} | given
    found = await world.operator.ask(MONITORING, id=pilot["id"], **asked)
    return found["node"]["monitoring"]


async def record(world: World, pilot: Any, **given: Any) -> Any:
    return await world.operator.made(
        "recordDenominator", "denominator { id value unit }", pilot=pilot["id"], **AREA | given
    )


def values(found: Any, numerator: str, kind: str) -> list[tuple[str | None, str | None]]:
    [one] = [
        intensity for intensity in found["intensities"]
        if (intensity["numerator"], intensity["denominatorKind"]) == (numerator, kind)
    ]  # fmt: skip
    return [(point["value"], point["unknownBecause"]) for point in one["points"]]


async def accounted_pilot(world: World) -> Any:
    """A building with a year of bills: power of 36,500 kWh in the year, in kWh and MWh, and 730 m3 of water; its
    inventory has the power, and was handed in."""
    pilot = await world.pilot()
    power = await metered(world, pilot)
    other = await metered(world, pilot, "E-2", unit="MWh")
    water = await metered(world, pilot, "W-1", carrier="WATER", unit="m3")
    await billed(
        world,
        power,
        ("2021-12-17", "2022-06-30", "19600"),
        ("2022-07-01", "2022-12-31", "5520"),
        cost="100",
    )
    await billed(world, other, ("2022-01-01", "2022-12-31", "12.88"), estimated=True)
    await billed(world, water, ("2022-01-01", "2022-12-31", "730"))
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(power), source(other, label="第二路"))
    await world.submit(inventory)
    return pilot


async def test_a_year_by_hand(world: World) -> None:
    pilot = await accounted_pilot(world)
    await record(world, pilot)
    await record(world, pilot, denominatorKind="EMPLOYEES", value="50")
    await record(world, pilot, denominatorKind="OUTPUT_VALUE", value="7300", lastDay="2023-12-31")
    found = await monitoring(world, pilot, "2022-01-01", "2022-12-31")
    power, water = found["series"]
    assert (power["carrier"], power["unit"], power["meterCount"]) == ("ELECTRICITY", "kWh", 2)
    assert (power["unaccountedMeterCount"], water["unaccountedMeterCount"]) == (0, 1)
    # 181 of 196 days of the first bill at 100 kWh, the whole second one, and 12.88 MWh.
    [point] = power["points"]
    assert (point["quantity"], point["estimatedQuantity"]) == ("36500", "12880")
    # 36,500 kWh at 0.4403 kgCO2/kWh.
    assert point["co2e"] == "16.070950"
    # 100 yuan of the second bill, and 181/196 of the first.
    assert (point["cost"], point["costKnownShare"]) == ("192.346939", "0.5")
    assert (point["measuredShare"], point["knownShare"]) == ("0.5", "1")
    [point] = water["points"]
    assert (point["quantity"], point["co2e"], point["cost"]) == ("730", None, None)
    assert {(each["numerator"], each["denominatorKind"]): each["unit"] for each in found["intensities"]} == {
        ("ELECTRICITY", "FLOOR_AREA"): "kWh/m2", ("CO2E", "FLOOR_AREA"): "kg/m2",
        ("CO2E", "EMPLOYEES"): "t/person", ("CO2E", "OUTPUT_VALUE"): "t/10^4 yuan",
    }  # fmt: skip
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [("36.5", None)]
    assert values(found, "CO2E", "FLOOR_AREA") == [("16.07095", None)]
    assert values(found, "CO2E", "EMPLOYEES") == [("0.321419", None)]
    # A year of the 7,300 of two.
    assert values(found, "CO2E", "OUTPUT_VALUE") == [("0.004403", None)]


async def test_part_years_are_annualised_only_where_that_is_asked(world: World) -> None:
    pilot = await accounted_pilot(world)
    await record(world, pilot)
    asked = {"first": "2022-07-01", "last": "2022-09-30", "step": "MONTH"}
    found = await monitoring(world, pilot, **asked)
    # July: 31 days at 30 kWh, and 31/365 of 12.88 MWh, to 6 decimals of one.
    assert values(found, "ELECTRICITY", "FLOOR_AREA")[0] == ("2.023918", None)
    assert not any(
        p["annualised"] for intensity in found["intensities"] for p in intensity["points"]
    )
    found = await monitoring(world, pilot, **asked, annualised=True)
    # × 365/31.
    assert values(found, "ELECTRICITY", "FLOOR_AREA")[0] == ("23.830002258065", None)
    assert all(p["annualised"] for intensity in found["intensities"] for p in intensity["points"])
    # A whole year is as it is.
    found = await monitoring(world, pilot, "2022-01-01", "2022-12-31", annualised=True)
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [("36.5", None)]
    assert not any(
        p["annualised"] for intensity in found["intensities"] for p in intensity["points"]
    )


async def test_what_is_not_known_is_not_known(world: World) -> None:
    pilot = await world.pilot()
    await record(world, pilot)
    found = await monitoring(world, pilot, "2022-01-01", "2022-12-31")
    assert found["series"] == []
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [(None, "NOT_METERED")]
    power = await metered(world, pilot)
    await billed(world, power, ("2022-01-01", "2022-12-30", "36400"))
    found = await monitoring(world, pilot, "2022-01-01", "2022-12-31")
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [(None, "USE_MISSING")]
    assert values(found, "CO2E", "FLOOR_AREA") == [(None, "CO2E_UNKNOWN")]
    await billed(world, power, ("2022-12-31", "2023-01-31", "3200"))
    found = await monitoring(world, pilot, "2022-01-01", "2023-01-31")
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [
        ("36.5", None), (None, "DENOMINATOR_MISSING"),
    ]  # fmt: skip


async def test_what_was_used_before_the_first_meter_is_not_known(world: World) -> None:
    """It was told as nothing, and a year with a meter from July on as what July to December used."""
    pilot = await world.pilot()
    await record(world, pilot, firstDay="2021-01-01", lastDay="2023-12-31")
    power = await metered(world, pilot, validFrom="2022-07-01")
    await billed(
        world, power, ("2022-07-01", "2022-12-31", "5520"), ("2023-01-01", "2023-12-31", "10950")
    )
    found = await monitoring(world, pilot, "2021-01-01", "2023-12-31")
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [
        (None, "NOT_METERED"), (None, "NOT_METERED"), ("10.95", None),
    ]  # fmt: skip
    # One that takes the place of another one that ended is all that is asked of a year.
    old = await metered(world, pilot, "E-0", validFrom="2021-01-01", validTo="2022-06-30")
    await billed(
        world, old, ("2021-01-01", "2021-12-31", "3650"), ("2022-01-01", "2022-06-30", "1810")
    )
    found = await monitoring(world, pilot, "2021-01-01", "2023-12-31")
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [
        ("3.65", None), ("7.33", None), ("10.95", None),
    ]  # fmt: skip


SHARE = """query ($id: ID!, $asOf: BigInt) { node(id: $id) { ... on Pilot {
    monitoring(from: "2022-01-01", to: "2022-12-31", asOf: $asOf) { meteredShare } } } }"""


async def test_which_part_of_what_is_emitted_is_metered(world: World) -> None:
    """36,500 kWh at 0.4403 kg beside 16.07095 t of a fleet without a meter: half, which no intensity has."""
    pilot = await accounted_pilot(world)
    head = await world.head()

    async def share(at: int | None) -> str | None:
        found = await world.operator.ask(SHARE, id=pilot["id"], asOf=at and str(at))
        metered_share: str | None = found["node"]["monitoring"]["meteredShare"]
        return metered_share

    assert await share(None) == "1"
    made = ("reviseInventory", "inventory { id }")
    found = await world.auditor.ask(
        "query ($id: ID!) { pilot(by: {id: $id}) { inventories { nodes { id } } } }", id=pilot["id"]
    )
    [first] = found["pilot"]["inventories"]["nodes"]
    revision = (await world.operator.made(*made, inventory=first["id"]))["id"]
    fleet = {"category": "ENERGY_CONSUMPTION", "label": "车队", "factor": "measured.co2",
             "activity": {"value": "16.07095", "unit": "tCO2"}}  # fmt: skip
    await world.record(revision, fleet)
    await world.submit(revision)
    assert (await share(None), await share(head)) == ("0.5", "1")
    nobody = await world.pilot()
    found = await world.operator.ask(SHARE, id=nobody["id"], asOf=None)
    assert found["node"]["monitoring"] == {"meteredShare": None}


async def test_what_is_bought_is_known_whole_or_not_at_all(world: World) -> None:
    """Power that is generated since 2022 does not tell what was bought before the meter of that, in July; nor does the
    line of power tell what gas emits of which there is none."""
    pilot = await world.pilot()
    await record(world, pilot, lastDay="2023-12-31")
    solar = await metered(
        world, pilot, "PV", flow="GENERATED", supplyPoint=None, validFrom="2022-01-01"
    )
    power = await metered(world, pilot, validFrom="2022-07-01")
    await billed(
        world, solar, ("2022-01-01", "2022-12-31", "3650"), ("2023-01-01", "2023-12-31", "3650")
    )
    await billed(
        world, power, ("2022-07-01", "2022-12-31", "5520"), ("2023-01-01", "2023-12-31", "10950")
    )
    inventory = await world.inventory(pilot)
    own = source(solar, category="OWN_GENERATION", factor="own.pv")
    await draft(world, inventory, source(power), own)
    await world.submit(inventory)
    asked = (pilot, "2022-01-01", "2023-12-31")
    found = await monitoring(world, *asked)
    assert values(found, "ELECTRICITY", "FLOOR_AREA") == [(None, "NOT_METERED"), ("14.6", None)]
    assert values(found, "CO2E", "FLOOR_AREA") == [(None, "NOT_METERED"), ("4.821285", None)]

    # Water has no factor; gas has, and nobody said which.
    await metered(world, pilot, "W-1", carrier="WATER", unit="m3")
    assert values(await monitoring(world, *asked), "CO2E", "FLOOR_AREA")[1] == ("4.821285", None)
    await metered(world, pilot, "G-1", carrier="GAS", unit="m3", validFrom="2023-12-01")
    found = await monitoring(world, *asked)
    assert values(found, "CO2E", "FLOOR_AREA") == [(None, "NOT_METERED"), (None, "CO2E_UNKNOWN")]


async def test_power_at_zero_by_market_is_not_zero_by_location(world: World) -> None:
    """What a grid emits for it was told as nothing: the line names no grid."""
    pilot = await world.pilot()
    power = await metered(world, pilot)
    await billed(world, power, ("2022-01-01", "2022-12-31", "10000"))
    inventory = await world.inventory(pilot, electricityMethod="MARKET_BASED")
    certified = green(certificates("GEC-M"))
    zero = {name: certified[name] for name in ("ownFactor", "zeroFactorBasis")} | {"factor": None}
    await draft(world, inventory, source(power, **zero))
    await world.submit(inventory)
    found = await monitoring(world, pilot, "2022-01-01", "2022-12-31")
    [series] = found["series"]
    assert (series["unaccountedMeterCount"], series["points"][0]["co2e"]) == (1, None)


async def test_as_of_before_it_nothing_differs(world: World) -> None:
    pilot = await accounted_pilot(world)
    await record(world, pilot)
    head = await world.head()
    before = await monitoring(world, pilot, "2022-01-01", "2022-12-31")
    await record(world, pilot, value="500")
    assert values(await monitoring(world, pilot, "2022-01-01", "2022-12-31"), "ELECTRICITY", "FLOOR_AREA") == [
        ("73", None)]  # fmt: skip
    await world.operator.made(
        "recordDenominator", "denominator { id }", pilot=pilot["id"], **AREA | {"value": None}
    )
    assert (await monitoring(world, pilot, "2022-01-01", "2022-12-31"))["intensities"] == []
    then = await monitoring(world, pilot, "2022-01-01", "2022-12-31", asOf=str(head))
    assert then == before
    listed = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Pilot { denominators { totalCount nodes {
            denominatorKind value unit firstDay lastDay source pilot { code } } } } } }""",
        id=pilot["id"],
    )
    nodes = listed["node"]["denominators"]["nodes"]
    assert [denominator["value"] for denominator in nodes] == ["1000", "500", None]
    assert nodes[0] == {
        "denominatorKind": "FLOOR_AREA", "value": "1000", "unit": "m2", "firstDay": "2022-01-01",
        "lastDay": "2022-12-31", "source": "不动产权证书", "pilot": {"code": pilot["code"]},
    }  # fmt: skip


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "zero": ({"value": "0"}, "DENOMINATOR_NOT_POSITIVE", "value"),
    "less than nothing": ({"value": "-3"}, "DENOMINATOR_NOT_POSITIVE", "value"),
    "too many decimals": ({"value": "1.0000001"}, "INVALID_INPUT", "value"),
    "taking back what is not there": ({"value": None}, "INVALID_INPUT", "value"),
    "days in no order": ({"lastDay": "2021-12-31"}, "DATES_OUT_OF_ORDER", "lastDay"),
    "days of another age": ({"firstDay": "1888-01-01"}, "INVALID_INPUT", "firstDay"),
    "output to come": ({"denominatorKind": "OUTPUT_VALUE", "lastDay": "2099-12-31"}, "INVALID_INPUT", "lastDay"),
    "a product without a name": ({"denominatorKind": "PRODUCT"}, "INVALID_INPUT", "product"),
    "a name without a product": ({"product": "水泥（t）"}, "INVALID_INPUT", "product"),
    "no source": ({"source": "无"}, "INVALID_INPUT", "source"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
async def test_what_cannot_be_is_refused(shared_world: World, what: str) -> None:
    given, code, field = BAD[what]
    pilot = await shared_world.pilot()
    head = await shared_world.head()
    error = await shared_world.operator.refused(
        "recordDenominator", pilot=pilot["id"], **AREA | given
    )
    assert (error["code"], error["path"][-1]) == (code, field), error
    assert await shared_world.head() == head


async def test_a_day_has_one_amount(shared_world: World) -> None:
    pilot = await shared_world.pilot()
    await record(shared_world, pilot)
    given = AREA | {"firstDay": "2022-12-31", "lastDay": "2023-12-31"}
    error = await shared_world.operator.refused("recordDenominator", pilot=pilot["id"], **given)
    assert (error["code"], error["path"][-1]) == ("DENOMINATOR_OVERLAPS", "firstDay")
    cement = {"denominatorKind": "PRODUCT", "product": "水泥（t）"}
    assert (await record(shared_world, pilot, **cement))["unit"] == "水泥（t）"
    await record(shared_world, pilot, denominatorKind="PRODUCT", product="熟料（t）")


def test_so_many_count_at_once() -> None:
    """Of 20 kinds and products; another amount of one of them may be."""
    days = DateSpan(date(2022, 1, 1), date(2022, 12, 31))
    later = DateSpan(date(2023, 1, 1), date(2023, 12, 31))
    counting = [
        Denominator(
            id=n,
            pilot_id=PilotId(1),
            kind=DenominatorKind.PRODUCT,
            product=f"P{n}",
            days=days,
            value=Decimal(1),
            source="算例",
        )
        for n in range(MOST_KINDS)
    ]

    def recording(product: str) -> RecordDenominator:
        kind = DenominatorKind.PRODUCT
        return RecordDenominator(
            pilot_id=PilotId(1),
            kind=kind,
            product=product,
            days=later,
            value=Decimal(1),
            source="算例",
        )

    assert check_beside(recording("P0"), counting) is None
    refused = check_beside(recording("another"), counting)
    assert refused is not None
    assert (refused.code, refused.path) == ("INVALID_INPUT", ("pilot",))


def test_so_many_meters_are_read_at_once() -> None:
    assert check_meters([MeterId(1)] * MOST_METERS) is None
    refused = check_meters([MeterId(1)] * (MOST_METERS + 1))
    assert isinstance(refused, InvalidInput)
    assert (refused.path, refused.value) == (("pilot",), ">1000")


def test_the_last_of_so_many_is_put_right() -> None:
    """Of 1,000 each can be recorded again, which makes no more of them."""
    first, kind = date(2020, 1, 1), DenominatorKind.EMPLOYEES
    days = [
        DateSpan(day, day) for day in (first + timedelta(n) for n in range(MOST_DENOMINATORS + 1))
    ]
    counting = [
        Denominator(
            id=n,
            pilot_id=PilotId(1),
            kind=kind,
            product=None,
            days=span,
            value=Decimal(1),
            source="算例",
        )
        for n, span in enumerate(days[:-1])
    ]

    def recording(span: DateSpan) -> RecordDenominator:
        return RecordDenominator(
            pilot_id=PilotId(1), kind=kind, product=None, days=span, value=Decimal(2), source="算例"
        )

    assert check_beside(recording(days[0]), counting) is None
    refused = check_beside(recording(days[-1]), counting)
    assert isinstance(refused, InvalidInput)
    assert (refused.path, refused.value) == (("pilot",), "1, 1001")


async def test_others_see_and_write_nothing(shared_world: World) -> None:
    pilot = await shared_world.pilot()
    made = await record(shared_world, pilot)
    asked = {
        "id": pilot["id"],
        "from": "2022-01-01",
        "to": "2022-12-31",
        "step": "YEAR",
        "annualised": False,
    }
    for caller in (shared_world.anyone, shared_world.other_operator, shared_world.gateway):
        assert (await caller.ask(MONITORING, **asked))["node"]["monitoring"] is None
        assert (await caller.ask("query ($id: ID!) { node(id: $id) { id } }", id=made["id"]))[
            "node"
        ] is None
    given = {"pilot": pilot["id"], "idempotencyKey": "another", **AREA}
    error = await shared_world.other_operator.fail(
        "mutation ($input: RecordDenominatorInput!) { recordDenominator(input: $input) { __typename } }",
        input=given,
    )
    assert error["extensions"]["code"] == "FORBIDDEN"
    error = await shared_world.operator.fail(MONITORING, **asked | {"step": "HOUR"})
    assert error["extensions"]["code"] == "INVALID_INPUT"
