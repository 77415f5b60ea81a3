"""Many commands in one request, as GraphQL: what became of each."""

from enum import StrEnum

import strawberry

from nzc_api.ledger.posting.preview import PostingPreview
from nzc_api.log.model import Outcome
from nzc_api.schema.credits.previews import LedgerPreview
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, as_error
from nzc_api.schema.kit.fields import dear, described_enum, short_list
from nzc_api.schema.kit.mutations import as_shown
from nzc_api.schema.kit.nodes import OF_ONE_KIND, Node, find_node
from nzc_api.schema.kit.scalars import BigInt

MOST_ITEMS = 1000

NOTHING_YET = Outcome(None, None)


class BulkMode(StrEnum):
    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    EACH_INDEPENDENT = "EACH_INDEPENDENT"


class BulkStatus(StrEnum):
    COMMITTED = "COMMITTED"
    REPLAYED = "REPLAYED"
    READY = "READY"
    REJECTED = "REJECTED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"


described_enum(
    BulkMode,
    "How the items of a request stand to each other. They always see each other's effects, in order.",
    {
        "ALL_OR_NOTHING": "all are accepted under the request's key, or none; items' keys stay unused",
        "EACH_INDEPENDENT": "each is decided by itself, under its own key",
    },
)
described_enum(
    BulkStatus,
    "What became of an item.",
    {
        "COMMITTED": "it was done now",
        "REPLAYED": "it was done before, under the same key: this is that outcome",
        "READY": "a dry run: it would be done now",
        "REJECTED": "it was refused, now or before (`replayed`): see its error",
        "NOT_ATTEMPTED": "another item was refused, and all stand or fall together; its key is unused",
    },
)


@strawberry.type(description="What became of one item.")
class BulkOutcome:
    kind: strawberry.Private[str]
    index: int = strawberry.field(description="Its number in the request, from 0.")
    status: BulkStatus = strawberry.field(description="What became of it.")
    outcome: strawberry.Private[Outcome] = NOTHING_YET
    previewed: strawberry.Private[PostingPreview | None] = None

    @strawberry.field(description="The position of the log at which it was accepted.")
    def position(self) -> BigInt | None:
        position = self.outcome.position
        return None if position is None else BigInt(position)

    @strawberry.field(
        description="Whether this answers an earlier request with the same key, as of `asOfPosition`; it may be "
        "refused, or done, otherwise by now."
    )
    def replayed(self) -> bool:
        return self.outcome.replayed

    @strawberry.field(
        description="The position of the log as of which it was decided; null where it follows from the input "
        "alone, or was decided before December 2026."
    )
    def as_of_position(self) -> BigInt | None:
        return as_shown(self.outcome)

    @strawberry.field(description="Why it was refused.")
    def error(self, info: Info) -> UserError | None:
        refused, replayed, as_of = self.outcome.refusal, self.outcome.replayed, self.outcome.as_of
        if refused is None:
            return None
        error: UserError = as_error(
            refused, info.context.ids, replayed=replayed, as_of=as_of, item=self.index
        )
        return error

    @strawberry.field(
        description="What it would do: of a dry run, where it would be done; null of readings and bills."
    )
    def preview(self) -> LedgerPreview | None:
        return None if self.previewed is None else LedgerPreview(domain=self.previewed)

    @dear("What it brought about.", statements=OF_ONE_KIND)
    async def result(self, info: Info) -> Node | None:
        position = self.outcome.position
        return None if position is None else await find_node(info, self.kind, position)


@strawberry.type(description="What became of every item, in order.")
class BulkOutcomes:
    outcomes: list[BulkOutcome] = short_list("One outcome an item.", MOST_ITEMS)

    @strawberry.field(description="How many items were accepted, now or before.")
    def accepted(self) -> int:
        return sum(one.outcome.position is not None for one in self.outcomes)
