"""A certificate of retirements, as GraphQL."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

import strawberry

from nzc_api.ids import Position
from nzc_api.ledger.model import Movement
from nzc_api.ledger.posting.rules.verified_as_said import MOST_LABELS
from nzc_api.ledger.verifications import LabelStatus
from nzc_api.retirement_certificates import model as domain
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.serials import SerialBlock, block_of
from nzc_api.schema.credits.verifications import CreditLabel, Verification, verification
from nzc_api.schema.credits.warnings import MOST_WARNINGS, CreditWarning
from nzc_api.schema.credits.withdrawn import WithdrawnSerials
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import MUCH_COMPUTED, attribute, dear, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.retirement_certificates.enums import CertificateKind, CertificateStatus


@dataclass(frozen=True, slots=True)
class Line:
    """A range of serials that a retirement took."""

    retired: domain.CertifiedRetirement
    moved: Movement
    certified: domain.BatchCertified


@strawberry.type(description="Serials that a retirement of a certificate took, of one batch.")
class RetirementCertificateLine:
    domain: strawberry.Private[Line]

    position = attribute(
        BigInt, "retired.position", "The position of the log at which they were retired."
    )
    retired_on = attribute(date, "retired.retired_on", "The day of the retirement in the registry.")
    registry_reference = attribute(
        str | None, "retired.reference", "The registry's own number for it."
    )
    quantity = attribute(BigInt, "moved.tonnes", "How many tonnes.")
    methodology = attribute(
        str | None,
        "certified.enrolment.methodology",
        "The methodology of their project in the programme; null where none was stated.",
    )
    methodology_version = attribute(
        str | None,
        "certified.enrolment.methodology_version",
        "Which version of it; null where none was stated.",
    )
    serials_are_logged = attribute(
        bool,
        "retired.names_serials",
        "Whether the entry of the log names the serials, so that its proof proves them: those of before migration "
        "0043 do not.",
    )

    @strawberry.field(description="The serials.")
    def serials(self) -> SerialBlock:
        moved = self.domain.moved
        return block_of(self.domain.certified.batch, moved.lo, moved.hi)

    @strawberry.field(
        description="Who verified the reductions, by which report; null where that was not said."
    )
    def verification(self) -> Verification | None:
        return verification(self.domain.certified.verified.verification)

    @short_list("The labels of theirs that held on the day of the retirement.", MOST_LABELS)
    def labels(self) -> list[CreditLabel]:
        day, labels = self.domain.retired.retired_on, self.domain.certified.verified.labels
        held = [label for label in labels if label.status_on(day) is LabelStatus.VALID]
        return [CreditLabel(domain=label) for label in held]

    @strawberry.field(description="The batch that they are of.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.certified.batch)


@registered
@strawberry.type(
    description="A certificate of retirements (注销证明) as of a position: made anew of the postings each time, and "
    "superseded by itself where these change. `GET /certificates/` with its number is a page that says what is so now; "
    "with `.json` after it a file that proves itself without NZC (`nzc verify`), with `.pdf` a document."
)
class RetirementCertificate:
    domain: strawberry.Private[domain.Certificate]

    number = attribute(str, "number", "Its number: stable, and the same whatever becomes of it.")
    kind = attribute(CertificateKind, "kind", "What it is of.")
    as_of_position = attribute(
        BigInt, "as_of", "The position of the log as of which all in it is so, but for `status`."
    )
    at = attribute(datetime, "at", "When that position was taken.")
    quantity = attribute(BigInt, "quantity", "How many tonnes were retired.")
    quantity_in_force = attribute(
        BigInt, "quantity_in_force", "How many of them are in force as of its position."
    )

    @dear(
        "What is so now: SUPERSEDED where it says something else as of now than as of its position; else what is in "
        "force of it.",
        statements=MUCH_COMPUTED,
    )
    async def status(self, info: Info) -> CertificateStatus:
        position = await info.context.now()
        if position == self.domain.as_of:
            return self.domain.status
        certificates = info.context.services.certificates
        now = await certificates.certificate(
            self.domain.position, position, await info.context.sight()
        )
        return self.domain.status_beside(now)

    @strawberry.field(
        description="The pilot that it offsets. Null where you do not see what the pilot states."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot.id) if self.domain.names_pilot else None

    @strawberry.field(
        description="The accounting period that it is claimed for. Null where you do not see what the pilot states."
    )
    def accounting_period(self) -> AccountingPeriod | None:
        return AccountingPeriod(domain=self.domain.period) if self.domain.names_pilot else None

    @strawberry.field(description="What was retired, serials by serials, oldest first.")
    def lines(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[RetirementCertificateLine]:
        rows = [
            Line(retired, moved, self.domain.batches[moved.batch_id])
            for retired in self.domain.retired
            for moved in retired.moved
        ]
        return page_of(
            list(enumerate(rows, 1)),
            page_by_position(first, after),
            lambda row: row[0],
            lambda row: RetirementCertificateLine(domain=row[1]),
        )

    @strawberry.field(description="What of it is in force no more as of its position, and why.")
    def not_in_force(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[WithdrawnSerials]:
        rows = [item for retired in self.domain.retired for item in retired.withdrawn]
        return page_of(
            list(enumerate(rows, 1)),
            page_by_position(first, after),
            lambda row: row[0],
            lambda row: WithdrawnSerials(domain=row[1], as_of=self.domain.as_of),
        )

    @short_list("What a reader should know of its credits.", MOST_WARNINGS)
    def credit_warnings(self) -> list[CreditWarning]:
        return [CreditWarning(domain=item) for item in self.domain.warnings]

    @classmethod
    async def of(cls, info: Info, position: Position, as_of: int | None) -> Self | None:
        """The certificate of what was born at a position; None where nothing was retired of it by then."""
        context = info.context
        found = await context.services.certificates.certificate(
            position, await context.as_of(as_of), await context.sight()
        )
        return None if found is None else cls(domain=found)
