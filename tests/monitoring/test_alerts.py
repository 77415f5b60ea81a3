"""What is warned of: by hand, and as entries of the log that begin and end once, whoever watches."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nzc_api.database.engine import Database
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.metering.model import (
    Carrier,
    Device,
    DeviceFacts,
    Flow,
    Meter,
    MeterKind,
    midnight,
)
from nzc_api.metering.usage import NO_SUMS, Step, UsageSums, steps_of, usages_of
from nzc_api.monitoring.alerts import AlertKind, Burn, Watched, alerts_of
from nzc_api.pilots.model import DateSpan
from nzc_api.services import Nzc
from tests.conftest import TestDatabase
from tests.metering.test_meters import meter
from tests.world import Caller, World

NOW = datetime(2024, 3, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def watched(kind: MeterKind, last: datetime | None, *used: int | None, **given: Any) -> Watched:
    """A meter of which something is known until a moment, and what it used on the days before now; None: not known."""
    device = Device(
        meter_id=MeterId(7),
        number=1,
        since=midnight(date(2024, 1, 1)),
        position=Position(7),
        facts=DeviceFacts(Decimal(100)),
    )
    meter = Meter(
        id=MeterId(7),
        pilot_id=PilotId(1),
        code="E-1",
        carrier=Carrier.ELECTRICITY,
        flow=Flow.BOUGHT,
        kind=kind,
        unit="kWh",
        supply_point=None,
        conditions=None,
        starts_on=given.pop("starts_on", date(2024, 1, 1)),
        ends_on=given.pop("ends_on", None),
        devices=(device,),
    )
    last_day = date(2024, 2, 29)
    days = DateSpan(last_day - (len(used) - 1) * DAY, last_day) if used else None
    moments = steps_of(days, Step.DAY) if days else []
    sums = [NO_SUMS if n is None else UsageSums(n * 10**6, 0, 86_400) for n in used]
    usages = usages_of(meter, moments, sums) if days else []
    return Watched(
        meter=meter,
        known_until=last,
        days=usages,
        backwards_since=given.pop("backwards_since", None),
    )


def kinds(*meters: Watched, burns: tuple[Burn, ...] = ()) -> list[AlertKind]:
    return [alert.kind for alert in alerts_of(meters, burns, NOW)]


@pytest.mark.parametrize(
    ("kind", "patience"), [(MeterKind.REGISTER, 35), (MeterKind.INTERVAL, 2), (MeterKind.BILL, 75)]
)
def test_nothing_known_for_too_long(kind: MeterKind, patience: int) -> None:
    assert kinds(watched(kind, NOW - patience * DAY)) == []
    [alert] = alerts_of([watched(kind, NOW - patience * DAY - timedelta(seconds=1))], [], NOW)
    assert (alert.kind, alert.since) == (AlertKind.GAP, NOW - patience * DAY - timedelta(seconds=1))
    assert "E-1" in alert.message.zh
    ended = watched(kind, NOW - 80 * DAY, ends_on=date(2024, 2, 1))
    assert kinds(ended) == []


def test_days_that_nothing_tells_of_before_others() -> None:
    """Since last year began, and as long ago as something should be known: they were not warned of once later days
    were told."""
    days = DateSpan(date(2023, 12, 1), date(2024, 2, 26))
    moments = steps_of(days, Step.MONTH)
    silent = watched(MeterKind.INTERVAL, NOW, starts_on=date(2023, 12, 10))
    used = usages_of(silent.meter, moments, (UsageSums(1, 0, day * 86_400) for day in (22, 31, 26)))
    assert kinds(replace(silent, months=used)) == []
    used = usages_of(
        silent.meter, moments, (UsageSums(1, 0, hours * 3600) for hours in (22 * 24 - 6, 24, 0))
    )
    [alert] = alerts_of([replace(silent, months=used)], [], NOW)
    assert (alert.kind, alert.since) == (AlertKind.GAP, midnight(date(2023, 12, 10)))
    assert "从2023-12-10 00:00:00所在的月份起共有56.25天没有读数或账单" in alert.message.zh
    assert "56.25 days since the month of 2023-12-10 00:00:00 have no reading" in alert.message.en
    # Where nothing is known any more, that is told.
    [alert] = alerts_of([replace(silent, months=used, known_until=NOW - 3 * DAY)], [], NOW)
    assert "missing" not in alert.facts


def test_a_day_far_above_what_is_usual() -> None:
    usual = [10] * 14
    assert kinds(watched(MeterKind.INTERVAL, NOW, *usual, 30)) == []
    [alert] = alerts_of([watched(MeterKind.INTERVAL, NOW, *usual, 31)], [], NOW)
    assert (alert.kind, alert.since) == (AlertKind.SPIKE, midnight(date(2024, 2, 29)))
    assert (alert.facts["quantity"], alert.facts["usual"]) == ("31", "10")
    # What is not known is no day; of too few days nothing is usual; nor is nothing.
    assert kinds(watched(MeterKind.INTERVAL, NOW, *usual, 31, None)) == [AlertKind.SPIKE]
    assert kinds(watched(MeterKind.INTERVAL, NOW, *usual[1:], 31)) == []
    assert kinds(watched(MeterKind.INTERVAL, NOW, *[0] * 28, 31)) == []
    assert kinds(watched(MeterKind.BILL, NOW, *usual, 31)) == []
    # Days before its first are none on which it used nothing, nor are those after its last.
    before, starts_on = [None] * 14, date(2024, 2, 15)
    assert kinds(watched(MeterKind.INTERVAL, NOW, *before, *usual, 29, starts_on=starts_on)) == []
    ended = watched(MeterKind.INTERVAL, NOW, *usual, 31, None, ends_on=date(2024, 2, 28))
    assert kinds(ended) == [AlertKind.SPIKE]


def test_more_than_the_ceiling_has() -> None:
    burn = Burn(
        pilot_id=PilotId(1),
        year_begins=midnight(date(2024, 1, 1)),
        co2e=Decimal(10),
        ceiling=Decimal(10),
    )
    assert kinds(burns=(burn,)) == []
    above = Burn(
        pilot_id=PilotId(1),
        year_begins=midnight(date(2024, 1, 1)),
        co2e=Decimal("10.000001"),
        ceiling=Decimal(10),
    )
    assert kinds(burns=(above,)) == [AlertKind.CEILING_BURN]


EVENTS = """query ($after: BigInt!) { events(after: $after, first: 50) {
    kind organisation { id } subject { ... on MonitoringAlert { id alertKind since message { zh en } meter { code }
        pilot { code } } } } }"""
ALERTS = """query ($id: ID!, $asOf: BigInt) { node(id: $id) { ... on Pilot {
    monitoring(from: "2024-01-01", to: "2024-01-31", asOf: $asOf) { alerts { alertKind meter { code } } } } } }"""


async def shown(world: World, pilot: Any, **given: Any) -> list[tuple[str, str]]:
    found = await world.operator.ask(ALERTS, id=pilot["id"], **given)
    return [
        (alert["alertKind"], alert["meter"]["code"])
        for alert in found["node"]["monitoring"]["alerts"]
    ]


async def alert_events(caller: Caller, after: int) -> list[Any]:
    found = (await caller.ask(EVENTS, after=str(after)))["events"]
    return [event for event in found if event["kind"].startswith("MONITORING")]


async def test_alerts_begin_and_end_once(database: TestDatabase, world: World) -> None:
    """However many watch, and whatever was read meanwhile."""
    pilot = await world.pilot()
    register = await meter(world, pilot, meterKind="REGISTER", validFrom="2024-01-01")
    before = await world.head()
    assert await shown(world, pilot) == [("GAP", "E-1")]
    assert await world.head() == before
    async with (
        Nzc.on(Database(database.api_url)).running() as nzc,
        Nzc.on(Database(database.api_url)).running() as other,
    ):
        rounds = await asyncio.gather(
            *(process.services.watch.watch() for process in (nzc, other, nzc, other))
        )
        assert sum(rounds) == 1
        assert await nzc.services.watch.watch() == 0
        then = await world.head()
        late = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        items = [
            {"meter": register["id"], "at": (late - DAY).isoformat(), "value": "10"},
            {"meter": register["id"], "at": late.isoformat(), "value": "5"},
        ]
        first = {"meter": register["id"], "at": "2024-01-01T00:00:00+08:00", "value": "0"}
        await world.operator.made("recordReadings", "batch { id }", items=[first, items[0]])
        assert await shown(world, pilot) == []
        assert await other.services.watch.watch() == 1
        # A reading that runs backwards is refused, and warned of until the next that does not.
        other_meter = await meter(world, pilot, "E-2", validFrom=str(late.date()))
        items.append({"meter": other_meter["id"], "at": late.isoformat(), "value": "1"})
        await world.operator.do(
            "recordReadings", "batch { id }", items=items[1:], mode="EACH_INDEPENDENT"
        )
        assert await shown(world, pilot) == [("BACKWARDS", "E-1")]
        assert await nzc.services.watch.watch() == 1
        await world.operator.made(
            "recordReadings", "batch { id }", items=[items[1] | {"value": "10.001"}]
        )
        assert await nzc.services.watch.watch() == 1
    assert await shown(world, pilot, asOf=str(then)) == [("GAP", "E-1")]
    events = await alert_events(world.operator, before)
    assert [(event["kind"].split("_")[-1], event["subject"]["alertKind"]) for event in events] == [
        ("RAISED", "GAP"), ("CLEARED", "GAP"), ("RAISED", "BACKWARDS"), ("CLEARED", "BACKWARDS"),
    ]  # fmt: skip
    assert events[0]["organisation"] is None
    assert events[0]["subject"]["meter"] == {"code": "E-1"}
    assert "E-1" in events[0]["subject"]["message"]["en"]
    # What is metered is nobody else's business.
    others = await alert_events(world.other_operator, before)
    assert [event["subject"] for event in others] == [None] * 4


async def test_alerts_begin_and_end_together(database: TestDatabase, world: World) -> None:
    pilot = await world.pilot()
    meters = [
        await meter(world, pilot, code, meterKind="REGISTER", validFrom="2024-01-01")
        for code in ("E-1", "E-2")
    ]
    before = await world.head()
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        assert await nzc.services.watch.watch() == 2
        late = datetime.now(UTC).replace(microsecond=0) - DAY
        items = [
            {"meter": supply["id"], "at": at, "value": "1"}
            for supply in meters
            for at in ("2024-01-01T00:00:00+08:00", late.isoformat())
        ]
        await world.operator.made("recordReadings", "batch { id }", items=items)
        assert await nzc.services.watch.watch() == 2
    events = await alert_events(world.operator, before)
    assert [(event["kind"].split("_")[-1], event["subject"]["meter"]["code"]) for event in events] == [
        ("RAISED", "E-1"), ("RAISED", "E-2"), ("CLEARED", "E-1"), ("CLEARED", "E-2"),
    ]  # fmt: skip
