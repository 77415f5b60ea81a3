"""Loaders: what many objects of one answer need is fetched in one statement.

They batch and never cache: an answer that follows a mutation must not show what was before it.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from strawberry.dataloader import DataLoader

from nzc_api.access.store import ApiKey, Organisation
from nzc_api.database.paging import Page
from nzc_api.inventories.model import Inventory, Line, LineRole
from nzc_api.ledger.audit import Health
from nzc_api.ledger.model import (
    AccountKey,
    BatchFacts,
    CreditBatch,
    CreditUse,
    DoubleIssuance,
    Enrolment,
    Holding,
    LedgerPosting,
    Lot,
    Movement,
    Project,
    Retirement,
    RetirementRequest,
    Transfer,
)
from nzc_api.ledger.questions_model import (
    Beneficiary,
    LifeStep,
    SerialAt,
    StatementLine,
    StatementOf,
    Vintage,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.statements.model import NetEmissions, StatementKey

if TYPE_CHECKING:
    from nzc_api.schema.context import Services

K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)
V = TypeVar("V")

# A page, and the position as of which it is.
PageAt = tuple[int, Page]


class Loaders:
    """One loader for each question that many objects ask."""

    def __init__(self, services: "Services") -> None:
        s = services
        self.pilot: DataLoader[int, Pilot | None] = _one(s.pilots.pilots)
        self.period: DataLoader[int, AccountingPeriod | None] = _one(s.pilots.periods)
        self.organisation: DataLoader[int, Organisation | None] = _one(s.access.organisations)
        self.api_key: DataLoader[int, ApiKey | None] = _one(s.access.api_keys)
        self.inventory: DataLoader[int, Inventory | None] = _one(s.inventories.inventories)
        self.line: DataLoader[int, Line | None] = _one(s.inventories.lines)
        self.project: DataLoader[int, Project | None] = _one(s.trace.projects)
        self.batch: DataLoader[int, CreditBatch | None] = _one(s.trace.batches)
        self.account: DataLoader[int, AccountKey | None] = _one(s.trace.accounts)
        self.retirement: DataLoader[int, Retirement | None] = _one(s.trace.retirements)
        self.transfer: DataLoader[int, Transfer | None] = _one(s.trace.transfers)
        self.use: DataLoader[int, CreditUse | None] = _one(s.trace.uses)
        self.request: DataLoader[int, RetirementRequest | None] = _one(s.trace.requests)
        self.posting: DataLoader[int, LedgerPosting | None] = _one(s.trace.postings)
        q = s.trace.questions
        self.position_at: DataLoader[datetime, int | None] = _one(q.positions_at)
        self.serial_batch: DataLoader[SerialRange, CreditBatch | None] = _one(q.batches_of)
        self.last_moved: DataLoader[SerialAt, Movement | None] = _one(q.last_moved)
        self.health: DataLoader[int, Health | None] = _one(q.health)
        self.life: DataLoader[tuple[SerialAt, Page], list[LifeStep]] = _paged(q.page_of_life)
        self.tiling: DataLoader[tuple[int, Page], list[Lot]] = _paged(q.page_of_tiling)
        self.batch_beneficiaries: DataLoader[tuple[int, PageAt], list[Beneficiary]] = _paged(
            q.page_of_batches_beneficiaries
        )
        self.project_beneficiaries: DataLoader[tuple[int, PageAt], list[Beneficiary]] = _paged(
            q.page_of_projects_beneficiaries
        )
        self.vintage_beneficiaries: DataLoader[tuple[Vintage, PageAt], list[Beneficiary]] = _paged(
            q.page_of_vintages_beneficiaries
        )
        self.issued_of_vintage: DataLoader[tuple[Vintage, int], int] = _as_of(
            q.issued_of_vintages, 0
        )
        self.credit_statement: DataLoader[tuple[StatementOf, Page], list[StatementLine]] = _paged(
            q.page_of_statement
        )
        self.doubles: DataLoader[int, list[DoubleIssuance]] = _many(s.trace.doubles)
        self.batch_facts: DataLoader[tuple[int, int], BatchFacts] = _as_of(
            s.trace.batch_facts, BatchFacts()
        )
        self.statement: DataLoader[StatementKey, NetEmissions | None] = _one(
            s.statements.net_emissions
        )
        self.all_periods: DataLoader[int, list[AccountingPeriod]] = _many(s.pilots.periods_of)
        self.series: DataLoader[int, list[Inventory]] = _many(s.inventories.series)
        self.enrolments: DataLoader[int, list[Enrolment]] = _many(s.trace.enrolments_of)
        self.periods: DataLoader[tuple[int, Page], list[AccountingPeriod]] = _paged(
            s.pilots.page_periods_of
        )
        self.inventories: DataLoader[tuple[int, Page], list[Inventory]] = _paged(
            s.inventories.page_of
        )
        self.batches: DataLoader[tuple[int, Page], list[CreditBatch]] = _paged(
            s.trace.page_of_batches
        )
        self.retirements: DataLoader[tuple[tuple[int, int], Page], list[Retirement]] = _paged(
            s.trace.page_of_retirements
        )
        self.lines: DataLoader[tuple[int, tuple[LineRole, Page]], list[Line]] = _paged(
            lambda ids, at: s.inventories.page_of_lines(ids, at[0], at[1])
        )
        self.around: DataLoader[tuple[int, int], tuple[int, ...]] = _as_of(s.pilots.around, ())
        self.within: DataLoader[tuple[int, int], tuple[int, ...]] = _as_of(s.pilots.within, ())
        self.holdings: DataLoader[tuple[int, int], list[Holding]] = _as_of(s.trace.holdings, [])


def _one(fetch: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> DataLoader[K, V | None]:
    """A loader of single things; None where there is none."""

    async def load(keys: list[K]) -> list[V | None]:
        found = await fetch(list(dict.fromkeys(keys)))
        return [found.get(key) for key in keys]

    return DataLoader(load, cache=False)


def _many(fetch: Callable[[list[K]], Awaitable[Mapping[K, list[V]]]]) -> DataLoader[K, list[V]]:
    """A loader of lists; empty where there is nothing."""

    async def load(keys: list[K]) -> list[list[V]]:
        found = await fetch(list(dict.fromkeys(keys)))
        return [found.get(key, []) for key in keys]

    return DataLoader(load, cache=False)


def _paged(
    fetch: Callable[[Sequence[K], P], Awaitable[Mapping[K, list[V]]]],
) -> DataLoader[tuple[K, P], list[V]]:
    """A loader of pages: one statement for all parents that ask for the same page."""

    async def load(keys: list[tuple[K, P]]) -> list[list[V]]:
        found: dict[tuple[K, P], list[V]] = {}
        for page, parents in _by_second(keys).items():
            for parent, items in (await fetch(parents, page)).items():
                found[parent, page] = items
        return [found.get(key, []) for key in keys]

    return DataLoader(load, cache=False)


def _as_of(
    fetch: Callable[[list[K], int], Awaitable[Mapping[K, V]]], empty: V
) -> DataLoader[tuple[K, int], V]:
    """A loader of what held as of a position."""

    async def load(keys: list[tuple[K, int]]) -> list[V]:
        found: dict[tuple[K, int], V] = {}
        for position, items in _by_second(keys).items():
            for item, value in (await fetch(items, position)).items():
                found[item, position] = value
        return [found.get(key, empty) for key in keys]

    return DataLoader(load, cache=False)


def _by_second(keys: list[tuple[K, P]]) -> dict[P, list[K]]:
    grouped: dict[P, dict[K, None]] = defaultdict(dict)
    for first, second in keys:
        grouped[second][first] = None
    return {second: list(firsts) for second, firsts in grouped.items()}
