"""Pilots by what is reckoned of them, and how many there are; as GraphQL."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import strawberry

from nzc_api.database.paging import Page
from nzc_api.guide import guide as guide_domain
from nzc_api.guide.guide import GUIDE
from nzc_api.ids import Position
from nzc_api.pilots import model as pilots_domain
from nzc_api.pilots.model import PilotFilter
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.guide.enums import PilotKind
from nzc_api.schema.guide.types import AdministrativeDivision
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear, described_enum, short_list
from nzc_api.schema.pilots.enums import Basis, Direction
from nzc_api.schema.pilots.filters import PilotFilterInput
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.statements.enums import Assurance
from nzc_api.schema.statements.types import NetEmissions
from nzc_api.statements.model import NetEmissions as Statement
from nzc_api.statements.model import StatementKey

# A net is reckoned of each pilot that is ranked, all of them at once.
MOST_RANKED = 300


class RankedBy(StrEnum):
    """What pilots are ranked by."""

    NET = "NET"
    ASSURANCE = "ASSURANCE"


described_enum(
    RankedBy,
    "What pilots are ranked by.",
    {
        "NET": "their net emissions",
        "ASSURANCE": "the status of the inventories that their net rests on: verified, mixed, submitted, "
        "none",
    },
)

_ASSURED = {assurance: place for place, assurance in enumerate(Assurance)}

Ranked = tuple[pilots_domain.Pilot, Statement | None]


@strawberry.type(description="A pilot in its place of a ranking.")
class RankedPilot:
    ranked: strawberry.Private[Ranked]

    @strawberry.field(description="The pilot.")
    def pilot(self) -> Pilot:
        return Pilot(domain=self.ranked[0])

    @strawberry.field(
        description="Its statement of the year; null where the year is none of its accounting periods, "
        "and where you do not see what it states."
    )
    def net_emissions(self) -> NetEmissions | None:
        statement = self.ranked[1]
        return None if statement is None else NetEmissions(domain=statement)


@strawberry.type(description="How many pilots there are of a kind.")
class PilotsOfKind:
    kind: PilotKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many pilots there are in a city.")
class PilotsOfDivision:
    domain: strawberry.Private[guide_domain.AdministrativeDivision]
    count: int = strawberry.field(description="How many.")

    @strawberry.field(description="The city.")
    def administrative_division(self) -> AdministrativeDivision:
        return AdministrativeDivision(domain=self.domain)


@strawberry.type(description="How many pilots there are.")
class PilotCounts:
    there: strawberry.Private[Sequence[pilots_domain.PilotsThere]]

    @strawberry.field(description="In all.")
    def total(self) -> int:
        return sum(item.count for item in self.there)

    @short_list("By kind, in the guide's order; those that there are none of, too.", len(PilotKind))
    def by_kind(self) -> list[PilotsOfKind]:
        sums = Counter(dict.fromkeys(PilotKind, 0))
        for item in self.there:
            sums[GUIDE.kind_of(item.variant).kind] += item.count
        return [PilotsOfKind(kind=kind, count=count) for kind, count in sums.items()]

    @short_list("By city, in the order of GB/T 2260; those that have none, too.", 21)
    def by_administrative_division(self) -> list[PilotsOfDivision]:
        sums: Counter[str] = Counter()
        for item in self.there:
            sums[item.division_code] += item.count
        return [
            PilotsOfDivision(domain=division, count=sums[division.code])
            for division in GUIDE.divisions
        ]


@strawberry.type
class Rankings:
    @dear(
        "Pilots by their net emissions of a calendar year, or by how sure those are; pilots of which it is "
        "not known come last, whatever the direction: those without such a period, and those whose net is "
        "null. At most 300 pilots are ranked: more are refused, so "
        "narrow them.",
        statements=6,
    )
    async def pilot_ranking(
        self,
        info: Info,
        year: Annotated[int, argument("The calendar year.")],
        by: Annotated[RankedBy, argument("What they are ranked by.")] = RankedBy.NET,
        direction: Annotated[Direction, argument("Which end comes first.")] = Direction.ASC,
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        filter: Annotated[PilotFilterInput | None, argument("Which pilots.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        as_of: AsOf = None,
    ) -> Connection[RankedPilot]:
        page = page_by_position(first, after)
        narrowed = (filter or PilotFilterInput()).narrowed(info.context.ids)
        position = await info.context.as_of(as_of)
        ranked = _in_order(await _read(info, narrowed, year, basis, position), by, direction)
        rows = list(enumerate(ranked, 1))

        async def count() -> int:
            return len(rows)

        return connection(
            rows[page.after or 0 :][: page.first + 1],
            page,
            lambda row: row[0],
            lambda row: RankedPilot(ranked=row[1]),
            count,
        )

    @strawberry.field(description="How many pilots there are, by kind and by city.")
    async def pilot_counts(
        self,
        info: Info,
        filter: Annotated[PilotFilterInput | None, argument("Which pilots.")] = None,
    ) -> PilotCounts:
        narrowed = (filter or PilotFilterInput()).narrowed(info.context.ids)
        return PilotCounts(there=await info.context.services.pilots.count_pilots_there(narrowed))


async def _read(
    info: Info, narrowed: PilotFilter, year: int, basis: Basis, position: Position
) -> list[Ranked]:
    """The pilots that are meant, each with its statement."""
    services = info.context.services
    pilots = await services.pilots.list_pilots(narrowed, Page(MOST_RANKED))
    if len(pilots) > MOST_RANKED:
        raise Refused(
            InvalidInput(
                path=("filter",),
                value="…",
                expected_zh=f"至多{MOST_RANKED}个试点：请缩小筛选范围",
                expected_en=f"at most {MOST_RANKED} pilots: narrow them",
            )
        )
    periods = await services.pilots.periods_of([pilot.id for pilot in pilots])
    keys = {
        pilot_id: StatementKey(pilot_id=pilot_id, period_id=period.id, basis=basis, as_of=position)
        for pilot_id, of_pilot in periods.items()
        for period in of_pilot
        if period.span.is_calendar_year(year) and period.stands(position)
    }
    sight = await info.context.sight()
    found = await services.statements.net_emissions(list(keys.values()), sight) if keys else {}
    return [(pilot, found.get(keys[pilot.id]) if pilot.id in keys else None) for pilot in pilots]


def _in_order(rows: Sequence[Ranked], by: RankedBy, direction: Direction) -> list[Ranked]:
    """Ranked; of those that rank alike, or of which it is not known, the one with the lesser code first."""
    valued: list[tuple[Decimal | int, Ranked]] = []
    unknown: list[Ranked] = []
    for row in rows:
        value = _value(row[1], by)
        if value is None:
            unknown.append(row)
        else:
            valued.append((value, row))
    valued.sort(key=lambda ranked: ranked[0], reverse=direction is Direction.DESC)
    return [*(row for _, row in valued), *unknown]


def _value(statement: Statement | None, by: RankedBy) -> Decimal | int | None:
    if statement is None:
        return None
    return statement.net_co2e if by is RankedBy.NET else _ASSURED[statement.assurance]
