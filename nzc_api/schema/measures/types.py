"""Measures, as GraphQL."""

from datetime import date
from typing import Annotated, Self

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.ids import MeasureId, PilotId, Position
from nzc_api.measures import model as domain
from nzc_api.measures.rules import MOST_MEASURES
from nzc_api.measures.visibility import sees_measures
from nzc_api.metering.model import Carrier as DomainCarrier
from nzc_api.schema.documents.types import Documented
from nzc_api.schema.guide.enums import Catalogue, LifeCycleStage
from nzc_api.schema.guide.types import Technology
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear, number, short_list
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.measures.above import (
    FINANCING,
    MEASURE_FINANCE,
    LazyFinancing,
    LazyMeasureFinance,
)
from nzc_api.schema.measures.enums import EffectBasis, EffectMethod, EffectWarning, MeasureState
from nzc_api.schema.metering.enums import Carrier
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.targets.enums import TargetRoute


@strawberry.type(description="What a measure saves of a carrier.")
class MeasureSaving:
    domain: strawberry.Private[domain.Saving]

    carrier = attribute(Carrier, "carrier", "The carrier.")
    quantity = number("quantity", "What is saved a year; below zero, more is used.")
    unit = attribute(str, "unit", "Its unit.")
    price = number("price", "What a unit costs, CNY.")


@strawberry.type(description="How far a measure came.")
class MeasureProgress:
    domain: strawberry.Private[domain.Progress]

    position = attribute(
        BigInt, "id", "The position; its event says when it was recorded, and by whom."
    )
    state = attribute(MeasureState, "state", "To which state.")
    on = attribute(date, "on", "On which day.")
    document = attribute(str, "document", "The document that shows it.")


@strawberry.type(
    description="What was verified of a measure: emissions of baseline days, adjusted to the conditions of the "
    "reporting days, less those of the reporting days."
)
class MeasureEffect:
    domain: strawberry.Private[domain.Effect]

    position = attribute(BigInt, "id", "The position at which it was verified.")
    method = attribute(EffectMethod, "terms.method", "How.")
    baseline_starts_on = attribute(
        date, "terms.baseline.span.starts_on", "The baseline's first day."
    )
    baseline_ends_on = attribute(date, "terms.baseline.span.ends_on", "The baseline's last day.")
    baseline_co2e = number("terms.baseline.co2e", "What was emitted on these days, t CO2e.")
    routine_adjustments_co2e = number(
        "terms.routine", "Routine adjustments (weather, output, days), t CO2e."
    )
    non_routine_adjustments_co2e = number(
        "terms.non_routine", "Adjustments to what changed once, t CO2e."
    )
    starts_on = attribute(date, "terms.reporting.span.starts_on", "The first reporting day.")
    ends_on = attribute(date, "terms.reporting.span.ends_on", "The last reporting day.")
    co2e = number("terms.reporting.co2e", "What was emitted on the reporting days, t CO2e.")
    saved_co2e = number(
        "terms.saved",
        "What came of it on the reporting days, t CO2e; below zero: more was emitted.",
    )
    yearly_co2e = number(
        "terms.yearly", "The same a year, t CO2e: of other days than a year, × 365 ÷ days."
    )
    r_squared = number("terms.r_squared", "R² of the regression, of option C.", optional=True)
    cv_rmse = number(
        "terms.cv_rmse", "CV(RMSE) of the regression, of option C: 0.2 is 20 %.", optional=True
    )
    document = attribute(str, "terms.document", "The verifier's report.")
    effect_warnings = attribute(
        list[EffectWarning],
        "terms.warnings",
        "Why it is to be read with care.",
        at_most=len(EffectWarning),
    )

    @strawberry.field(description="Who verified it.")
    async def verifier(self, info: Info) -> Organisation:
        found = await info.context.loaders.organisation.load(self.domain.verifier_id)
        assert found is not None
        return Organisation(domain=found)


