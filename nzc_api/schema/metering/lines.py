"""Lines that are drafted from meters, and what they rest on, as GraphQL."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import simplest, total
from nzc_api.inventories.model import MeterBasis as DomainMeterBasis
from nzc_api.inventories.model import OwnFactor
from nzc_api.metering.drafting_rules import DraftFromMeters, MeteredSource
from nzc_api.metering.readings import seconds
from nzc_api.metering.usage import Step
from nzc_api.refusal import Refused
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.inventories.line_inputs import OwnFactorInput, ZeroFactorBasisInput, one_factor
from nzc_api.schema.inventories.measures import MeasurementInput
from nzc_api.schema.kit.connections import DEFAULT_FIRST, After, First, Trail, page_by_key, trail
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, number
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import INVENTORY, METER
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.metering.readings import MeterReading, days_of, moment_of
from nzc_api.schema.metering.types import Meter


@registered
@strawberry.type(
    description="What a line rests on that was drafted from a meter (`draftFromMeters`): what that used on the "
    "inventory's days, as of a position. The meter and its readings are seen as meters are."
)
class MeterBasis:
    domain: strawberry.Private[DomainMeterBasis]

    starts_on = attribute(date, "days.starts_on", "The first of those days.")
    ends_on = attribute(date, "days.ends_on", "The last one.")
    position = attribute(
        BigInt, "as_of", "The position of the log as of which its readings are what it rests on."
    )
    quantity = number("quantity", "What the meter used, in its unit, on the days that are known.")
    estimated_quantity = number("estimated_quantity", "How much of that rests on estimates.")

    @dear("The meter; null where you do not see it.", statements=3)
    async def meter(self, info: Info) -> Meter | None:
        return await Meter.seen(info, self.domain.meter_id)

    @strawberry.field(description="How many of the days are measured, to 12 decimals.")
    def measured_days(self) -> Decimal:
        return days_of(self.domain.measured)

    @strawberry.field(description="How many of the days are estimated, to 12 decimals.")
    def estimated_days(self) -> Decimal:
        return days_of(self.domain.estimated)

    @strawberry.field(
        description="How many of the days have no reading and no bill, of those on which the meter was there, to 12 "
        "decimals: what was used on them is not in the line, and is not zero."
    )
    def missing_days(self) -> Decimal:
        return days_of(self.domain.missing)

    @dear(
        "What the meter used on the days as it is known now; where it differs, readings were added or corrected "
        "since. Null where you do not see the meter.",
        statements=5,
    )
    async def quantity_now(self, info: Info) -> Decimal | None:
        if await Meter.seen(info, self.domain.meter_id) is None:
            return None
        asked = (self.domain.days, Step.YEAR, await info.context.now())
        found = await info.context.loaders.usage.load((self.domain.meter_id, asked))
        quantities = [usage.quantity for usage in found if usage.quantity is not None]
        return simplest(total(quantities)) if quantities else None

    @dear(
        "The readings and bills that it rests on, by the time that they are of: of a register from the last one before "
        "the days to the first one after them. None where you do not see the meter.",
        statements=4,
    )
    async def readings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[MeterReading]:
        page = page_by_key(first, after, moment_of)
        basis = self.domain
        seen = await Meter.seen(info, basis.meter_id) is not None
        key = (basis.meter_id, (basis.days, (basis.as_of, page)))
        rows = await info.context.loaders.readings_within.load(key) if seen else []
        return trail(
            rows,
            page,
            lambda row: f"{seconds(row.starts_at)}.{row.device}",
            lambda row: MeterReading(domain=row),
        )


@strawberry.input(description="An emission source to draft from a meter.")
class MeteredSourceInput:
    meter: strawberry.ID = strawberry.field(
        description="The meter: one of the inventory's pilot, or of one that lies in it and is yours."
    )
    category: Category = strawberry.field(
        description="What it is accounted under: what is sold as EXPORTED_ELECTRICITY or EXPORTED_HEAT, what is "
        "generated as OWN_GENERATION, what is bought or used inside by its use."
    )
    label: str | None = strawberry.field(
        default=None, description="What you call it. Default: the meter's code."
    )
    density: MeasurementInput | None = strawberry.field(
        default=None, description="As for any line: of gas by its volume, the heating value."
    )
    factor: str | None = strawberry.field(
        default=None, description="The code of a factor of the inventory's list."
    )
    own_factor: OwnFactorInput | None = strawberry.field(
        default=None, description="Or a factor that the pilot measured itself."
    )
    zero_factor_basis: ZeroFactorBasisInput | None = strawberry.field(
        default=None,
        description="For purchased power and heat only, and needed where the own factor is zero or nearly.",
    )

    def source(self, ids: Ids, *path: str) -> MeteredSource:
        if (self.factor is None) == (self.own_factor is None):
            raise Refused(one_factor(self.factor, *path))
        factor: str | OwnFactor = self.factor or ""
        if self.own_factor is not None:
            factor = self.own_factor.factor()
        return MeteredSource(
            meter_id=ids.read(self.meter, *path, "meter", kind=METER),
            category=self.category,
            label=self.label,
            factor=factor,
            density=None if self.density is None else self.density.measurement(),
            zero_factor_basis=None
            if self.zero_factor_basis is None
            else self.zero_factor_basis.basis(),
        )


@strawberry.input(
    description="Emission sources to draft from what meters used on the inventory's days: all of them, or none."
)
class DraftFromMetersInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")
    sources: list[MeteredSourceInput] = strawberry.field(
        description="1 to 100 sources, each of another meter."
    )

    def command(self, ids: Ids, caller: Principal) -> DraftFromMeters:
        sources = (
            source.source(ids, "input", "sources", str(number))
            for number, source in enumerate(self.sources)
        )
        return DraftFromMeters(
            ids.read(self.inventory, "input", "inventory", kind=INVENTORY), tuple(sources)
        )
