"""Meters, their readings and bills, and what they used, as GraphQL."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import rounded
from nzc_api.metering import model as domain
from nzc_api.metering import readings as told
from nzc_api.metering.gateways import posts_for
from nzc_api.metering.model import (
    MOST_NAMED,
    AssignGateway,
    Carrier,
    DeviceFacts,
    EndMeter,
    Flow,
    GasConditions,
    MeterKind,
    NamedMeters,
    PlaceMeter,
    RegisterMeter,
    ReplaceMeter,
)
from nzc_api.metering.model import Meter as MeteringPoint
from nzc_api.metering.reading_rules import MOST_DEVICES
from nzc_api.metering.readings import (
    Bill,
    CorrectReading,
    Item,
    Mode,
    Reading,
    RecordReadings,
    seconds,
)
from nzc_api.metering.units import unit_of
from nzc_api.metering.usage import MOST_STEPS, Step, Usage, at_standard_conditions
from nzc_api.metering.visibility import sees_meters
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import Refusal, Refused
from nzc_api.schema.credits.types import organisation_at
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Trail,
    connection,
    counted,
    page_by_key,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear, described_enum, number, short_list
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import Node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.types import LATEST, AsOf, Pilot, pilot_at

_SECONDS_A_DAY = 86_400

# A cursor of readings: seconds since 1970, of the years that a calendar has, and a device.
_MOMENT = re.compile(r"(0|-?[1-9][0-9]{0,11})\.(0|[1-9][0-9]{0,2})")

described_enum(
    Carrier,
    "What a meter measures (section 四(三) of the guide: water, power, gas and heat).",
    {
        "ELECTRICITY": "electricity, in watt-hours",
        "WATER": "water, as a volume",
        "GAS": "gas, as a volume or as heat",
        "HEAT": "heat",
        "COOLING": "cooling",
        "STEAM": "steam, as a mass or as heat",
    },
)
described_enum(
    Flow,
    "Which way what a meter measures goes.",
    {
        "BOUGHT": "into the boundary, from a supplier",
        "SOLD": "out of the boundary",
        "GENERATED": "made inside",
        "INTERNAL": "inside the boundary",
    },
)
described_enum(
    MeterKind,
    "How a meter tells what was used.",
    {
        "REGISTER": "by readings of a register that counts on: what was used is the difference of two",
        "INTERVAL": "by what was used in intervals, as a load profile has it",
        "BILL": "by bills, from a first to a last day",
    },
)
described_enum(
    Step,
    "How long each part of a series is.",
    {
        "HOUR": "an hour",
        "DAY": "a day of China's",
        "MONTH": "a month of the calendar",
        "YEAR": "a year of the calendar",
    },
)

EXTENT = "The first and the last step are as long as the days leave them."


@strawberry.type(description="At what a gas meter measures.")
class GasMeterConditions:
    domain: strawberry.Private[GasConditions]

    celsius = number("celsius", "Degrees Celsius.")
    kilopascals = number("kilopascals", "The absolute pressure, kPa.")


@strawberry.type(description="What is built in at a meter since a moment.")
class MeterDevice:
    domain: strawberry.Private[domain.Device]

    ordinal = attribute(int, "number", "1, 2, 3, … at the meter.")
    since = attribute(datetime, "since", "The moment since which it is there.")
    maximum_per_hour = number(
        "facts.maximum_per_hour",
        "The most that passes in an hour at full load, in the meter's unit.",
    )
    multiplier = number(
        "facts.multiplier", "By what the differences of its readings are multiplied."
    )
    digits = attribute(
        int | None, "facts.digits", "How many digits its register has before the point, if known."
    )


@strawberry.type(
    description="A reading of a register, or what was used in an interval or the days of a bill, as it counts at "
    "a position."
)
class MeterReading:
    domain: strawberry.Private[told.Told]

    starts_at = attribute(
        datetime,
        "starts_at",
        "The moment of a register's reading, or the one from which something was used.",
    )
    ends_at = attribute(
        datetime | None,
        "ends_at",
        "The moment until which it was used: a bill's last day is over then. Null of a register's reading.",
    )
    value = number("value", "What the register showed, or what was used, in the meter's unit.")
    estimated = attribute(bool, "estimated", "Whether it was estimated.")
    device = attribute(int, "device", "The device whose register showed it; 0 of what was used.")
    turns = attribute(
        int, "turns", "How often the register had gone through all its digits until then."
    )
    cost = number(
        "cost", "What it cost, in yuan, as billed; null where it is not known.", optional=True
    )
    position = attribute(
        BigInt,
        "position",
        "The position of the log at which it was recorded or corrected: a `ReadingBatch`.",
    )


@strawberry.type(
    description="What a meter used in a step. What lies in no reading or bill is missing: it is neither zero nor "
    "estimated by NZC."
)
class MeterUsage:
    domain: strawberry.Private[Usage]
    meter: strawberry.Private[MeteringPoint]

    starts_at = attribute(datetime, "starts_at", "The moment at which the step begins.")
    ends_at = attribute(datetime, "ends_at", "The moment at which it is over.")
    quantity = number(
        "quantity",
        "What was used in the part of the step that is known, in the meter's unit: a bill or an interval is spread "
        "evenly over its seconds, and up to each moment rounded once, half up, to 6 decimals; so neighbouring steps "
        "share it exactly, and all steps together are the whole. Null where nothing is known.",
        optional=True,
    )
    estimated_quantity = number(
        "estimated_quantity",
        "How much of it rests on estimates; null where nothing is known.",
        optional=True,
    )

    @strawberry.field(description="How many days of the step are measured, to 12 decimals.")
    def measured_days(self) -> Decimal:
        return days_of(self.domain.measured)

    @strawberry.field(description="How many days of the step are estimated, to 12 decimals.")
    def estimated_days(self) -> Decimal:
        return days_of(self.domain.estimated)

    @strawberry.field(
        description="How many days of the step, of those on which the meter was there, are not known, to 12 decimals."
    )
    def missing_days(self) -> Decimal:
        return days_of(self.domain.missing)

    @strawberry.field(
        description="The quantity of gas as m3 at 0 °C and 101.325 kPa, V·(p/101.325)·(273.15/(273.15 + t)), to 12 "
        "decimals; null where the meter's conditions, or the quantity, are not known."
    )
    def standard_volume(self) -> Decimal | None:
        quantity, conditions = self.domain.quantity, self.meter.conditions
        if quantity is None or conditions is None:
            return None
        return rounded(at_standard_conditions(quantity, unit_of(self.meter.unit), conditions))


def days_of(of_seconds: int) -> Decimal:
    return rounded(Fraction(of_seconds, _SECONDS_A_DAY))


@strawberry.type(
    description="A meter of a pilot: a metering point, at which devices may be exchanged. It is seen by the pilot's "
    "operator, by the gateway that it is assigned to, and by verifiers, administrators, auditors and regulators, and "
    "is never public."
)
class Meter(Node):
    domain: strawberry.Private[domain.Meter]

    code = attribute(str, "code", "Its code: unique in its pilot, never changed.")
    carrier = attribute(Carrier, "carrier", "What it measures.")
    flow = attribute(Flow, "flow", "Which way that goes.")
    meter_kind = attribute(MeterKind, "kind", "How it tells.")
    unit = attribute(str, "unit", "The unit of its readings and of what was used.")
    supply_point = attribute(
        str | None,
        "supply_point",
        "The number that the supplier gave the supply point (户号), if it has one.",
    )
    valid_from = attribute(date, "starts_on", "Its first day.")
    valid_to = attribute(date | None, "ends_on", "Its last day; null where it is still there.")

    @short_list("What was built in at it, in order; the last one is there now.", MOST_DEVICES)
    def devices(self) -> list[MeterDevice]:
        return [MeterDevice(domain=device) for device in self.domain.devices]

    @strawberry.field(description="At what a gas meter measures, if that is known.")
    def conditions(self) -> GasMeterConditions | None:
        found = self.domain.conditions
        return None if found is None else GasMeterConditions(domain=found)

    @strawberry.field(description="Its pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await pilot_at(info, self.domain.pilot_id)

    @dear("The meter that it is a sub-meter of, if it is one.", statements=1)
    async def parent(self, info: Info) -> "Meter | None":
        if self.domain.parent_id is None:
            return None
        return await meter_known(info, self.domain.parent_id)

    @dear(
        "The gateway that posts its readings beside its pilot's operator, if it is assigned to one.",
        statements=1,
    )
    async def gateway(self, info: Info) -> Organisation | None:
        gateway_id = self.domain.gateway_id
        return None if gateway_id is None else await organisation_at(info, gateway_id)

    @dear("Its sub-meters, in the order of their registration.", statements=3)
    async def submeters(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection["Meter"]:
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        rows = await info.context.loaders.submeters.load((self.domain.id, (at, page)))
        count = counted(info.context.loaders.submeters_count, (self.domain.id, at))
        return connection(rows, page, lambda row: row.id, lambda row: Meter(domain=row), count)

    @dear(
        "Its readings and bills, by the time that they are of; what was corrected, as it was corrected last.",
        statements=2,
    )
    async def readings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[MeterReading]:
        page = page_by_key(first, after, moment_of)
        at = await info.context.as_of(as_of)
        rows = await info.context.loaders.readings.load((self.domain.id, (at, page)))
        return trail(
            rows,
            page,
            lambda row: f"{seconds(row.starts_at)}.{row.device}",
            lambda row: MeterReading(domain=row),
        )

    @short_list(f"What it used from a day to another, by steps. {EXTENT}", MOST_STEPS, statements=3)
    async def consumption(
        self,
        info: Info,
        from_day: Annotated[date, argument("The first day.", name="from")],
        to_day: Annotated[date, argument("The last day.", name="to")],
        step: Annotated[Step, argument("How long each step is.")] = Step.MONTH,
        as_of: AsOf = None,
    ) -> list[MeterUsage]:
        asked = (DateSpan(from_day, to_day), step, await info.context.as_of(as_of))
        found = await info.context.loaders.usage.load((self.domain.id, asked))
        return [MeterUsage(domain=usage, meter=self.domain) for usage in found]


@strawberry.type(
    description="Readings and bills that one request recorded or corrected: one entry of the log, which has the "
    "digest of its rows. It is seen by who sees one of its meters as their operator does, and by who posted it."
)
class ReadingBatch(Node):
    domain: strawberry.Private[told.Batch]

    reading_count = attribute(int, "size", "How many readings and bills it has.")
    document = attribute(str | None, "document", "What a correction rests on.")
    reason = attribute(str | None, "reason", "Why it was made.")

    @strawberry.field(description="SHA-256 of its rows, a line each, in hexadecimal digits.")
    def digest(self) -> str:
        return self.domain.digest.hex()


async def meter_seen(info: Info, meter_id: int) -> Meter | None:
    """A meter, if whoever asks sees it."""
    found = await info.context.loaders.meter.load((meter_id, LATEST))
    if found is None:
        return None
    pilot = await pilot_at(info, found.pilot_id)
    seen = sees_meters(await info.context.sight(), pilot.domain.operator_id)
    if not seen and not posts_for(await info.context.principal(), found):
        return None
    return Meter(domain=found)


async def meter_known(info: Info, meter_id: int) -> Meter:
    """A meter that whoever asks was shown something of already."""
    found = await info.context.loaders.meter.load((meter_id, LATEST))
    assert found is not None
    return Meter(domain=found)


async def batch_seen(info: Info, batch_id: int) -> ReadingBatch | None:
    """A batch of readings, if whoever asks sees its meters, or posted it."""
    found = await info.context.loaders.reading_batch.load(batch_id)
    if found is None:
        return None
    caller = await info.context.principal()
    posted = caller is not None and caller.organisation_id == found.posted_by
    sight = await info.context.sight()
    seen = posted or any(sees_meters(sight, operator) for operator in found.operators)
    return ReadingBatch(domain=found) if seen else None


async def meters_of(
    info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
) -> Connection[Meter]:
    """The meters of a pilot, for those who see them; for others there are none."""
    page = page_by_position(first, after)
    at = await info.context.as_of(as_of)
    seen = sees_meters(await info.context.sight(), pilot.domain.operator_id)
    loaders = info.context.loaders
    rows = await loaders.meters.load((pilot.domain.id, (at, page))) if seen else []
    count = counted(loaders.meters_count, (pilot.domain.id, at)) if seen else _none
    return connection(rows, page, lambda row: row.id, lambda row: Meter(domain=row), count)


async def meters_named(info: Info, pilot: Pilot, by: "MeterBy") -> list[Meter]:
    """The meters of a pilot that have a name, of those that whoever asks sees; the latest of very many."""
    named = NamedMeters(pilot.domain.id, by.given(by.code), by.given(by.supply_point))
    now = await info.context.now()
    found = await info.context.loaders.meters_named.load((named, now))
    all_seen = sees_meters(await info.context.sight(), pilot.domain.operator_id)
    caller = await info.context.principal()
    seen = [meter for meter in found if all_seen or posts_for(caller, meter)]
    return [Meter(domain=meter) for meter in seen[-MOST_NAMED:]]


async def meters_of_gateway(
    info: Info, gateway_id: int, first: int, after: str | None, as_of: int | None
) -> Connection[Meter]:
    """The meters that are assigned to a gateway, for itself and those who see all meters; for others none."""
    page = page_by_position(first, after)
    at = await info.context.as_of(as_of)
    caller = await info.context.principal()
    own = caller is not None and caller.organisation_id == gateway_id
    seen = own or bool((await info.context.sight()).seen)
    loaders = info.context.loaders
    rows = await loaders.gateway_meters.load((gateway_id, (at, page))) if seen else []
    count = counted(loaders.gateway_meters_count, (gateway_id, at)) if seen else _none
    return connection(rows, page, lambda row: row.id, lambda row: Meter(domain=row), count)


async def _none() -> int:
    return 0


def moment_of(key: str) -> tuple[int, int] | None:
    """The second and the device of a cursor's reading."""
    found = _MOMENT.fullmatch(key)
    return None if found is None else (int(found[1]), int(found[2]))


