"""What the log changed in statements, term by term, as GraphQL."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import strawberry

from nzc_api.feed.model import ToldEntry
from nzc_api.ids import Position
from nzc_api.log.asked import position_asked
from nzc_api.pilots import model as pilots
from nzc_api.schema.feed.streams import PREVIOUS, StreamBegun, StreamProgress
from nzc_api.schema.feed.types import Event, event_at
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import MUCH_COMPUTED, argument, attribute, dear, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.types import Pilot, pilots_at
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, Unknown
from nzc_api.schema.statements.types import NetEmissions
from nzc_api.statements import changes as domain
from nzc_api.statements.model import NetEmissions as Statement
from nzc_api.statements.model import StatementKey
from nzc_api.statements.service import MOST_LOOKED_AT, MOST_SCANNED

# How many pilots' statements are followed at once.
MOST_FOLLOWED = 20

MORE = "by how much it is more afterwards, t CO2e; below zero: less"


@strawberry.type(
    description="By how much the terms of a statement are more after something than before it."
)
class TermChanges:
    domain: strawberry.Private[domain.StatementDifference]

    gross_co2e = attribute(
        Decimal | None,
        "terms.gross",
        f"The gross: {MORE}; null where it is not known on both sides.",
    )
    sinks_co2e = attribute(
        Decimal | None,
        "terms.sinks",
        f"The usable sinks: {MORE}; null where one side has no period.",
    )
    purchased_co2e = attribute(
        Decimal | None,
        "terms.purchased",
        f"The purchased reductions that count: {MORE}; null where one side has no period.",
    )
    net_co2e = attribute(
        Decimal | None, "terms.net", f"The net: {MORE}; null where it is not known on both sides."
    )

    @short_list(
        "Why terms are null: what was not known before, and what afterwards.", 2 * MOST_UNKNOWN
    )
    def unknown(self) -> list[Unknown]:
        return [Unknown(domain=item) for item in self.domain.unknown]


@strawberry.interface(description="A statement before and after something.")
class TwoStatements:
    difference: strawberry.Private[domain.StatementDifference]

    @strawberry.field(description="The statement before; null where the period was not there.")
    def before(self) -> NetEmissions | None:
        return _shown(self.difference.before)

    @strawberry.field(description="The statement afterwards; null where the period is not there.")
    def after(self) -> NetEmissions | None:
        return _shown(self.difference.after)

    @strawberry.field(description="What changed, term by term.")
    def change(self) -> TermChanges:
        return TermChanges(domain=self.difference)


@strawberry.type(description="What an entry of the log changed in a pilot's statement of a period.")
class StatementChange(TwoStatements):
    domain: strawberry.Private[domain.StatementChange]

    position = attribute(BigInt, "position", "The entry's position.")

    @dear("The entry.", statements=1)
    async def event(self, info: Info) -> Event:
        return await event_at(info, self.domain.position)

    @strawberry.field(description="The pilot, as it stood then.")
    async def pilot(self, info: Info) -> Pilot:
        [found] = await pilots_at(info, [self.domain.pilot_id], self.domain.position)
        return found


@strawberry.type(description="What a stretch of the log changed in a statement.")
class StatementChanges:
    domain: strawberry.Private[domain.StatementChanges]

    scanned_position = attribute(
        BigInt,
        "scanned",
        "The position up to which these are all changes. Pass it as `after` for the next ones; where it is `to`, you "
        "have all of them.",
    )

    @short_list("The changes, in order.", MOST_LOOKED_AT)
    def changes(self) -> list[StatementChange]:
        return [changed(item) for item in self.domain.changes]


@registered
@strawberry.type(
    description="What became of a pilot's statement of a period between two positions of the log: the terms before, "
    "plus all changes, are the terms afterwards, to the last digit."
)
class NetEmissionsDiff(TwoStatements):
    key: strawberry.Private[StatementKey]
    from_position: BigInt = strawberry.field(description="The position before.")
    to_position: BigInt = strawberry.field(description="The position afterwards.")

    @dear(
        "Which entries changed which term, in order: one follows where the other ended. Up to "
        f"{MOST_LOOKED_AT} entries that may have changed something are looked at, of {MOST_SCANNED} of the log.",
        statements=MUCH_COMPUTED,
    )
    async def changes(
        self,
        info: Info,
        after: Annotated[
            BigInt | None,
            argument("The `scannedPosition` of the page before. Default: `fromPosition`."),
        ] = None,
    ) -> StatementChanges:
        key = self.key
        start = self.from_position if after is None else after
        position_asked(start, Position(self.to_position), "after")
        found = await info.context.services.statements.changes(
            [key.pilot_id],
            lambda period: period.id == key.period_id,
            key.basis,
            Position(max(start, self.from_position)),
            Position(self.to_position),
            await info.context.sight(),
        )
        return StatementChanges(domain=found)

    @classmethod
    async def of(
        cls,
        info: Info,
        period: pilots.AccountingPeriod,
        basis: Basis,
        start: Position,
        end: Position,
    ) -> "NetEmissionsDiff | None":
        """What became of a period's statement; None where there is none at either end."""
        sight, loader = await info.context.sight(), info.context.loaders.statement
        keys = [
            StatementKey(pilot_id=period.pilot_id, period_id=period.id, basis=basis, as_of=position)
            for position in (start, end)
        ]
        before, after = await loader.load_many([(key, sight) for key in keys])
        if before is None and after is None:
            return None
        return cls(
            difference=domain.StatementDifference(before, after),
            key=keys[1],
            from_position=BigInt(start),
            to_position=BigInt(end),
        )


@dataclass(frozen=True, slots=True)
class ChangedAt:
    """All that an entry changed in the statements that are followed."""

    changes: tuple[domain.StatementChange, ...]

    @property
    def position(self) -> Position:
        return self.changes[0].position


@strawberry.type(description="That an entry of the log changed statements that you follow.")
class NetEmissionsChanged:
    domain: strawberry.Private[ToldEntry[ChangedAt]]

    position = attribute(BigInt, "position", "The entry's position. To resume, pass it as `after`.")
    previous_position = attribute(BigInt, "previous", PREVIOUS)

    @property
    def known_by(self) -> Hashable:
        return self.domain.position, self.domain.previous

    @dear("The entry.", statements=1)
    async def event(self, info: Info) -> Event:
        return await event_at(info, self.domain.position)

    @short_list("The statements that it changed, in the order of the pilots.", MOST_FOLLOWED)
    def changes(self) -> list[StatementChange]:
        return [changed(item) for item in self.domain.entry.changes]


NetEmissionsMessage = Annotated[
    StreamBegun | NetEmissionsChanged | StreamProgress,
    strawberry.union(
        "NetEmissionsMessage",
        description="What is told of statements that are followed: first from where, then each entry that changed some "
        "of them, and between them how far the log was looked at, at least every five seconds.",
    ),
]


def changed(item: domain.StatementChange) -> StatementChange:
    return StatementChange(domain=item, difference=item.difference)


def _shown(statement: Statement | None) -> NetEmissions | None:
    return None if statement is None else NetEmissions(domain=statement)
