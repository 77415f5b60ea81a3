"""Accounting periods, as GraphQL."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import strawberry

from nzc_api.ids import Position
from nzc_api.log.asked import LATEST
from nzc_api.pilots import model as domain
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.above import (
    NET_EMISSIONS,
    PILOT,
    RETIREMENT,
    WITH_RETIREMENTS,
    LazyNetEmissions,
    LazyPilot,
    LazyRetirement,
)
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.loaders import PilotLoaders
from nzc_api.statements.model import StatementKey


@strawberry.input(
    description="Which accounting period of a pilot is meant: exactly one of these.", one_of=True
)
class AccountingPeriodBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    year: int | None = strawberry.field(
        default=strawberry.UNSET, description="The calendar year that it is."
    )
    containing: date | None = strawberry.field(
        default=strawberry.UNSET, description="A day that it contains."
    )


@node(PilotLoaders.period)
@strawberry.type(
    description="A span of days that a pilot accounts for; those of one pilot that stand never overlap."
)
class AccountingPeriod(Node):
    domain: strawberry.Private[domain.AccountingPeriod]

    starts_on = attribute(date, "span.starts_on", "Its first day.")
    ends_on = attribute(date, "span.ends_on", "Its last day.")
    withdrawn_position = attribute(
        BigInt | None,
        "withdrawn_position",
        "The position of the log at which it was taken back: since then nothing is accounted in it. Null "
        "where it stands.",
    )

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> LazyPilot | None:
        return await PILOT.type.at(info, self.domain.pilot_id)

    @dear(
        "The net emissions of the pilot in this period, of the inventories that you see. Null as of a "
        "position at which the period was not registered yet, or withdrawn, and where you do not see what "
        "the pilot states.",
        statements=4,
    )
    async def net_emissions(
        self,
        info: Info,
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> LazyNetEmissions | None:
        return await statement_of(info, self.domain, basis, as_of)

    @dear(
        "The credits retired for the pilot and this period, oldest first; what of them is in force, each "
        "says.",
        statements=1,
        alongside=WITH_RETIREMENTS,
    )
    async def retirements(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyRetirement]:
        page = page_by_position(first, after, last=last, before=before)
        key = (self.domain.pilot_id, self.domain.id)
        rows = await RETIREMENT.type.page(info, key, page)
        return connection(
            rows,
            page,
            lambda row: row.domain.id,
            lambda row: row,
            counted(info.context.loaders.retirements_count, (key, LATEST)),
        )


async def position_asked(info: Info, as_of: int | None) -> Position:
    """The position asked for, or whatever is now, which nobody has to be asked."""
    return LATEST if as_of is None else await info.context.as_of(as_of)


async def period_of(
    info: Info, pilot: LazyPilot, by: AccountingPeriodBy, as_of: int | None
) -> domain.AccountingPeriod | None:
    """The period of the pilot that is meant, of those that it has, or had as of a position."""
    position, wanted = await position_asked(info, as_of), meant(info, by)
    every = await pilot.every_period(info)
    return next((p for p in every if p.stands(position) and wanted(p)), None)


def meant(info: Info, by: AccountingPeriodBy) -> Callable[[domain.AccountingPeriod], bool]:
    """Whether a period is one that is meant, whenever it stands."""
    if by.id:
        wanted = info.context.ids.read(by.id, "period", "id", kind=ACCOUNTING_PERIOD)
        return lambda period: period.id == wanted
    if by.containing:
        day = by.containing
        return lambda period: period.span.starts_on <= day <= period.span.ends_on
    year = by.year or 0
    return lambda period: period.span.is_calendar_year(year)


async def statement_of(
    info: Info, period: domain.AccountingPeriod, basis: Basis, as_of: int | None
) -> LazyNetEmissions | None:
    """The statement of a pilot's period."""
    position = await info.context.as_of(as_of)
    key = StatementKey(pilot_id=period.pilot_id, period_id=period.id, basis=basis, as_of=position)
    found = await info.context.loaders.statement.load((key, await info.context.sight()))
    return None if found is None else NET_EMISSIONS.type(domain=found)
