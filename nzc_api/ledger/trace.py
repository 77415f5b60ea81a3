"""Reading the ledger back: what was posted at a position, and where serials are."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.ledger import store
from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    Enrolment,
    Holding,
    Lot,
    Movement,
    Project,
    RetiredTonnes,
    Retirement,
    Transfer,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.log import store as log_store
from nzc_api.log.kinds import EntryKind


class Trace:
    """Questions to the ledger. Every method answers for many subjects in a few statements."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def projects(self, ids: Collection[int]) -> dict[int, Project]:
        async with self._database.read() as connection:
            return await store.read_projects(connection, ids)

    async def find_project(self, code: str) -> Project | None:
        async with self._database.read() as connection:
            return await store.find_project(connection, code)

    async def list_projects(self, page: Page) -> list[Project]:
        async with self._database.read() as connection:
            return await store.list_projects(connection, page)

    async def enrolments_of(self, projects: Collection[int]) -> dict[int, list[Enrolment]]:
        async with self._database.read() as connection:
            return await store.read_enrolments_of(connection, projects)

    async def batches(self, ids: Collection[int]) -> dict[int, CreditBatch]:
        async with self._database.read() as connection:
            return await store.read_batches(connection, ids)

    async def batch_of(self, serials: SerialRange) -> CreditBatch | None:
        """The batch that has the first serial of the range."""
        async with self._database.read() as connection:
            found = await store.read_batches_in(connection, [serials])
            return next((b for b in found if b.serials.lo <= serials.lo < b.serials.hi), None)

    async def list_batches(
        self, programme: str | None, project_id: int | None, vintage: int | None, page: Page
    ) -> list[CreditBatch]:
        async with self._database.read() as connection:
            return await store.list_batches(connection, programme, project_id, vintage, page)

    async def page_of_batches(
        self, projects: Sequence[int], page: Page
    ) -> dict[int, list[CreditBatch]]:
        async with self._database.read() as connection:
            return await store.page_batches_of(connection, projects, page)

    async def lot_of(self, batch_id: int, serial: int) -> tuple[Lot, Account] | None:
        """The current lot that has a serial, and the account it is in."""
        async with self._database.read() as connection:
            for lot in await store.read_lots_in(connection, [(batch_id, serial, serial + 1)]):
                accounts = await store.read_accounts_by_id(connection, [lot.account_id])
                return lot, accounts[0]
        return None

    async def retirements(self, ids: Collection[int]) -> dict[int, Retirement]:
        entries, movements = await self._posted(ids, EntryKind.CREDITS_RETIRED)
        return {
            entry.position: Retirement(
                entry.position,
                entry.at,
                entry.actor.organisation_id,
                entry.body["pilot"],
                entry.body["accounting_period"],
                entry.body["holder"],
                entry.body["programme"],
                date.fromisoformat(entry.body["retired_on"]),
                entry.body["reference"],
                entry.body["quantity"],
                tuple(movements[entry.position]),
            )
            for entry in entries
        }

    async def transfers(self, ids: Collection[int]) -> dict[int, Transfer]:
        entries, movements = await self._posted(ids, EntryKind.CREDITS_TRANSFERRED)
        return {
            entry.position: Transfer(
                entry.position,
                entry.at,
                entry.actor.organisation_id,
                entry.body["from"],
                entry.body["to"],
                entry.body["programme"],
                entry.body["quantity"],
                tuple(movements[entry.position]),
            )
            for entry in entries
        }

    async def page_of_retirements(
        self, periods: Sequence[tuple[int, int]], page: Page
    ) -> dict[tuple[int, int], list[Retirement]]:
        """For each (pilot, period) a page of its retirements, oldest first, and one more."""
        async with self._database.read() as connection:
            accounts = await _retirement_accounts(connection, periods)
            positions = await store.page_positions_into(connection, list(accounts), page)
        wanted = {position for of_account in positions.values() for position in of_account}
        found = await self.retirements(wanted) if wanted else {}
        return {
            accounts[account_id]: [found[position] for position in of_account]
            for account_id, of_account in positions.items()
        }

    async def retired_as_of(
        self, keys: Sequence[tuple[int, int, int]]
    ) -> dict[tuple[int, int, int], list[RetiredTonnes]]:
        """For each (pilot, period, position): the tonnes of each batch retired for it by then."""
        async with self._database.read() as connection:
            periods = [(pilot, period) for pilot, period, _ in keys]
            accounts = await _retirement_accounts(connection, periods)
            of_period = {period: account_id for account_id, period in accounts.items()}
            asked = {
                (of_period[pilot, period], as_of): (pilot, period, as_of)
                for pilot, period, as_of in keys
                if (pilot, period) in of_period
            }
            held = await store.read_held_as_of(connection, list(asked)) if asked else {}
            batches = await store.read_batches(connection, {b for of in held.values() for b in of})
        return {
            key: [RetiredTonnes(batches[b], tonnes) for b, tonnes in held.get(at, {}).items()]
            for at, key in asked.items()
        }

    async def holdings(
        self, organisations: Collection[int], as_of: int
    ) -> dict[int, list[Holding]]:
        """For each organisation what it holds of each batch as of a position."""
        async with self._database.read() as connection:
            accounts = await store.read_accounts(connection, organisations, [])
            owners = {
                a.id: a.key.organisation_id
                for a in accounts
                if a.key.kind is AccountKind.HOLDING and a.key.organisation_id is not None
            }
            keys = [(account_id, as_of) for account_id in owners]
            held = await store.read_held_as_of(connection, keys) if keys else {}
        found: dict[int, list[Holding]] = {organisation: [] for organisation in organisations}
        for (account_id, _), of_account in held.items():
            found[owners[account_id]] += [
                Holding(account_id, batch_id, tonnes) for batch_id, tonnes in of_account.items()
            ]
        return found

    async def accounts(self, ids: Collection[int]) -> dict[int, AccountKey]:
        async with self._database.read() as connection:
            return {a.id: a.key for a in await store.read_accounts_by_id(connection, ids)}

    async def _posted(
        self, positions: Collection[int], kind: EntryKind
    ) -> tuple[list[log_store.Entry], dict[int, list[Movement]]]:
        async with self._database.read() as connection:
            entries = await log_store.read_entries_at(connection, list(positions))
            movements = await store.read_movements_at(connection, positions)
        return [entry for entry in entries.values() if entry.kind == kind], movements


async def _retirement_accounts(
    connection: AsyncConnection, periods: Sequence[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    return {
        a.id: (a.key.pilot_id, a.key.period_id)
        for a in await store.read_accounts(connection, [], periods)
        if a.key.kind is AccountKind.RETIREMENT
        and a.key.pilot_id is not None
        and a.key.period_id is not None
    }
