"""What a command of the ledger would do, as GraphQL."""

import strawberry

from nzc_api.ledger.posting import preview as domain
from nzc_api.ledger.posting.rules.issued_by_one import MOST_DOUBLES
from nzc_api.schema.credits.accounts import LedgerAccount
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.serials import SerialBlock, block_of
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type(description="Serials as they would move from a debit to a credit account.")
class PreviewedMovement:
    domain: strawberry.Private[domain.PreviewedMovement]

    quantity = attribute(BigInt, "movement.tonnes", "How many tonnes.")

    @strawberry.field(description="Which.")
    def serials(self) -> SerialBlock:
        moved = self.domain
        return block_of(moved.batch, moved.movement.lo, moved.movement.hi)

    @strawberry.field(description="Where they are now.")
    def debit(self) -> LedgerAccount:
        return LedgerAccount(domain=self.domain.debit)

    @strawberry.field(description="Where they would be.")
    def credit(self) -> LedgerAccount:
        return LedgerAccount(domain=self.domain.credit)


@strawberry.type(
    description="What a dry run shows: what would be of the ledger, had this been no dry run. Nothing of it is kept."
)
class LedgerPreview:
    domain: strawberry.Private[domain.PostingPreview]

    entry_kind = attribute(EntryKind, "kind", "What the log would say.")

    @strawberry.field(
        description="The position of the log as of which it is told: as it would be next after that, and after the "
        "items before it. Never null."
    )
    def as_of_position(self) -> BigInt | None:
        return BigInt(self.domain.as_of)

    @strawberry.field(description="How many tonnes it would be about; null where it is about none.")
    def quantity(self) -> BigInt | None:
        tonnes = self.domain.quantity
        return None if tonnes is None else BigInt(tonnes)

    @strawberry.field(description="The serials that would move; none where a whole batch is meant.")
    def movements(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[PreviewedMovement]:
        page = page_by_position(first, after)
        return page_of(
            self.domain.movements,
            page,
            lambda row: row.movement.line,
            lambda row: PreviewedMovement(domain=row),
        )

    suspected_items = attribute(
        list[int],
        "double_items",
        "The items of the same request, numbered from 0, that what would be issued seems to double, in their order.",
        at_most=MOST_DOUBLES,
    )

    @strawberry.field(
        description="The batches of before the request that what would be issued seems to double, or that an amended "
        "site would show to be issued twice: none of them could be used until that is resolved."
    )
    async def suspected_doubles(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[CreditBatch]:
        page = page_by_position(first, after)
        found = await info.context.loaders.batch.load_many(self.domain.double_ids)
        return page_of(
            [batch for batch in found if batch is not None],
            page,
            lambda row: row.id,
            lambda row: CreditBatch(domain=row),
        )
