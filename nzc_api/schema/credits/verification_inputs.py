"""What others say of projects and their reductions: the mutations' inputs."""

from datetime import date

import strawberry

from nzc_api.ledger import verifications as domain
from nzc_api.ledger.commands import CreditedDays
from nzc_api.ledger.posting.rules.verified_as_said import LONGEST_VERSION, MOST_LABELS
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.pilots.inputs import DateSpanInput
from nzc_api.schema.programmes.types import ProgrammeCode

VERSION = f"The version of its methodology, such as V01: 1 to {LONGEST_VERSION} characters."
LABELS = f"The labels that its credits go by: at most {MOST_LABELS}, each code once."


@strawberry.input(
    description="An organisation that validates or verifies: its name, its unified social credit code, or both."
)
class VerificationBodyInput:
    name: str | None = strawberry.field(
        default=None, description="What it is called: 1 to 200 characters."
    )
    credit_code: str | None = strawberry.field(
        default=None, description="Its unified social credit code (GB 32100-2015): 18 characters."
    )


@strawberry.input(description="The report of a validation or a verification.")
class VerificationReportInput:
    number: str = strawberry.field(description="Its number: 1 to 64 characters.")
    dated: date = strawberry.field(
        description="The day that it is of: not after the registration, nor (of a verification) before the end of the "
        "production.",
    )
    sha256: str | None = strawberry.field(
        default=None, description="The SHA-256 of its file: 64 hexadecimal digits in lower case."
    )


@strawberry.input(description="Who validated a project, or verified its reductions.")
class VerificationInput:
    body: VerificationBodyInput = strawberry.field(description="Who did.")
    report: VerificationReportInput | None = strawberry.field(
        default=None, description="Its report."
    )

    def verification(self) -> domain.Verification:
        body, report = self.body, self.report
        return domain.Verification(
            domain.VerificationBody(body.name, body.credit_code),
            None
            if report is None
            else domain.VerificationReport(report.number, report.dated, report.sha256),
        )


@strawberry.input(description="A label that credits go by.")
class CreditLabelInput:
    code: str = strawberry.field(
        description="Its code: 1 to 40 capital letters, digits or ._-, a letter or digit at the ends."
    )
    name: LocalizedTextInput = strawberry.field(description="What it is called.")
    issued_by: str = strawberry.field(description="Who gave it: 1 to 200 characters.")
    valid_from: date = strawberry.field(description="The first day on which it holds.")
    expires_on: date | None = strawberry.field(
        default=None, description="The last day on which it holds, where an end was stated."
    )

    def label(self) -> domain.CreditLabel:
        return domain.CreditLabel(
            code=self.code,
            name=self.name.text(),
            issued_by=self.issued_by,
            valid_from=self.valid_from,
            expires_on=self.expires_on,
        )


@strawberry.input(description="For which days the reductions of a project are credited (计入期).")
class CreditingPeriodInput:
    programme: ProgrammeCode = strawberry.field(description="The programme that it is enrolled in.")
    days: DateSpanInput = strawberry.field(
        description="All of these days, with those of renewals: what was issued for monitoring periods lies in them."
    )

    def credited(self) -> CreditedDays:
        return CreditedDays(self.programme, self.days.span())
