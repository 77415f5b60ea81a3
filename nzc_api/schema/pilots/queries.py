"""What can be asked of pilots."""

from dataclasses import replace
from typing import Annotated

import strawberry

from nzc_api.database.paging import Page
from nzc_api.pilots.model import Pilot as DomainPilot
from nzc_api.schema.kit.as_of import FactsAsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_key,
    page_by_position,
    page_by_text,
    position_in,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.kit.unkept import UNKEPT
from nzc_api.schema.pilots.enums import Direction, PilotOrderField
from nzc_api.schema.pilots.filters import PilotFilterInput, PilotOrder
from nzc_api.schema.pilots.types import Pilot


@strawberry.input(description="Which pilot or project is meant: exactly one of these.", one_of=True)
class ByIdOrCode:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    code: str | None = strawberry.field(default=strawberry.UNSET, description="Its code.")

    def given_code(self) -> str | None:
        return None if self.code is strawberry.UNSET else self.code


@strawberry.type
class PilotLists:
    @strawberry.field(description="Pilots.")
    async def pilots(
        self,
        info: Info,
        filter: Annotated[PilotFilterInput | None, argument("Which ones.")] = None,
        order_by: Annotated[
            PilotOrder | None, argument("In which order. Default: by code.")
        ] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Pilot]:
        order = order_by or PilotOrder()
        narrowed = (filter or PilotFilterInput()).narrowed(info.context.ids)
        page_of = {
            PilotOrderField.CODE: page_by_text,
            PilotOrderField.REGISTERED: page_by_position,
        }.get(order.field, _page_by_name)
        page = page_of(first, after, order.direction, last=last, before=before)
        pilots = info.context.services.pilots
        return connection(
            await pilots.list_pilots(narrowed, page, order.field),
            page,
            lambda row: _key(row, order.field),
            lambda row: Pilot(domain=row),
            lambda: pilots.count_pilots(narrowed),
        )


@strawberry.type
class PilotQueries:
    @dear(
        "A pilot; null if there is none, or was none then.",
        statements=1,
        then=2,
        alongside={"accountingPeriod": {}, "latestPeriod": {}},
    )
    async def pilot(
        self,
        info: Info,
        by: Annotated[ByIdOrCode, argument("Which one.")],
        as_of: FactsAsOf = None,
    ) -> Pilot | None:
        code = by.given_code()
        if code is None:
            pilot_id = info.context.ids.read(by.id or "", "by", "id", kind=PILOT)
            found = await Pilot.of_id(info, pilot_id)
        else:
            found = await Pilot.of_code(info, code)
        if found is None or as_of is None:
            return found
        position = await info.context.as_of(as_of)
        then = await info.context.loaders.pilot_then.load((found.domain.id, position))
        return None if then is None else replace(found, domain=then)


def _key(row: DomainPilot, order: PilotOrderField) -> int | str:
    if order is PilotOrderField.REGISTERED:
        return row.id
    if order is PilotOrderField.CODE:
        return row.code
    name = row.name.zh if order is PilotOrderField.NAME_ZH else row.name.en
    return f"{row.id}.{name}"


def _page_by_name(
    first: int, after: str | None, direction: Direction, *, last: int | None, before: str | None
) -> Page:
    return page_by_key(first, after, _name, direction, last=last, before=before)


def _name(key: str) -> tuple[str, int] | None:
    """The name and the id of a cursor's pilot."""
    number, _, name = key.partition(".")
    position = position_in(number)
    return None if UNKEPT.search(name) or position is None else (name, position)
