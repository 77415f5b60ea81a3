"""What is registered and changed of meters: the mutations' inputs."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.ids import MeterId
from nzc_api.metering.model import (
    AssignGateway,
    DeviceFacts,
    EndMeter,
    GasConditions,
    PlaceMeter,
    RegisterMeter,
    ReplaceMeter,
)
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import METER, ORGANISATION, PILOT
from nzc_api.schema.metering.enums import Carrier, Flow, MeterKind


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
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            code=self.code,
            carrier=self.carrier,
            flow=self.flow,
            kind=self.meter_kind,
            unit=self.unit,
            supply_point=self.supply_point,
            parent_id=ids.optional(self.parent, "input", "parent", kind=METER),
            conditions=None if conditions is None else conditions.given(),
            starts_on=self.valid_from,
            ends_on=self.valid_to,
            device=DeviceFacts(self.maximum_per_hour, self.multiplier, self.digits),
        )


@strawberry.input(description="Which meter a meter is a sub-meter of from now on.")
class PlaceMeterInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="The meter that it is a sub-meter of; null or left out: of none."
    )

    def command(self, ids: Ids, caller: Principal) -> PlaceMeter:
        return PlaceMeter(
            meter_given(ids, self.meter), ids.optional(self.parent, "input", "parent", kind=METER)
        )


@strawberry.input(description="Which gateway posts a meter's readings from now on.")
class AssignGatewayInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    gateway: strawberry.ID | None = strawberry.field(
        default=None,
        description="The organisation of the role METER_GATEWAY; null or left out: none.",
    )

    def command(self, ids: Ids, caller: Principal) -> AssignGateway:
        return AssignGateway(
            meter_given(ids, self.meter),
            ids.optional(self.gateway, "input", "gateway", kind=ORGANISATION),
        )


@strawberry.input(description="Which day is a meter's last.")
class EndMeterInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    valid_to: date = strawberry.field(
        description="Its last day: not after today, nor before its last reading."
    )

    def command(self, ids: Ids, caller: Principal) -> EndMeter:
        return EndMeter(meter_given(ids, self.meter), self.valid_to)


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
            meter_id=meter_given(ids, self.meter),
            at=self.at,
            final_value=self.final_value,
            first_value=self.first_value,
            device=DeviceFacts(self.maximum_per_hour, self.multiplier, self.digits),
        )


def meter_given(ids: Ids, text: str) -> MeterId:
    return ids.read(text, "input", "meter", kind=METER)
