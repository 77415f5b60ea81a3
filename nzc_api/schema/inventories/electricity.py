"""Bought electricity by location and by market, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.inventories import electricity as domain
from nzc_api.schema.kit.fields import attribute, number


@strawberry.type(
    description="What bought electricity comes to by both methods of the GHG Protocol's Scope 2 Guidance: of emission "
    "sources that count, without what is exported."
)
class Electricity:
    domain: strawberry.Private[domain.Electricity]

    location_based = attribute(
        Decimal | None,
        "location_based",
        "At the average of the grid: t CO2e. Null where some line names no such average, see "
        "`linesWithoutGridAverage`.",
    )
    market_based = attribute(
        Decimal,
        "market_based",
        "Less what has green certificates: t CO2e. What has none is at the line's factor.",
    )
    certified_mwh = number("certified_mwh", "What green certificates are stated for: MWh.")
    lines = attribute(int, "lines", "How many lines of bought electricity there are.")
    lines_without_grid_average = attribute(
        int,
        "without_average",
        "How many of them are at no average of a grid: green power at zero by a factor of its own "
        "(GREEN_POWER_CONTRACT), or what is left of a grid's power (a residual or a fossil factor).",
    )
