"""What a statement covers, as GraphQL."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.schema.guide.enums import Category, Phase
from nzc_api.schema.guide.types import MOST_CATEGORIES
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.statements.enums import CoverageReason, CoverageStatus
from nzc_api.statements import coverage as domain
from nzc_api.statements import reasons


@strawberry.type(
    description="Days of a phase that no inventory covers, or categories that one leaves out."
)
class CoverageGap:
    domain: strawberry.Private[domain.CoverageGap]

    phase = attribute(Phase, "phase", "The phase.")
    starts_on = attribute(date, "span.starts_on", "The first day.")
    ends_on = attribute(date, "span.ends_on", "The last day.")
    categories = attribute(
        list[Category],
        "categories",
        "The categories that are neither recorded nor declared not to occur.",
        at_most=MOST_CATEGORIES,
    )


@strawberry.type(description="Something about what is covered that a reader should look at.")
class CoverageWarning:
    domain: strawberry.Private[reasons.CoverageWarning]

    reason = attribute(CoverageReason, "reason", "What it is about; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    days = attribute(
        int,
        "days",
        "How many days it is about: those in operation, those before it, those of the inventories "
        "that come to so little, or those that are missing of the meter of which most are.",
    )
    co2e = attribute(
        Decimal | None, "co2e", "What those inventories come to, t CO2e; null for other reasons."
    )
    least_co2e = attribute(
        Decimal | None,
        "least",
        "The least that is plausible in so many days, t CO2e (see `VariantTerms.plausibleSize`); null "
        "for other reasons.",
    )


@strawberry.type(description="How much of the period and of the scope is covered.")
class Coverage:
    domain: strawberry.Private[domain.Coverage]

    status = attribute(CoverageStatus, "status", "In one word.")
    days_in_period = attribute(int, "days_in_period", "The days of the accounting period.")
    days_in_operation = attribute(
        int | None,
        "days_in_operation",
        "Those of them on which the pilot was in operation; null where its start is not known, and all "
        "days are expected.",
    )
    days_covered = attribute(
        int,
        "days_covered",
        "Those of the days that are expected for which there is an inventory of the operation.",
    )
    categories_in_scope = attribute(
        list[Category],
        "categories_in_scope",
        "The categories of sources in scope; sinks are never expected.",
        at_most=MOST_CATEGORIES,
    )
    categories_covered = attribute(
        list[Category],
        "categories_covered",
        "Those of them that no inventory leaves out: recorded, or declared not to occur.",
        at_most=MOST_CATEGORIES,
    )

    @short_list("What a reader should look at.", len(CoverageReason))
    def warnings(self) -> list[CoverageWarning]:
        return [CoverageWarning(domain=item) for item in self.domain.warnings]

    @strawberry.field(description="What is missing, in the order of its days.")
    def gaps(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[CoverageGap]:
        page = page_by_position(first, after)
        rows = enumerate(self.domain.gaps, 1)
        return page_of(rows, page, lambda row: row[0], lambda row: CoverageGap(domain=row[1]))