@strawberry.input(
    description="Which meters of a pilot are meant: exactly one of these.", one_of=True
)
class MeterBy:
    code: str | None = strawberry.field(default=strawberry.UNSET, description="Its code.")
    supply_point: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The supply point (户号) that it has or had, compared without case, width, spaces and hyphens.",
    )

    @staticmethod
    def given(value: str | None) -> str | None:
        return None if value is strawberry.UNSET else value


@strawberry.input(description="At what a gas meter measures.")
class GasConditionsInput:
    celsius: Decimal = strawberry.field(description="Degrees Celsius, from -50 to 60.")
    kilopascals: Decimal = strawberry.field(
        description="The absolute pressure, from 50 to 10,000 kPa: what a gauge shows and 101.325 more."
    )

    def given(self) -> GasConditions:
        return GasConditions(self.celsius, self.kilopascals)


@strawberry.input(description="A new meter of a pilot, with what is built in.")
class RegisterMeterInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    code: str = strawberry.field(
        description="A code, unique in the pilot: 1 to 40 capital letters, digits or hyphens."
    )
    carrier: Carrier = strawberry.field(description="What it measures.")
    flow: Flow = strawberry.field(description="Which way that goes.")
    meter_kind: MeterKind = strawberry.field(description="How it tells.")
    unit: str = strawberry.field(description="The unit of its readings, such as kWh, m3 or GJ.")
    supply_point: str | None = strawberry.field(
        default=None,
        description="The number that the supplier gave the supply point (户号): 1 to 40 characters, with the "
        "supplier's name where its numbers are not unique. It is one meter's at a time, over all pilots. Needed of "
        "what is bought or sold, unless it is a sub-meter.",
    )
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="The meter of the same pilot that it is a sub-meter of, if any."
    )
    conditions: GasConditionsInput | None = strawberry.field(
        default=None, description="At what a gas meter measures, where its unit does not say it."
    )
    valid_from: date = strawberry.field(description="Its first day, not after today.")
    valid_to: date | None = strawberry.field(
        default=None, description="Its last day, where that is known; `endMeter` says it later."
    )
    maximum_per_hour: Decimal = strawberry.field(
        description="The most that passes in an hour at full load, in its unit: of a connection of 315 kW, 315 kWh. "
        "Readings that come to more are refused."
    )
    multiplier: Decimal = strawberry.field(
        default=Decimal(1),
        description="By what the differences of a register's readings are multiplied: the ratio of its transformers.",
    )
    digits: int | None = strawberry.field(
        default=None,
        description="How many digits a register has before the point, from 1 to 12: needed where it rolls over.",
    )

    def command(self, ids: Ids, caller: Principal) -> RegisterMeter:
        conditions = self.conditions
        return RegisterMeter(
            ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)),
            self.code,
            self.carrier,
            self.flow,
            self.meter_kind,
            self.unit,
            self.supply_point,
            _optional(ids, self.parent, "parent"),
            None if conditions is None else conditions.given(),
            self.valid_from,
            self.valid_to,
            DeviceFacts(self.maximum_per_hour, self.multiplier, self.digits),
        )


