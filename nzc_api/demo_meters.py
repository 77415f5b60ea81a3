"""Meters of the demo: what a pilot's electricity of a year is drafted from, by monthly bills that a gateway posts; and
what its use is stated per. All made up."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from nzc_api.access.principals import Principal
from nzc_api.demo_kit import done
from nzc_api.ids import InventoryId, MeterId, PilotId
from nzc_api.metering.drafting_rules import DraftFromMeters, MeteredSource
from nzc_api.metering.model import (
    AssignGateway,
    Carrier,
    DeviceFacts,
    Flow,
    MeterKind,
    RegisterMeter,
)
from nzc_api.metering.readings import Bill, Mode, RecordReadings
from nzc_api.monitoring.model import DenominatorKind, RecordDenominator
from nzc_api.pilots.model import DateSpan
from nzc_api.services import Services

# The year whose electricity is metered.
METERED = 2024

# Yuan a kWh.
PRICE = Decimal("0.65")

PER: Mapping[str, tuple[DenominatorKind, int]] = {
    "TOWN": (DenominatorKind.RESIDENTS, 42_000),
    "PARK": (DenominatorKind.COAL_EQUIVALENT, 150_000),
    "BUILDING": (DenominatorKind.FLOOR_AREA, 21_000),
    "TRANSPORT": (DenominatorKind.PASSENGER_KM, 38_000_000),
    "COMMUNITY": (DenominatorKind.RESIDENTS, 3_600),
    "ENTERPRISE": (DenominatorKind.OUTPUT_VALUE, 52_000),
}


async def meter_electricity(
    services: Services, people: Mapping[str, Principal], code: str, pilot: PilotId, kwh: Decimal
) -> MeterId:
    """A meter of a pilot with the bills of a year, which come to so many kWh."""
    operator, gateway = people["PILOT_OPERATOR"], people["METER_GATEWAY"]
    facts = RegisterMeter(
        pilot_id=pilot,
        code="DEMO-E",
        carrier=Carrier.ELECTRICITY,
        flow=Flow.BOUGHT,
        kind=MeterKind.BILL,
        unit="kWh",
        supply_point=f"DEMO-{code}",
        parent_id=None,
        conditions=None,
        starts_on=date(METERED, 1, 1),
        ends_on=None,
        device=DeviceFacts(Decimal(1_000_000)),
    )
    meter = MeterId(done(await services.meters.register(operator, f"demo-meter-{code}", facts)))
    assigned = AssignGateway(meter, gateway.organisation_id)
    done(await services.meters.assign_gateway(operator, f"demo-gateway-{code}", assigned))
    bills = RecordReadings(
        tuple(_bill(meter, month, kwh) for month in range(1, 13)), Mode.ALL_OR_NOTHING
    )
    recorded = await services.readings.record(gateway, f"demo-bills-{code}", bills)
    assert recorded.outcome is not None
    done(recorded.outcome)
    return meter


async def draft_electricity(
    services: Services,
    people: Mapping[str, Principal],
    inventory: InventoryId,
    code: str,
    source: MeteredSource,
) -> None:
    """The line of a meter. Where a demo of an earlier release has recorded it otherwise, that stands."""
    command = DraftFromMeters(inventory, (source,))
    await services.metered.draft(people["PILOT_OPERATOR"], f"demo-draft-{code}", command)


async def state_denominator(
    services: Services, people: Mapping[str, Principal], code: str, pilot: PilotId
) -> None:
    """What a pilot's use and emissions of the year are stated per."""
    kind, value = PER[code]
    days = DateSpan(date(METERED, 1, 1), date(METERED, 12, 31))
    source = "演示数据，均为虚构 / demo data, all made up"
    command = RecordDenominator(
        pilot_id=pilot, kind=kind, product=None, days=days, value=Decimal(value), source=source
    )
    operator, key = people["PILOT_OPERATOR"], f"demo-denominator-{code}"
    done(await services.monitoring.record_denominator(operator, key, command))


def _bill(meter: MeterId, month: int, kwh: Decimal) -> Bill:
    """A month's share of a year: whole kWh up to its end, less those up to its beginning."""
    quantity = kwh * month // 12 - kwh * (month - 1) // 12
    last = date(METERED, month, monthrange(METERED, month)[1])
    return Bill(meter, DateSpan(last.replace(day=1), last), quantity, cost=quantity * PRICE)
