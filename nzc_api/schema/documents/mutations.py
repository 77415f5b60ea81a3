"""What attaches documents."""

from typing import Annotated

import strawberry

from nzc_api.schema.documents.inputs import AttachDocumentInput
from nzc_api.schema.documents.payloads import AttachDocumentPayload, AttachDocumentSuccess
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer


@strawberry.type
class DocumentMutations:
    @strawberry.mutation(
        description="Attach a document to something of a pilot's: NZC keeps its SHA-256, and its bytes where they are "
        "uploaded under it (`POST /documents?sha256=…`), before or afterwards. For the pilot's operator; of plans, "
        "evaluations and findings for regulators, and of measures for verifiers, too."
    )
    async def attach_document(
        self, info: Info, input: Annotated[AttachDocumentInput, GIVEN]
    ) -> AttachDocumentPayload:
        verb = info.context.services.documents.attach
        return await answer(info, input, verb, AttachDocumentSuccess)
