"""What refuses changes of organisations, as GraphQL."""

import strawberry

import nzc_api.access.errors as access
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.organisations.types import Organisation


@explains(access.CreditCodeTaken)
class CreditCodeTaken(UserError):
    @strawberry.field(description="The organisation that has the code.")
    async def organisation(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.organisation_id)
