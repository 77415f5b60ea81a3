"""What can be amended of pilots, and what was, as GraphQL."""

from datetime import date
from enum import StrEnum

import strawberry

from nzc_api.pilots import model as domain
from nzc_api.schema.kit.fields import attribute, described_enum, short_list
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.pilots.enums import Visibility


class PilotFact(StrEnum):
    """What can be amended of a pilot."""

    NAME = "NAME"
    APPLICANT_NAME = "APPLICANT_NAME"
    OPERATION_STARTS_ON = "OPERATION_STARTS_ON"
    CLOSED_ON = "CLOSED_ON"
    STATEMENT_VISIBILITY = "STATEMENT_VISIBILITY"
    LINE_VISIBILITY = "LINE_VISIBILITY"


described_enum(
    PilotFact,
    "What can be amended of a pilot.",
    {
        "NAME": "its name",
        "APPLICANT_NAME": "who applied",
        "OPERATION_STARTS_ON": "its first day of operation",
        "CLOSED_ON": "its last day of operation",
        "STATEMENT_VISIBILITY": "who sees what it states",
        "LINE_VISIBILITY": "who sees the lines of its verified inventories",
    },
)


@strawberry.type(description="What can be amended of a pilot, as it was at some time.")
class PilotFacts:
    domain: strawberry.Private[domain.PilotFacts]

    name = text_attribute("name", "Its name.")
    applicant_name = text_attribute("applicant_name", "Who applied.")
    operation_starts_on = attribute(
        date | None, "operation_starts_on", "Its first day of operation, if known."
    )
    closed_on = attribute(
        date | None, "closed_on", "Its last day of operation; null where it was not closed."
    )
    statement_visibility = attribute(Visibility, "statement_visibility", "Who sees what it states.")
    line_visibility = attribute(
        Visibility, "line_visibility", "Who sees the lines of its verified inventories."
    )


@strawberry.type(
    description="A change of a pilot's facts. As of a position before its own they are what they were."
)
class PilotAmendment:
    domain: strawberry.Private[domain.PilotAmendment]

    position = attribute(
        BigInt,
        "id",
        "The position of the log at which it was made; its event says when and by whom.",
    )

    @short_list("What it changed.", len(PilotFact))
    def changed(self) -> list[PilotFact]:
        return [PilotFact[name.upper()] for name in self.domain.changed]

    @strawberry.field(description="What the facts were before.")
    def before(self) -> PilotFacts:
        return PilotFacts(domain=self.domain.before)

    @strawberry.field(description="What they were from then on.")
    def after(self) -> PilotFacts:
        return PilotFacts(domain=self.domain.after)
