"""Following statements of net emissions."""

from collections.abc import AsyncGenerator, Sequence
from itertools import groupby
from typing import Annotated

import strawberry

from nzc_api.feed.model import Begun, Scanned, ToldEntry
from nzc_api.ids import Position
from nzc_api.log.model import Entry
from nzc_api.schema.feed.streams import StreamBegun, StreamProgress
from nzc_api.schema.feed.subscriptions import beginning
from nzc_api.schema.feed.types import KnownLog
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.periods import AccountingPeriodBy, meant
from nzc_api.schema.statements.changes import (
    MOST_FOLLOWED,
    ChangedAt,
    NetEmissionsChanged,
    NetEmissionsMessage,
)
from nzc_api.schema.statements.portfolio import asked

MESSAGES = {Begun: StreamBegun, ToldEntry: NetEmissionsChanged, Scanned: StreamProgress}


@strawberry.type
class StatementSubscriptions:
    @strawberry.subscription(
        description="Which entries of the log after a position changed the statements of some pilots, and then every "
        "new one that does: inventories handed in and verified, retirements and what is taken back of them, orders "
        "about whole batches, credits issued inside, where pilots and projects lie. Each comes with the statements "
        "before and as of its position; what you do not see of a pilot is not told."
    )
    async def net_emissions_changed(
        self,
        info: Info,
        pilots: Annotated[list[strawberry.ID], argument(f"1 to {MOST_FOLLOWED} pilots.")],
        period: Annotated[AccountingPeriodBy, argument("Which accounting period of each of them.")],
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        after: Annotated[
            BigInt | None, argument("A position; 0 for the beginning. Default: only what is new.")
        ] = None,
        log_id: KnownLog = None,
    ) -> AsyncGenerator[NetEmissionsMessage, None]:
        context = info.context
        position = await beginning(info, after, log_id)
        ids, wanted = list(dict.fromkeys(asked(info, pilots, MOST_FOLLOWED))), meant(info, period)

        async def find(page: Sequence[Entry]) -> Sequence[ChangedAt]:
            found = await context.services.statements.changes(
                ids,
                wanted,
                basis,
                Position(page[0].position - 1),
                page[-1].position,
                await context.sight(),
            )
            by_position = groupby(found.changes, lambda change: change.position)
            return [ChangedAt(tuple(changes)) for _, changes in by_position]

        async for told in context.services.feed.follow_found(position, find):
            yield MESSAGES[type(told)](domain=told)
