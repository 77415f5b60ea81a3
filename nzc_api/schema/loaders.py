"""Loaders: what many objects of one answer need is fetched in one statement.

They batch and never cache: an answer that follows a mutation must not show what was before it.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from strawberry.dataloader import DataLoader

from nzc_api.access.amendment_store import OrganisationAmendment
from nzc_api.access.principals import Principal
from nzc_api.access.store import ApiKey, Organisation
from nzc_api.database.paging import Page
from nzc_api.documents.model import Document
from nzc_api.inventories.model import Inventory, Line, LineRole, Opinion, QualityOfData
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.warnings import InventoryWarning
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
    RetiredTonnes,
    Retirement,
    RetirementRequest,
    Transfer,
    WithdrawnSerials,
)
from nzc_api.ledger.proposals import Proposal
from nzc_api.ledger.questions_model import (
    Beneficiary,
    LifeStep,
    SerialAt,
    StatementLine,
    StatementOf,
    Vintage,
    WithdrawnFrom,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.store import Entry
from nzc_api.metering.model import Meter, NamedMeters
from nzc_api.metering.readings import Batch, Told
from nzc_api.metering.usage import Step, Usage
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot, PilotAmendment
from nzc_api.pilots.sites import AtSite, Site
from nzc_api.statements.model import NetEmissions, StatementKey
from nzc_api.targets.assessment import Assessment
from nzc_api.targets.model import Target
from nzc_api.targets.service import AssessmentKey
from nzc_api.targets.trajectory import Trajectory

if TYPE_CHECKING:
    from nzc_api.services import Services

K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)
V = TypeVar("V")

# A page, and the position as of which it is, or what whoever asks for it sees. What depends on who asks is
# never loaded without that: others' questions are among those answered together.
PageAt = tuple[int, Page]
SeenPage = tuple[Sight, Page]


class Loaders:
    """One loader for each question that many objects ask; made when it is first asked."""

    def __init__(self, services: "Services") -> None:
        self._s = services
        self._q = services.trace.questions

    @cached_property
    def pilot(self) -> DataLoader[int, Pilot | None]:
        return _one(self._s.pilots.pilots)

    @cached_property
    def pilot_then(self) -> DataLoader[tuple[int, int], Pilot | None]:
        return _one(self._s.pilots.pilots_then)

    @cached_property
    def amendments(self) -> DataLoader[tuple[int, Page], list[PilotAmendment]]:
        return _paged(self._s.pilots.page_amendments_of)

    @cached_property
    def period(self) -> DataLoader[int, AccountingPeriod | None]:
        return _one(self._s.pilots.periods)

    @cached_property
    def principal(self) -> DataLoader[str, Principal | None]:
        return _one(self._s.access.authenticate)

    @cached_property
    def organisation(self) -> DataLoader[int, Organisation | None]:
        return _one(self._s.access.organisations)

    @cached_property
    def organisation_then(self) -> DataLoader[tuple[int, int], Organisation | None]:
        return _one(self._s.access.organisations_then)

    @cached_property
    def organisation_amendments(self) -> DataLoader[tuple[int, Page], list[OrganisationAmendment]]:
        return _paged(self._s.access.page_amendments_of)

    @cached_property
    def organisation_amendments_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.access.count_amendments_of)

    @cached_property
    def api_key(self) -> DataLoader[int, ApiKey | None]:
        return _one(self._s.access.api_keys)

    @cached_property
    def inventory(self) -> DataLoader[tuple[int, Sight], Inventory | None]:
        return _as_of(self._s.inventories.inventories, None)

    @cached_property
    def quality(self) -> DataLoader[int, QualityOfData | None]:
        return _one(self._s.inventories.quality)

    @cached_property
    def line(self) -> DataLoader[tuple[int, Sight], Line | None]:
        return _as_of(self._s.inventories.lines, None)

    @cached_property
    def meter(self) -> DataLoader[tuple[int, int], Meter | None]:
        return _as_of(self._s.meters.meters, None)

    @cached_property
    def meters(self) -> DataLoader[tuple[int, PageAt], list[Meter]]:
        return _paged(self._s.meters.page_of)

    @cached_property
    def meters_named(self) -> DataLoader[tuple[NamedMeters, int], list[Meter]]:
        return _paged(self._s.meters.named)

    @cached_property
    def submeters(self) -> DataLoader[tuple[int, PageAt], list[Meter]]:
        return _paged(self._s.meters.page_of_submeters)

    @cached_property
    def gateway_meters(self) -> DataLoader[tuple[int, PageAt], list[Meter]]:
        return _paged(self._s.meters.page_of_gateways)

    @cached_property
    def gateway_meters_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.meters.count_of_gateways, 0)

    @cached_property
    def readings(self) -> DataLoader[tuple[int, PageAt], list[Told]]:
        return _paged(self._s.readings.page_of)

    @cached_property
    def readings_within(self) -> DataLoader[tuple[int, tuple[DateSpan, PageAt]], list[Told]]:
        return _paged(self._s.readings.page_within)

    @cached_property
    def usage(self) -> DataLoader[tuple[int, tuple[DateSpan, Step, int]], list[Usage]]:
        return _paged(self._s.meters.usages)

    @cached_property
    def reading_batch(self) -> DataLoader[int, Batch | None]:
        return _one(self._s.readings.batches)

    @cached_property
    def project(self) -> DataLoader[int, Project | None]:
        return _one(self._s.trace.projects)

    @cached_property
    def project_then(self) -> DataLoader[tuple[int, int], Project | None]:
        return _as_of(self._s.trace.projects_then, None)

    @cached_property
    def batch(self) -> DataLoader[int, CreditBatch | None]:
        return _one(self._s.trace.batches)

    @cached_property
    def account(self) -> DataLoader[int, AccountKey | None]:
        return _one(self._s.trace.accounts)

    @cached_property
    def retirement(self) -> DataLoader[int, Retirement | None]:
        return _one(self._s.trace.retirements)

    @cached_property
    def transfer(self) -> DataLoader[int, Transfer | None]:
        return _one(self._s.trace.transfers)

    @cached_property
    def use(self) -> DataLoader[int, CreditUse | None]:
        return _one(self._s.trace.uses)

    @cached_property
    def request(self) -> DataLoader[int, RetirementRequest | None]:
        return _one(self._s.trace.requests)

    @cached_property
    def proposal(self) -> DataLoader[int, Proposal | None]:
        return _one(self._s.trace.proposals)

    @cached_property
    def posting(self) -> DataLoader[int, LedgerPosting | None]:
        return _one(self._s.trace.postings)

    @cached_property
    def entry(self) -> DataLoader[int, Entry | None]:
        return _one(self._s.trace.entries)

    @cached_property
    def correction(self) -> DataLoader[tuple[int, int], int | None]:
        return _as_of(self._s.trace.corrections, None)

    @cached_property
    def withdrawn(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._q.withdrawn_of, 0)

    @cached_property
    def withdrawn_serials(self) -> DataLoader[tuple[int, PageAt], list[WithdrawnSerials]]:
        return _paged(self._q.page_of_withdrawn)

    @cached_property
    def withdrawn_retirements(self) -> DataLoader[tuple[WithdrawnFrom, Page], list[int]]:
        return _paged(self._q.page_of_withdrawn_retirements)

    @cached_property
    def invalidated_of_batch(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._q.invalidated_of, 0)

    @cached_property
    def position_at(self) -> DataLoader[datetime, int | None]:
        return _one(self._q.positions_at)

    @cached_property
    def serial_batch(self) -> DataLoader[tuple[SerialRange, int], CreditBatch | None]:
        return _as_of(self._q.batches_of, None)

    @cached_property
    def last_moved(self) -> DataLoader[SerialAt, Movement | None]:
        return _one(self._q.last_moved)

    @cached_property
    def health(self) -> DataLoader[int, Health | None]:
        return _one(self._q.health)

    @cached_property
    def life(self) -> DataLoader[tuple[SerialAt, Page], list[LifeStep]]:
        return _paged(self._q.page_of_life)

    @cached_property
    def tiling(self) -> DataLoader[tuple[int, Page], list[Lot]]:
        return _paged(self._q.page_of_tiling)

    @cached_property
    def batch_beneficiaries(self) -> DataLoader[tuple[int, PageAt], list[Beneficiary]]:
        return _paged(self._q.page_of_batches_beneficiaries)

    @cached_property
    def project_beneficiaries(self) -> DataLoader[tuple[int, PageAt], list[Beneficiary]]:
        return _paged(self._q.page_of_projects_beneficiaries)

    @cached_property
    def vintage_beneficiaries(self) -> DataLoader[tuple[Vintage, PageAt], list[Beneficiary]]:
        return _paged(self._q.page_of_vintages_beneficiaries)

    @cached_property
    def issued_of_vintage(self) -> DataLoader[tuple[Vintage, int], int]:
        return _as_of(self._q.issued_of_vintages, 0)

    @cached_property
    def credit_statement(self) -> DataLoader[tuple[StatementOf, Page], list[StatementLine]]:
        return _paged(self._q.page_of_statement)

    @cached_property
    def doubles(self) -> DataLoader[tuple[int, Page], list[DoubleIssuance]]:
        return _paged(self._s.trace.page_of_doubles)

    @cached_property
    def site(self) -> DataLoader[int, Site | None]:
        return _one(self._s.pilots.sites)

    @cached_property
    def at_site(self) -> DataLoader[tuple[int, Page], list[AtSite]]:
        return _paged(self._s.pilots.page_at_site)

    @cached_property
    def at_site_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.pilots.count_at_site)

    @cached_property
    def movements(self) -> DataLoader[tuple[int, Page], list[Movement]]:
        return _paged(self._s.trace.page_of_movements)

    @cached_property
    def batch_facts(self) -> DataLoader[tuple[int, int], BatchFacts]:
        return _as_of(self._s.trace.batch_facts, BatchFacts())

    @cached_property
    def statement(self) -> DataLoader[tuple[StatementKey, Sight], NetEmissions | None]:
        return _as_of(self._s.statements.net_emissions, None)

    @cached_property
    def document(self) -> DataLoader[int, Document | None]:
        return _one(self._s.documents.documents)

    @cached_property
    def documents(self) -> DataLoader[tuple[int, Page], list[Document]]:
        return _paged(self._s.documents.page_of)

    @cached_property
    def target(self) -> DataLoader[tuple[int, Sight], Target | None]:
        return _as_of(self._s.targets.targets, None)

    @cached_property
    def target_stood(self) -> DataLoader[tuple[tuple[int, int], Sight], Target | None]:
        return _as_of(self._s.targets.stood, None)

    @cached_property
    def targets(self) -> DataLoader[tuple[int, SeenPage], list[Target]]:
        return _paged(lambda ids, at: self._s.targets.page_of(ids, *at))

    @cached_property
    def assessment(self) -> DataLoader[tuple[AssessmentKey, Sight], Assessment]:
        return _as_of(self._s.targets.assessments, Assessment())

    @cached_property
    def trajectory(self) -> DataLoader[tuple[tuple[int, int], Sight], Trajectory | None]:
        return _as_of(self._s.targets.trajectories, None)

    @cached_property
    def all_periods(self) -> DataLoader[int, list[AccountingPeriod]]:
        return _many(self._s.pilots.periods_of)

    @cached_property
    def versions(self) -> DataLoader[tuple[int, SeenPage], list[Inventory]]:
        return _paged(lambda ids, at: self._s.inventories.page_of_versions(ids, *at))

    @cached_property
    def enrolments(self) -> DataLoader[int, list[Enrolment]]:
        return _many(self._s.trace.enrolments_of)

    @cached_property
    def periods(self) -> DataLoader[tuple[int, PageAt], list[AccountingPeriod]]:
        return _paged(self._s.pilots.page_periods_of)

    @cached_property
    def inventories(self) -> DataLoader[tuple[int, SeenPage], list[Inventory]]:
        return _paged(lambda ids, at: self._s.inventories.page_of(ids, *at))

    @cached_property
    def batches(self) -> DataLoader[tuple[int, Page], list[CreditBatch]]:
        return _paged(self._s.trace.page_of_batches)

    @cached_property
    def retirements(self) -> DataLoader[tuple[tuple[int, int], Page], list[Retirement]]:
        return _paged(self._s.trace.page_of_retirements)

    @cached_property
    def day(self) -> DataLoader[int, date | None]:
        return _one(self._s.trace.days)

    @cached_property
    def shares(self) -> DataLoader[int, list[RetiredTonnes] | None]:
        return _one(self._s.trace.shares)

    @cached_property
    def lines(self) -> DataLoader[tuple[int, tuple[LineRole, Sight, Page]], list[Line]]:
        return _paged(lambda ids, at: self._s.inventories.page_of_lines(ids, *at))

    @cached_property
    def around(self) -> DataLoader[tuple[int, PageAt], list[tuple[int, int]]]:
        return _paged(self._s.pilots.page_around)

    @cached_property
    def within(self) -> DataLoader[tuple[int, PageAt], list[int]]:
        return _paged(self._s.pilots.page_within)

    @cached_property
    def holdings(self) -> DataLoader[tuple[int, PageAt], list[Holding]]:
        return _paged(self._s.trace.page_of_holdings)

    # How many there are in all: asked only where `totalCount` is.

    @cached_property
    def amendments_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.pilots.count_amendments_of)

    @cached_property
    def periods_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.pilots.count_periods_of, 0)

    @cached_property
    def around_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.pilots.count_around, 0)

    @cached_property
    def within_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.pilots.count_within, 0)

    @cached_property
    def inventories_count(self) -> DataLoader[tuple[int, Sight], int]:
        return _as_of(self._s.inventories.count_of, 0)

    @cached_property
    def meters_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.meters.count_of, 0)

    @cached_property
    def submeters_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.meters.count_of_submeters, 0)

    @cached_property
    def versions_count(self) -> DataLoader[tuple[int, Sight], int]:
        return _as_of(self._s.inventories.count_versions, 0)

    @cached_property
    def lines_count(self) -> DataLoader[tuple[int, tuple[LineRole, Sight]], int]:
        return _as_of(lambda ids, of: self._s.inventories.count_lines(ids, *of), 0)

    @cached_property
    def documents_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.documents.count_of)

    @cached_property
    def targets_count(self) -> DataLoader[tuple[int, Sight], int]:
        return _as_of(self._s.targets.count_of, 0)

    @cached_property
    def warnings(self) -> DataLoader[tuple[int, SeenPage], list[InventoryWarning]]:
        return _paged(lambda ids, at: self._s.inventories.page_of_warnings(ids, *at))

    @cached_property
    def warnings_count(self) -> DataLoader[tuple[int, Sight], int]:
        return _as_of(self._s.inventories.count_warnings, 0)

    @cached_property
    def opinion(self) -> DataLoader[int, Opinion | None]:
        return _one(self._s.inventories.opinions)

    @cached_property
    def batches_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.trace.count_of_batches)

    @cached_property
    def movements_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.trace.count_of_movements)

    @cached_property
    def doubles_count(self) -> DataLoader[int, int | None]:
        return _one(self._s.trace.count_of_doubles)

    @cached_property
    def holdings_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._s.trace.count_of_holdings, 0)

    @cached_property
    def withdrawn_serials_count(self) -> DataLoader[tuple[int, int], int]:
        return _as_of(self._q.count_of_withdrawn, 0)

    @cached_property
    def retirements_count(self) -> DataLoader[tuple[tuple[int, int], int], int]:
        return _as_of(self._s.trace.count_of_retirements, 0)


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
    fetch: Callable[[list[K], P], Awaitable[Mapping[K, V]]], empty: V
) -> DataLoader[tuple[K, P], V]:
    """A loader of what held as of a position (or is asked in another way of all keys alike)."""

    async def load(keys: list[tuple[K, P]]) -> list[V]:
        found: dict[tuple[K, P], V] = {}
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
