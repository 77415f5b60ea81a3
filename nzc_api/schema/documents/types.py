"""Documents and evidence, as GraphQL."""

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.documents import model as domain
from nzc_api.documents.model import AttachDocument, EvidenceKind, Subject
from nzc_api.schema.kit.connections import (
    Connection,
    connection,
    counted,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, described_enum
from nzc_api.schema.kit.ids import Ids, decode_id
from nzc_api.schema.kit.nodes import Node
from nzc_api.schema.kit.scalars import BigInt

described_enum(
    EvidenceKind,
    "What a document is.",
    {
        "BILL": "a bill or an invoice (账单、发票)",
        "METER_RECORD": "readings of a meter (抄表记录)",
        "CONTRACT": "a contract (合同)",
        "CERTIFICATE": "a certificate, of green power or of a calibration (证书)",
        "TEST_REPORT": "a report of what was measured or tested (检测报告)",
        "VERIFICATION_REPORT": "a verifier's report (核查报告)",
        "CALCULATION": "a calculation (计算表)",
        "PHOTOGRAPH": "a photograph (照片)",
        "OTHER": "something else",
    },
)

# What has documents, by the types that ids have.
SUBJECTS = ("EmissionSource", "Sink", "Inventory", "Target", "Pilot")


@strawberry.type(
    description="A document that something rests on. NZC keeps what identifies the file, its SHA-256; the file "
    "itself is kept elsewhere. It is seen where what it is attached to is."
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
        "What it was attached to. The next versions of a line have it, too. Null where that was a draft's line "
        "and was removed since.",
        statements=3,
    )
    async def attached_to(self, info: Info) -> Node | None:
        return await subject_of(info, self.domain)


@strawberry.input(description="A document, and what it is attached to.")
class AttachDocumentInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    attached_to: strawberry.ID = strawberry.field(
        description="An emission source or a sink, an inventory, a target or a pilot."
    )
    document_kind: EvidenceKind = strawberry.field(description="What it is.")
    file_name: str = strawberry.field(
        description="The file's own name, without a path: 1 to 200 characters, with the ending of its type."
    )
    media_type: str = strawberry.field(
        description="Its media type: PDF, OFD, JPEG, PNG, TIFF, plain text, CSV, JSON, ZIP, Word or Excel."
    )
    size: BigInt = strawberry.field(description="Its bytes: 1 to 50,000,000 (50 MB).")
    sha256: str = strawberry.field(
        description="The SHA-256 of its bytes: 64 hexadecimal digits in lower case."
    )

    def command(self, ids: Ids, caller: Principal) -> AttachDocument:
        subject_id = ids.position(self.attached_to, "input", "attachedTo", kinds=SUBJECTS)
        decoded = decode_id(self.attached_to)
        assert decoded is not None
        return AttachDocument(
            Subject(decoded[0], subject_id),
            self.document_kind,
            self.file_name,
            self.media_type,
            self.size,
            self.sha256,
        )


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


async def subject_of(info: Info, of: domain.Document) -> Node | None:
    """What a document was attached to, if whoever asks sees it."""
    from nzc_api.schema.lookup import find_node  # noqa: PLC0415  (it finds documents, too)

    return await find_node(info, of.subject.kind, of.subject.id)


async def document_seen(info: Info, position: int) -> Document | None:
    """A document by its position, if whoever asks sees what it is attached to; of a pilot, what that
    states."""
    found = await info.context.loaders.document.load(position)
    if found is None:
        return None
    if found.subject.kind == "Pilot":
        pilot = await info.context.loaders.pilot.load(found.pilot_id)
        assert pilot is not None
        seen = (await info.context.sight()).sees_statements(pilot)
    else:
        seen = await subject_of(info, found) is not None
    return Document(domain=found) if seen else None
