"""Measures to plan, their progress, what was verified of them, what is left: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import simplest
from nzc_api.measures.model import (
    EffectTerms,
    MeasurePlan,
    Period,
    PlanMeasure,
    PotentialTerms,
    RecordProgress,
    Saving,
    VerifyEffect,
    WritePotentialAnalysis,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.guide.enums import Catalogue, LifeCycleStage
from nzc_api.schema.kit.fields import simplest_if
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, MEASURE, PILOT
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.measures.enums import EffectMethod, MeasureState
from nzc_api.schema.metering.enums import Carrier
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.targets.enums import TargetRoute


@strawberry.input(description="What a measure saves of a carrier.")
class MeasureSavingInput:
    carrier: Carrier = strawberry.field(
        description="The carrier: one of which the pilot has a meter; each once."
    )
    quantity: Decimal = strawberry.field(
        description="What is saved a year, not 0, with at most 6 decimals; below zero, more is used."
    )
    unit: str = strawberry.field(description="Its unit, such as kWh: one that its meters have.")
    price: Decimal = strawberry.field(
        description="What a unit costs, CNY: from 0, with at most 6 decimals."
    )

    def saving(self) -> Saving:
        return Saving(
            carrier=self.carrier,
            quantity=simplest(self.quantity),
            unit=self.unit,
            price=simplest(self.price),
        )


@strawberry.input(description="A measure that is planned.")
class PlanMeasureInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    name: LocalizedTextInput = strawberry.field(description="What it is called.")
    technology: str | None = strawberry.field(
        default=None,
        description="The code of one of the guide's 36 technologies, such as BUILDING_05; of another one none: "
        "its name says which.",
    )
    catalogue: Catalogue | None = strawberry.field(
        default=None, description="The catalogue that it is in, if any."
    )
    catalogue_item: str | None = strawberry.field(
        default=None,
        description="As what it is in there: 1 to 200 characters, together with `catalogue`.",
    )
    route: TargetRoute = strawberry.field(description="By which way it brings emissions down.")
    stage: LifeCycleStage = strawberry.field(
        description="At which stage of the life cycle it acts."
    )
    capex: Decimal = strawberry.field(
        description="What it costs once, CNY: from 0, with at most 2 decimals."
    )
    opex_change: Decimal = strawberry.field(
        default=Decimal(0),
        description="By how much a year costs more, without what is saved, CNY, with at most 2 decimals.",
    )
    life_years: int = strawberry.field(description="For how many years it acts: 1 to 100.")
    starts_on: date = strawberry.field(description="Since when.")
    expected: Decimal = strawberry.field(
        description="What is expected of it, t CO2e a year, on average over its life: above 0, with at most 6 decimals."
    )
    savings: list[MeasureSavingInput] = strawberry.field(
        default_factory=list, description="What it saves, by carrier."
    )
    excludes: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Measures of the pilot that are not done beside it: at most 20. They exclude it, too.",
    )

    def command(self, ids: Ids, caller: Principal) -> PlanMeasure:
        plan = MeasurePlan(
            name=self.name.text(),
            technology=self.technology,
            catalogue=self.catalogue,
            catalogue_item=self.catalogue_item,
            route=self.route,
            stage=self.stage,
            capex=simplest(self.capex),
            opex_change=simplest(self.opex_change),
            life_years=self.life_years,
            starts_on=self.starts_on,
            expected=simplest(self.expected),
            savings=tuple(saving.saving() for saving in self.savings),
            excludes=tuple(
                ids.read(given, "input", "excludes", str(number), kind=MEASURE)
                for number, given in enumerate(self.excludes)
            ),
        )
        return PlanMeasure(ids.read(self.pilot, "input", "pilot", kind=PILOT), plan)


@strawberry.input(description="How far a measure came.")
class RecordMeasureProgressInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    measure: strawberry.ID = strawberry.field(description="The measure.")
    state: MeasureState = strawberry.field(
        description="To which state: a later one than before; what stopped may run again."
    )
    on: date = strawberry.field(
        description="On which day: not before the progress before, and not after today."
    )
    document: str = strawberry.field(
        description="The document that shows it, such as a contract or a record of acceptance: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> RecordProgress:
        measure = ids.read(self.measure, "input", "measure", kind=MEASURE)
        return RecordProgress(
            measure_id=measure, state=self.state, on=self.on, document=self.document
        )


@strawberry.input(description="Days, and what was emitted on them.")
class EffectPeriodInput:
    starts_on: date = strawberry.field(description="The first day.")
    ends_on: date = strawberry.field(description="The last day.")
    co2e: Decimal = strawberry.field(description="t CO2e: from 0, with at most 6 decimals.")

    def period(self) -> Period:
        return Period(DateSpan(self.starts_on, self.ends_on), simplest(self.co2e))


@strawberry.input(description="What was found to come of a measure.")
class VerifyMeasureEffectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    measure: strawberry.ID = strawberry.field(description="The measure.")
    method: EffectMethod = strawberry.field(description="How it was found.")
    baseline: EffectPeriodInput = strawberry.field(
        description="What was emitted before, on days before the reporting days."
    )
    routine: Decimal = strawberry.field(
        default=Decimal(0),
        description="Routine adjustments of that to the conditions of the reporting days, t CO2e.",
    )
    non_routine: Decimal = strawberry.field(
        default=Decimal(0), description="Adjustments to what changed once, t CO2e."
    )
    reporting: EffectPeriodInput = strawberry.field(
        description="What was emitted afterwards: on days since the measure runs, none after today."
    )
    r_squared: Decimal | None = strawberry.field(
        default=None, description="R² of the regression, 0 to 1: of IPMVP_C, and of nothing else."
    )
    cv_rmse: Decimal | None = strawberry.field(
        default=None,
        description="CV(RMSE) of the regression, from 0; 0.2 is 20 %: of IPMVP_C, and of nothing else.",
    )
    document: str = strawberry.field(description="The report: 1 to 200 characters.")

    def command(self, ids: Ids, caller: Principal) -> VerifyEffect:
        terms = EffectTerms(
            method=self.method,
            baseline=self.baseline.period(),
            routine=simplest(self.routine),
            non_routine=simplest(self.non_routine),
            reporting=self.reporting.period(),
            r_squared=simplest_if(self.r_squared),
            cv_rmse=simplest_if(self.cv_rmse),
            document=self.document,
        )
        return VerifyEffect(ids.read(self.measure, "input", "measure", kind=MEASURE), terms)


@strawberry.input(description="An analysis of a pilot's potential to reach zero.")
class WritePotentialAnalysisInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    accounting_period: strawberry.ID = strawberry.field(
        description="The accounting period whose emissions it starts from."
    )
    basis: Basis = strawberry.field(
        default=Basis.OPERATIONAL, description="Which inventories to use."
    )
    year: int = strawberry.field(
        description="The calendar year that it looks at: not before the one in which the period ends."
    )
    growth: Decimal = strawberry.field(
        description="By which part of them emissions grow a year by themselves, above -1, to 1: 0.03 is 3 %."
    )
    growth_source: str = strawberry.field(description="Where that is from: 1 to 200 characters.")
    paragraphs: list[str] = strawberry.field(
        description="What section 三 of the guide asks to be analysed: 1 to 50 paragraphs of 1 to 1,000 characters."
    )
    as_of: BigInt | None = strawberry.field(
        default=None, description="The position as of which its numbers are. Default: now."
    )

    def command(self, ids: Ids, caller: Principal) -> WritePotentialAnalysis:
        path = ("input", "accountingPeriod")
        period = ids.read(self.accounting_period, *path, kind=ACCOUNTING_PERIOD)
        return WritePotentialAnalysis(
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            terms=PotentialTerms(
                period_id=period, basis=self.basis, year=self.year, growth=simplest(self.growth)
            ),
            growth_source=self.growth_source,
            paragraphs=tuple(self.paragraphs),
            as_of=self.as_of,
        )
