"""Reading the ledger back: what was posted at a position, and where serials are."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.china_time import china_day
from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, Position, ProjectId
from nzc_api.ledger import store
from nzc_api.ledger.model import (
    AccountKey,
    AccountKind,
    BatchFacts,
    CreditBatch,
    CreditUse,
    DoubleIssuance,
    Enrolment,
    Holding,
    LedgerPosting,
    MovedOf,
    PostedWith,
    Project,
    Purpose,
    RetiredAsOf,
    RetiredTonnes,
    Retirement,
    RetirementRequest,
    Transfer,
)
from nzc_api.ledger.posting.verb_table import ON_BATCHES, ORDERED
from nzc_api.ledger.projects import doubled_store, project_store
from nzc_api.ledger.proposing import proposal_store
from nzc_api.ledger.proposing.proposals import Proposal, ProposalFilter
from nzc_api.ledger.reading import lists_store, retirements_store, trace_store
from nzc_api.ledger.reading.boundary_store import read_inside
from nzc_api.ledger.reading.lists_model import (
    Alongside,
    BatchFilter,
    RequestFilter,
    RetirementFilter,
)
from nzc_api.ledger.reading.questions import LedgerQuestions
from nzc_api.ledger.reading.retired import RetiredKey
from nzc_api.ledger.reading.retired_store import read_retired
from nzc_api.ledger.reading.standing import Inside, InsideKey
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.log import store as log_store
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


class Trace:
    """Questions to the ledger. Every method answers for many subjects in a few statements."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.questions = LedgerQuestions(database)

    async def projects(self, ids: Collection[ProjectId]) -> dict[ProjectId, Project]:
        async with self._database.read() as connection:
            return await project_store.read_projects(connection, ids)

    async def projects_then(
        self, ids: Collection[ProjectId], as_of: Position
    ) -> dict[ProjectId, Project]:
        async with self._database.read() as connection:
            return await project_store.read_projects_then(connection, ids, as_of)

    async def find_project(self, code: str) -> Project | None:
        async with self._database.read() as connection:
            return await project_store.find_project(connection, code)

    async def list_projects(self, wanted: str | None, page: Page) -> list[Project]:
        async with self._database.read() as connection:
            return await lists_store.list_projects(connection, wanted, page)

    async def count_projects(self, wanted: str | None) -> int:
        async with self._database.read() as connection:
            return await lists_store.count_projects(connection, wanted)

    async def enrolments_of(
        self, projects: Collection[ProjectId]
    ) -> dict[ProjectId, list[Enrolment]]:
        async with self._database.read() as connection:
            return await project_store.read_enrolments_of(connection, projects)

    async def enrolments_then(
        self, projects: Collection[ProjectId], as_of: Position
    ) -> dict[ProjectId, list[Enrolment]]:
        async with self._database.read() as connection:
            return await project_store.read_enrolments_then(connection, projects, as_of)

    async def batches(self, ids: Collection[BatchId]) -> dict[BatchId, CreditBatch]:
        async with self._database.read() as connection:
            return await store.read_batches(connection, ids)

    async def list_batches(self, narrowed: BatchFilter, page: Page) -> list[CreditBatch]:
        async with self._database.read() as connection:
            return await lists_store.list_batches(connection, narrowed, page)

    async def count_batches(self, narrowed: BatchFilter) -> int:
        async with self._database.read() as connection:
            return await lists_store.count_batches(connection, narrowed)

    async def list_retirements(self, narrowed: RetirementFilter, page: Page) -> list[Retirement]:
        posted = await self._posted(narrowed)
        async with self._database.read() as connection:
            found = await lists_store.list_retirements(connection, narrowed, posted, page)
        retirements = await self.retirements(found) if found else {}
        return [retirements[position] for position in found]

    async def count_retirements(self, narrowed: RetirementFilter) -> int:
        posted = await self._posted(narrowed)
        async with self._database.read() as connection:
            return await lists_store.count_retirements(connection, narrowed, posted)

    async def list_requests(self, narrowed: RequestFilter, page: Page) -> list[RetirementRequest]:
        async with self._database.read() as connection:
            found = await lists_store.list_requests(connection, narrowed, page)
            requests = await store.read_requests(connection, found) if found else {}
        return [requests[position] for position in found]

    async def count_requests(self, narrowed: RequestFilter) -> int:
        async with self._database.read() as connection:
            return await lists_store.count_requests(connection, narrowed)

    async def count_of_batches(self, projects: Sequence[ProjectId]) -> dict[ProjectId, int]:
        async with self._database.read() as connection:
            return await trace_store.count_batches_of(connection, projects)

    async def count_of_movements(self, positions: Sequence[Position]) -> dict[Position, int]:
        async with self._database.read() as connection:
            return await trace_store.count_movements_at(connection, positions)

    async def count_of_doubles(
        self, batches: Sequence[BatchId], as_of: Position
    ) -> dict[BatchId, int]:
        async with self._database.read() as connection:
            return await trace_store.count_doubles(connection, batches, as_of)

    async def count_of_holdings(
        self, organisations: Sequence[OrganisationId], as_of: Position
    ) -> dict[OrganisationId, int]:
        async with self._database.read() as connection:
            return await trace_store.count_holdings(connection, organisations, as_of)

    async def count_of_retirements(
        self, periods: Sequence[tuple[PilotId, PeriodId]], as_of: Position
    ) -> dict[tuple[PilotId, PeriodId], int]:
        """How many retirements each (pilot, period) had by a position."""
        async with self._database.read() as connection:
            accounts = await _retirement_accounts(connection, periods)
            found = await trace_store.count_positions_into(connection, list(accounts), as_of)
        return {accounts[account_id]: number for account_id, number in found.items()}

    async def _posted(self, narrowed: RetirementFilter) -> tuple[int | None, int | None]:
        """The first and the last position of the times that are meant; None where none is said."""
        since = narrowed.posted_from and narrowed.posted_from.astimezone(UTC)
        until = narrowed.posted_to
        # Before the calendar's first moment there was nothing.
        early = since is None or since - FIRST_MOMENT < MOMENT
        before = None if since is None or early else since - MOMENT
        times = [at for at in dict.fromkeys((before, until)) if at is not None]
        found = await self.questions.positions_at(times) if times else {}
        first = None if before is None else found[before] + 1
        return first, None if until is None else found[until]

    async def page_of_batches(
        self, projects: Sequence[ProjectId], page: Page
    ) -> dict[ProjectId, list[CreditBatch]]:
        async with self._database.read() as connection:
            return await trace_store.page_batches_of(connection, projects, page)

    async def retirements(self, ids: Collection[int]) -> dict[int, Retirement]:
        async with self._database.read() as connection:
            entries = await _posted(connection, ids, (EntryKind.CREDITS_RETIRED,))
        return {
            e.position: retirements_store.retirement_in(
                e.position, e.at, e.actor.organisation_id, e.body
            )
            for e in entries
        }

    async def entries(self, positions: Collection[Position]) -> dict[Position, Entry]:
        """The entries of the log at positions."""
        async with self._database.read() as connection:
            return await log_store.read_entries_at(connection, list(positions))

    async def corrections(self, postings: Collection[int], as_of: Position) -> dict[int, int]:
        """What corrected each posting by a position; none where nothing did."""
        async with self._database.read() as connection:
            found = await store.read_corrections(connection, postings)
        return {subject: position for subject, position in found.items() if position <= as_of}

    async def uses(self, ids: Collection[int]) -> dict[int, CreditUse]:
        async with self._database.read() as connection:
            entries = await _posted(connection, ids, (EntryKind.CREDITS_USED,))
        return {
            entry.position: CreditUse(
                id=entry.position,
                at=entry.at,
                posted_by=entry.actor.organisation_id,
                holder_id=entry.body["holder"],
                programme=entry.body["programme"],
                purpose=Purpose(entry.body["purpose"]),
                beneficiary=entry.body["beneficiary"],
                used_on=date.fromisoformat(entry.body["used_on"]),
                reference=entry.body["reference"],
                quantity=entry.body["quantity"],
                pilot_id=entry.body.get("pilot"),
                period_id=entry.body.get("accounting_period"),
            )
            for entry in entries
        }

    async def postings(self, ids: Collection[int]) -> dict[int, LedgerPosting]:
        """What was ordered, corrected or given back at each position."""
        async with self._database.read() as connection:
            entries = await _posted(connection, ids, ORDERED)
            grounds = await store.read_grounds(connection, [Position(id_) for id_ in ids])
        return {
            entry.position: LedgerPosting(
                id=entry.position,
                at=entry.at,
                posted_by=entry.actor.organisation_id,
                kind=entry.kind,
                programme=entry.body["programme"],
                quantity=entry.body["quantity"],
                batch_id=_whole_batch(entry),
                corrects=entry.body.get("corrects"),
                grounds=grounds.get(entry.position),
                proposal_id=entry.body.get("proposal"),
            )
            for entry in entries
        }

    async def requests(self, ids: Collection[int]) -> dict[int, RetirementRequest]:
        async with self._database.read() as connection:
            return await store.read_requests(connection, ids)

    async def proposals(self, ids: Collection[int]) -> dict[int, Proposal]:
        async with self._database.read() as connection:
            return await proposal_store.read_proposals(connection, ids)

    async def list_proposals(self, narrowed: ProposalFilter, page: Page) -> list[Proposal]:
        async with self._database.read() as connection:
            found = await proposal_store.list_proposals(connection, narrowed, page)
            proposals = await proposal_store.read_proposals(connection, found) if found else {}
        return [proposals[position] for position in found]

    async def count_proposals(self, narrowed: ProposalFilter) -> int:
        async with self._database.read() as connection:
            return await proposal_store.count_proposals(connection, narrowed)

    async def batch_facts(
        self, batches: Collection[BatchId], as_of: Position
    ) -> dict[BatchId, BatchFacts]:
        """What holds of each batch as a whole, as of a position."""
        async with self._database.read() as connection:
            return await store.read_batch_facts(connection, batches, as_of)

    async def verified(self, batches: Collection[int]) -> dict[int, VerifiedReductions]:
        """What the issuance of each batch says of its reductions."""
        async with self._database.read() as connection:
            return await store.read_verified(connection, batches)

    async def page_of_doubles(
        self, batches: Sequence[BatchId], at: tuple[Position, Page]
    ) -> dict[BatchId, list[DoubleIssuance]]:
        """For each batch a page of the suspected double issuances that it has a part in as of a position, in the
        order of the other batches, and one more."""
        async with self._database.read() as connection:
            return await trace_store.page_doubles(connection, batches, *at)

    async def suspected_at(self, position: Position, page: Page) -> list[BatchId]:
        """A page of the batches of which a suspicion came up at a position, and one more."""
        async with self._database.read() as connection:
            return await doubled_store.page_suspected_at(connection, position, page)

    async def page_of_movements(
        self, positions: Sequence[Position], page: Page
    ) -> dict[Position, list[MovedOf]]:
        """For each position a page of what moved there, line by line, and one more."""
        async with self._database.read() as connection:
            return await trace_store.page_movements_at(connection, positions, page)

    async def days(self, positions: Collection[Position]) -> dict[Position, date]:
        """The day in China on which each position was posted."""
        async with self._database.read() as connection:
            entries = await log_store.read_entries_at(connection, list(positions))
        return {position: china_day(entry.at) for position, entry in entries.items()}

    async def shares(self, positions: Collection[Position]) -> dict[Position, list[RetiredTonnes]]:
        """What each position moved of each batch."""
        async with self._database.read() as connection:
            return await store.read_shares_at(connection, positions)

    async def transfers(self, ids: Collection[int]) -> dict[int, Transfer]:
        async with self._database.read() as connection:
            entries = await _posted(connection, ids, (EntryKind.CREDITS_TRANSFERRED,))
        return {
            entry.position: Transfer(
                id=entry.position,
                at=entry.at,
                posted_by=entry.actor.organisation_id,
                from_id=entry.body["from"],
                to_id=entry.body["to"],
                programme=entry.body["programme"],
                quantity=entry.body["quantity"],
            )
            for entry in entries
        }

    async def page_of_retirements(
        self, periods: Sequence[tuple[PilotId, PeriodId]], asked: tuple[Page, Alongside]
    ) -> dict[tuple[PilotId, PeriodId], list[PostedWith]]:
        """For each (pilot, period) a page of its retirements, oldest first, and one more; each with what is asked
        for alongside."""
        async with self._database.read() as connection:
            return await retirements_store.page_retired_for(connection, periods, *asked)

    async def retired_as_of(self, keys: Sequence[RetiredKey]) -> dict[RetiredKey, RetiredAsOf]:
        """For each (pilot, period, position): what offset it then, and what did not any more."""
        async with self._database.read() as connection:
            found = await read_retired(connection, keys)
        return found.as_of_each(keys)

    async def inside(self, keys: Collection[InsideKey]) -> dict[InsideKey, Inside]:
        """Which of the projects lie inside their pilots as of the positions."""
        async with self._database.read() as connection:
            return await read_inside(connection, keys)

    async def page_of_holdings(
        self, organisations: Sequence[OrganisationId], at: tuple[Position, Page]
    ) -> dict[OrganisationId, list[Holding]]:
        """For each organisation a page of what it holds of each batch as of a position, and one more."""
        async with self._database.read() as connection:
            return await trace_store.page_holdings(connection, organisations, *at)

    async def accounts(self, ids: Collection[int]) -> dict[int, AccountKey]:
        # Between questions that are asked by index, as a serial's life: by its id it is found either way.
        async with self._database.read(by_index=None) as connection:
            return {a.id: a.key for a in await store.read_accounts_by_id(connection, ids)}


def _whole_batch(entry: Entry) -> BatchId | None:
    """The batch that an entry is about as a whole."""
    corrects_one = entry.kind == EntryKind.POSTING_CORRECTED and entry.subject_id != entry.position
    return BatchId(entry.subject_id) if entry.kind in ON_BATCHES or corrects_one else None


async def _posted(
    connection: AsyncConnection, ids: Collection[int], kinds: Collection[EntryKind]
) -> list[Entry]:
    entries = await log_store.read_entries_at(connection, [Position(id_) for id_ in ids])
    return [entry for entry in entries.values() if entry.kind in kinds]


async def _retirement_accounts(
    connection: AsyncConnection, periods: Sequence[tuple[PilotId, PeriodId]]
) -> dict[AccountId, tuple[PilotId, PeriodId]]:
    return {
        a.id: (a.key.pilot_id, a.key.period_id)
        for a in await store.read_accounts(connection, [], periods)
        if a.key.kind is AccountKind.RETIREMENT
        and a.key.pilot_id is not None
        and a.key.period_id is not None
    }
