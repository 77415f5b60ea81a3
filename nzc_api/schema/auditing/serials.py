"""Where serials are and were, as GraphQL."""

from datetime import datetime

import strawberry

from nzc_api.ids import AccountId, BatchId, Position
from nzc_api.ledger import model as ledger
from nzc_api.ledger.reading import questions_model as domain
from nzc_api.ledger.reading.questions_model import SerialAt
from nzc_api.schema.credits.accounts import LedgerAccount, LedgerMovement, account_at
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.serials import SerialBlock, block_of
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.feed.types import Event
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    First,
    Trail,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt

# What is ordered of serials by themselves is told by where they sit.
ORDERED_BY_THEMSELVES = {
    "invalidated": ledger.AccountKind.INVALIDATED,
    "frozen": ledger.AccountKind.FROZEN,
}


@strawberry.type(
    description="Something that happened to a serial, by itself or with its whole batch."
)
class LifeStep:
    domain: strawberry.Private[domain.LifeStep]
    owner: strawberry.Private[ledger.CreditBatch]
    as_of: strawberry.Private[Position]

    position = attribute(BigInt, "entry.position", "The position of the log at which it happened.")
    at = attribute(datetime, "entry.at", "When it was posted.")

    @strawberry.field(description="What happened.")
    def kind(self) -> EntryKind:
        return EntryKind(self.domain.entry.kind)

    @strawberry.field(description="The entry of the log: who did it, and to what.")
    def event(self) -> Event:
        return Event(domain=self.domain.entry)

    @strawberry.field(
        description="The serials that moved, this one among them; null where it happened to the whole "
        "batch, which moves nothing."
    )
    def movement(self) -> LedgerMovement | None:
        moved = self.domain.movement
        if moved is None:
            return None
        return LedgerMovement(domain=moved, of_batch=self.owner, as_of=self.as_of)

    @strawberry.field(description="Where the serial came from; null where nothing moved.")
    async def debit(self, info: Info) -> LedgerAccount | None:
        moved = self.domain.movement
        return None if moved is None else await account_at(info, moved.debit_id)

    @strawberry.field(description="Where the serial went; null where nothing moved.")
    async def credit(self, info: Info) -> LedgerAccount | None:
        moved = self.domain.movement
        return None if moved is None else await account_at(info, moved.credit_id)


@strawberry.type(description="Where a single serial is, as of a position.")
class CreditSerial:
    at: strawberry.Private[SerialAt]
    last: strawberry.Private[ledger.Movement]
    owner: strawberry.Private[ledger.CreditBatch]

    @strawberry.field(description="Its number.")
    def serial(self) -> BigInt:
        return BigInt(self.at.serial)

    @strawberry.field(description="Its batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.owner, as_of=self.at.as_of)

    @strawberry.field(description="Where it sits.")
    async def account(self, info: Info) -> LedgerAccount:
        return await account_at(info, self.last.credit_id)

    @strawberry.field(description="The position of the log at which it came there.")
    def since_position(self) -> BigInt:
        return BigInt(self.last.position)

    @strawberry.field(description="The position of the log as of which this holds.")
    def as_of_position(self) -> BigInt:
        return BigInt(self.at.as_of)

    @dear(
        "What invalidated it by then, by itself or with its whole batch: it stands for nothing since, "
        "wherever it sits. Null where nothing did.",
        statements=4,
    )
    async def invalidated(self, info: Info) -> LedgerPosting | None:
        return await self._ordered(info, "invalidated")

    @dear(
        "What froze it, by itself or with its whole batch, and holds it still as of then. Null where nothing "
        "does.",
        statements=4,
    )
    async def frozen(self, info: Info) -> LedgerPosting | None:
        return await self._ordered(info, "frozen")

    @dear(
        "What recorded by then that its whole batch was exported with a corresponding adjustment: it offsets "
        "no pilot since. Null where nothing did.",
        statements=4,
    )
    async def exported(self, info: Info) -> LedgerPosting | None:
        return await self._ordered(info, "exported")

    async def _ordered(self, info: Info, fact: str) -> LedgerPosting | None:
        last = self.last
        where = (last.batch_id, last.credit_id, last.position)
        return await _ordered(info, fact, where, self.at.as_of)

    @dear(
        "Its whole life up to then, oldest first: every movement of it, and what happened "
        "to its whole batch.",
        statements=3,
    )
    async def life(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[LifeStep]:
        page = page_by_position(first, after)
        rows = await info.context.loaders.life.load((self.at, page))
        return trail(
            rows,
            page,
            lambda row: row.entry.position,
            lambda row: LifeStep(domain=row, owner=self.owner, as_of=self.at.as_of),
        )


@registered
@strawberry.type(description="A run of serials that sit together: a tile of its batch.")
class CreditTile:
    domain: strawberry.Private[ledger.Lot]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")
    since_position = attribute(
        BigInt, "since", "The position of the log at which they came to where they are."
    )

    @strawberry.field(description="The serials.")
    async def serials(self, info: Info) -> SerialBlock:
        batch = await CreditBatch.at(info, self.domain.batch_id)
        return block_of(batch.domain, self.domain.lo, self.domain.hi)

    @strawberry.field(description="Where they are.")
    async def account(self, info: Info) -> LedgerAccount:
        return await account_at(info, self.domain.account_id)

    @dear(
        "What invalidated them, by themselves or with their whole batch: they stand for nothing since, "
        "wherever they sit. Null where nothing did.",
        statements=5,
    )
    async def invalidated(self, info: Info) -> LedgerPosting | None:
        return await self._ordered(info, "invalidated")

    @dear(
        "What froze them, by themselves or with their whole batch, and holds them still. Null where nothing "
        "does.",
        statements=5,
    )
    async def frozen(self, info: Info) -> LedgerPosting | None:
        return await self._ordered(info, "frozen")

    @dear(
        "What recorded that their whole batch was exported with a corresponding adjustment: they offset no "
        "pilot since. Null where nothing did.",
        statements=5,
    )
    async def exported(self, info: Info) -> LedgerPosting | None:
        return await self._ordered(info, "exported")

    async def _ordered(self, info: Info, fact: str) -> LedgerPosting | None:
        lot, now = self.domain, await info.context.now()
        return await _ordered(info, fact, (lot.batch_id, lot.account_id, lot.since), now)


async def _ordered(
    info: Info, fact: str, where: tuple[BatchId, AccountId, int], as_of: Position
) -> LedgerPosting | None:
    """What invalidated, froze or exported serials ``where`` they are: of a batch, in an account, since a
    position."""
    batch_id, account_id, since = where
    account = await account_at(info, account_id)
    facts = await info.context.loaders.batch_facts.load((batch_id, as_of))
    by_themselves = account.domain.kind is ORDERED_BY_THEMSELVES.get(fact)
    position = since if by_themselves else getattr(facts, fact)
    return None if position is None else await LedgerPosting.then(info, position, as_of)
