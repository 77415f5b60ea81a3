"""What refuses changes of pilots and their periods, as GraphQL."""

import asyncio

import strawberry

import nzc_api.inventories.errors as inventories
import nzc_api.pilots.errors as pilots
from nzc_api.inventories.errors import MOST_INVENTORIES
from nzc_api.ledger.errors import retiring
from nzc_api.pilots.errors import MOST_PERIODS, MOST_PILOTS, MOST_RESTING
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.nodes import Node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.above import (
    CREDIT_USE,
    INVENTORY,
    RETIREMENT,
    RETIREMENT_REQUEST,
    TARGET,
    LazyInventory,
    LazyTarget,
)
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot, pilots_at


@explains(pilots.PilotCodeTaken)
class PilotCodeTaken(UserError):
    @strawberry.field(description="The pilot that has the code.")
    async def pilot(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.pilot_id)


@explains(pilots.ApplicantNotEligible)
class ApplicantNotEligible(UserError):
    section = attribute(str, "section", "The guide's section.")
    accepted = attribute(list[str], "accepted", "Who may apply.", at_most=4)


@explains(pilots.DatesOutOfOrder)
class DatesOutOfOrder(UserError):
    starts_on = attribute(str, "starts_on", "The start.")
    ends_on = attribute(str, "ends_on", "The end.")


@explains(pilots.AccountingPeriodOverlap)
class AccountingPeriodOverlap(UserError):
    @strawberry.field(description="The registered period; null where both are in the same request.")
    async def registered_period(self, info: Info) -> AccountingPeriod | None:
        if self.domain.period_id is None:
            return None
        found = await info.context.loaders.period.load(self.domain.period_id)
        return None if found is None else AccountingPeriod(domain=found)


@explains(pilots.AccountingPeriodWithdrawn)
class AccountingPeriodWithdrawn(UserError):
    withdrawn_position = attribute(
        BigInt, "withdrawn_position", "The position of the log at which it was."
    )


@explains(pilots.AccountingPeriodInUse)
class AccountingPeriodInUse(UserError):
    inventory_count = attribute(int, "inventory_count", "How many inventories there are.")
    posting_count = attribute(int, "posting_count", "How many postings of credits there are.")
    target_count = attribute(int, "target_count", "How many versions of targets there are.")

    @short_list("The first inventories.", MOST_RESTING, statements=2)
    async def inventories(self, info: Info) -> list[LazyInventory]:
        found = [
            INVENTORY.type.at(info, inventory_id) for inventory_id in self.domain.inventory_ids
        ]
        return list(await asyncio.gather(*found))

    @short_list(
        "The first postings of credits: retirements, requests for some, uses.",
        MOST_RESTING,
        statements=3,
    )
    async def postings(self, info: Info) -> list[Node]:
        loaders, ids = info.context.loaders, self.domain.posting_ids
        retired, requested, used = await asyncio.gather(
            loaders.retirement.load_many(ids),
            loaders.request.load_many(ids),
            loaders.use.load_many(ids),
        )
        found: list[Node] = [RETIREMENT.type(domain=item) for item in retired if item is not None]
        found += [RETIREMENT_REQUEST.type(domain=item) for item in requested if item is not None]
        found += [CREDIT_USE.type(domain=item) for item in used if item is not None]
        return sorted(found, key=lambda node: int(node.domain.id))

    @short_list("The first versions of targets that you see.", MOST_RESTING, statements=2)
    async def targets(self, info: Info) -> list[LazyTarget]:
        found = [TARGET.type.seen(info, target_id) for target_id in self.domain.target_ids]
        return [target for target in await asyncio.gather(*found) if target is not None]


@explains(pilots.SurroundingPilotCycle)
class SurroundingPilotCycle(UserError):
    more = attribute(int, "more", "How many more pilots would lie in one another.")

    @short_list(
        "The pilots that would lie in one another, back to the first; or the first of them.",
        MOST_PILOTS,
    )
    async def pilots(self, info: Info) -> list[Pilot]:
        return await pilots_at(info, self.domain.pilot_ids)


@explains(pilots.PilotClosed)
class PilotClosed(UserError):
    closed_on = attribute(str, "closed_on", "The pilot's last day of operation.")

    @strawberry.field(description="The pilot.")
    async def pilot(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.pilot_id)


@explains(pilots.PeriodNotOfPilot)
class PeriodNotOfPilot(UserError):
    more = attribute(int, "more", "How many more periods the pilot has.")
    periods = attribute(
        list[str], "periods", "The pilot's periods, or the last of them.", at_most=MOST_PERIODS
    )


@explains(inventories.InventoriesOutsideOperation)
class InventoriesOutsideOperation(UserError):
    count = attribute(int, "count", "How many inventories there are.")

    @short_list("The first of them.", MOST_INVENTORIES, statements=2)
    async def inventories(self, info: Info) -> list[LazyInventory]:
        found = [
            INVENTORY.type.at(info, inventory_id) for inventory_id in self.domain.inventory_ids
        ]
        return list(await asyncio.gather(*found))


@explains(retiring.RetiredAfterClosure)
class RetiredAfterClosure(UserError):
    closed_on = attribute(str, "closed_on", "The last day of operation as it was given.")
    tonnes = attribute(BigInt, "tonnes", "Tonnes of credits.")
    count = attribute(int, "count", "How many accounting periods there are.")

    @short_list("The first of them.", MOST_PERIODS)
    async def accounting_periods(self, info: Info) -> list[AccountingPeriod]:
        found = await info.context.loaders.period.load_many(self.domain.period_ids)
        return [AccountingPeriod(domain=period) for period in found if period is not None]
