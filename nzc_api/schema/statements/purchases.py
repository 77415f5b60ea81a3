"""The third term of the formula, as GraphQL: purchased reductions."""

import re
from collections import defaultdict

import strawberry

from nzc_api.ids import BatchId, Position
from nzc_api.ledger import model as ledger
from nzc_api.ledger.model import WithdrawnTonnesKey
from nzc_api.ledger.programmes import PROGRAMMES, mechanism_of
from nzc_api.ledger.reading.questions_model import WithdrawnFrom
from nzc_api.ledger.reading.standing import WHY
from nzc_api.log.ids import POSITION_BITS
from nzc_api.refusal import LocalizedText as DomainText
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.enums import WithdrawnReason
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.projects import Project
from nzc_api.schema.credits.retirements import Retirement
from nzc_api.schema.credits.warnings import MOST_WARNINGS, CreditWarning, shown
from nzc_api.schema.feed.types import Event, event_at
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Trail,
    connection,
    counted,
    page_by_key,
    page_by_position,
    page_of,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.schema.pilots.above import WITH_RETIREMENTS
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.programmes.enums import Mechanism
from nzc_api.schema.programmes.types import ProgrammeCode
from nzc_api.statements import model as domain
from nzc_api.statements.model import StatementKey

# A cursor of what counts no more: since which position, and the batch.
WITHDRAWN = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,18})")

NOT_COUNTED = DomainText(
    "购买的减排量只计入运营实测的净排放，不计入历史摸查和投产后预估",
    "A purchase is of the operating account: it counts on the basis OPERATIONAL only",
)


@strawberry.type(description="Credits retired under one mechanism.")
class MechanismShare:
    mechanism: Mechanism = strawberry.field(description="The mechanism.")
    quantity: BigInt = strawberry.field(description="Tonnes.")


@strawberry.type(description="Credits retired of one programme.")
class ProgrammeShare:
    programme: ProgrammeCode = strawberry.field(description="The programme.")
    quantity: BigInt = strawberry.field(description="Tonnes.")


@strawberry.type(description="Credits retired of one batch.")
class BatchShare:
    domain: strawberry.Private[ledger.HeldTonnes]
    as_of: strawberry.Private[Position]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.then(info, self.domain.batch_id, self.as_of)


@strawberry.type(
    description="Credits that were retired for the period and count no more: of a batch, since a position, "
    "for one reason."
)
class WithdrawnShare:
    domain: strawberry.Private[ledger.WithdrawnTonnes]
    statement: strawberry.Private[StatementKey]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")
    reason = attribute(WithdrawnReason, "reason", "Why; stable, for programs.")
    position = attribute(BigInt, "position", "The position of the log since which they do not.")

    @strawberry.field(description="The same for people.")
    def message(self) -> LocalizedText:
        return LocalizedText.of(WHY[self.domain.reason])

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch, as_of=self.statement.as_of)

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.batch.project_id)

    @strawberry.field(
        description="The pilot that the project lies in, where that is why; else null."
    )
    async def pilot_inside(self, info: Info) -> Pilot | None:
        inside_id = self.domain.inside_id
        return None if inside_id is None else await Pilot.at(info, inside_id)

    @dear("The entry of the log at that position: who did it, and to what.", statements=1)
    async def event(self, info: Info) -> Event:
        return await event_at(info, self.domain.position)

    @dear(
        "The retirements that have some of these tonnes, oldest first; each says which serials of it.",
        statements=3,
    )
    async def retirements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[Retirement]:
        page = page_by_position(first, after)
        statement, item = self.statement, self.domain
        key = WithdrawnFrom(
            pilot_id=statement.pilot_id,
            period_id=statement.period_id,
            batch_id=item.batch.id,
            position=item.position,
            as_of=statement.as_of,
        )
        found = await info.context.loaders.withdrawn_retirements.load((key, page))
        rows = await info.context.loaders.retirement.load_many(found)
        retirements = [row for row in rows if row is not None]
        return trail(
            retirements,
            page,
            lambda row: row.id,
            lambda row: Retirement(domain=row, as_of=statement.as_of),
        )


