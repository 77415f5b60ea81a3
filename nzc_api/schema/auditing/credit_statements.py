"""Statements of credits, line by line, as GraphQL."""

import re
from datetime import datetime
from typing import Self

import strawberry

from nzc_api.ids import Position
from nzc_api.ledger.reading import questions_model as domain
from nzc_api.ledger.reading.questions_model import CreditStatementKey, LineId
from nzc_api.log.ids import POSITION_BITS
from nzc_api.schema.credits.accounts import LedgerMovement
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.feed.types import Event
from nzc_api.schema.kit.connections import Trail, page_by_key, trail
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt

# A statement's cursor: the position of a movement, and its line there.
LINE = re.compile(r"([1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,8})")


@registered
@strawberry.type(
    description="A line of a statement of credits: what came or went, or what changed how much of it counts, "
    "and the balance after it."
)
class CreditStatementLine:
    domain: strawberry.Private[domain.CreditStatementLine]
    as_of: strawberry.Private[Position]

    position = attribute(BigInt, "entry.position", "The position of the log at which it happened.")
    at = attribute(datetime, "entry.at", "When it was posted.")
    quantity = attribute(
        BigInt,
        "row.tonnes",
        "Tonnes that came; below zero where they went, 0 where nothing moved: a whole batch was frozen, "
        "unfrozen, invalidated or exported, or its project came to lie inside the pilot, or outside again.",
    )
    balance = attribute(BigInt, "row.balance", "Tonnes there after it.")
    in_force_balance = attribute(
        BigInt,
        "row.in_force",
        "How many of these count: of batches that were neither invalidated nor exported whole by then, and, "
        "of a pilot's, of projects that did not lie inside it. What its net counts.",
    )
    invalidated_balance = attribute(
        BigInt,
        "row.invalidated",
        "How many of these are of batches that were invalidated whole by then: no net counts them.",
    )
    exported_balance = attribute(
        BigInt,
        "row.exported",
        "How many of these are of batches that were exported by then: no net counts them.",
    )
    frozen_balance = attribute(
        BigInt,
        "row.frozen",
        "How many of these are of batches that were frozen whole then: they could not be moved.",
    )

    @strawberry.field(description="What happened.")
    def kind(self) -> EntryKind:
        return EntryKind(self.domain.entry.kind)

    @strawberry.field(description="The entry of the log: who did it, and to what.")
    def event(self) -> Event:
        return Event(domain=self.domain.entry)

    @strawberry.field(
        description="The serials that moved, where from, and where to; null where nothing moved."
    )
    async def movement(self, info: Info) -> LedgerMovement | None:
        moved = self.domain.row.movement
        if moved is None:
            return None
        batch = await CreditBatch.at(info, moved.batch_id)
        return LedgerMovement(domain=moved, of_batch=batch.domain, as_of=self.as_of)

    @classmethod
    async def page(
        cls, info: Info, statement: CreditStatementKey, first: int, after: str | None
    ) -> Trail[Self]:
        """A page of a statement of credits."""
        page = page_by_key(first, after, _line_of)
        rows = await info.context.loaders.credit_statement.load((statement, page))
        return trail(
            rows,
            page,
            lambda line: f"{line.row.id.position}.{line.row.id.line}",
            lambda line: cls(domain=line, as_of=statement.as_of),
        )


def _line_of(key: str) -> LineId | None:
    match = LINE.fullmatch(key)
    if match is None or int(match[1]) >> POSITION_BITS:
        return None
    return LineId(Position(int(match[1])), int(match[2]))
