"""What many objects of one answer ask of documents."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.documents.model import Document, KeptDocument
from nzc_api.ids import DocumentId
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, one, paged


class DocumentLoaders(TopicLoaders):
    @cached_property
    def document(self) -> Loader[DocumentId, Document | None]:
        return one(self._s.documents.documents)

    @cached_property
    def kept_document(self) -> Loader[int, KeptDocument | None]:
        return one(self._s.documents.kept)

    @cached_property
    def documents(self) -> Loader[tuple[int, Page], list[Document]]:
        return paged(self._s.documents.page_of)

    @cached_property
    def documents_count(self) -> Loader[int, int | None]:
        return one(self._s.documents.count_of)
