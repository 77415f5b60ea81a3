"""Credits used for something else than a pilot, as GraphQL."""

from datetime import date

import strawberry

from nzc_api.ledger import model as domain
from nzc_api.schema.credits.enums import Purpose
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.credits.posted import SpentCredits
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot


@node(CreditLoaders.use)
@strawberry.type(
    description="Credits used for something else than offsetting a pilot. What of them is in force, "
    "`quantityInForce` says."
)
class CreditUse(SpentCredits):
    domain: strawberry.Private[domain.CreditUse]

    purpose = attribute(Purpose, "purpose", "What for.")
    beneficiary = attribute(
        str, "beneficiary", "Whose use it is; of a sink that is given back, the pilot's code."
    )
    used_on = attribute(date, "used_on", "The day of the use in the registry.")
    registry_reference = attribute(str | None, "reference", "The registry's own number for it.")

    @strawberry.field(
        description="The pilot whose sink is given back; null for other purposes, and where that was posted "
        "before pilots were asked for."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        pilot_id = self.domain.pilot_id
        return None if pilot_id is None else await Pilot.at(info, pilot_id)

    @strawberry.field(description="The pilot's accounting period for which its sink is given back.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        period_id = self.domain.period_id
        found = None if period_id is None else await info.context.loaders.period.load(period_id)
        return None if found is None else AccountingPeriod(domain=found)

    @strawberry.field(description="Who held the credits.")
    async def holder(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.holder_id)
