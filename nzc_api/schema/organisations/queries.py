"""What can be asked of organisations."""

from typing import Annotated

import strawberry

from nzc_api.access.model import OrganisationFilter
from nzc_api.schema.kit.as_of import FactsAsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.kinds import ORGANISATION
from nzc_api.schema.kit.searching import searched_for
from nzc_api.schema.organisations.enums import Role
from nzc_api.schema.organisations.types import Organisation


@strawberry.type
class OrganisationLists:
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


@strawberry.type
class Viewer:
    @strawberry.field(description="Whose key this request carries; null without one.")
    async def viewer(self, info: Info) -> Organisation | None:
        caller = await info.context.principal()
        if caller is None:
            return None
        found = await info.context.loaders.organisation.load(caller.organisation_id)
        return None if found is None else Organisation(domain=found)


@strawberry.type
class OrganisationQueries:
    @dear("An organisation; null if there is none, or was none then.", statements=2)
    async def organisation(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("Its id.")],
        as_of: FactsAsOf = None,
    ) -> Organisation | None:
        organisation_id = info.context.ids.read(id, "id", kind=ORGANISATION)
        if as_of is None:
            found = await info.context.loaders.organisation.load(organisation_id)
        else:
            key = (organisation_id, await info.context.as_of(as_of))
            found = await info.context.loaders.organisation_then.load(key)
        return None if found is None else Organisation(domain=found)
