"""A document to attach: the mutation's input."""

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.documents.model import AttachDocument, Subject
from nzc_api.evidenced import PILOTS_OF
from nzc_api.schema.documents.enums import EvidenceKind
from nzc_api.schema.kit.ids import Ids, decode_id
from nzc_api.schema.kit.scalars import BigInt

# What has documents, by the types that ids have.
SUBJECTS = tuple(PILOTS_OF)


@strawberry.input(description="A document, and what it is attached to.")
class AttachDocumentInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    attached_to: strawberry.ID = strawberry.field(
        description="A pilot, an inventory, an emission source or a sink, a target, a plan, a measure, a financing, a "
        "post, a duty, a rule, a record of upkeep, an evaluation or a finding of one."
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
            subject=Subject(decoded[0], subject_id),
            kind=self.document_kind,
            name=self.file_name,
            media_type=self.media_type,
            size=self.size,
            sha256=self.sha256,
        )
