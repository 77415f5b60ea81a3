"""The lists at the root: of organisations, pilots, inventories, projects and what the ledger has."""

from typing import Annotated

import strawberry

from nzc_api.access.principals import Role
from nzc_api.access.store import OrganisationFilter
from nzc_api.database.paging import Direction, Page
from nzc_api.pilots.model import Pilot as DomainPilot
from nzc_api.pilots.model import PilotOrderField
from nzc_api.schema.credits.filters import (
    CreditBatchFilterInput,
    ProjectFilterInput,
    RetirementFilterInput,
    RetirementRequestFilterInput,
)
from nzc_api.schema.credits.postings import RetirementRequest
from nzc_api.schema.credits.types import CreditBatch, Project, Retirement
from nzc_api.schema.engine.characters import UNKEPT
from nzc_api.schema.inventories.types import Inventory, InventoryFilterInput
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    POSITION,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_key,
    page_by_position,
    page_by_text,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.searching import searched_for
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.ranking import Rankings
from nzc_api.schema.pilots.types import Pilot, PilotFilterInput, PilotOrder


@strawberry.type
class Lists(Rankings):
    @strawberry.field(description="Organisations, in the order of their registration.")
    async def organisations(
        self,
        info: Info,
        role: Annotated[Role | None, argument("Only those with this role.")] = None,
        name: Annotated[
            str | None,
            argument("Only those with this text in one of their names: 1 to 100 characters."),
        ] = None,
        credit_code: Annotated[
            str | None, argument("Only the one with this unified social credit code.")
        ] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Organisation]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = OrganisationFilter(role, searched_for(name, "name"), credit_code)
        access = info.context.services.access
        return connection(
            await access.list_organisations(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: Organisation(domain=row),
            lambda: access.count_organisations(narrowed),
        )

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

    @dear("Inventories that you see, oldest first.", statements=2)
    async def inventories(
        self,
        info: Info,
        filter: Annotated[InventoryFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Inventory]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or InventoryFilterInput()).narrowed(info.context.ids)
        sight = await info.context.sight()
        inventories = info.context.services.inventories
        return connection(
            await inventories.list_inventories(narrowed, sight, page),
            page,
            lambda row: row.id,
            lambda row: Inventory(domain=row),
            lambda: inventories.count_inventories(narrowed, sight),
        )

    @strawberry.field(description="Projects, oldest first.")
    async def projects(
        self,
        info: Info,
        filter: Annotated[ProjectFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Project]:
        page = page_by_position(first, after, last=last, before=before)
        wanted = searched_for((filter or ProjectFilterInput()).text)
        trace = info.context.services.trace
        return connection(
            await trace.list_projects(wanted, page),
            page,
            lambda row: row.id,
            lambda row: Project(domain=row),
            lambda: trace.count_projects(wanted),
        )

    @strawberry.field(description="Batches of credits, oldest first.")
    async def credit_batches(
        self,
        info: Info,
        filter: Annotated[CreditBatchFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CreditBatch]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or CreditBatchFilterInput()).narrowed(info.context.ids)
        trace = info.context.services.trace
        return connection(
            await trace.list_batches(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: CreditBatch(domain=row),
            lambda: trace.count_batches(narrowed),
        )

    @dear("Retirements, oldest first; those that were corrected since, too.", statements=5)
    async def retirements(
        self,
        info: Info,
        filter: Annotated[RetirementFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Retirement]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or RetirementFilterInput()).narrowed(info.context.ids)
        trace = info.context.services.trace
        return connection(
            await trace.list_retirements(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: Retirement(domain=row),
            lambda: trace.count_retirements(narrowed),
        )

    @dear("Requests of retirements, oldest first; those that ended, too.", statements=2)
    async def retirement_requests(
        self,
        info: Info,
        filter: Annotated[RetirementRequestFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RetirementRequest]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or RetirementRequestFilterInput()).narrowed(info.context.ids)
        trace = info.context.services.trace
        return connection(
            await trace.list_requests(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: RetirementRequest(domain=row),
            lambda: trace.count_requests(narrowed),
        )


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
    return None if UNKEPT.search(name) or not POSITION.fullmatch(number) else (name, int(number))
