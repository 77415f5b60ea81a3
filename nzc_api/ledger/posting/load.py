"""Loading the little state that a batch of commands is decided on: a few statements, none a command.

What never changes is asked for once.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import store as access_store
from nzc_api.certificates import store as certificates_store
from nzc_api.certificates.model import Production
from nzc_api.china_time import china_day
from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, Position, ProjectId
from nzc_api.ledger import store
from nzc_api.ledger.model import Account, Lot, Movement, ReferenceKey, Unissued
from nzc_api.ledger.posting.cache import Cache
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.state import MOST_LOTS, State
from nzc_api.ledger.posting.verb_table import verb_of
from nzc_api.ledger.projects import project_store
from nzc_api.ledger.proposing import proposal_store
from nzc_api.log.model import Head
from nzc_api.pilots import ground_store, site_store
from nzc_api.pilots import store as pilots_store
from nzc_api.refusal import LocalizedText

V = TypeVar("V")
I = TypeVar("I", bound=int)  # noqa: E741

# More tonnes than any holding has: how to ask for lots by their number only.
EVERYTHING = 1 << 62

Range = tuple[int, int, int]  # batch, lo, hi
Beneficiary = tuple[PilotId, PeriodId]


class Loader:
    """Fills a ``State`` from the database, within the transaction that holds the head."""

    def __init__(self, connection: AsyncConnection, head: Head, cache: Cache) -> None:
        self._connection = connection
        self._cache = cache
        self._as_of = head.position
        self.state = State(today=china_day(head.at), now=head.at)
        self._most: dict[int, int] = defaultdict(lambda: MOST_LOTS + 1)
        self._completed: set[BatchId] = set()
        self._moves_within = False
        # What moved where parts of requests were confirmed.
        self._parts: dict[int, list[Movement]] = {}

    async def load(self, commands: Sequence[Command]) -> State:
        """What the commands are decided on."""
        state = self.state
        needs = await self._needs(commands)
        self._moves_within = any(n.credited is CreditedAccounts.OWN for n in needs)
        unissued = [n.unissued for n in needs if n.unissued is not None]
        await self._load_postings(
            {Position(n.posting_id) for n in needs if n.posting_id is not None}
        )
        await self._load_referred({n.reference for n in needs if n.reference is not None})
        beneficiaries = {n.beneficiary for n in needs if n.beneficiary is not None}
        periods = beneficiaries | {(r.pilot_id, r.period_id) for r in state.requests.values()}
        pilots = {pilot_id for pilot_id, _ in periods}
        pilots |= {o.pilot_id for o in state.referred.values() if o.pilot_id is not None}
        organisations = {o for n in needs for o in n.organisations if o is not None}
        organisations |= {r.holder_id for r in state.requests.values()}
        if not self._know_where_to_retire(needs, beneficiaries):
            state.next_account = await store.next_account_id(self._connection)
            await self._load_accounts(organisations, periods)
        await self._load_batches(needs, unissued)
        lots = await store.read_lots_in(self._connection, self._ranges(needs))
        lots += await self._oldest(_wanted(state, needs))
        projects = {block.project_id for block in unissued}
        await self._load_periods(beneficiaries)
        await self._load_enrolments(projects)
        await self._load_served([block.production for block in unissued])
        await self._complete(lots, projects, pilots, organisations)
        return state

    async def load_more(self, account_id: AccountId) -> None:
        """Read more of a holding's oldest lots than are known."""
        self._most[account_id] *= 4
        await self._complete(await self._oldest({account_id: EVERYTHING}), set(), set(), set())

    async def _needs(self, commands: Sequence[Command]) -> list[Needs]:
        """What the commands need; and the orders that they carry out, of which only the ledger knows."""
        needs = [verb_of(command).needs(command) for command in commands]
        proposed = {n.proposal_id for n in needs if n.proposal_id is not None}
        if not proposed:
            return needs
        found = await proposal_store.read_proposals(self._connection, proposed)
        self.state.proposals = found
        carried_out = {n.proposal_id for n in needs if n.proposal_id is not None and n.carries_out}
        orders = [found[proposal_id].order for proposal_id in carried_out & found.keys()]
        return needs + [verb_of(order).needs(order) for order in orders]

    def _know_where_to_retire(
        self, needs: Sequence[Needs], beneficiaries: Collection[Beneficiary]
    ) -> bool:
        """Whether all are retirements of serials, the daily bread, into accounts that are known: then
        no account need be looked for, and none will be opened."""
        if not all(n.credited is CreditedAccounts.RETIREMENT for n in needs):
            return False
        accounts = [self._cache.retirement_account(*pair) for pair in beneficiaries]
        self.state.know_accounts(account for account in accounts if account is not None)
        return None not in accounts

    async def _load_accounts(
        self, organisations: Collection[OrganisationId], periods: Collection[Beneficiary]
    ) -> None:
        found = await store.read_accounts(self._connection, organisations, periods)
        self._cache.keep_accounts(found)
        self.state.know_accounts(found)

    async def _load_postings(self, positions: Collection[Position]) -> None:
        if positions:
            self.state.posted = await store.read_posted(self._connection, positions)
            self.state.requests = await store.read_requests(self._connection, positions)
        parts = [at for request in self.state.requests.values() for at, _ in request.parts]
        if parts:
            self._parts = await store.read_movements_at(self._connection, parts)

    async def _load_referred(self, keys: Collection[ReferenceKey]) -> None:
        """What the registries' numbers in commands name, and for whom."""
        if keys:
            self.state.referred = await store.read_referred(self._connection, keys)

    async def _load_batches(self, needs: Sequence[Needs], unissued: Sequence[Unissued]) -> None:
        state, connection, cache = self.state, self._connection, self._cache
        ranges = [n.serials for n in needs if n.serials is not None]
        ranges += [block.serials for block in unissued]
        of_cache = [cache.batch_of(serials) for serials in ranges]
        found = await store.read_batches_in(
            connection, [r for r, batch in zip(ranges, of_cache, strict=True) if batch is None]
        )
        if unissued:
            found += await store.read_batches_beside(connection, unissued)
            state.issuances = await store.read_issued(connection, unissued)
            projects = {block.project_id for block in unissued}
            state.beside = await site_store.read_beside(connection, projects)
            found += await store.read_batches_alike(connection, [b.serials for b in unissued])
        cache.keep_batches(found)
        for batch in (*found, *of_cache):
            if batch is not None:
                state.know_batch(batch)
        named = {n.batch_id for n in needs if n.batch_id is not None}
        named |= {m.batch_id for p in state.posted.values() for m in p.movements}
        named |= {p.batch_id for p in state.posted.values() if p.batch_id is not None}
        named |= {p.batch_id for p in state.proposals.values() if p.batch_id is not None}
        await self._know_batches(named)

    def _ranges(self, needs: Sequence[Needs]) -> list[Range]:
        """The parts of batches that commands name, by serials or by what was posted; of a request what it still sets
        aside."""
        named = [
            (
                batch.id,
                max(batch.serials.lo, n.serials.lo),
                min(batch.serials.hi, n.serials.hi),
            )
            for n in needs
            if n.serials is not None
            for batch in self.state.blocks.meeting(n.serials)
        ]
        posted = [
            part
            for p in self.state.posted.values()
            for moved in p.movements
            for part in _without(moved, self._confirmed_of(p.id))
        ]
        return list(dict.fromkeys([*named, *posted]))

    def _confirmed_of(self, posting_id: int) -> list[Movement]:
        """What moved as parts of a request were confirmed; nothing where the posting is none."""
        request = self.state.requests.get(posting_id)
        return [] if request is None else [m for at, _ in request.parts for m in self._parts[at]]

    async def _oldest(self, wanted: dict[int, int]) -> list[Lot]:
        lots, known_to = await store.read_oldest_lots(
            self._connection, [(a, tonnes, self._most[a]) for a, tonnes in wanted.items()]
        )
        self.state.lots.known_to |= known_to
        return lots

    async def _load_periods(self, beneficiaries: Collection[Beneficiary]) -> None:
        """The beneficiaries' periods; of a pilot where a period is not known to be its own, all, to be
        told."""
        kept, periods = self._cache.periods, self.state.periods
        unknown = set()
        for pilot_id, period_id in beneficiaries:
            period = kept.get(period_id)
            if period is not None and period.pilot_id == pilot_id:
                periods[period_id] = period
            else:
                unknown.add(pilot_id)
        if unknown:
            for periods_of_pilot in (
                await pilots_store.read_periods_of(self._connection, unknown)
            ).values():
                periods |= {period.id: period for period in periods_of_pilot}
            kept |= periods

    async def _load_enrolments(self, projects: Collection[ProjectId]) -> None:
        if projects:
            found = await project_store.read_enrolments_of(self._connection, projects)
            self.state.enrolments = {
                (e.project_id, e.programme): e for enrolments in found.values() for e in enrolments
            }

    async def _load_served(self, productions: Sequence[Production]) -> None:
        if productions:
            self.state.served = await certificates_store.read_served(self._connection, productions)

    async def _complete(
        self,
        lots: Sequence[Lot],
        projects: set[ProjectId],
        pilots: set[PilotId],
        organisations: set[OrganisationId],
    ) -> None:
        """Load what the lots and everything named here refer to, and know the lots."""
        state, connection, cache = self.state, self._connection, self._cache
        accounts = {lot.account_id for lot in lots}
        accounts |= {m.debit_id for p in state.posted.values() for m in p.movements}
        await self._know_accounts(accounts - state.account_keys.keys())
        if self._moves_within:
            holders = {k.organisation_id for k in state.account_keys.values() if k.organisation_id}
            await self._load_accounts(holders, [])
        await self._know_batches({lot.batch_id for lot in lots})
        await self._complete_batches()
        projects = projects | {b.project_id for b in state.batches.values()}
        await _fill(
            connection, state.projects, cache.projects, projects, project_store.read_projects
        )
        inside = {i for p in state.projects.values() for i in (*p.inside, *p.suspected_in)}
        inside -= state.surrounding.keys()
        if inside:
            state.surrounding |= await pilots_store.read_surrounding(
                connection, inside, self._as_of
            )
            state.ground |= await ground_store.read_ground(connection, inside, self._as_of)
        keys = [state.account_keys[lot.account_id] for lot in lots]
        pilots = pilots | inside | {k.pilot_id for k in keys if k.pilot_id is not None}
        await _fill(connection, state.pilots, cache.pilots, pilots, pilots_store.read_pilots)
        organisations = organisations | {
            k.organisation_id for k in keys if k.organisation_id is not None
        }
        await _fill(
            connection, state.organisations, cache.organisations, organisations, _read_names
        )
        for lot in lots:
            state.know_lot(lot)

    async def _know_accounts(self, ids: AbstractSet[AccountId]) -> None:
        kept = self._cache.accounts
        missing = ids - kept.keys()
        if missing:
            self._cache.keep_accounts(await store.read_accounts_by_id(self._connection, missing))
        self.state.know_accounts(Account(id_, kept[id_]) for id_ in ids)

    async def _know_batches(self, ids: AbstractSet[BatchId]) -> None:
        cache = self._cache
        missing = ids - cache.batches.keys()
        if missing:
            cache.keep_batches((await store.read_batches(self._connection, missing)).values())
        for batch_id in ids & cache.batches.keys():
            self.state.know_batch(cache.batches[batch_id])

    async def _complete_batches(self) -> None:
        """Load what holds of the batches as wholes; the other halves of double issuances only to be
        named."""
        state, connection = self.state, self._connection
        unknown = state.batches.keys() - self._completed
        if not unknown:
            return
        state.facts |= await store.read_batch_facts(connection, unknown)
        for double in await store.read_doubles(connection, unknown):
            for batch_id in {double.batch_id, double.other_id} & unknown:
                state.doubles[batch_id].append(double)
        others = {
            b
            for doubles in state.doubles.values()
            for d in doubles
            for b in (d.batch_id, d.other_id)
        } - state.batches.keys()
        self._completed |= unknown
        await self._know_batches(others)


