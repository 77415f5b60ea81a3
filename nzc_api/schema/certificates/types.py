"""Green certificates, as GraphQL."""

from datetime import date

import strawberry

from nzc_api.certificates import model as domain
from nzc_api.schema.kit.fields import attribute, number
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type(description="Green certificates (绿证), a MWh each, by their numbers.")
class GreenCertificates:
    domain: strawberry.Private[domain.GreenCertificates]

    prefix = attribute(str, "prefix", "What stands before their numbers.")
    first = attribute(BigInt, "first", "The first number.")
    last = attribute(BigInt, "last", "The last number.")
    mwh = number("mwh", "How many MWh they are: one a number.")
    produced_from = attribute(
        date, "produced_from", "The first day on which their power was produced."
    )
    produced_to = attribute(date, "produced_to", "The last such day.")
    plant = attribute(str, "plant", "The code of the plant that produced it.")
