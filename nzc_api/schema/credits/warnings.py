"""What a reader should know of credits that are retired for a period, as GraphQL."""

from collections.abc import Iterable
from datetime import date

import strawberry

from nzc_api.ledger.model import RetiredTonnes
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.reading import warnings as domain
from nzc_api.ledger.reading.warnings import warnings_of
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.credits.enums import CreditWarningCode
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute

# One of each code; of a limit that programmes set, one each.
MOST_WARNINGS = len(CreditWarningCode) + len(PROGRAMMES) - 1


@strawberry.type(
    description="Something that a reader should know of credits that are retired for a period; nothing "
    "is refused for it."
)
class CreditWarning:
    domain: strawberry.Private[domain.CreditWarning]

    code = attribute(CreditWarningCode, "code", "What it is about; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    quantity = attribute(BigInt, "tonnes", "How many tonnes it is about.")
    produced_from = attribute(date, "first", "The first day of their production.")
    produced_to = attribute(date, "last", "The last day of their production.")
    most_years_before = attribute(
        int | None,
        "years",
        "How many years before the period were the most without this warning; null for other codes.",
    )


def shown(
    shares: Iterable[RetiredTonnes], period: DateSpan, day: date | None
) -> list[CreditWarning]:
    """The warnings of credits that are retired for a period, on a day."""
    return [CreditWarning(domain=item) for item in warnings_of(shares, period, day)]
