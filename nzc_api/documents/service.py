"""What can be done with documents: attach them, and see what is attached to things."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.database.paging import Page
from nzc_api.documents import store, upload_store
from nzc_api.documents.errors import DocumentAlreadyAttached
from nzc_api.documents.model import AttachDocument, Document, KeptDocument
from nzc_api.documents.rules import check_document, check_size_of
from nzc_api.ids import DocumentId, PilotId
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.refusal import Refused, refuse

# Finds whose a thing is: its pilot. Raises where there is none such, or it is not the caller's.
PilotOf = Callable[[AsyncConnection, Principal, int], Awaitable[PilotId]]


class DocumentService:
    """What the documents room can do; ``pilots_of`` are the things that have documents, by their types."""

    def __init__(self, log: Log, pilots_of: Mapping[str, PilotOf]) -> None:
        self._log = log
        self._pilots_of = pilots_of

    async def attach(
        self, principal: Principal | None, key: str, command: AttachDocument
    ) -> Outcome:
        """Attach a document, by the SHA-256 of its bytes, to something of the caller's own pilots.

        Refused: more than 50 MB (`DocumentTooLarge`), a type that is no evidence (`DocumentTypeNotAccepted`), the same
        bytes at the same thing (`DocumentAlreadyAttached`).
        """
        caller = authorise(principal, Action.WRITE_DOCUMENT)

        async def work(transaction: Transaction) -> int:
            connection, subject = transaction.connection, command.subject
            refuse(check_document(command))
            upload = await upload_store.find_upload(
                connection, caller.organisation_id, command.sha256
            )
            refuse(check_size_of(upload, command.size))
            pilot_id = await self._pilots_of[subject.kind](connection, caller, subject.id)
            attached = await store.find_attached(connection, subject.id, command.sha256)
            if attached is not None:
                raise Refused(_attached(attached))
            item = Document(
                id=DocumentId(transaction.next_position),
                pilot_id=pilot_id,
                subject=subject,
                kind=command.kind,
                name=command.name,
                media_type=command.media_type,
                size=command.size,
                sha256=command.sha256,
            )
            transaction.append(caller.actor, EntryKind.DOCUMENT_ATTACHED, item.said)
            await store.insert_document(connection, item)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "attachDocument", command), work)

    async def documents(self, ids: Collection[DocumentId]) -> dict[DocumentId, Document]:
        """The documents of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_documents(connection, ids)

    async def kept(self, ids: Collection[int]) -> dict[int, KeptDocument]:
        """Of each document whose bytes are here: what they are served as."""
        async with self._log.database.read() as connection:
            return await upload_store.read_kept(connection, ids)

    async def page_of(self, subjects: Sequence[int], page: Page) -> dict[int, list[Document]]:
        """For each thing a page of the documents that are evidence of it, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_documents_of(connection, subjects, page)

    async def count_of(self, subjects: Sequence[int]) -> dict[int, int]:
        """How many documents are evidence of each thing; none of which there is none."""
        async with self._log.database.read() as connection:
            return await store.count_documents_of(connection, subjects)


def _attached(item: Document) -> DocumentAlreadyAttached:
    path = ("sha256",)
    return DocumentAlreadyAttached(path=path, sha256=item.sha256, document_id=item.id)
