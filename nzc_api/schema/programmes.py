"""Programmes and mechanisms, as GraphQL."""

from datetime import date
from enum import StrEnum

import strawberry

from nzc_api.ledger import programmes as domain
from nzc_api.ledger.programmes import PROGRAMMES, Mechanism
from nzc_api.schema.fields import attribute, described_enum, short_list
from nzc_api.schema.nodes import text_attribute


class ProgrammeCode(StrEnum):
    """The programmes whose credits NZC keeps."""

    CCER = "CCER"
    PHCER = "PHCER"


described_enum(
    ProgrammeCode,
    "The programmes whose credits NZC keeps.",
    {p.code: f"{p.name.en} ({p.name.zh})" for p in PROGRAMMES.values()},
)
described_enum(
    Mechanism,
    "The guide's three mechanisms (section 四（二）8). They overlap, so each credit is counted under "
    "one: forestry first, else its programme.",
    {
        "CCER": "CCER other than forestry",
        "FORESTRY": "forestry carbon sinks (林业碳汇), of whichever programme",
        "PHCER": "PHCER other than forestry",
    },
)


@strawberry.type(
    description="What a programme demands of one kind of registration, and by which text."
)
class ProgrammeRule:
    domain: strawberry.Private[domain.ProgrammeRule]

    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "Its name.")
    citation = text_attribute("citation", "The text that sets it.")
    enrolled_from = attribute(
        date, "enrolled_from", "Projects were registered under it from here on."
    )
    enrolled_until = attribute(date | None, "enrolled_until", "And until here, if it has ended.")
    produced_after = attribute(
        date | None, "produced_after", "Reductions count only if produced after this day."
    )
    applied_within_years = attribute(
        int | None,
        "applied_within_years",
        "How many years after their production their registration may be applied for.",
    )
    confirmed = attribute(
        bool, "confirmed", "Whether the rule was confirmed from an official text; if not, check it."
    )


@strawberry.type(description="A programme that issues credits.")
class Programme:
    domain: strawberry.Private[domain.Programme]

    code = attribute(ProgrammeCode, "code", "Its code.")
    name = text_attribute("name", "Its name.")
    registry = attribute(
        str, "registry", "The code of its registry, which names its serial blocks."
    )
    registry_name = text_attribute("registry_name", "The name of its registry.")
    mechanism = attribute(Mechanism, "mechanism", "The mechanism of its credits, forestry aside.")

    @short_list("Its rules, one for each kind of registration.", 2)
    def rules(self) -> list[ProgrammeRule]:
        return [ProgrammeRule(domain=rule) for rule in self.domain.rules]