@strawberry.input(description="Which meter a meter is a sub-meter of from now on.")
class PlaceMeterInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="The meter that it is a sub-meter of; null or left out: of none."
    )

    def command(self, ids: Ids, caller: Principal) -> PlaceMeter:
        return PlaceMeter(_meter(ids, self.meter), _optional(ids, self.parent, "parent"))


@strawberry.input(description="Which gateway posts a meter's readings from now on.")
class AssignGatewayInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    gateway: strawberry.ID | None = strawberry.field(
        default=None,
        description="The organisation of the role METER_GATEWAY; null or left out: none.",
    )

    def command(self, ids: Ids, caller: Principal) -> AssignGateway:
        gateway = self.gateway
        return AssignGateway(
            _meter(ids, self.meter),
            None
            if gateway is None
            else ids.position(gateway, "input", "gateway", kinds=("Organisation",)),
        )


@strawberry.input(description="Which day is a meter's last.")
class EndMeterInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    valid_to: date = strawberry.field(
        description="Its last day: not after today, nor before its last reading."
    )

    def command(self, ids: Ids, caller: Principal) -> EndMeter:
        return EndMeter(_meter(ids, self.meter), self.valid_to)


@strawberry.input(description="Another device that was built in at a meter with a register.")
class ReplaceMeterInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    at: datetime = strawberry.field(
        description="The moment at which it was exchanged, after its last reading."
    )
    final_value: Decimal = strawberry.field(description="What the old device showed at last.")
    first_value: Decimal = strawberry.field(description="What the new one showed at first.")
    maximum_per_hour: Decimal = strawberry.field(
        description="The most that passes through the new one in an hour at full load, in the meter's unit."
    )
    multiplier: Decimal = strawberry.field(
        default=Decimal(1), description="By what the differences of its readings are multiplied."
    )
    digits: int | None = strawberry.field(
        default=None, description="How many digits its register has before the point, if known."
    )

    def command(self, ids: Ids, caller: Principal) -> ReplaceMeter:
        return ReplaceMeter(
            _meter(ids, self.meter),
            self.at,
            self.final_value,
            self.first_value,
            DeviceFacts(self.maximum_per_hour, self.multiplier, self.digits),
        )


