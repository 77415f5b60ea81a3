"""What an auditor asks: lives of serials, tilings, beneficiaries, statements of credits; as GraphQL."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Self

import strawberry

from nzc_api.database.paging import Page
from nzc_api.ledger import audit as auditing
from nzc_api.ledger import model as ledger
from nzc_api.ledger import questions_model as domain
from nzc_api.ledger.questions_model import Beneficiary as RetiredFor
from nzc_api.ledger.questions_model import LineId, SerialAt, StatementOf, Vintage
from nzc_api.log.ids import POSITION_BITS
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.types import (
    CreditBatch,
    LedgerAccount,
    LedgerMovement,
    SerialBlock,
    account_at,
    block_of,
)
from nzc_api.schema.feed.types import Event
from nzc_api.schema.feed.words import EntryKind
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    First,
    Trail,
    page_by_key,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.programmes.types import ProgrammeCode

# How many of the latest positions their health is about, beside those of the running check.
HEALTH_POSITIONS = 100
ASKED_OF_HEALTH = {auditing.Over.NOW: 1, auditing.Over.HEAD: 1, auditing.Over.POSITIONS: 2}
HEALTH_STATEMENTS = 3 + sum(ASKED_OF_HEALTH.get(check.over, 0) for check in auditing.CHECKS)

# What is ordered of serials by themselves is told by where they sit.
ORDERED_BY_THEMSELVES = {
    "invalidated": ledger.AccountKind.INVALIDATED,
    "frozen": ledger.AccountKind.FROZEN,
}

# A statement's cursor: the position of a movement, and its line there.
LINE = re.compile(r"([1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,8})")


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


async def position_of(info: Info, as_of: AsOfInput | None) -> int:
    """The position that is meant; now, where nothing is said."""
    if as_of is None or not as_of.at:
        return await info.context.as_of(as_of.position if as_of else None)
    found = await info.context.loaders.position_at.load(as_of.at)
    assert found is not None
    return min(found, await info.context.now())


@strawberry.type(
    description="Something that happened to a serial, by itself or with its whole batch."
)
class LifeStep:
    domain: strawberry.Private[domain.LifeStep]

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
        return None if moved is None else LedgerMovement(domain=moved)

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
        return CreditBatch(domain=self.owner)

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
        return trail(rows, page, lambda row: row.entry.position, lambda row: LifeStep(domain=row))


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


@registered
@strawberry.type(description="A pilot and period that credits are retired for.")
class Beneficiary:
    domain: strawberry.Private[domain.Beneficiary]

    quantity = attribute(
        BigInt, "tonnes", "How many tonnes of them; what was taken back or left by serials is not."
    )
    invalidated_quantity = attribute(
        BigInt,
        "invalidated",
        "How many of these are of batches that were invalidated whole: no net counts them.",
    )
    quantity_in_force = attribute(
        BigInt,
        "in_force",
        "How many the pilot's net counts: of batches that were neither invalidated nor exported whole, of "
        "projects that do not lie inside the pilot.",
    )

    @strawberry.field(description="The pilot.")
    async def pilot(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.pilot_id)

    @strawberry.field(description="Its accounting period.")
    async def accounting_period(self, info: Info) -> AccountingPeriod:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @classmethod
    def page(cls, rows: Sequence[RetiredFor], page: Page) -> Trail[Self]:
        """The connection of a page of beneficiaries."""
        return trail(rows, page, lambda row: row.account_id, lambda row: cls(domain=row))


@strawberry.type(description="The credits of a programme that have one vintage.")
class VintageCredits:
    vintage_of: strawberry.Private[Vintage]
    as_of: strawberry.Private[int]

    @strawberry.field(description="The programme.")
    def programme(self) -> ProgrammeCode:
        return ProgrammeCode(self.vintage_of.programme)

    @strawberry.field(description="The year in which the production of their reductions ended.")
    def vintage(self) -> int:
        return self.vintage_of.year

    @strawberry.field(description="The position of the log as of which this holds.")
    def as_of_position(self) -> BigInt:
        return BigInt(self.as_of)

    @dear("Tonnes issued.", statements=2)
    async def quantity(self, info: Info) -> BigInt:
        issued = await info.context.loaders.issued_of_vintage.load((self.vintage_of, self.as_of))
        return BigInt(issued)

    @dear("The pilots and periods that they are retired for.", statements=3)
    async def beneficiaries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[Beneficiary]:
        page = page_by_position(first, after)
        key = (self.vintage_of, (self.as_of, page))
        return Beneficiary.page(await info.context.loaders.vintage_beneficiaries.load(key), page)


@registered
@strawberry.type(
    description="A line of a statement of credits: what came or went, or what changed how much of it counts, "
    "and the balance after it."
)
class CreditStatementLine:
    domain: strawberry.Private[domain.StatementLine]

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
    def movement(self) -> LedgerMovement | None:
        moved = self.domain.row.movement
        return None if moved is None else LedgerMovement(domain=moved)

    @classmethod
    async def page(cls, info: Info, of: StatementOf, first: int, after: str | None) -> Trail[Self]:
        """A page of a statement of credits."""
        page = page_by_key(first, after, _line_of)
        rows = await info.context.loaders.credit_statement.load((of, page))
        return trail(
            rows,
            page,
            lambda line: f"{line.row.id.position}.{line.row.id.line}",
            lambda line: cls(domain=line),
        )


@strawberry.type(description="Something that must hold of the ledger, and does not.")
class BrokenLaw:
    domain: strawberry.Private[auditing.Broken]

    name = text_attribute("check.name", "What must hold.")

    @strawberry.field(description="How many rows break it: at most 100 are counted.")
    def count(self) -> int:
        return len(self.domain.rows)


@strawberry.type(
    description="Whether everything holds of the latest positions of the ledger, of those that a running "
    "check has come to, and of what guards them; `nzc audit` checks all."
)
class LedgerHealth:
    domain: strawberry.Private[auditing.Health]

    position = attribute(BigInt, "position", "The last position.")
    walked_position = attribute(
        BigInt,
        "walked",
        "Up to which position the running check has come: a thousand positions each time that anybody "
        "asks, then from the first again. What it found stays broken until it finds it in order.",
    )

    @strawberry.field(description="Whether everything holds.")
    def sound(self) -> bool:
        return not self.domain.broken

    @short_list("What does not hold.", len(auditing.CHECKS))
    def broken(self) -> list[BrokenLaw]:
        return [BrokenLaw(domain=item) for item in self.domain.broken]


async def _ordered(
    info: Info, fact: str, where: tuple[int, int, int], as_of: int
) -> LedgerPosting | None:
    """What invalidated, froze or exported serials ``where`` they are: of a batch, in an account, since a
    position."""
    batch_id, account_id, since = where
    account = await account_at(info, account_id)
    facts = await info.context.loaders.batch_facts.load((batch_id, as_of))
    by_themselves = account.domain.kind is ORDERED_BY_THEMSELVES.get(fact)
    position = since if by_themselves else getattr(facts, fact)
    return None if position is None else await LedgerPosting.at(info, position)


async def ledger_health(info: Info) -> LedgerHealth:
    """The health of the latest positions, looked at once however often it is asked for at once."""
    found = await info.context.loaders.health.load(HEALTH_POSITIONS)
    assert found is not None
    return LedgerHealth(domain=found)


def _line_of(key: str) -> LineId | None:
    match = LINE.fullmatch(key)
    if match is None or int(match[1]) >> POSITION_BITS:
        return None
    return LineId(int(match[1]), int(match[2]))
