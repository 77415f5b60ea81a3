"""What many objects of one answer ask of auditing."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, Position, ProjectId
from nzc_api.ledger.auditing.audit import Health
from nzc_api.ledger.model import Lot, Movement
from nzc_api.ledger.reading.questions_model import (
    Beneficiary,
    CreditStatementKey,
    CreditStatementLine,
    LifeStep,
    SerialAt,
    Vintage,
)
from nzc_api.ledger.reconciling.model import Reconciliation
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import PageAt, TopicLoaders, as_of, one, paged


class AuditingLoaders(TopicLoaders):
    @cached_property
    def last_moved(self) -> Loader[SerialAt, Movement | None]:
        return one(self._q.last_moved)

    @cached_property
    def health(self) -> Loader[int, Health | None]:
        return one(self._q.health)

    @cached_property
    def life(self) -> Loader[tuple[SerialAt, Page], list[LifeStep]]:
        return paged(self._q.page_of_life)

    @cached_property
    def tiling(self) -> Loader[tuple[BatchId, Page], list[Lot]]:
        return paged(self._q.page_of_tiling)

    @cached_property
    def batch_beneficiaries(self) -> Loader[tuple[BatchId, PageAt], list[Beneficiary]]:
        return paged(self._q.page_of_batches_beneficiaries)

    @cached_property
    def project_beneficiaries(self) -> Loader[tuple[ProjectId, PageAt], list[Beneficiary]]:
        return paged(self._q.page_of_projects_beneficiaries)

    @cached_property
    def vintage_beneficiaries(self) -> Loader[tuple[Vintage, PageAt], list[Beneficiary]]:
        return paged(self._q.page_of_vintages_beneficiaries)

    @cached_property
    def issued_of_vintage(self) -> Loader[tuple[Vintage, Position], int]:
        return as_of(self._q.issued_of_vintages, 0)

    @cached_property
    def reconciliation(self) -> Loader[int, Reconciliation | None]:
        return one(self._s.reconciling.reconciliations)

    @cached_property
    def credit_statement(
        self,
    ) -> Loader[tuple[CreditStatementKey, Page], list[CreditStatementLine]]:
        return paged(self._q.page_of_statement)