@node()
@strawberry.type(
    description="Something that a pilot does, or plans to do, to emit less (section 四(二) of the guide). It is no "
    "part of any net. Its operator sees it, and the roles that see of every pilot what was submitted."
)
class Measure(Documented):
    domain: strawberry.Private[domain.Measure]

    position = attribute(BigInt, "id", "The position at which it was planned.")
    name = text_attribute("plan.name", "What it is called.")
    catalogue = attribute(
        Catalogue | None, "plan.catalogue", "The catalogue that it is in, if any."
    )
    catalogue_item = attribute(str | None, "plan.catalogue_item", "As what it is in there.")
    route = attribute(TargetRoute, "plan.route", "By which way it brings emissions down.")
    stage = attribute(LifeCycleStage, "plan.stage", "At which stage of the life cycle it acts.")
    capex = number("plan.capex", "What it costs once, CNY.")
    opex_change = number(
        "plan.opex_change", "By how much a year costs more, without what is saved, CNY."
    )
    life_years = attribute(int, "plan.life_years", "For how many years it acts.")
    starts_on = attribute(date, "plan.starts_on", "Since when.")
    expected_co2e = number(
        "plan.expected", "What is expected of it, t CO2e a year, on average over its life."
    )
    yearly_co2e = number(
        "yearly",
        "What comes of it, t CO2e a year: as verified last, and before that as expected. What was expected stays.",
    )
    effect_basis = attribute(EffectBasis, "basis", "What `yearlyCo2e` rests on.")
    measure_state = attribute(MeasureState, "state", "How far it has come.")
    state_since = attribute(
        date | None, "since", "Since which day; null where it is only proposed."
    )
    running_since = attribute(
        date | None, "running_since", "Since when it runs; null where it never did."
    )

    @strawberry.field(
        description="Which of the guide's 36 technologies it uses; null where it is another one."
    )
    def technology(self) -> Technology | None:
        code = self.domain.plan.technology
        found = None if code is None else GUIDE.technology(code)
        return None if found is None else Technology(domain=found)

    @short_list("What it saves, by carrier.", len(DomainCarrier))
    def savings(self) -> list[MeasureSaving]:
        return [MeasureSaving(domain=saving) for saving in self.domain.plan.savings]

    @short_list(
        "The measures that are not done beside it, whichever of the two said so.",
        MOST_MEASURES,
        statements=2,
    )
    async def excluded(self, info: Info) -> list["Measure"]:
        ids = sorted(self.domain.excluded)
        found = await info.context.loaders.measure.load_many(ids)
        return [Measure(domain=item) for item in found if item is not None]

    @strawberry.field(description="How far it came, oldest first.")
    async def progress(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[MeasureProgress]:
        page = page_by_position(first, after)
        return connection(
            await info.context.loaders.measure_progress.load((self.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: MeasureProgress(domain=row),
            counted(info.context.loaders.measure_progress_count, self.domain.id),
        )

    @strawberry.field(description="What was verified of it, oldest first; the latest counts.")
    async def effects(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[MeasureEffect]:
        page = page_by_position(first, after)
        return connection(
            await info.context.loaders.measure_effects.load((self.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: MeasureEffect(domain=row),
            counted(info.context.loaders.measure_effects_count, self.domain.id),
        )

    @dear(
        "The financings that pay for it, or for which its savings were pledged, oldest first.",
        statements=3,
    )
    async def financings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyFinancing]:
        return await FINANCING.type.of_measure(info, self, first, after, as_of)

    @dear("How it is paid for, and what of its savings is pledged on a day.", statements=3)
    async def finance(
        self,
        info: Info,
        on: Annotated[date, argument("The day of what is pledged.")],
        as_of: AsOf = None,
    ) -> LazyMeasureFinance:
        return await MEASURE_FINANCE.type.of_measure(info, self, on, as_of)

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.measure.load(MeasureId(position))
        if found is None or not await shown(info, found.pilot_id):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The measures of a pilot, for those who see them; for others there are none."""
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        rows = await measures_shown(info, pilot, at)
        return page_of(rows, page, lambda row: row.id, lambda row: cls(domain=row))


async def measures_shown(info: Info, pilot: Pilot, as_of: Position) -> list[domain.Measure]:
    """The measures of a pilot as they stood, for those who see them; for others there are none."""
    if not sees_measures(await info.context.sight(), pilot.domain.operator_id):
        return []
    return await info.context.loaders.measures_of.load((pilot.domain.id, as_of))


async def shown(info: Info, pilot_id: PilotId) -> bool:
    """Whether whoever asks sees a pilot's measures."""
    pilot = await info.context.loaders.pilot.load(pilot_id)
    assert pilot is not None
    return sees_measures(await info.context.sight(), pilot.operator_id)