@strawberry.input(
    description="What a register showed at a moment; or, with `from`, what was used in an interval."
)
class ReadingInput:
    meter: strawberry.ID = strawberry.field(description="The meter: a REGISTER or an INTERVAL.")
    at: datetime = strawberry.field(
        description="The moment of the reading, or the end of the interval, in whole seconds."
    )
    from_moment: datetime | None = strawberry.field(
        default=None,
        name="from",
        description="The beginning of the interval, a day before its end at most. An INTERVAL has it, a REGISTER "
        "has none.",
    )
    value: Decimal = strawberry.field(
        description="What the register showed, with at most 3 decimals; or what was used, with at most 6."
    )
    unit: str | None = strawberry.field(
        default=None, description="Its unit, which must be the meter's. Default: that."
    )
    estimated: bool = strawberry.field(default=False, description="Whether it was estimated.")
    rolled_over: bool = strawberry.field(
        default=False,
        description="Whether the register went through all its digits since the reading before.",
    )
    late: bool = strawberry.field(
        default=False,
        description="Whether it may be of a register's moment before the latest one: between the two beside it.",
    )

    def item(self, ids: Ids, *path: str) -> Reading:
        return Reading(
            ids.position(self.meter, *path, "meter", kinds=("Meter",)),
            self.at,
            self.value,
            self.unit,
            self.estimated,
            self.from_moment,
            self.rolled_over,
            self.late,
        )


