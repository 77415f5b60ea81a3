"""Documents and evidence, as GraphQL."""

from typing import Self

import strawberry

from nzc_api.documents import model as domain
from nzc_api.ids import DocumentId
from nzc_api.schema.documents.enums import EvidenceKind
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.nodes import Node, find_node, node
from nzc_api.schema.kit.scalars import BigInt


@node()
@strawberry.type(
    description="A document that something rests on. NZC keeps what identifies the file, its SHA-256; and its "
    "bytes, where who attached it uploaded them. It is seen where what it is attached to is, and so are its bytes."
)
class Document(Node):
    domain: strawberry.Private[domain.Document]

    document_kind = attribute(EvidenceKind, "kind", "What it is.")
    file_name = attribute(str, "name", "The file's name.")
    media_type = attribute(str, "media_type", "Its media type, such as application/pdf.")
    size = attribute(BigInt, "size", "Its bytes.")
    sha256 = attribute(
        str, "sha256", "The SHA-256 of its bytes, in hex: whoever has the file can compare."
    )
    position = attribute(
        BigInt,
        "id",
        "The position of the log at which it was attached; its event says when and by whom.",
    )

    @dear(
        "Whether its bytes are here: then `GET /documents/` with its id has them, for whoever sees it.",
        statements=1,
    )
    async def bytes_kept(self, info: Info) -> bool:
        return await info.context.loaders.kept_document.load(self.domain.id) is not None

    @dear(
        "What it was attached to. The next versions of a line have it, too. Null where that was a draft's line "
        "and was removed since.",
        statements=3,
    )
    async def attached_to(self, info: Info) -> Node | None:
        return await self._subject(info)

    async def _subject(self, info: Info) -> Node | None:
        subject = self.domain.subject
        return await find_node(info, subject.kind, subject.id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        """A document, if whoever asks sees what it is attached to; of a pilot, what that states."""
        found = await info.context.loaders.document.load(DocumentId(position))
        if found is None:
            return None
        document = cls(domain=found)
        if found.subject.kind == "Pilot":
            pilot = await info.context.loaders.pilot.load(found.pilot_id)
            assert pilot is not None
            seen = (await info.context.sight()).sees_statements(pilot)
        else:
            seen = await document._subject(info) is not None
        return document if seen else None


@strawberry.type
class Documented(Node):
    """What documents are attached to, and are seen with."""

    @strawberry.field(description="The documents that are attached to it, oldest first.")
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)


async def documents_of(
    info: Info, subject_id: int, first: int, after: str | None, *, shown: bool = True
) -> Connection[Document]:
    """What is attached to something, where it is shown."""
    page = page_by_position(first, after)
    if not shown:
        return page_of(
            list[domain.Document](), page, lambda row: row.id, lambda row: Document(domain=row)
        )
    rows = await info.context.loaders.documents.load((subject_id, page))
    return connection(
        rows,
        page,
        lambda row: row.id,
        lambda row: Document(domain=row),
        counted(info.context.loaders.documents_count, subject_id),
    )
