"""What many objects of one answer ask of documents."""

from functools import cached_property

from strawberry.dataloader import DataLoader

from nzc_api.database.paging import Page
from nzc_api.documents.model import Document, KeptDocument
from nzc_api.ids import DocumentId
from nzc_api.schema.kit.loading import TopicLoaders, one, paged


class DocumentLoaders(TopicLoaders):
    @cached_property
    def document(self) -> DataLoader[DocumentId, Document | None]:
        return one(self._s.documents.documents)

    @cached_property
    def kept_document(self) -> DataLoader[int, KeptDocument | None]:
        return one(self._s.documents.kept)

    @cached_property
    def documents(self) -> DataLoader[tuple[int, Page], list[Document]]:
        return paged(self._s.documents.page_of)

    @cached_property
    def documents_count(self) -> DataLoader[int, int | None]:
        return one(self._s.documents.count_of)
