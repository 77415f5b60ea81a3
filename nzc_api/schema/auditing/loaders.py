"""What many objects of one answer ask of auditing."""

from functools import cached_property

from strawberry.dataloader import DataLoader

from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, ProjectId
from nzc_api.ledger.auditing.audit import Health
from nzc_api.ledger.model import Lot, Movement
from nzc_api.ledger.reading.questions_model import (
    Beneficiary,
    LifeStep,
    SerialAt,
    StatementLine,
    StatementOf,
    Vintage,
)
from nzc_api.ledger.reconciling.model import Reconciliation
from nzc_api.schema.kit.loading import PageAt, TopicLoaders, as_of, one, paged


class AuditingLoaders(TopicLoaders):
    @cached_property
    def last_moved(self) -> DataLoader[SerialAt, Movement | None]:
        return one(self._q.last_moved)

    @cached_property
    def health(self) -> DataLoader[int, Health | None]:
        return one(self._q.health)

    @cached_property
    def life(self) -> DataLoader[tuple[SerialAt, Page], list[LifeStep]]:
        return paged(self._q.page_of_life)

    @cached_property
    def tiling(self) -> DataLoader[tuple[BatchId, Page], list[Lot]]:
        return paged(self._q.page_of_tiling)

    @cached_property
    def batch_beneficiaries(self) -> DataLoader[tuple[BatchId, PageAt], list[Beneficiary]]:
        return paged(self._q.page_of_batches_beneficiaries)

    @cached_property
    def project_beneficiaries(self) -> DataLoader[tuple[ProjectId, PageAt], list[Beneficiary]]:
        return paged(self._q.page_of_projects_beneficiaries)

    @cached_property
    def vintage_beneficiaries(self) -> DataLoader[tuple[Vintage, PageAt], list[Beneficiary]]:
        return paged(self._q.page_of_vintages_beneficiaries)

    @cached_property
    def issued_of_vintage(self) -> DataLoader[tuple[Vintage, int], int]:
        return as_of(self._q.issued_of_vintages, 0)

    @cached_property
    def reconciliation(self) -> DataLoader[int, Reconciliation | None]:
        return one(self._s.reconciling.reconciliations)

    @cached_property
    def credit_statement(self) -> DataLoader[tuple[StatementOf, Page], list[StatementLine]]:
        return paged(self._q.page_of_statement)
