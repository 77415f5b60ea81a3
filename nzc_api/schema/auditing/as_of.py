"""As of when auditors ask, as GraphQL."""

from datetime import datetime

import strawberry

from nzc_api.ids import Position
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.scalars import BigInt


@strawberry.input(
    description="As of when: exactly one of these. The answer is what it was then.", one_of=True
)
class AsOfInput:
    position: BigInt | None = strawberry.field(
        default=strawberry.UNSET, description="A position of the log."
    )
    at: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="A time: the last position at or before it is meant.",
    )


async def position_of(info: Info, as_of: AsOfInput | None) -> Position:
    """The position that is meant; now, where nothing is said."""
    if as_of is None or not as_of.at:
        return await info.context.as_of(as_of.position if as_of else None)
    found = await info.context.loaders.position_at.load(as_of.at)
    assert found is not None
    return min(found, await info.context.now())
