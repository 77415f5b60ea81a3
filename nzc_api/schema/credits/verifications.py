"""What others say of projects and their reductions, as GraphQL: validations, verifications, labels."""

from datetime import date
from typing import Annotated

import strawberry

from nzc_api.ledger import verifications as domain
from nzc_api.schema.credits.enums import LabelStatus
from nzc_api.schema.kit.fields import argument, attribute
from nzc_api.schema.kit.texts import text_attribute


@strawberry.type(
    description="An organisation that validates projects or verifies reductions (审定与核查机构): by its name, its "
    "unified social credit code, or both."
)
class VerificationBody:
    domain: strawberry.Private[domain.VerificationBody]

    name = attribute(str | None, "name", "What it is called; null where only its code was said.")
    credit_code = attribute(
        str | None,
        "credit_code",
        "Its unified social credit code (统一社会信用代码); null where only its name was said.",
    )


@strawberry.type(description="The report of a validation or a verification.")
class VerificationReport:
    domain: strawberry.Private[domain.VerificationReport]

    number = attribute(str, "number", "Its number.")
    dated = attribute(date, "dated", "The day that it is of.")
    sha256 = attribute(
        str | None, "sha256", "The SHA-256 of its file, in hex; null where that was not said."
    )


@strawberry.type(
    description="That somebody validated a project (审定), or verified its reductions (核查)."
)
class Verification:
    domain: strawberry.Private[domain.Verification]

    @strawberry.field(description="Who did.")
    def body(self) -> VerificationBody:
        return VerificationBody(domain=self.domain.body)

    @strawberry.field(description="Its report; null where that was not said.")
    def report(self) -> VerificationReport | None:
        report = self.domain.report
        return None if report is None else VerificationReport(domain=report)


@strawberry.type(
    description="A label (标签) that credits go by, such as that they are eligible for something; as their issuance "
    "said it."
)
class CreditLabel:
    domain: strawberry.Private[domain.CreditLabel]

    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "What it is called.")
    issued_by = attribute(str, "issued_by", "Who gave it.")
    valid_from = attribute(date, "valid_from", "The first day on which it holds.")
    expires_on = attribute(
        date | None, "expires_on", "The last day on which it holds; null where no end was stated."
    )

    @strawberry.field(description="Whether it holds on a day.")
    def status(self, on: Annotated[date, argument("The day.")]) -> LabelStatus:
        return self.domain.status_on(on)


def verification(domain_: domain.Verification | None) -> Verification | None:
    """A verification as it is shown, if there is one."""
    return None if domain_ is None else Verification(domain=domain_)
