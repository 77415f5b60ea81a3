"""Programmes and mechanisms, as GraphQL."""

from datetime import date
from enum import StrEnum

import strawberry

from nzc_api.ledger import programmes as domain
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.schema.kit.fields import attribute, described_enum, short_list
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.programmes.enums import Mechanism


class ProgrammeCode(StrEnum):
    """The programmes whose credits NZC keeps."""

    CCER = "CCER"
    PHCER = "PHCER"


described_enum(
    ProgrammeCode,
    "The programmes whose credits NZC keeps.",
    {p.code: f"{p.name.en} ({p.name.zh})" for p in PROGRAMMES.values()},
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


@strawberry.type(
    description="How long before an accounting period a programme's reductions may have been produced "
    "without a warning, and who says so."
)
class ProgrammeUsage:
    domain: strawberry.Private[domain.ProgrammeUsage]

    applies_from = attribute(
        date, "applies_from", "It is of accounting periods that end on this day or later."
    )
    most_years_before = attribute(
        int,
        "most_years_before",
        "How many years before the period's first day production may have ended.",
    )
    source = text_attribute("source", "Who says so.")
    confirmed = attribute(
        bool, "confirmed", "Whether a text of the programme sets it; if not, it is NZC's own bound."
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

    @short_list("What is warned of where its credits are used, the latest first.", 1)
    def usages(self) -> list[ProgrammeUsage]:
        return [ProgrammeUsage(domain=usage) for usage in self.domain.usages]
