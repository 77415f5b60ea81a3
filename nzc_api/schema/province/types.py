"""All pilots of a year together, by kind and by city, as GraphQL."""

from decimal import Decimal
from typing import Annotated

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.ids import PilotId, Position
from nzc_api.province import figures as domain
from nzc_api.schema.factors.enums import GwpSet
from nzc_api.schema.guide.enums import PilotKind
from nzc_api.schema.guide.types import AdministrativeDivision
from nzc_api.schema.inventories.enums import ElectricityMethod
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, short_list
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.province.filters import ProvincePilotFilter
from nzc_api.schema.statements.enums import CoverageStatus, UnknownReason
from nzc_api.schema.statements.portfolio import PilotOverlap, overlaps_of
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, Unknown
from nzc_api.schema.statements.types import NetEmissions
from nzc_api.schema.targets.assessments import TargetAssessment
from nzc_api.schema.targets.enums import NotAssessableReason, TargetStatus


@strawberry.type(description="Roots taken together: pilots that lie in no other one of the page.")
class ProvinceSums:
    domain: strawberry.Private[domain.ProvinceSums]

    root_count = attribute(int, "roots", "How many roots these are.")
    gross_co2e = attribute(
        Decimal | None,
        "gross",
        "Their emissions, t CO2e; null where those of one are not known, where they use different warming potentials, "
        "or where there is no root.",
    )
    sinks_co2e = attribute(
        Decimal | None, "sinks", "Their usable sinks, t CO2e; null where the gross is."
    )
    purchased_quantity = attribute(
        BigInt,
        "purchased",
        "Tonnes retired for them and for all pilots inside them, that were produced outside all roots of the page.",
    )
    from_inside_quantity = attribute(
        BigInt,
        "from_inside",
        "Tonnes retired whose project lies inside a root of the page: they reduce no root, and do not count.",
    )
    net_co2e = attribute(
        Decimal | None,
        "net",
        "Gross − sinks − purchased reductions, t CO2e; null where the gross is.",
    )


@strawberry.type(description="How many roots' emissions are not known, for a reason.")
class UnknownCount:
    reason: UnknownReason = strawberry.field(description="Why.")
    root_count: int = strawberry.field(description="How many roots; one may have several reasons.")


@strawberry.type(description="How many pilots' statements cover how much.")
class CoverageCount:
    status: CoverageStatus = strawberry.field(description="How much.")
    pilot_count: int = strawberry.field(description="How many pilots.")


@strawberry.type(description="How many pilots stand how beside their targets.")
class TargetStatusCount:
    status: TargetStatus = strawberry.field(description="How.")
    pilot_count: int = strawberry.field(description="How many pilots.")


@strawberry.type(description="How many pilots cannot be assessed by a target, for a reason.")
class NotAssessableCount:
    reason: NotAssessableReason = strawberry.field(description="Why.")
    pilot_count: int = strawberry.field(
        description="How many pilots; one may have several reasons."
    )


@strawberry.type(
    description="A pilot of the page. One that lies in another is in its root's emissions already."
)
class ProvincePilot:
    domain: strawberry.Private[domain.ProvincePilot]
    as_of: strawberry.Private[Position]

    known = attribute(
        bool, "is_known", "Whether it is a root whose emissions are known: they are in the sums."
    )

    @strawberry.field(description="The pilot, as it stood then.")
    def pilot(self) -> Pilot:
        return Pilot(domain=self.domain.pilot)

    @strawberry.field(
        description="The pilot of the page that it lies in, at any depth; null for a root. As it stood then."
    )
    async def root(self, info: Info) -> Pilot | None:
        if self.domain.root is None:
            return None
        return await _pilot_then(info, self.domain.root, self.as_of)

    @short_list("Why a root's emissions are not known.", MOST_UNKNOWN)
    def unknown(self) -> list[Unknown]:
        return [Unknown(domain=item) for item in self.domain.unknown]

    @strawberry.field(
        description="What it states of the year; null where it has no such period, or you do not see it."
    )
    def net_emissions(self) -> NetEmissions | None:
        statement = self.domain.statement
        return None if statement is None else NetEmissions(domain=statement)

    @strawberry.field(description="How the year stands beside its target.")
    def target_status(self) -> TargetAssessment:
        return TargetAssessment(domain=self.domain.assessment)


