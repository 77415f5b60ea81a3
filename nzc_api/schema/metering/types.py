"""Meters, as GraphQL."""

from datetime import date, datetime
from typing import Self

import strawberry

from nzc_api.ids import MeterId
from nzc_api.log.asked import LATEST
from nzc_api.metering import model as domain
from nzc_api.metering.gateways import posts_for
from nzc_api.metering.model import MOST_NAMED, GasConditions, NamedMeters
from nzc_api.metering.reading_rules import MOST_DEVICES
from nzc_api.metering.readings import seconds
from nzc_api.metering.usage import MOST_STEPS
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Trail,
    connection,
    counted,
    none_counted,
    page_by_key,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.days import FromDay, InSteps, ToDay
from nzc_api.schema.kit.fields import MUCH_COMPUTED, attribute, dear, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.metering.enums import Carrier, Flow, MeterKind, Step
from nzc_api.schema.metering.readings import MeterReading, MeterUsage, UnmeteredUse, moment_of
from nzc_api.schema.metering.seen import are_meters_seen, page_if_seen
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.types import Pilot

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


@node()
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
        return await Pilot.at(info, self.domain.pilot_id)

    @dear("The meter that it is a sub-meter of, if it is one that you see.", statements=2)
    async def parent(self, info: Info) -> "Meter | None":
        if self.domain.parent_id is None:
            return None
        return await Meter.seen(info, self.domain.parent_id)

    @dear(
        "The gateway that posts its readings beside its pilot's operator, if it is assigned to one.",
        statements=1,
    )
    async def gateway(self, info: Info) -> Organisation | None:
        gateway_id = self.domain.gateway_id
        return None if gateway_id is None else await Organisation.at(info, gateway_id)

    @dear(
        "Its sub-meters, in the order of their registration; none for a gateway that it is assigned to.",
        statements=3,
    )
    async def submeters(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection["Meter"]:
        pilot = await Pilot.at(info, self.domain.pilot_id)
        loaders = info.context.loaders
        return await page_if_seen(
            info, pilot, loaders.submeters, loaders.submeters_count, first, after, as_of,
            lambda row: Meter(domain=row), meter=self.domain.id,
        )  # fmt: skip

    @dear(
        "Its readings and bills, by the time that they are of; what was corrected, as it was corrected last.",
        statements=2,
    )
    async def readings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[MeterReading]:
        page = page_by_key(first, after, moment_of)
        at = await info.context.as_of(as_of)
        seen = await self._is_seen(info)
        rows = (
            await info.context.loaders.readings.load((self.domain.id, (at, page))) if seen else []
        )
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
        from_day: FromDay,
        to_day: ToDay,
        step: InSteps = Step.MONTH,
        as_of: AsOf = None,
    ) -> list[MeterUsage]:
        asked = (DateSpan(from_day, to_day), step, await info.context.as_of(as_of))
        if not await self._is_seen(info):
            return []
        found = await info.context.loaders.usage.load((self.domain.id, asked))
        return [MeterUsage(domain=usage, meter=self.domain) for usage in found]

    @short_list(
        "What it measured from a day to another that none of its sub-meters did, by steps: what is lost, or used "
        f"without a meter. None for a gateway that it is assigned to. {EXTENT}",
        MOST_STEPS,
        statements=MUCH_COMPUTED,
    )
    async def unmetered(
        self,
        info: Info,
        from_day: FromDay,
        to_day: ToDay,
        step: InSteps = Step.MONTH,
        as_of: AsOf = None,
    ) -> list[UnmeteredUse]:
        pilot = await Pilot.at(info, self.domain.pilot_id)
        if not await are_meters_seen(info, pilot):
            return []
        asked = (DateSpan(from_day, to_day), step, await info.context.as_of(as_of))
        found = await info.context.loaders.unmetered.load((self.domain.id, asked))
        return [UnmeteredUse(domain=left) for left in found]

    async def _is_seen(self, info: Info) -> bool:
        """Whether whoever asks sees what it measured now: a gateway that it was assigned to once does not."""
        return await Meter.seen(info, self.domain.id) is not None

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.meter.load((MeterId(position), LATEST))
        if found is None:
            return None
        pilot = await Pilot.at(info, found.pilot_id)
        seen = await are_meters_seen(info, pilot)
        if not seen and not posts_for(await info.context.principal(), found):
            return None
        return cls(domain=found)

    @classmethod
    async def at(cls, info: Info, position: int) -> Self:
        """A meter that whoever asks was shown something of already."""
        found = await info.context.loaders.meter.load((MeterId(position), LATEST))
        assert found is not None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The meters of a pilot, for those who see them; for others there are none."""
        loaders = info.context.loaders
        return await page_if_seen(
            info, pilot, loaders.meters, loaders.meters_count, first, after, as_of,
            lambda row: cls(domain=row),
        )  # fmt: skip

    @classmethod
    async def named(cls, info: Info, pilot: Pilot, by: "MeterBy") -> list[Self]:
        """The meters of a pilot that have a name, of those that whoever asks sees; the latest of very many."""
        named = NamedMeters(pilot.domain.id, by.given(by.code), by.given(by.supply_point))
        now = await info.context.now()
        found = await info.context.loaders.meters_named.load((named, now))
        all_seen = await are_meters_seen(info, pilot)
        caller = await info.context.principal()
        seen = [meter for meter in found if all_seen or posts_for(caller, meter)]
        return [cls(domain=meter) for meter in seen[-MOST_NAMED:]]

    @classmethod
    async def of_gateway(
        cls, info: Info, gateway_id: int, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The meters that are assigned to a gateway, for itself and those who see all meters; for others none."""
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        caller = await info.context.principal()
        own = caller is not None and caller.organisation_id == gateway_id
        seen = own or bool((await info.context.sight()).seen)
        loaders = info.context.loaders
        rows = await loaders.gateway_meters.load((gateway_id, (at, page))) if seen else []
        count = counted(loaders.gateway_meters_count, (gateway_id, at)) if seen else none_counted
        return connection(rows, page, lambda row: row.id, lambda row: cls(domain=row), count)


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
