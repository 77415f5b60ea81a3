"""Loading the little state that a batch of commands is decided on: a few statements, none a command."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import store as access_store
from nzc_api.ledger import store
from nzc_api.ledger.model import (
    AccountKey,
    AccountKind,
    Command,
    IssueCredits,
    Lot,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
)
from nzc_api.ledger.state import MOST_LOTS, State
from nzc_api.log.store import Head
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.service import china_day

# More tonnes than any holding has: how to ask for lots by their number only.
EVERYTHING = 1 << 62


class Loader:
    """Fills a ``State`` from the database, within the transaction that holds the head."""

    def __init__(self, connection: AsyncConnection, head: Head) -> None:
        self._connection = connection
        self._as_of = head.position
        self.state = State(today=china_day(head.at))
        self._most: dict[int, int] = defaultdict(lambda: MOST_LOTS + 1)

    async def load(self, commands: Sequence[Command]) -> State:
        """What the commands are decided on."""
        state = self.state
        retirements = [c for c in commands if isinstance(c, RetireSerials | RetireQuantity)]
        issues = [c for c in commands if isinstance(c, IssueCredits)]
        pilots = {c.pilot_id for c in retirements}
        organisations = {o for command in commands for o in _organisations(command)}
        state.next_account = await store.next_account_id(self._connection)
        state.know_accounts(
            await store.read_accounts(
                self._connection, organisations, [(c.pilot_id, c.period_id) for c in retirements]
            )
        )
        ranges = [c.serials for c in commands if not isinstance(c, RetireQuantity)]
        for batch in await store.read_batches_in(self._connection, ranges):
            state.batches[batch.id] = batch
        lots = await store.read_lots_in(self._connection, _ranges(state, commands))
        lots += await self._oldest(_wanted(state, commands))
        await self._load_periods(pilots)
        await self._load_enrolments([c.project_id for c in issues])
        await self._complete(lots, {c.project_id for c in issues}, pilots, organisations)
        return state

    async def load_more(self, account_id: int) -> None:
        """Read more of a holding's oldest lots than are known."""
        self._most[account_id] *= 4
        await self._complete(await self._oldest({account_id: EVERYTHING}), set(), set(), set())

    async def _oldest(self, wanted: dict[int, int]) -> list[Lot]:
        lots, known_to = await store.read_oldest_lots(
            self._connection, [(a, tonnes, self._most[a]) for a, tonnes in wanted.items()]
        )
        self.state.lots.known_to |= known_to
        return lots

    async def _load_periods(self, pilots: Collection[int]) -> None:
        if pilots:
            found = await pilots_store.read_periods_of(self._connection, pilots)
            self.state.periods = {period.id: period for of in found.values() for period in of}

    async def _load_enrolments(self, projects: Collection[int]) -> None:
        if projects:
            found = await store.read_enrolments_of(self._connection, projects)
            self.state.enrolments = {
                (e.project_id, e.programme): e for of in found.values() for e in of
            }

    async def _complete(
        self, lots: Sequence[Lot], projects: set[int], pilots: set[int], organisations: set[int]
    ) -> None:
        """Load what the lots and everything named here refer to, and know the lots."""
        state, connection = self.state, self._connection
        accounts = {lot.account_id for lot in lots} - state.account_keys.keys()
        if accounts:
            state.know_accounts(await store.read_accounts_by_id(connection, accounts))
        batches = {lot.batch_id for lot in lots} - state.batches.keys()
        if batches:
            state.batches |= await store.read_batches(connection, batches)
        projects = projects | {b.project_id for b in state.batches.values()}
        projects -= state.projects.keys()
        if projects:
            state.projects |= await store.read_projects(connection, projects)
        inside = {p.pilot_id for p in state.projects.values() if p.pilot_id is not None}
        inside -= state.around.keys()
        if inside:
            state.around |= await pilots_store.read_around(connection, inside, self._as_of)
        keys = [state.account_keys[lot.account_id] for lot in lots]
        pilots = pilots | inside | {k.pilot_id for k in keys if k.pilot_id is not None}
        pilots -= state.pilots.keys()
        if pilots:
            state.pilots |= await pilots_store.read_pilots(connection, pilots)
        organisations = organisations | {
            k.organisation_id for k in keys if k.organisation_id is not None
        }
        organisations -= state.organisations.keys()
        if organisations:
            found = await access_store.read_organisations(connection, organisations)
            state.organisations |= {o.id: o.name for o in found.values()}
        for lot in lots:
            state.know_lot(lot)


def _organisations(command: Command) -> set[int]:
    if isinstance(command, TransferCredits):
        return {command.from_id, command.to_id}
    return set() if command.holder_id is None else {command.holder_id}


def _ranges(state: State, commands: Sequence[Command]) -> list[tuple[int, int, int]]:
    """The parts of batches (batch, lo, hi) that transfers and retirements name."""
    return [
        (
            batch.id,
            max(batch.serials.lo, command.serials.lo),
            min(batch.serials.hi, command.serials.hi),
        )
        for command in commands
        if isinstance(command, TransferCredits | RetireSerials)
        for batch in state.batches_in(command.serials)
    ]


def _wanted(state: State, commands: Sequence[Command]) -> dict[int, int]:
    """How many tonnes retirements by quantity take from each holding, all together."""
    wanted: dict[int, int] = defaultdict(int)
    for command in commands:
        if isinstance(command, RetireQuantity):
            key = AccountKey(AccountKind.HOLDING, command.programme, command.holder_id)
            if key in state.accounts:
                wanted[state.accounts[key]] += max(command.quantity, 0)
    return wanted
