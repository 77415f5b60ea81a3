"""Readings, bills, and what was used, as GraphQL."""

import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Self

import strawberry

from nzc_api.accounting.exact import rounded
from nzc_api.china_time import SECONDS_A_DAY
from nzc_api.metering import readings as told
from nzc_api.metering.model import Meter as MeteringPoint
from nzc_api.metering.units import unit_of
from nzc_api.metering.unmetered import Unmetered
from nzc_api.metering.usage import Usage, at_standard_conditions
from nzc_api.metering.visibility import sees_meters
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, number
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt

# A cursor of readings: seconds since 1970, of the years that a calendar has, and a device.
_MOMENT = re.compile(r"(0|-?[1-9][0-9]{0,11})\.(0|[1-9][0-9]{0,2})")


@strawberry.type(
    description="A reading of a register, or what was used in an interval or the days of a bill, as it counts at "
    "a position."
)
class MeterReading:
    domain: strawberry.Private[told.ToldReading]

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

    cost = number(
        "cost",
        "What it cost in yuan, of the part whose cost is known, shared as its quantity is; null where none is known.",
        optional=True,
    )

    @strawberry.field(description="Of how many days of the step the cost is known, to 12 decimals.")
    def cost_known_days(self) -> Decimal:
        return days_of(self.domain.costed)

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


@strawberry.type(description="What a meter measured in a step that none of its sub-meters did.")
class UnmeteredUse:
    domain: strawberry.Private[Unmetered]

    starts_at = attribute(datetime, "starts_at", "The moment at which the step begins.")
    ends_at = attribute(datetime, "ends_at", "The moment at which it is over.")
    quantity = number(
        "quantity",
        "How much, in the meter's unit, to 12 decimals. Below zero its sub-meters measured more than it did: one of "
        "them is wrong, or no part of it. Null where of it or of any of them something in the step is not known, or "
        "where they measure gas at other conditions.",
        optional=True,
    )


def days_of(of_seconds: int) -> Decimal:
    return rounded(Fraction(of_seconds, SECONDS_A_DAY))


@node()
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

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        """A batch, if whoever asks sees its meters, or posted it."""
        found = await info.context.loaders.reading_batch.load(position)
        if found is None:
            return None
        caller = await info.context.principal()
        posted = caller is not None and caller.organisation_id == found.posted_by
        sight = await info.context.sight()
        seen = posted or any(sees_meters(sight, operator) for operator in found.operators)
        return cls(domain=found) if seen else None


def moment_of(key: str) -> tuple[int, int] | None:
    """The second and the device of a cursor's reading."""
    found = _MOMENT.fullmatch(key)
    return None if found is None else (int(found[1]), int(found[2]))
