"""What refuses documents, as GraphQL."""

import nzc_api.documents.errors as documents
from nzc_api.documents.rules import MEDIA_TYPES
from nzc_api.schema.documents.types import Document
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.scalars import BigInt


@explains(documents.DocumentTooLarge)
class DocumentTooLarge(UserError):
    size = attribute(BigInt, "size", "Its bytes.")
    most_bytes = attribute(BigInt, "most", "How many it may have.")


@explains(documents.DocumentTypeNotAccepted)
class DocumentTypeNotAccepted(UserError):
    accepted = attribute(
        list[str], "accepted", "The media types that are.", at_most=len(MEDIA_TYPES)
    )


@explains(documents.DocumentAlreadyAttached)
class DocumentAlreadyAttached(UserError):
    @dear("The document.", statements=4)
    async def attached_document(self, info: Info) -> Document | None:
        return await Document.seen(info, self.domain.document_id)