@strawberry.input(description="A bill of a meter: what was used from its first day to its last.")
class BillInput:
    meter: strawberry.ID = strawberry.field(description="The meter: a BILL.")
    first_day: date = strawberry.field(description="Its first day.")
    last_day: date = strawberry.field(
        description="Its last day, which counts: not after today. Bills of one meter share no day."
    )
    quantity: Decimal = strawberry.field(
        description="What was used, as billed, with at most 6 decimals."
    )
    unit: str | None = strawberry.field(
        default=None, description="Its unit, which must be the meter's. Default: that."
    )
    estimated: bool = strawberry.field(
        default=False, description="Whether the supplier estimated it."
    )
    cost: Decimal | None = strawberry.field(default=None, description="What it cost, in yuan.")

    def item(self, ids: Ids, *path: str) -> Bill:
        return Bill(
            ids.position(self.meter, *path, "meter", kinds=("Meter",)),
            DateSpan(self.first_day, self.last_day),
            self.quantity,
            self.unit,
            self.estimated,
            self.cost,
        )


def items_of(given: Sequence[ReadingInput | BillInput], ids: Ids, mode: Mode) -> RecordReadings:
    """The command that items stand for, each by itself: of one that cannot be read, why."""
    return RecordReadings(tuple(_item(one, ids, n) for n, one in enumerate(given)), mode)