@strawberry.type(description="Credits that were retired for the period and invalidated since.")
class InvalidatedShare:
    domain: strawberry.Private[ledger.WithdrawnTonnes]
    as_of: strawberry.Private[Position]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch, as_of=self.as_of)

    @dear("What invalidated them, and why.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await LedgerPosting.then(info, self.domain.position, self.as_of)


@strawberry.type(
    description="Reductions produced outside the boundary, bought and retired for the period: the third "
    "term."
)
class PurchasedReductions:
    domain: strawberry.Private[domain.NetEmissions]

    quantity = attribute(
        BigInt, "purchased_tonnes", "The tonnes that count: those retired, or none (see `counted`)."
    )
    counted = attribute(
        bool,
        "purchases_count",
        "Whether what was retired counts in this statement: a purchase is of the operating account, so "
        "it does on the basis OPERATIONAL only.",
    )
    retired_quantity = attribute(
        BigInt,
        "retired_tonnes",
        "The tonnes retired for the period that are in force, whether they count here or not: the "
        "`quantityInForce` of the `retirements`, together.",
    )

    @short_list(
        "What a reader should know of what was retired and is in force, as of the day of the statement's "
        "position.",
        MOST_WARNINGS,
        statements=2,
    )
    async def credit_warnings(self, info: Info) -> list[CreditWarning]:
        statement, loaders = self.domain, info.context.loaders
        if not statement.retired:
            return []
        batches = await loaders.batch.load_many([item.batch_id for item in statement.retired])
        shares = [
            ledger.RetiredTonnes(batch, item.tonnes)
            for batch, item in zip(batches, statement.retired, strict=True)
            if batch is not None
        ]
        return shown(shares, statement.period.span, await loaders.day.load(statement.key.as_of))

    @strawberry.field(description="Why they do not count; null where they do.")
    def not_counted(self) -> LocalizedText | None:
        return None if self.domain.purchases_count else LocalizedText.of(NOT_COUNTED)

    @short_list(
        "What was retired, by the guide's three mechanisms: each tonne under one.", len(Mechanism)
    )
    def by_mechanism(self) -> list[MechanismShare]:
        sums = dict.fromkeys(Mechanism, 0)
        for item in self.domain.retired:
            sums[mechanism_of(PROGRAMMES[item.programme], forestry=item.forestry)] += item.tonnes
        return [MechanismShare(mechanism=m, quantity=BigInt(n)) for m, n in sums.items()]

    @short_list("What was retired, by programme, forestry included.", len(ProgrammeCode))
    def by_programme(self) -> list[ProgrammeShare]:
        sums: dict[str, int] = defaultdict(int)
        for item in self.domain.retired:
            sums[item.programme] += item.tonnes
        return [
            ProgrammeShare(programme=ProgrammeCode(p), quantity=BigInt(n)) for p, n in sums.items()
        ]

    @strawberry.field(description="What was retired of forestry, of whichever programme: tonnes.")
    def forestry_quantity(self) -> BigInt:
        return BigInt(sum(i.tonnes for i in self.domain.retired if i.forestry))

    @strawberry.field(description="What was retired, by batch, oldest first.")
    def by_batch(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[BatchShare]:
        page = page_by_position(first, after)
        rows, as_of = self.domain.retired, self.domain.key.as_of
        return page_of(
            rows,
            page,
            lambda row: row.batch_id,
            lambda row: BatchShare(domain=row, as_of=as_of),
        )

    shortfall_quantity = attribute(
        BigInt,
        "shortfall_tonnes",
        "Tonnes retired for the period that count here no more: `withdrawn` says which, and why.",
    )

    @strawberry.field(
        description="What was retired for the period and counts no more, whether retirements count in this "
        "statement or not: invalidated, exported with a corresponding adjustment, or of a project that lies "
        "inside the pilot now. Each tonne once, by the position since which it does not count."
    )
    def withdrawn(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[WithdrawnShare]:
        page = page_by_key(first, after, _withdrawn_key)
        rows, key = self.domain.withdrawn, self.domain.key
        following = [row for row in rows if page.after is None or row.key > page.after]

        async def count() -> int:
            return len(rows)

        return connection(
            following[: page.first + 1],
            page,
            lambda row: ".".join(map(str, row.key)),
            lambda row: WithdrawnShare(domain=row, statement=key),
            count,
        )

    @strawberry.field(
        description="What was retired for the period and invalidated since, oldest first."
    )
    def invalidated(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[InvalidatedShare]:
        page = page_by_position(first, after)
        rows, as_of = self.domain.invalidated, self.domain.key.as_of
        # A posting invalidates serials of one batch.
        return page_of(
            rows,
            page,
            lambda row: row.position,
            lambda row: InvalidatedShare(domain=row, as_of=as_of),
        )

    @dear(
        "The retirements, oldest first, up to the statement's position, each with what of it was in force "
        "then; those that were corrected since, too.",
        statements=1,
        alongside=WITH_RETIREMENTS,
    )
    async def retirements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Retirement]:
        page = page_by_position(first, after)
        key = self.domain.key
        rows = await Retirement.page(info, (key.pilot_id, key.period_id), page, key.as_of)
        return connection(
            [row for row in rows if row.domain.id <= key.as_of],
            page,
            lambda row: row.domain.id,
            lambda row: row,
            counted(
                info.context.loaders.retirements_count, ((key.pilot_id, key.period_id), key.as_of)
            ),
        )


def _withdrawn_key(text: str) -> WithdrawnTonnesKey | None:
    match = WITHDRAWN.fullmatch(text)
    if match is None:
        return None
    position, batch_id = map(int, match.groups())
    too_large = max(position, batch_id) >> POSITION_BITS
    return None if too_large else WithdrawnTonnesKey(Position(position), BatchId(batch_id))