async def _fill(
    connection: AsyncConnection,
    into: dict[I, V],
    kept: dict[I, V],
    ids: Collection[I],
    read: Callable[[AsyncConnection, Collection[I]], Awaitable[dict[I, V]]],
) -> None:
    """Add what has these ids and exists, of what is kept or else read."""
    missing = set(ids) - kept.keys()
    if missing:
        kept |= await read(connection, missing)
    into |= {id_: kept[id_] for id_ in ids if id_ in kept}


async def _read_names(
    connection: AsyncConnection, ids: Collection[OrganisationId]
) -> dict[OrganisationId, LocalizedText]:
    found = await access_store.read_organisations(connection, ids)
    return {o.id: o.name for o in found.values()}


def _without(moved: Movement, taken: Iterable[Movement]) -> Iterator[Range]:
    """The serials of a movement without those that others took of them."""
    lo = moved.lo
    for other in sorted(taken, key=lambda m: m.lo):
        if lo < other.lo:
            yield moved.batch_id, lo, other.lo
        lo = other.hi
    if lo < moved.hi:
        yield moved.batch_id, lo, moved.hi


def _wanted(state: State, needs: Sequence[Needs]) -> dict[int, int]:
    """How many tonnes commands take from each holding, all together."""
    wanted: dict[int, int] = defaultdict(int)
    for key, tonnes in (n.oldest for n in needs if n.oldest is not None):
        if key in state.accounts:
            wanted[state.accounts[key]] += tonnes
    return wanted
