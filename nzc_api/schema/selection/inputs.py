"""Applications to open, to claim for, to judge and to decide: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import simplest
from nzc_api.ids import ApplicationId
from nzc_api.schema.documents.enums import EvidenceKind
from nzc_api.schema.guide.enums import ApplicantKind, Establishment, PilotVariant
from nzc_api.schema.kit.fields import simplest_if
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import APPLICATION
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.selection.enums import ApplicationDecision, Verdict
from nzc_api.schema.sites.inputs import CoordinatesInput
from nzc_api.selection.model import (
    Boundary,
    ClaimCriterion,
    ClaimDocument,
    DecideApplication,
    JudgeCriterion,
    OpenApplication,
    SubmitApplication,
    WithdrawApplication,
)

CRITERION = (
    "The code of a criterion of its kind, or of a part of one, such as TOWN-3.c: those of `judged` of "
    "`guide.kinds.priorityCriteria`."
)

REASON = "Why: 1 to 1,000 characters."


@strawberry.input(description="What would lie inside the pilot.")
class ApplicationBoundaryInput:
    words: str = strawberry.field(description="In words: 1 to 1,000 characters.")
    hectares: Decimal | None = strawberry.field(
        default=None, description="Its area, in hectares: above 0, with at most 4 decimals."
    )
    outline: list[CoordinatesInput] | None = strawberry.field(
        default=None,
        description="Its outline: 3 to 500 corners, each once; the last one is joined to the first.",
    )

    def boundary(self) -> Boundary:
        corners = self.outline
        outline = None
        if corners is not None:
            outline = tuple((simplest(c.latitude), simplest(c.longitude)) for c in corners)
        return Boundary(self.words, simplest_if(self.hectares), outline)


@strawberry.input(description="A new application for a pilot.")
class OpenApplicationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    variant: PilotVariant = strawberry.field(
        description="The kind of pilot, with the guide's distinctions."
    )
    name: LocalizedTextInput = strawberry.field(description="The pilot's name.")
    applicant_kind: ApplicantKind = strawberry.field(
        description="What kind of body applies; the guide says which may (section 二)."
    )
    applicant_name: LocalizedTextInput = strawberry.field(description="Who applies.")
    administrative_division: str = strawberry.field(
        description="The GB/T 2260 code of its prefecture-level city, such as 440100."
    )
    establishment: Establishment = strawberry.field(description="Newly built or existing.")
    operation_starts_on: date | None = strawberry.field(
        default=None, description="Its first day of operation; an existing one must have one."
    )
    boundary: ApplicationBoundaryInput = strawberry.field(
        description="What would lie inside the pilot."
    )

    def command(self, ids: Ids, caller: Principal) -> OpenApplication:
        return OpenApplication(
            variant=self.variant,
            name=self.name.text(),
            applicant_kind=self.applicant_kind,
            applicant_name=self.applicant_name.text(),
            division_code=self.administrative_division,
            establishment=self.establishment,
            operation_starts_on=self.operation_starts_on,
            boundary=self.boundary.boundary(),
        )


@strawberry.input(
    description="A file that shows what is claimed; the file itself is kept elsewhere."
)
class ClaimDocumentInput:
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

    def document(self) -> ClaimDocument:
        return ClaimDocument(
            kind=self.document_kind,
            name=self.file_name,
            media_type=self.media_type,
            size=self.size,
            sha256=self.sha256,
        )


@strawberry.input(
    description="That an application meets something that the guide asks, and by what."
)
class ClaimCriterionInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    application: strawberry.ID = strawberry.field(
        description="The application: one that is open, or was returned."
    )
    criterion: str = strawberry.field(description=CRITERION)
    statement: str = strawberry.field(description="What is said of it: 1 to 1,000 characters.")
    documents: list[ClaimDocumentInput] = strawberry.field(
        default_factory=list, description="What shows it: at most 20 documents, each file once."
    )

    def command(self, ids: Ids, caller: Principal) -> ClaimCriterion:
        documents = tuple(document.document() for document in self.documents)
        return ClaimCriterion(
            application_id=_application(self.application, ids),
            criterion=self.criterion,
            statement=self.statement,
            documents=documents,
        )


@strawberry.input(description="An application to hand in.")
class SubmitApplicationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    application: strawberry.ID = strawberry.field(
        description="The application: one that is open, or was returned."
    )

    def command(self, ids: Ids, caller: Principal) -> SubmitApplication:
        return SubmitApplication(_application(self.application, ids))


@strawberry.input(description="An application to take back.")
class WithdrawApplicationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    application: strawberry.ID = strawberry.field(description="One that was not decided.")
    reason: str = strawberry.field(description=REASON)

    def command(self, ids: Ids, caller: Principal) -> WithdrawApplication:
        return WithdrawApplication(_application(self.application, ids), self.reason)


@strawberry.input(description="What is found of something that the guide asks.")
class JudgeCriterionInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    application: strawberry.ID = strawberry.field(description="One that was submitted.")
    criterion: str = strawberry.field(description=CRITERION)
    verdict: Verdict = strawberry.field(description="What is found; the latest one counts.")
    reason: str = strawberry.field(description=REASON)

    def command(self, ids: Ids, caller: Principal) -> JudgeCriterion:
        application = _application(self.application, ids)
        return JudgeCriterion(
            application_id=application,
            criterion=self.criterion,
            verdict=self.verdict,
            reason=self.reason,
        )


@strawberry.input(description="What is decided of an application.")
class DecideApplicationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    application: strawberry.ID = strawberry.field(description="One that was submitted.")
    decision: ApplicationDecision = strawberry.field(description="What is decided.")
    reason: str = strawberry.field(description=REASON)
    pilot_code: str | None = strawberry.field(
        default=None,
        description="Where it is SELECTED, and only there: the unique code that its pilot gets, 1 to 40 capital "
        "letters, digits or hyphens.",
    )

    def command(self, ids: Ids, caller: Principal) -> DecideApplication:
        application = _application(self.application, ids)
        return DecideApplication(
            application_id=application,
            decision=self.decision,
            reason=self.reason,
            pilot_code=self.pilot_code,
        )


def _application(given: strawberry.ID, ids: Ids) -> ApplicationId:
    return ids.read(given, "input", "application", kind=APPLICATION)
