"""Accounts of the ledger and what moved between them, as GraphQL."""

import strawberry

from nzc_api.ids import AccountId, Position
from nzc_api.ledger import model as ledger
from nzc_api.ledger.model import AccountKey, Movement
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.enums import AccountKind, Purpose
from nzc_api.schema.credits.serials import SerialBlock, block_of
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.programmes.types import ProgrammeCode


@strawberry.type(description="Where serials sit: with a holder, or retired for a pilot.")
class LedgerAccount:
    domain: strawberry.Private[AccountKey]

    kind = attribute(AccountKind, "kind", "What it means to sit there.")
    programme = attribute(
        ProgrammeCode | None, "programme", "The programme of a holding or an issuance."
    )
    purpose = attribute(
        Purpose | None,
        "purpose",
        "What another use is for.",
    )

    @strawberry.field(description="Whose holding it is.")
    async def organisation(self, info: Info) -> Organisation | None:
        organisation_id = self.domain.organisation_id
        return None if organisation_id is None else await Organisation.at(info, organisation_id)

    @strawberry.field(
        description="The pilot that a retirement is for, or whose sink is given back."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        pilot_id = self.domain.pilot_id
        return None if pilot_id is None else await Pilot.at(info, pilot_id)

    @strawberry.field(description="The accounting period that it is for.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        if self.domain.period_id is None:
            return None
        found = await info.context.loaders.period.load(self.domain.period_id)
        return None if found is None else AccountingPeriod(domain=found)


@strawberry.type(
    description="Serials that moved from a debit to a credit account: both legs at once, so it cannot be "
    "unbalanced."
)
class LedgerMovement:
    domain: strawberry.Private[Movement]
    of_batch: strawberry.Private[ledger.CreditBatch]
    of_project: strawberry.Private[ledger.Project | None] = None
    as_of: strawberry.Private[Position | None] = None

    position = attribute(BigInt, "position", "The position of the log at which they moved.")
    line = attribute(int, "line", "Its number there, from 0.")
    quantity = attribute(BigInt, "tonnes", "How many tonnes.")

    @strawberry.field(description="The batch that the serials are of.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.of_batch, as_of=self.as_of, of_project=self.of_project)

    @strawberry.field(description="The serials.")
    def serials(self) -> SerialBlock:
        return block_of(self.of_batch, self.domain.lo, self.domain.hi)

    @strawberry.field(description="Where they came from.")
    async def debit(self, info: Info) -> LedgerAccount:
        return await account_at(info, self.domain.debit_id)

    @strawberry.field(description="Where they went.")
    async def credit(self, info: Info) -> LedgerAccount:
        return await account_at(info, self.domain.credit_id)


@registered
@strawberry.type(description="What an organisation holds of a batch.")
class CreditHolding:
    domain: strawberry.Private[ledger.Holding]
    as_of: strawberry.Private[Position]

    quantity = attribute(BigInt, "tonnes", "How many tonnes.")
    invalidated_quantity = attribute(
        BigInt,
        "invalidated",
        "How many of these stand for nothing any more: all, if the whole batch was invalidated.",
    )
    exported_quantity = attribute(
        BigInt,
        "exported",
        "How many of these offset no pilot any more: all, if the batch was exported with a corresponding "
        "adjustment.",
    )
    frozen_quantity = attribute(
        BigInt,
        "frozen",
        "How many of these cannot be moved: all, if the whole batch is frozen.",
    )

    @strawberry.field(description="The batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.then(info, self.domain.batch_id, self.as_of)


async def account_at(info: Info, account_id: AccountId) -> LedgerAccount:
    found = await info.context.loaders.account.load(account_id)
    assert found is not None
    return LedgerAccount(domain=found)
