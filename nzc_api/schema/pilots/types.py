"""Pilots, as GraphQL."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.ids import PilotId, Position
from nzc_api.ledger.reading.questions_model import CreditStatementKey
from nzc_api.metering.model import MOST_NAMED
from nzc_api.monitoring.service import SeriesAsked
from nzc_api.pilots import model as domain
from nzc_api.pilots.model import AccountingPeriod as DomainPeriod
from nzc_api.pilots.model import DateSpan, PilotWithPeriods
from nzc_api.pilots.sites import Site
from nzc_api.schema.documents.types import Document, documents_of
from nzc_api.schema.guide.enums import (
    ApplicantKind,
    Establishment,
    FinanceProduct,
    PilotKind,
    PilotVariant,
)
from nzc_api.schema.guide.types import AdministrativeDivision, KindTerms, VariantTerms
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    Trail,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.days import FromDay, InSteps, ToDay
from nzc_api.schema.kit.fields import (
    MUCH_COMPUTED,
    argument,
    attribute,
    dear,
    short_list,
    simplest_if,
)
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.selected import selected
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.above import (
    ABATEMENT_CURVE,
    APPLICATION,
    COMPLETION,
    CREDIT_STATEMENT_LINE,
    DENOMINATOR,
    DUTY,
    ENERGY_BASELINE,
    EVALUATION,
    FINANCING,
    FINANCING_SUM,
    INVENTORY,
    LIFE_CYCLE,
    MANAGEMENT_RULE,
    MEASURE,
    METER,
    MONITORING,
    NET_EMISSIONS_DIFF,
    PLAN,
    POST,
    POTENTIAL,
    POTENTIAL_ANALYSIS,
    REQUIREMENT_STATUS,
    RETIREMENT_CERTIFICATE,
    TARGET,
    TARGET_ASSESSMENT,
    TRAJECTORY,
    UPKEEP,
    LazyAbatementCurve,
    LazyApplication,
    LazyCompletion,
    LazyCreditStatementLine,
    LazyDenominator,
    LazyDuty,
    LazyEnergyBaseline,
    LazyEvaluation,
    LazyFinancing,
    LazyFinancingSum,
    LazyInventory,
    LazyLifeCycle,
    LazyManagementRule,
    LazyMeasure,
    LazyMeter,
    LazyMeterBy,
    LazyMonitoring,
    LazyNetEmissions,
    LazyNetEmissionsDiff,
    LazyPlan,
    LazyPost,
    LazyPotential,
    LazyPotentialAnalysis,
    LazyRequirementStatus,
    LazyRetirementCertificate,
    LazyTarget,
    LazyTargetAssessment,
    LazyTrajectory,
    LazyUpkeep,
)
from nzc_api.schema.pilots.amendments import PilotAmendment
from nzc_api.schema.pilots.enums import Basis, Step, UpkeepSystem, Visibility
from nzc_api.schema.pilots.loaders import PilotLoaders
from nzc_api.schema.pilots.periods import (
    AccountingPeriod,
    AccountingPeriodBy,
    period_of,
    position_asked,
    statement_of,
)
from nzc_api.schema.sites.types import AtSite, at_site
from nzc_api.targets.service import AssessmentKey

# What shows one of its periods.
OF_PERIODS = (
    "accountingPeriod",
    "latestPeriod",
    "netEmissions",
    "netEmissionsDiff",
    "targetStatus",
)


@node(PilotLoaders.pilot)
@strawberry.type(description="A pilot (试点): what is accounted, reduced and offset.")
class Pilot(Node):
    domain: strawberry.Private[domain.Pilot]
    # All its periods, where they were read along with it.
    known_periods: strawberry.Private[list[DomainPeriod] | None] = None

    @classmethod
    async def of_code(cls, info: Info, code: str) -> Self | None:
        """The pilot with a code, if there is one; with its periods, where these are asked for."""
        pilots = info.context.services.pilots
        if selected(info).below(*OF_PERIODS):
            return cls._with_periods(await pilots.find_pilot_with_periods(code))
        found = await pilots.find_pilot(code)
        return None if found is None else cls(domain=found)

    @classmethod
    async def of_id(cls, info: Info, pilot_id: PilotId) -> Self | None:
        """The same of an id."""
        if selected(info).below(*OF_PERIODS):
            found = await info.context.loaders.pilot_with_periods.load(pilot_id)
            return cls._with_periods(found)
        return await cls.seen(info, pilot_id)

    @classmethod
    def _with_periods(cls, found: PilotWithPeriods | None) -> Self | None:
        return None if found is None else cls(domain=found.pilot, known_periods=found.periods)

    async def every_period(self, info: Info) -> list[DomainPeriod]:
        """All its periods, those that were withdrawn too, in the order of their days."""
        if self.known_periods is not None:
            return self.known_periods
        return await info.context.loaders.all_periods.load(self.domain.id)

    code = attribute(str, "code", "Its code: unique, never changed.")
    variant = attribute(PilotVariant, "variant", "Its kind, with the guide's distinctions.")
    name = text_attribute("name", "Its name.")
    applicant_kind = attribute(ApplicantKind, "applicant_kind", "What kind of body applied.")
    applicant_name = text_attribute("applicant_name", "Who applied.")
    establishment = attribute(Establishment, "establishment", "Newly built or existing.")
    operation_starts_on = attribute(
        date | None, "operation_starts_on", "Its first day of operation, if known."
    )
    closed_on = attribute(
        date | None,
        "closed_on",
        "Its last day of operation: it accounts for no day after it. Null where it is not closed.",
    )

    statement_visibility = attribute(
        Visibility,
        "statement_visibility",
        "Who sees what it states: its net emissions, and the verified inventories that they rest on.",
    )
    line_visibility = attribute(
        Visibility,
        "line_visibility",
        "Who sees the lines of those inventories: their activity data, factors and working.",
    )

    @dear("Whether you see what it states; where not, its net emissions are null.", statements=2)
    async def viewer_sees_statements(self, info: Info) -> bool:
        # As it says now, of whatever position this pilot is shown.
        now = await Pilot.at(info, self.domain.id)
        return (await info.context.sight()).sees_statements(now.domain)

    @dear(
        "Whether you see what is never public of it: its meters, measures, money, management and evaluations.",
        statements=1,
    )
    async def viewer_sees_unpublished(self, info: Info) -> bool:
        return (await info.context.sight()).sees_unpublished(self.domain.operator_id)

    @strawberry.field(description="The changes of its facts, oldest first.")
    async def amendments(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PilotAmendment]:
        page = page_by_position(first, after, last=last, before=before)
        rows = await info.context.loaders.amendments.load((self.domain.id, page))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: PilotAmendment(domain=row),
            counted(info.context.loaders.amendments_count, self.domain.id),
        )

    @strawberry.field(description="Its kind.")
    def kind(self) -> PilotKind:
        return GUIDE.kind_of(self.domain.variant).kind

    @strawberry.field(description="What the guide asks of its kind.")
    def kind_terms(self) -> KindTerms:
        return KindTerms(domain=GUIDE.kind_of(self.domain.variant))

    @strawberry.field(description="What the guide asks of its variant: scope and phases.")
    def variant_terms(self) -> VariantTerms:
        return VariantTerms(domain=GUIDE.variant(self.domain.variant))

    @strawberry.field(description="The prefecture-level city that it lies in. Never null.")
    def administrative_division(self) -> AdministrativeDivision | None:
        division = GUIDE.division(self.domain.division_code)
        assert division is not None
        return AdministrativeDivision(domain=division)

    @strawberry.field(description="The organisation that writes it.")
    async def operator(self, info: Info) -> Organisation:
        found = await info.context.loaders.organisation.load(self.domain.operator_id)
        assert found is not None
        return Organisation(domain=found)

    @strawberry.field(
        description="Where it is, as its operator said last; null where that was not said."
    )
    async def site_address(self, info: Info) -> str | None:
        return (await self._site(info)).address

    @strawberry.field(description="Decimal degrees north.")
    async def latitude(self, info: Info) -> Decimal | None:
        return simplest_if((await self._site(info)).latitude)

    @strawberry.field(description="Decimal degrees east.")
    async def longitude(self, info: Info) -> Decimal | None:
        return simplest_if((await self._site(info)).longitude)

    @strawberry.field(description="What its site is known by elsewhere.")
    async def site_code(self, info: Info) -> str | None:
        return (await self._site(info)).code

    async def _site(self, info: Info) -> Site:
        return await info.context.loaders.site.load(self.domain.id) or Site()

    @strawberry.field(
        description="The pilots and projects at its site, in the order of their registration: a pilot may be "
        "the same, "
        "registered twice, and a project may lie inside it."
    )
    async def at_site(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[AtSite]:
        return await at_site(info, self.domain.id, first, after)

    @dear("The pilots around it, innermost first.", statements=3)
    async def surrounding_pilots(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection["Pilot"]:
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        surrounding = await info.context.loaders.surrounding.load((self.domain.id, (at, page)))
        found = await pilots_at(info, [pilot_id for _, pilot_id in surrounding], at)
        rows = [(depth, pilot) for (depth, _), pilot in zip(surrounding, found, strict=True)]
        return connection(
            rows,
            page,
            lambda row: row[0],
            lambda row: row[1],
            counted(info.context.loaders.surrounding_count, (self.domain.id, at)),
        )

    @dear("The pilots directly inside it, in the order of their registration.", statements=3)
    async def pilots_inside(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection["Pilot"]:
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        inside = await info.context.loaders.within.load((self.domain.id, (at, page)))
        rows = await pilots_at(info, inside, at)
        return connection(
            rows,
            page,
            lambda row: row.domain.id,
            lambda row: row,
            counted(info.context.loaders.within_count, (self.domain.id, at)),
        )

    @dear(
        "Its accounting periods, in the order of their registration; not those that were withdrawn.",
        statements=2,
    )
    async def accounting_periods(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOf = None,
    ) -> Connection[AccountingPeriod]:
        page = page_by_position(first, after, last=last, before=before)
        at = await position_asked(info, as_of)
        rows = await info.context.loaders.periods.load((self.domain.id, (at, page)))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: AccountingPeriod(domain=row),
            counted(info.context.loaders.periods_count, (self.domain.id, at)),
        )

    @dear("One of its accounting periods; null where it has no such period.", statements=1, then=1)
    async def accounting_period(
        self,
        info: Info,
        by: Annotated[AccountingPeriodBy, argument("Which one.")],
        as_of: AsOf = None,
    ) -> AccountingPeriod | None:
        found = await period_of(info, self, by, as_of)
        return None if found is None else AccountingPeriod(domain=found)

    @strawberry.field(
        description="The accounting period with its latest days; null where it has none."
    )
    async def latest_period(self, info: Info) -> AccountingPeriod | None:
        found = [period for period in await self.every_period(info) if period.stands()]
        return AccountingPeriod(domain=found[-1]) if found else None

    @dear("Its inventories that you see, oldest first.", statements=2)
    async def inventories(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyInventory]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.inventories.load((self.domain.id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: INVENTORY.type(domain=row),
            counted(info.context.loaders.inventories_count, (self.domain.id, sight)),
        )

    @short_list(
        "Its meters that have a code, or that have or had a supply point, by their first days; none where you do not "
        "see them.",
        MOST_NAMED,
        statements=3,
    )
    async def meters_named(
        self,
        info: Info,
        by: Annotated[
            LazyMeterBy,
            argument("What they are called."),
        ],
    ) -> list[LazyMeter]:
        return await METER.type.named(info, self, by)

    @dear(
        "Its meters, in the order of their registration; none where you do not see them.",
        statements=4,
    )
    async def meters(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyMeter]:
        return await METER.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "What its use and emissions are stated per, all that was recorded, in order; none where you do not see its "
        "meters.",
        statements=3,
    )
    async def denominators(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyDenominator]:
        return await DENOMINATOR.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "What its use was explained by, all that was recorded, in order; none where you do not see its meters.",
        statements=3,
    )
    async def energy_baselines(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyEnergyBaseline]:
        return await ENERGY_BASELINE.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "What it uses, emits and pays from a day to another, as its meters tell, by steps: the first and the "
        "last step "
        "are as long as the days leave them. Null where you do not see its meters.",
        statements=MUCH_COMPUTED,
    )
    async def monitoring(
        self,
        info: Info,
        from_day: FromDay,
        to_day: ToDay,
        step: InSteps = Step.MONTH,
        annualised: Annotated[
            bool,
            argument(
                "Whether intensities per what is there throughout are stated per year, in steps that are none: "
                "they say so."
            ),
        ] = False,
        as_of: AsOf = None,
    ) -> LazyMonitoring | None:
        days, position = DateSpan(from_day, to_day), await info.context.as_of(as_of)
        asked = SeriesAsked(days=days, step=step, as_of=position, annualised=annualised)
        return await MONITORING.type.of_pilot(info, self, asked)

    @dear(
        "The credits that offset it, of all its periods, movement by movement: what was "
        "retired for it and what was taken back, with the balance after each, and how much of that was "
        "invalidated with its whole batch.",
        statements=5,
    )
    async def credit_statement(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[LazyCreditStatementLine]:
        statement = CreditStatementKey(await info.context.as_of(as_of), pilot_id=self.domain.id)
        return await CREDIT_STATEMENT_LINE.type.page(info, statement, first, after)

    @dear(
        "Its net emissions in a period by the guide's formula (section 五): emissions "
        "inside the boundary − sinks inside it − purchased reductions from outside; of the inventories "
        "that you see. Null where it has no such period, or had none as of the position, and where you "
        "do not see what it states: see `viewerSeesStatements`.",
        statements=5,
    )
    async def net_emissions(
        self,
        info: Info,
        period: Annotated[AccountingPeriodBy, argument("Which accounting period.")],
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> LazyNetEmissions | None:
        found = await period_of(info, self, period, as_of)
        return None if found is None else await statement_of(info, found, basis, as_of)

    @dear(
        "What became of its net emissions in a period between two positions of the log: the statement at both, and "
        "which entries changed which term. Null where there is no such period at either, and where you do not see what "
        "it states.",
        statements=5,
    )
    async def net_emissions_diff(
        self,
        info: Info,
        period: Annotated[AccountingPeriodBy, argument("Which accounting period.")],
        from_: Annotated[BigInt, argument("The position before.", name="from")],
        to: Annotated[BigInt | None, argument("The position afterwards. Default: now.")] = None,
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
    ) -> LazyNetEmissionsDiff | None:
        start, end = await info.context.between(from_, to)
        found = await period_of(info, self, period, end) or await period_of(
            info, self, period, start
        )
        if found is None:
            return None
        return await NET_EMISSIONS_DIFF.type.of(info, found, basis, start, end)

    @dear(
        "The documents that are attached to it, oldest first; none where you do not see what it states.",
        statements=3,
    )
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        now = await Pilot.at(info, self.domain.id)
        shown = (await info.context.sight()).sees_statements(now.domain)
        return await documents_of(info, self.domain.id, first, after, shown=shown)

    @dear(
        "The application that it was selected by; null where it was registered without one, and where you do not see "
        "it.",
        statements=3,
    )
    async def application(self, info: Info) -> LazyApplication | None:
        found = await info.context.loaders.application_of.load(self.domain.id)
        return None if found is None else await APPLICATION.type.seen(info, found)

    @dear(
        "The version of its target that stands, or stood as of a position; null where there is none, and where "
        "you do not see what it states.",
        statements=3,
    )
    async def target(self, info: Info, as_of: AsOf = None) -> LazyTarget | None:
        key = (self.domain.id, await info.context.as_of(as_of))
        found = await info.context.loaders.target_stood.load((key, await info.context.sight()))
        return None if found is None else TARGET.type(domain=found)

    @dear("The versions of its target that you see, oldest first.", statements=2)
    async def targets(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyTarget]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.targets.load((self.domain.id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: TARGET.type(domain=row),
            counted(info.context.loaders.targets_count, (self.domain.id, sight)),
        )

    @dear(
        "How a period stands beside the target: its ceiling, the gap, and whether it is on track; where that is "
        "not known, why.",
        statements=11,
    )
    async def target_status(
        self,
        info: Info,
        period: Annotated[AccountingPeriodBy, argument("Which accounting period.")],
        as_of: AsOf = None,
    ) -> LazyTargetAssessment:
        found = await period_of(info, self, period, as_of)
        position = await info.context.as_of(as_of)
        key = AssessmentKey(self.domain.id, None if found is None else found.id, position)
        loaded = await info.context.loaders.assessment.load((key, await info.context.sight()))
        return TARGET_ASSESSMENT.type(domain=loaded)

    @dear(
        "The certificate (注销证明) of all that was retired for it and one of its accounting periods, as of a "
        "position. Null where nothing was.",
        statements=MUCH_COMPUTED,
    )
    async def retirement_certificate(
        self,
        info: Info,
        period: Annotated[AccountingPeriodBy, argument("Which accounting period.")],
        as_of: AsOf = None,
    ) -> LazyRetirementCertificate | None:
        found = await period_of(info, self, period, as_of)
        if found is None:
            return None
        return await RETIREMENT_CERTIFICATE.type.of(info, Position(found.id), as_of)

    @dear(
        "Its way to zero, for a chart: baseline, ceilings, what is stated of its periods, and projections.",
        statements=9,
    )
    async def trajectory(self, info: Info, as_of: AsOf = None) -> LazyTrajectory:
        key = (self.domain.id, await info.context.as_of(as_of))
        found = await info.context.loaders.trajectory.load((key, await info.context.sight()))
        assert found is not None
        return TRAJECTORY.type(domain=found)

    @dear(
        "Its measures, in the order of their planning; none where you do not see them.",
        statements=2,
    )
    async def measures(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyMeasure]:
        return await MEASURE.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "Its evaluations, in the order of their opening; none where you do not see them.",
        statements=MUCH_COMPUTED,
    )
    async def evaluations(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyEvaluation]:
        return await EVALUATION.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "Its measures that act in a year, by what they cost a tonne, for a chart; none where you do not see them.",
        statements=MUCH_COMPUTED,
    )
    async def abatement_curve(
        self,
        info: Info,
        year: Annotated[int, argument("The calendar year, from 1990 to 2100.")],
        rate: Annotated[Decimal, argument("The discount rate a year, from 0 to 1: 0.05 is 5 %.")],
        as_of: AsOf = None,
    ) -> LazyAbatementCurve:
        return await ABATEMENT_CURVE.type.of_pilot(info, self, year, rate, as_of)

    @dear(
        "What is left of its emissions in a year to come, and would have to be covered by credits: business as usual − "
        "what measures bring − sinks. Null where it has no such period, and where you do not see its measures.",
        statements=8,
    )
    async def potential(
        self,
        info: Info,
        year: Annotated[int, argument("The calendar year, not before the period's.")],
        period: Annotated[
            AccountingPeriodBy, argument("The accounting period whose emissions it starts from.")
        ],
        growth: Annotated[
            Decimal,
            argument("By which part of them emissions grow a year by themselves: 0.03 is 3 %."),
        ],
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> LazyPotential | None:
        asked = (basis, year, growth)
        return await POTENTIAL.type.of_pilot(info, self, period, asked, as_of)

    @dear(
        "What was written of its potential to reach zero, oldest first; none where you do not see its measures.",
        statements=2,
    )
    async def potential_analyses(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[LazyPotentialAnalysis]:
        return await POTENTIAL_ANALYSIS.type.of_pilot(info, self, first, after)

    @dear(
        "What pays for its measures, oldest first; none where you do not see its measures.",
        statements=MUCH_COMPUTED,
    )
    async def financings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyFinancing]:
        return await FINANCING.type.of_pilot(info, self, first, after, as_of)

    @short_list(
        "What its financings come to, by product; none where you do not see its measures.",
        len(FinanceProduct),
        statements=MUCH_COMPUTED,
    )
    async def financing_sums(self, info: Info, as_of: AsOf = None) -> list[LazyFinancingSum]:
        return await FINANCING_SUM.type.of_pilot(info, self, as_of)

    @dear("Its posts, oldest first; none where you do not see them.", statements=2)
    async def posts(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyPost]:
        return await POST.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "What its units may emit, by years, oldest first, those that later ones replaced included; none where you do "
        "not see them.",
        statements=2,
    )
    async def duties(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyDuty]:
        return await DUTY.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "The rules by which it manages its emissions, oldest first; none where you do not see them.",
        statements=2,
    )
    async def management_rules(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[LazyManagementRule]:
        return await MANAGEMENT_RULE.type.of_pilot(info, self, first, after, as_of)

    @dear(
        "What was done to keep up its facilities and greenery, oldest first; none where you do not see it.",
        statements=2,
    )
    async def upkeep(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        system: Annotated[UpkeepSystem | None, argument("Of this alone. Default: of all.")] = None,
    ) -> Connection[LazyUpkeep]:
        return await UPKEEP.type.of_pilot(info, self, first, after, system)

    @short_list(
        "What the guide requires of it, how far it meets that, and what shows it; none where you do not see it. Which "
        "facts show what is our own reading.",
        len(GUIDE.requirements),
        statements=12,
    )
    async def requirements(self, info: Info, as_of: AsOf = None) -> list[LazyRequirementStatus]:
        return await REQUIREMENT_STATUS.type.of_pilot(info, self, as_of)

    @dear(
        "The version of its plan that is in force, or was as of a position: of those that were approved the last. "
        "Null where there is none, and where you do not see it.",
        statements=MUCH_COMPUTED,
    )
    async def plan(self, info: Info, as_of: AsOf = None) -> LazyPlan | None:
        return await PLAN.type.in_force(info, self, as_of)

    @dear(
        "The versions of its plan that you see, oldest first, as they stand.",
        statements=MUCH_COMPUTED,
    )
    async def plans(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[LazyPlan]:
        return await PLAN.type.of_pilot(info, self, first, after)

    @dear(
        "That it is built, and since when it runs stably; what was said last, as of a position. Null where that was "
        "not recorded, and where you do not see its plan.",
        statements=2,
    )
    async def completion(self, info: Info, as_of: AsOf = None) -> LazyCompletion | None:
        return await COMPLETION.type.of_pilot(info, self, as_of)

    @dear(
        "What is known of the stages of its life (section 四(一) of the guide), and what the materials of its plan "
        "emitted, as a memo. Null where you do not see of every pilot what was submitted, and it is not yours.",
        statements=MUCH_COMPUTED,
    )
    async def life_cycle(
        self,
        info: Info,
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> LazyLifeCycle | None:
        return await LIFE_CYCLE.type.of_pilot(info, self, basis, as_of)


async def pilots_at(
    info: Info, ids: Sequence[PilotId], as_of: Position | None = None
) -> list[Pilot]:
    """The pilots as they stood at a position, or as they are."""
    if as_of is None:
        found = await info.context.loaders.pilot.load_many(ids)
    else:
        found = await info.context.loaders.pilot_then.load_many([(id_, as_of) for id_ in ids])
    return [Pilot(domain=pilot) for pilot in found if pilot is not None]
