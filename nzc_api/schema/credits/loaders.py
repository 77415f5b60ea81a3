"""What many objects of one answer ask of credits."""

from datetime import date
from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, OrganisationId, PeriodId, PilotId, Position, ProjectId
from nzc_api.ledger.model import (
    AccountKey,
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
    RetiredTonnes,
    Retirement,
    RetirementRequest,
    Transfer,
    WithdrawnSerials,
)
from nzc_api.ledger.proposing.proposals import Proposal
from nzc_api.ledger.reading.lists_model import Alongside
from nzc_api.ledger.reading.questions_model import WithdrawnFrom
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import PageAt, TopicLoaders, as_of, many, one, paged

# Of a pilot's period: which page, and what along with it.
RetirementsKey = tuple[tuple[PilotId, PeriodId], tuple[Page, Alongside]]


class CreditLoaders(TopicLoaders):
    @cached_property
    def project(self) -> Loader[ProjectId, Project | None]:
        return one(self._s.trace.projects)

    @cached_property
    def project_then(self) -> Loader[tuple[ProjectId, Position], Project | None]:
        return as_of(self._s.trace.projects_then, None)

    @cached_property
    def batch(self) -> Loader[BatchId, CreditBatch | None]:
        return one(self._s.trace.batches)

    @cached_property
    def batches(self) -> Loader[tuple[ProjectId, Page], list[CreditBatch]]:
        return paged(self._s.trace.page_of_batches)

    @cached_property
    def batches_count(self) -> Loader[ProjectId, int | None]:
        return one(self._s.trace.count_of_batches)

    @cached_property
    def batch_facts(self) -> Loader[tuple[BatchId, Position], BatchFacts]:
        return as_of(self._s.trace.batch_facts, BatchFacts())

    @cached_property
    def verified(self) -> Loader[int, VerifiedReductions | None]:
        return one(self._s.trace.verified)

    @cached_property
    def account(self) -> Loader[int, AccountKey | None]:
        return one(self._s.trace.accounts)

    @cached_property
    def retirement(self) -> Loader[int, Retirement | None]:
        return one(self._s.trace.retirements)

    @cached_property
    def retirements(self) -> Loader[RetirementsKey, list[PostedWith]]:
        return paged(self._s.trace.page_of_retirements)

    @cached_property
    def retirements_count(self) -> Loader[tuple[tuple[PilotId, PeriodId], Position], int]:
        return as_of(self._s.trace.count_of_retirements, 0)

    @cached_property
    def transfer(self) -> Loader[int, Transfer | None]:
        return one(self._s.trace.transfers)

    @cached_property
    def use(self) -> Loader[int, CreditUse | None]:
        return one(self._s.trace.uses)

    @cached_property
    def request(self) -> Loader[int, RetirementRequest | None]:
        return one(self._s.trace.requests)

    @cached_property
    def proposal(self) -> Loader[int, Proposal | None]:
        return one(self._s.trace.proposals)

    @cached_property
    def posting(self) -> Loader[int, LedgerPosting | None]:
        return one(self._s.trace.postings)

    @cached_property
    def correction(self) -> Loader[tuple[int, Position], int | None]:
        return as_of(self._s.trace.corrections, None)

    @cached_property
    def withdrawn(self) -> Loader[tuple[int, Position], int]:
        return as_of(self._q.withdrawn_of, 0)

    @cached_property
    def withdrawn_serials(self) -> Loader[tuple[int, PageAt], list[WithdrawnSerials]]:
        return paged(self._q.page_of_withdrawn)

    @cached_property
    def withdrawn_serials_count(self) -> Loader[tuple[int, Position], int]:
        return as_of(self._q.count_of_withdrawn, 0)

    @cached_property
    def withdrawn_retirements(self) -> Loader[tuple[WithdrawnFrom, Page], list[int]]:
        return paged(self._q.page_of_withdrawn_retirements)

    @cached_property
    def invalidated_of_batch(self) -> Loader[tuple[BatchId, Position], int]:
        return as_of(self._q.invalidated_of, 0)

    @cached_property
    def doubles(self) -> Loader[tuple[BatchId, PageAt], list[DoubleIssuance]]:
        return paged(self._s.trace.page_of_doubles)

    @cached_property
    def doubles_count(self) -> Loader[tuple[BatchId, Position], int]:
        return as_of(self._s.trace.count_of_doubles, 0)

    @cached_property
    def movements(self) -> Loader[tuple[Position, Page], list[MovedOf]]:
        return paged(self._s.trace.page_of_movements)

    @cached_property
    def movements_count(self) -> Loader[Position, int | None]:
        return one(self._s.trace.count_of_movements)

    @cached_property
    def enrolments(self) -> Loader[ProjectId, list[Enrolment]]:
        return many(self._s.trace.enrolments_of)

    @cached_property
    def enrolments_then(self) -> Loader[tuple[ProjectId, Position], list[Enrolment]]:
        return as_of(self._s.trace.enrolments_then, [])

    @cached_property
    def day(self) -> Loader[Position, date | None]:
        return one(self._s.trace.days)

    @cached_property
    def shares(self) -> Loader[Position, list[RetiredTonnes] | None]:
        return one(self._s.trace.shares)

    @cached_property
    def holdings(self) -> Loader[tuple[OrganisationId, PageAt], list[Holding]]:
        return paged(self._s.trace.page_of_holdings)

    @cached_property
    def holdings_count(self) -> Loader[tuple[OrganisationId, Position], int]:
        return as_of(self._s.trace.count_of_holdings, 0)

    @cached_property
    def serial_batch(self) -> Loader[tuple[SerialRange, Position], CreditBatch | None]:
        return as_of(self._q.batches_of, None)
