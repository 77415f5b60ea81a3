"""What everything that moves credits says of itself, and transfers, as GraphQL."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from nzc_api.database.paging import Page
from nzc_api.ids import Position
from nzc_api.ledger import model as domain
from nzc_api.ledger.model import MovedOf
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.reading.lists_model import Alongside
from nzc_api.refusal import Refused
from nzc_api.schema.credits.above import (
    LEDGER_POSTING,
    WITHDRAWN_SERIALS,
    LazyLedgerPosting,
    LazyWithdrawnSerials,
)
from nzc_api.schema.credits.accounts import LedgerMovement
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.nodes import NodeThen, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.selected import arguments, selected
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.programmes.types import Programme


@strawberry.type
class PostedCredits(NodeThen):
    """What everything that moves credits says of itself."""

    domain: strawberry.Private[
        domain.Retirement | domain.Transfer | domain.CreditUse | domain.LedgerPosting
    ]

    # The page of its movements that was read along with it, if one was.
    moved: strawberry.Private[tuple[Page, list[MovedOf]] | None] = None

    position = attribute(BigInt, "id", "The position of the log at which it was posted.")
    posted_at = attribute(datetime, "at", "When it was posted.")
    quantity = attribute(BigInt, "quantity", "How many tonnes, as it was posted.")

    @strawberry.field(description="Who posted it; null for NZC itself.")
    async def posted_by(self, info: Info) -> Organisation | None:
        posted_by = self.domain.posted_by
        return None if posted_by is None else await Organisation.at(info, posted_by)

    @strawberry.field(description="The programme of the credits.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @dear(
        "The serials that moved; none where a whole batch is meant.",
        statements=1,
        shown_as=Connection[LedgerMovement],
    )
    def movements(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LedgerMovement] | Awaitable[Connection[LedgerMovement]]:
        page = page_by_position(first, after, last=last, before=before)
        came = self.moved
        if came is None or came[0] != page:
            return self._movements(info, page)
        return self._page_of(info, page, came[1])

    async def _movements(self, info: Info, page: Page) -> Connection[LedgerMovement]:
        rows = await info.context.loaders.movements.load((Position(self.domain.id), page))
        return self._page_of(info, page, rows)

    def _page_of(self, info: Info, page: Page, rows: list[MovedOf]) -> Connection[LedgerMovement]:
        return connection(
            rows,
            page,
            lambda row: row.movement.line,
            lambda row: LedgerMovement(
                domain=row.movement, of_batch=row.batch, of_project=row.project, as_of=self.as_of
            ),
            counted(info.context.loaders.movements_count, Position(self.domain.id)),
        )


def moved_alongside(info: Info, kind: str) -> Alongside:
    """What is asked of the movements of a page's items, which are of a type: so that it is read along with them."""
    movements = selected(info).items().below("movements")
    given = arguments(info, kind, movements.nodes[0]) if movements else None
    if given is None:
        return Alongside()
    try:
        page = page_by_position(
            given["first"], given.get("after"), last=given.get("last"), before=given.get("before")
        )
    except Refused:  # As the field will say.
        return Alongside()
    return Alongside(page, projects=bool(movements.items().below("batch").below("project")))


@strawberry.type
class CorrectableCredits(PostedCredits):
    """What a posting that can be corrected says of itself, as of a position: that of the statement that
    it is shown in, or else now."""

    @dear(
        "What reversed it as a clerical error: since then it is as if it had not been. Null as a rule, and as of "
        "a statement of before.",
        statements=4,
    )
    async def correction(self, info: Info) -> LazyLedgerPosting | None:
        key = (self.domain.id, await self.shown_as_of(info))
        position = await info.context.loaders.correction.load(key)
        if position is None:
            return None
        return await LEDGER_POSTING.type.then(info, position, self.as_of)


@strawberry.type
class SpentCredits(CorrectableCredits):
    """What a retirement or another use says of itself: what of it is in force."""

    @dear(
        "The position of the log as of which it is told what is in force: that of the statement that it "
        "is shown in, or else now.",
        statements=1,
    )
    async def as_of_position(self, info: Info) -> BigInt:
        return BigInt(await self.shown_as_of(info))

    @dear(
        "How many of the tonnes are in force, which is what counts: neither invalidated, nor taken back by a "
        "correction; for a pilot, or its sink, nor exported with a corresponding adjustment; for a pilot, of "
        "no project inside its boundary. Frozen later, they still count.",
        statements=3,
    )
    async def quantity_in_force(self, info: Info) -> BigInt:
        return BigInt(self.domain.quantity - await self._withdrawn(info))

    @dear("How many of the tonnes are in force no more: `withdrawn` says which.", statements=3)
    async def quantity_not_in_force(self, info: Info) -> BigInt:
        return BigInt(await self._withdrawn(info))

    @dear(
        "The serials that are in force no more, since when and why: what was withdrawn first comes first.",
        statements=3,
    )
    async def withdrawn(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[LazyWithdrawnSerials]:
        return await WITHDRAWN_SERIALS.type.of_posting(
            info, self.domain.id, await self.shown_as_of(info), first, after
        )

    async def _withdrawn(self, info: Info) -> int:
        key = (self.domain.id, await self.shown_as_of(info))
        return await info.context.loaders.withdrawn.load(key)


@node(CreditLoaders.transfer)
@strawberry.type(description="Credits moved from one holder to another.")
class CreditTransfer(CorrectableCredits):
    domain: strawberry.Private[domain.Transfer]

    @strawberry.field(name="from", description="Who held them before.")
    async def from_(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.from_id)

    @strawberry.field(description="Who holds them since.")
    async def to(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.to_id)
