"""Denominators and what is monitored, as GraphQL."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

import strawberry

from nzc_api.ids import PilotId, Position
from nzc_api.metering.model import Carrier as CarrierOf
from nzc_api.metering.model import Flow as FlowOf
from nzc_api.metering.usage import MOST_STEPS
from nzc_api.monitoring import alerts, intensities, model, series, service
from nzc_api.monitoring.rules import MOST_KINDS
from nzc_api.schema.kit.connections import Connection
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.metering.enums import Carrier, Flow
from nzc_api.schema.metering.seen import are_meters_seen, if_meters_seen, page_if_seen
from nzc_api.schema.metering.types import Meter
from nzc_api.schema.monitoring.enums import AlertKind, DenominatorKind, Numerator, UnknownIntensity
from nzc_api.schema.pilots.types import Pilot

# Of each flow and carrier; of gas, water and steam what is measured as a volume, a mass or energy.
MOST_SERIES = 2 * len(CarrierOf) * len(FlowOf)
# Of a floor area there are two.
MOST_INTENSITIES = MOST_KINDS + 1
MOST_ALERTS = 100


@node()
@strawberry.type(
    description="How much of something a pilot has, or made, on days: what its use and emissions are stated "
    "per. Of the "
    "very same days the latest counts, and where that has no value there is none. It is seen by who sees the "
    "pilot's meters."
)
class Denominator(Node):
    domain: strawberry.Private[model.Denominator]

    position = attribute(BigInt, "id", "The position at which it was recorded.")
    denominator_kind = attribute(DenominatorKind, "kind", "What it is an amount of.")
    product = attribute(str | None, "product", "Of a PRODUCT its name with its unit; else null.")
    unit = attribute(str, "unit", "The unit of its value.")
    first_day = attribute(date, "days.starts_on", "Its first day.")
    last_day = attribute(date, "days.ends_on", "Its last day.")
    value = number("value", "How much there is; null where it was taken back.", optional=True)
    source = attribute(str, "source", "What says so.")

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.denominator.load(position)
        if found is None:
            return None
        return await if_meters_seen(info, found.pilot_id, cls(domain=found))

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """What was recorded of a pilot, for who sees its meters; for others there is nothing."""
        loaders = info.context.loaders
        rows, count = loaders.denominators, loaders.denominators_count
        return await page_if_seen(
            info, pilot, rows, count, first, after, as_of, lambda row: cls(domain=row)
        )


@strawberry.type(
    description="What the meters of a series used in a step, as far as readings and bills tell."
)
class MonitoringPoint:
    domain: strawberry.Private[series.SeriesPoint]

    starts_at = attribute(datetime, "starts_at", "The moment at which the step begins.")
    ends_at = attribute(datetime, "ends_at", "The moment at which it is over.")
    quantity = number(
        "quantity",
        "What was used, in the series' unit, to 12 decimals; null where nothing is known.",
        optional=True,
    )
    estimated_quantity = number(
        "estimated_quantity",
        "How much of it rests on estimates; null where nothing is known.",
        optional=True,
    )
    co2e = attribute(
        Decimal | None,
        "co2e",
        "What it emits, t CO2e to a gram, power by location: by the line that was drafted from each meter in the "
        "inventory that was handed in last; deducted below zero, and zero where it is a memo item. Null where nothing "
        "is known, or of some meter there is no such line, or one of power at no grid's average.",
    )
    cost = number(
        "cost",
        "What it cost in yuan, as billed, of the part whose cost is known; null where none is.",
        optional=True,
    )
    cost_known_share = number(
        "costed_share",
        "Of which part of the meters' time the cost is known, from 0 to 1; null where no meter was there.",
        optional=True,
    )
    measured_share = number(
        "measured_share",
        "Which part of the meters' time is measured, from 0 to 1; null where no meter was there.",
        optional=True,
    )
    known_share = number(
        "known_share",
        "Of which part of the meters' time anything is known, from 0 to 1; null where no meter was there.",
        optional=True,
    )


@strawberry.type(
    description="The meters of a pilot that are no sub-meters, of one carrier and flow, whose units convert."
)
class MonitoringSeries:
    domain: strawberry.Private[series.Series]

    carrier = attribute(Carrier, "carrier", "What they measure.")
    flow = attribute(Flow, "flow", "Which way that goes.")
    unit = attribute(str, "unit.name", "The unit of its quantities.")
    meter_count = attribute(int, "meters", "How many meters there are.")
    unaccounted_meter_count = attribute(
        int,
        "unaccounted",
        "Of how many no line was drafted in an inventory that was handed in, or one of power that names no grid's "
        "average: what those emit is not known, and so nor is it of the series.",
    )

    @short_list("Its steps, in order.", MOST_STEPS)
    def points(self) -> list[MonitoringPoint]:
        return [MonitoringPoint(domain=point) for point in self.domain.points]


@strawberry.type(
    description="An intensity in a step. What is not known of any part of it is not known."
)
class IntensityPoint:
    domain: strawberry.Private[intensities.IntensityPoint]

    starts_at = attribute(datetime, "starts_at", "The moment at which the step begins.")
    ends_at = attribute(datetime, "ends_at", "The moment at which it is over.")
    value = number(
        "value", "The intensity, to 12 decimals; null where it is not known.", optional=True
    )
    numerator = number(
        "numerator", "What was used or emitted; null where not known.", optional=True
    )
    denominator = number(
        "denominator",
        "How much there was: the mean of what is there throughout, the sum of what adds up. Null where not known.",
        optional=True,
    )
    annualised = attribute(
        bool,
        "annualised",
        "Whether the value is what a whole year would have at this rate: asked for, of a step that is no year, "
        "and of what is "
        "there throughout.",
    )
    unknown_because = attribute(
        UnknownIntensity | None, "unknown", "Why it is not known; null where it is."
    )


@strawberry.type(description="Use or emissions per a denominator, by steps.")
class Intensity:
    domain: strawberry.Private[intensities.Intensity]

    numerator = attribute(Numerator, "numerator", "What is stated.")
    denominator_kind = attribute(DenominatorKind, "kind", "Per what.")
    product = attribute(str | None, "product", "Per which product, of a PRODUCT; else null.")
    unit = attribute(str, "unit", "The unit of the values, such as kWh/m2 or t/10^4 yuan.")

    @short_list("Its steps, in order.", MOST_STEPS)
    def points(self) -> list[IntensityPoint]:
        return [IntensityPoint(domain=point) for point in self.domain.points]


@node()
@strawberry.type(
    description="Something that monitoring warned of: an entry of the log when it began, and another when it "
    "ended. It is seen "
    "by who sees the pilot's meters."
)
class MonitoringAlert(Node):
    domain: strawberry.Private[alerts.Alert]

    alert_kind = attribute(AlertKind, "kind", "What it warns of.")
    since = attribute(datetime, "since", "Since which moment.")
    message = text_attribute("message", "The same for people.")

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @dear("The meter that it is about; null where it is about the pilot.", statements=2)
    async def meter(self, info: Info) -> Meter | None:
        meter_id = self.domain.meter_id
        return None if meter_id is None else await Meter.at(info, meter_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.alert_raised.load(position)
        if found is None:
            return None
        return await if_meters_seen(info, found.pilot_id, cls(domain=found))


@strawberry.type(description="Something that is warned of, as of a position, at the time of that.")
class CurrentAlert:
    domain: strawberry.Private[alerts.Alert]

    alert_kind = attribute(AlertKind, "kind", "What it warns of.")
    since = attribute(datetime, "since", "Since which moment.")
    message = text_attribute("message", "The same for people.")

    @dear("The meter that it is about; null where it is about the pilot.", statements=2)
    async def meter(self, info: Info) -> Meter | None:
        meter_id = self.domain.meter_id
        return None if meter_id is None else await Meter.at(info, meter_id)


@registered
@strawberry.type(
    description="What a pilot uses, emits and pays, as its meters tell, by steps of time. No part of any net: "
    "that is what "
    "inventories and the ledger say."
)
class Monitoring:
    domain: strawberry.Private[service.Monitoring]
    pilot_id: strawberry.Private[PilotId]
    as_of: strawberry.Private[Position]

    @short_list("By carriers and flows.", MOST_SERIES)
    def series(self) -> list[MonitoringSeries]:
        return [MonitoringSeries(domain=one) for one in self.domain.series]

    @short_list(
        f"What is warned of as of the position, at the time of that; the first {MOST_ALERTS}.",
        MOST_ALERTS,
        statements=15,
    )
    async def alerts(self, info: Info) -> list[CurrentAlert]:
        found = await info.context.loaders.alerts.load((self.pilot_id, self.as_of))
        return [CurrentAlert(domain=alert) for alert in found[:MOST_ALERTS]]

    @short_list("Per each denominator of which anything was recorded.", MOST_INTENSITIES)
    def intensities(self) -> list[Intensity]:
        return [Intensity(domain=one) for one in self.domain.intensities]

    @dear(
        "Which part of the pilot's emissions its meters tell, from 0 to 1: of the emission sources that count in the "
        "inventory that was handed in last of those with lines that were drafted from meters. CO2e of series and "
        "intensities is of that part alone: what is burnt, driven or thrown away without a meter is none of it. Null "
        "where there is no such inventory.",
        statements=1,
    )
    async def metered_share(self, info: Info) -> Decimal | None:
        return await info.context.loaders.metered_share.load((self.pilot_id, self.as_of))

    @classmethod
    async def of_pilot(cls, info: Info, pilot: Pilot, asked: service.SeriesAsked) -> Self | None:
        """What is monitored of a pilot, for those who see its meters."""
        if not await are_meters_seen(info, pilot):
            return None
        found = await info.context.loaders.monitoring.load((pilot.domain.id, asked))
        if found is None:
            return None
        return cls(domain=found, pilot_id=pilot.domain.id, as_of=asked.as_of)
