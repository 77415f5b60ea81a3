"""Targets, how periods stand beside them, and the way to zero; as GraphQL."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.inventories.model import Basis
from nzc_api.schema.documents.types import Document, documents_of
from nzc_api.schema.kit.connections import DEFAULT_FIRST, After, Connection, First
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, described_enum, number, short_list
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import Node, text_attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.types import AccountingPeriod, Pilot, pilot_at
from nzc_api.schema.statements.types import MOST_UNKNOWN, NetEmissions, Unknown
from nzc_api.statements.model import Assurance
from nzc_api.targets import model as domain
from nzc_api.targets import reasons, trajectory
from nzc_api.targets.assessment import Assessment, TargetStatus
from nzc_api.targets.model import (
    BaselineTerms,
    Ceiling,
    RecordTarget,
    ReviseTarget,
    TargetMeasure,
    TargetRevisionReason,
    TargetRoute,
    TargetTerms,
)
from nzc_api.targets.reasons import NotAssessableReason
from nzc_api.targets.rules import MOST_CEILINGS
from nzc_api.targets.trajectory import MOST_POINTS, TrajectoryKind

described_enum(
    TargetRoute,
    "By which ways a pilot means to reach its target (section 一 of the guide).",
    {
        "REDUCE_ENERGY": "using less energy (降低能耗)",
        "EFFICIENCY": "using it more efficiently (提高能效)",
        "SUBSTITUTION": "other energy than before (能源替代)",
        "SINK": "sinks of its own: planting, protecting and managing forests (自身增加吸收汇)",
        "PURCHASE": "voluntary reductions that are bought (购买自愿减排量)",
    },
)
described_enum(
    TargetRevisionReason,
    "Why there is another version of a target.",
    {
        "BOUNDARY": "the pilot's boundary is another one",
        "METHOD": "emissions are accounted by another method",
        "FACTOR": "other factors or warming potentials are used",
        "ERROR": "the version before had an error",
        "AMBITION": "the pilot means to do more, or less",
    },
)
described_enum(
    TargetMeasure,
    "What a ceiling is of.",
    {"NET": "the net emissions", "GROSS": "the emissions inside the boundary"},
)
described_enum(
    TargetStatus,
    "How a period stands beside its ceiling; computed, never entered.",
    {
        "NOT_ASSESSABLE": "it is not known, or is not to be compared: the reasons say why",
        "ON_TRACK": "the net does not exceed the ceiling, so far",
        "BEHIND": "the net exceeds the ceiling, so far",
        "ACHIEVED": "the period is over, its inventories are verified, and the net does not exceed the ceiling",
        "MISSED": "the period is over, its inventories are verified, and the net exceeds the ceiling",
    },
)
described_enum(
    NotAssessableReason,
    "Why a period cannot be assessed by its target.",
    {
        "NO_PERIOD": "the pilot had no such accounting period by then",
        "NOT_SHOWN": "you do not see what the pilot states",
        "NO_TARGET": "the pilot had no target by then",
        "NOT_IN_OPERATION": "the pilot was not in operation in the period",
        "BEFORE_BASELINE": "the period has days before the baseline's year",
        "NET_NOT_KNOWN": "the period's net is not known: its statement says why",
        "COVERAGE_NOT_COMPLETE": "the period's inventories do not cover everything",
        "GWP_SETS_DIFFER": "the period uses other warming potentials than the baseline",
        "FACTOR_FAMILIES_DIFFER": "the period uses fuel factors of other sources than the baseline",
        "BASELINE_RESTATED": "the baseline's net was restated by more than a twentieth of it, or is not known "
        "any more: the target is to be revised",
    },
)
described_enum(
    TrajectoryKind,
    "What a point of a trajectory is.",
    {
        "BASELINE": "the year that the target begins with",
        "CEILING": "a year that the target says something of; between two of them it is linear",
        "ACTUAL": "what is stated of an accounting period, measured in operation",
        "PROJECTION": "what was projected of an accounting period",
    },
)


@strawberry.type(
    description="Where a target begins: what the pilot states of a whole year, as of a position, so it never "
    "changes. It is verified and complete."
)
class TargetBaseline:
    domain: strawberry.Private[domain.Baseline]

    basis = attribute(Basis, "basis", "A survey of the past or a projection.")
    as_of_position = attribute(BigInt, "position", "The position as of which it is stated.")
    year = attribute(int, "year", "The calendar year in which its period ends.")
    gross_co2e = attribute(Decimal, "gross", "Emissions inside the boundary, t CO2e a year.")
    net_co2e = attribute(Decimal, "net", "Net emissions, t CO2e a year: gross less sinks.")

    @strawberry.field(description="The accounting period.")
    async def accounting_period(self, info: Info) -> AccountingPeriod:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)


@strawberry.type(description="What a calendar year may come to at most.")
class TargetCeiling:
    domain: strawberry.Private[Ceiling]

    year = attribute(int, "year", "The calendar year.")
    net_co2e = number("net", "Of the net emissions, t CO2e.")
    gross_co2e = number(
        "gross", "Of the emissions inside the boundary, t CO2e; null where not said.", optional=True
    )
    credits_quantity = attribute(
        BigInt | None, "credits", "Of the credits retired for it, tonnes; null where not said."
    )


@strawberry.type(
    description="A version of a pilot's target: ceilings that fall step by step to zero (section 一 of the "
    "guide). It stands since its own position until the next version. It is no part of any net."
)
class Target(Node):
    domain: strawberry.Private[domain.Target]

    position = attribute(BigInt, "id", "The position at which it was recorded.")
    version = attribute(int, "version", "1, 2, 3, … of the pilot's target.")
    zero_year = attribute(int, "zero_year", "The first year whose ceiling is zero.")
    revision_reason = attribute(
        TargetRevisionReason | None,
        "reason",
        "Why there is another version; null for the first.",
    )
    weakened = attribute(
        bool,
        "weakened",
        "Whether in some year it allows more than the version before, or no longer limits it: its baseline is later.",
    )
    routes = attribute(
        list[TargetRoute], "routes", "How it is to be reached.", at_most=len(TargetRoute)
    )

    @strawberry.field(description="Where it begins.")
    def baseline(self) -> TargetBaseline:
        return TargetBaseline(domain=self.domain.baseline)

    @short_list(
        "What years may come to, in their order. Between two years, and from the baseline to the first, it is "
        "linear; after the last it stays.",
        MOST_CEILINGS,
    )
    def ceilings(self) -> list[TargetCeiling]:
        return [TargetCeiling(domain=ceiling) for ceiling in self.domain.ceilings]

    @strawberry.field(description="The documents that it rests on, oldest first.")
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await pilot_at(info, self.domain.pilot_id)


@strawberry.type(description="Why a period cannot be assessed by its target.")
class NotAssessable:
    domain: strawberry.Private[reasons.NotAssessable]

    reason = attribute(NotAssessableReason, "reason", "Why; stable, for programs.")
    message = text_attribute("message", "The same for people, with what differs.")


@strawberry.type(
    description="A period beside its target. Ceilings are of the days of the period on which the pilot was in "
    "operation: the sum, over calendar years, of the year's ceiling × days ÷ days of the year."
)
class TargetAssessment:
    domain: strawberry.Private[Assessment]

    status = attribute(TargetStatus, "status", "How the period stands.")
    ceiling_co2e = attribute(
        Decimal | None,
        "ceiling",
        "What the net may come to, t CO2e; null where there is no ceiling.",
    )
    gross_ceiling_co2e = attribute(
        Decimal | None,
        "gross_ceiling",
        "What emissions inside the boundary may come to, t CO2e; null where the target does not say.",
    )
    credits_ceiling = attribute(
        BigInt | None,
        "credits_ceiling",
        "How many tonnes of credits may be retired for it; null where the target does not say.",
    )
    gap_co2e = attribute(
        Decimal | None,
        "gap",
        "By how much the net is above its ceiling, t CO2e; below zero: below it. Null where it cannot be "
        "assessed.",
    )
    on_site_reduction_co2e = attribute(
        Decimal | None,
        "on_site_reduction",
        "By how much fewer emissions there are inside the boundary than the baseline had in as many days, "
        "t CO2e; credits and sinks are none of it. Null where it cannot be assessed.",
    )
    offset_share = number(
        "offset_share",
        "Which part of the emissions inside the boundary is offset by retired credits, from 0; null where "
        "they are not known, or not above 0.",
        optional=True,
    )
    baseline_change = number(
        "baseline_change",
        "By which part of it the baseline's net was restated since: 0.1 is a tenth more. More than 0.05 "
        "either way obliges a revision. Null where there is no target, or it is not known any more.",
        optional=True,
    )

    @short_list("Why it cannot be assessed; empty where it can.", len(NotAssessableReason))
    def reasons(self) -> list[NotAssessable]:
        return [NotAssessable(domain=item) for item in self.domain.reasons]

    @strawberry.field(
        description="The version of the target that stood; null where there was none, or you do not see it."
    )
    def target(self) -> Target | None:
        return None if self.domain.target is None else Target(domain=self.domain.target)

    @strawberry.field(description="The accounting period; null where the pilot had none such.")
    def accounting_period(self) -> AccountingPeriod | None:
        period = self.domain.period
        return None if period is None else AccountingPeriod(domain=period)

    @strawberry.field(
        description="What is stated of the period, measured in operation; null where you do not see it."
    )
    def net_emissions(self) -> NetEmissions | None:
        statement = self.domain.statement
        return None if statement is None else NetEmissions(domain=statement)


@strawberry.type(description="A point of a chart.")
class TrajectoryPoint:
    domain: strawberry.Private[trajectory.TrajectoryPoint]

    kind = attribute(TrajectoryKind, "kind", "What it is.")
    year = attribute(int, "year", "The calendar year, or the one in which the period ends.")

    net_co2e = number("net", "Net emissions, t CO2e; null where not known.", optional=True)
    gross_co2e = number(
        "gross",
        "Emissions inside the boundary, t CO2e; null where not known, or not said.",
        optional=True,
    )
    credits_quantity = attribute(
        BigInt | None,
        "credits",
        "Tonnes of credits: the ceiling, or those retired that count; null where there is no such number.",
    )

    @strawberry.field(description="The accounting period; null for a ceiling and the baseline.")
    def accounting_period(self) -> AccountingPeriod | None:
        of = self.domain.statement
        return None if of is None else AccountingPeriod(domain=of.period)

    @strawberry.field(description="Its first day; null for a ceiling and the baseline.")
    def starts_on(self) -> date | None:
        of = self.domain.statement
        return None if of is None else of.period.span.starts_on

    @strawberry.field(description="Its last day; null for a ceiling and the baseline.")
    def ends_on(self) -> date | None:
        of = self.domain.statement
        return None if of is None else of.period.span.ends_on

    @strawberry.field(
        description="Whether the inventories are verified; null for a ceiling and the baseline."
    )
    def assurance(self) -> Assurance | None:
        of = self.domain.statement
        return None if of is None else of.assurance

    @short_list("Why its emissions are not known, and null.", MOST_UNKNOWN)
    def unknown(self) -> list[Unknown]:
        of = self.domain.statement
        return [] if of is None else [Unknown(domain=item) for item in of.unknown]


@strawberry.type(
    description="A pilot's way to zero, for a chart: its baseline, its ceilings, and what is stated of its "
    "periods. An accounting period without an inventory is a point without numbers, which says why; a "
    "projection that was never made is none."
)
class Trajectory:
    domain: strawberry.Private[trajectory.Trajectory]

    earlier_periods = attribute(
        int, "earlier", "How many accounting periods before the latest 40 are left out."
    )

    @strawberry.field(
        description="The version of the target that stood; null where there was none."
    )
    def target(self) -> Target | None:
        return None if self.domain.target is None else Target(domain=self.domain.target)

    @short_list("The points: by kind, each in the order of its years.", MOST_POINTS)
    def points(self) -> list[TrajectoryPoint]:
        return [TrajectoryPoint(domain=point) for point in self.domain.points]


@strawberry.input(description="What a target begins with: what the pilot states of a whole year.")
class TargetBaselineInput:
    accounting_period: strawberry.ID = strawberry.field(
        description="An accounting period of the pilot that is exactly a year, all of it in operation."
    )
    basis: Basis = strawberry.field(
        description="HISTORICAL or PROJECTED: a survey of the past or a projection (section 一 of the guide)."
    )
    as_of: BigInt | None = strawberry.field(
        default=None, description="The position as of which it is stated. Default: now."
    )

    def terms(self, ids: Ids) -> BaselineTerms:
        path = ("input", "baseline", "accountingPeriod")
        period = ids.position(self.accounting_period, *path, kinds=("AccountingPeriod",))
        return BaselineTerms(period, self.basis, self.as_of)


@strawberry.input(description="What a calendar year may come to at most.")
class TargetCeilingInput:
    year: int = strawberry.field(description="The calendar year, from 1990 to 2100.")
    net_co2e: Decimal = strawberry.field(
        description="Of the net emissions, t CO2e: from 0, with at most 6 decimals."
    )
    gross_co2e: Decimal | None = strawberry.field(
        default=None,
        description="Of the emissions inside the boundary, t CO2e: not below the net's.",
    )
    credits_quantity: BigInt | None = strawberry.field(
        default=None, description="Of the credits retired for the year, whole tonnes from 0."
    )

    def ceiling(self) -> Ceiling:
        return Ceiling(self.year, self.net_co2e, self.gross_co2e, self.credits_quantity)


CEILINGS = (
    f"1 to {MOST_CEILINGS} years, rising, after the baseline's; neither net nor gross ever rises, and the last "
    "net is 0."
)
ROUTES = "How it is to be reached: at least one way, each once."


@strawberry.input(description="A pilot's first target.")
class RecordTargetInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    baseline: TargetBaselineInput = strawberry.field(description="Where it begins.")
    ceilings: list[TargetCeilingInput] = strawberry.field(description=CEILINGS)
    routes: list[TargetRoute] = strawberry.field(description=ROUTES)

    def command(self, ids: Ids, caller: Principal) -> RecordTarget:
        pilot = ids.position(self.pilot, "input", "pilot", kinds=("Pilot",))
        return RecordTarget(pilot, _terms(self, ids))


@strawberry.input(description="The next version of a target, whole.")
class ReviseTargetInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    target: strawberry.ID = strawberry.field(description="The version that stands.")
    revision_reason: TargetRevisionReason = strawberry.field(
        description="Why there is another version."
    )
    baseline: TargetBaselineInput = strawberry.field(description="Where it begins.")
    ceilings: list[TargetCeilingInput] = strawberry.field(description=CEILINGS)
    routes: list[TargetRoute] = strawberry.field(description=ROUTES)

    def command(self, ids: Ids, caller: Principal) -> ReviseTarget:
        target = ids.position(self.target, "input", "target", kinds=("Target",))
        return ReviseTarget(target, _terms(self, ids), self.revision_reason)


def _terms(given: RecordTargetInput | ReviseTargetInput, ids: Ids) -> TargetTerms:
    ceilings = tuple(ceiling.ceiling() for ceiling in given.ceilings)
    return TargetTerms(given.baseline.terms(ids), ceilings, tuple(given.routes))


async def target_seen(info: Info, position: int) -> Target | None:
    """A version by its position, if whoever calls sees it."""
    found = await info.context.loaders.target.load((position, await info.context.sight()))
    return None if found is None else Target(domain=found)
