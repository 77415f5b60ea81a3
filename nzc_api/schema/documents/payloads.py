"""What the mutation of documents answers."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.documents.errors import (
    DocumentAlreadyAttached,
    DocumentTooLarge,
    DocumentTypeNotAccepted,
)
from nzc_api.schema.documents.types import Document
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type(description="A document was attached.")
class AttachDocumentSuccess(Success):
    kind: ClassVar[str] = "Document"
    field: ClassVar[str] = "document"

    document: Document = strawberry.field(description="The document.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


AttachDocumentPayload = Annotated[
    AttachDocumentSuccess
    | InvalidInput
    | NotFound
    | DocumentTooLarge
    | DocumentTypeNotAccepted
    | DocumentAlreadyAttached
    | IdempotencyKeyReused,
    union("AttachDocumentPayload"),
]