@strawberry.type(
    description="The numbers of some pilots. A pilot that lies in another is counted by what it is itself, and with "
    "its emissions and credits by what its root is: so the kinds, and the cities, add up to the whole."
)
class ProvinceFigures:
    domain: strawberry.Private[domain.ProvinceFigures]
    as_of: strawberry.Private[Position]

    @strawberry.field(description="How many pilots these are.")
    def pilot_count(self) -> int:
        return len(self.domain.pilots)

    @strawberry.field(description="Of all roots: null where the emissions of one are not known.")
    def all_roots(self) -> ProvinceSums:
        return ProvinceSums(domain=self.domain.together)

    @strawberry.field(
        description="Of the roots whose emissions are known; the others are in `unknown`."
    )
    def known_roots(self) -> ProvinceSums:
        return ProvinceSums(domain=self.domain.known)

    @short_list(
        "Of how many roots the emissions are not known, by each reason that there is.",
        len(UnknownReason),
    )
    def unknown(self) -> list[UnknownCount]:
        return [
            UnknownCount(reason=reason, root_count=count)
            for reason, count in self.domain.unknown.items()
            if count
        ]

    @short_list(
        "The warming potentials that the known roots use; of several there is no one sum, and it is null.",
        len(GwpSet),
    )
    def gwp_sets(self) -> list[GwpSet]:
        return list(self.domain.gwp_sets)

    @short_list(
        "The methods by which bought electricity counts in the known roots: of both, the net is a sum of both, "
        "and power whose certificates some hold is in the grid's average of others, too.",
        len(ElectricityMethod),
    )
    def electricity_methods(self) -> list[ElectricityMethod]:
        return list(self.domain.electricity_methods)

    @short_list("How many pilots' statements cover how much.", len(CoverageStatus))
    def coverage(self) -> list[CoverageCount]:
        return [
            CoverageCount(status=status, pilot_count=count)
            for status, count in self.domain.coverage.items()
        ]

    without_statement_count = attribute(
        int,
        "without_statement",
        "How many pilots have no such period, or state what you do not see: nothing is known of what they cover.",
    )

    @short_list("How many pilots stand how beside their targets.", len(TargetStatus))
    def targets(self) -> list[TargetStatusCount]:
        return [
            TargetStatusCount(status=status, pilot_count=count)
            for status, count in self.domain.targets.items()
        ]

    @short_list(
        "How many cannot be assessed, by each reason that there is.", len(NotAssessableReason)
    )
    def not_assessable(self) -> list[NotAssessableCount]:
        return [
            NotAssessableCount(reason=reason, pilot_count=count)
            for reason, count in self.domain.not_assessable.items()
            if count
        ]

    @strawberry.field(
        description="The pilots behind a number, in the order of their registration: all of them, or those "
        "that `filter` says."
    )
    def pilots(
        self,
        filter: Annotated[ProvincePilotFilter | None, argument("Which of them.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[ProvincePilot]:
        page = page_by_position(first, after)
        narrowed = (filter or ProvincePilotFilter()).narrowed
        return page_of(
            [pilot for pilot in self.domain.pilots if narrowed.has(pilot)],
            page,
            lambda row: row.pilot.id,
            lambda row: ProvincePilot(domain=row, as_of=self.as_of),
        )


@strawberry.type(description="The numbers of the pilots of a kind.")
class ProvinceKind:
    kind: PilotKind = strawberry.field(description="The kind.")
    figures: ProvinceFigures = strawberry.field(description="Its numbers.")


@strawberry.type(description="The numbers of the pilots of a city.")
class ProvinceDivision:
    administrative_division: AdministrativeDivision = strawberry.field(description="The city.")
    figures: ProvinceFigures = strawberry.field(description="Its numbers.")


@strawberry.type(
    description="The regulator's page of numbers: pilots in a calendar year, measured in operation. Emissions of "
    "roots once, and each tonne of credits once; it is never the sum of pilots."
)
class Province:
    domain: strawberry.Private[domain.Province]

    year = attribute(int, "year", "The calendar year.")
    as_of_position = attribute(
        BigInt, "as_of", "The position of the log as of which everything here holds."
    )

    @strawberry.field(description="Of all pilots that are meant.")
    def figures(self) -> ProvinceFigures:
        return ProvinceFigures(domain=self.domain.figures, as_of=self.domain.as_of)

    @short_list("By kind, in the guide's order; those that there are none of, too.", len(PilotKind))
    def by_kind(self) -> list[ProvinceKind]:
        return [
            ProvinceKind(
                kind=kind, figures=ProvinceFigures(domain=figures, as_of=self.domain.as_of)
            )
            for kind, figures in self.domain.by_kind.items()
        ]

    @short_list(
        "By city (地级市), in the order of GB/T 2260; those that have none, too.",
        len(GUIDE.divisions),
    )
    def by_administrative_division(self) -> list[ProvinceDivision]:
        found = self.domain.by_division
        return [
            ProvinceDivision(
                administrative_division=AdministrativeDivision(domain=division),
                figures=ProvinceFigures(domain=found[division.code], as_of=self.domain.as_of),
            )
            for division in GUIDE.divisions
        ]

    @strawberry.field(
        description="Pilots of it that share ground without one lying in the other: what is in both is counted "
        "twice. In the order in which that was recorded."
    )
    def overlaps(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[PilotOverlap]:
        return overlaps_of(self.domain.overlaps, self.domain.as_of, first, after)


async def _pilot_then(info: Info, pilot_id: PilotId, as_of: Position) -> Pilot | None:
    found = await info.context.loaders.pilot_then.load((pilot_id, as_of))
    return None if found is None else Pilot(domain=found)