def _item(given: ReadingInput | BillInput, ids: Ids, index: int) -> Item | Refusal:
    try:
        return given.item(ids, "input", "items", str(index))
    except Refused as refused:
        return refused.refusal


@strawberry.input(description="What a reading, an interval or a bill should have been.")
class CorrectReadingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    starts_at: datetime = strawberry.field(
        description="Which one: its `startsAt`, as `Meter.readings` has it."
    )
    device: int | None = strawberry.field(
        default=None,
        description="Of which device, where two have a reading of one moment. Default: the later one.",
    )
    value: Decimal | None = strawberry.field(
        description="What it should have been, in the meter's unit; null: there was none."
    )
    estimated: bool = strawberry.field(default=False, description="Whether that is estimated.")
    rolled_over: bool = strawberry.field(
        default=False,
        description="Whether the register went through all its digits since the reading before.",
    )
    cost: Decimal | None = strawberry.field(default=None, description="What it cost, in yuan.")
    document: str = strawberry.field(description="What this rests on: 2 to 200 characters.")
    reason: str = strawberry.field(description="Why it was wrong: 2 to 200 characters.")

    def command(self, ids: Ids, caller: Principal) -> CorrectReading:
        return CorrectReading(
            _meter(ids, self.meter),
            self.starts_at,
            self.value,
            self.document,
            self.reason,
            self.estimated,
            self.rolled_over,
            self.cost,
            self.device,
        )


def _meter(ids: Ids, text: str) -> int:
    return ids.position(text, "input", "meter", kinds=("Meter",))


def _optional(ids: Ids, text: str | None, field: str) -> int | None:
    return None if text is None else ids.position(text, "input", field, kinds=("Meter",))
