"""The SQL of documents."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.documents.model import Document, EvidenceKind, Subject
from nzc_api.documents.tables import attachment, document
from nzc_api.ids import DocumentId

# What is attached to the first of each pair is attached to the second, too.
CARRY = DriverStatement("""
    INSERT INTO attachment (subject_id, document_id, sha256)
    SELECT pair.taker, a.document_id, a.sha256
      FROM unnest(CAST(:givers AS bigint[]), CAST(:takers AS bigint[])) AS pair (giver, taker)
      JOIN attachment AS a ON a.subject_id = pair.giver
""")

_ATTACHED = select(document).join(attachment, attachment.c.document_id == document.c.id)


async def insert_document(connection: AsyncConnection, item: Document) -> None:
    await connection.execute(
        insert(document).values(
            id=item.id,
            pilot_id=item.pilot_id,
            subject_kind=item.subject.kind,
            subject_id=item.subject.id,
            kind=item.kind,
            name=item.name,
            media_type=item.media_type,
            size=item.size,
            sha256=item.sha256,
        )
    )
    row = {"subject_id": item.subject.id, "document_id": item.id, "sha256": item.sha256}
    await connection.execute(insert(attachment).values(row))


async def carry(connection: AsyncConnection, pairs: Sequence[tuple[int, int]]) -> None:
    """Attach what is attached to the first of each pair to the second."""
    given = {"givers": [giver for giver, _ in pairs], "takers": [taker for _, taker in pairs]}
    await CARRY.rows(connection, given)


async def find_attached(
    connection: AsyncConnection, subject_id: int, sha256: str
) -> Document | None:
    """The document with these bytes that is attached to something."""
    query = _ATTACHED.where(attachment.c.subject_id == subject_id, attachment.c.sha256 == sha256)
    row = (await connection.execute(query)).first()
    return None if row is None else _document(row)


async def read_documents(
    connection: AsyncConnection, ids: Collection[DocumentId]
) -> dict[DocumentId, Document]:
    rows = await connection.execute(select(document).where(is_any_of(document.c.id, ids)))
    return {row.id: _document(row) for row in rows}


async def page_documents_of(
    connection: AsyncConnection, subjects: Sequence[int], page: Page
) -> dict[int, list[Document]]:
    """For each thing a page of what is attached to it and one more, oldest first."""
    query = paged_for_each(_ATTACHED, attachment.c.subject_id, document.c.id, subjects, page)
    found: dict[int, list[Document]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(_document(row))
    return found


async def count_documents_of(
    connection: AsyncConnection, subjects: Sequence[int]
) -> dict[int, int]:
    """How many documents are attached to each thing."""
    query, parent = select(attachment), attachment.c.subject_id
    return await count_for_each(connection, query, parent, subjects)


def _document(row: Any) -> Document:
    return Document(
        id=row.id,
        pilot_id=row.pilot_id,
        subject=Subject(row.subject_kind, row.subject_id),
        kind=EvidenceKind(row.kind),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
    )
