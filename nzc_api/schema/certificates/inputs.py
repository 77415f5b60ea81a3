"""Green certificates to state: a part of mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.certificates.model import GreenCertificates
from nzc_api.schema.kit.scalars import BigInt


@strawberry.input(description="Green certificates (绿证), a MWh each, by their numbers.")
class GreenCertificatesInput:
    prefix: str = strawberry.field(
        description="What stands before their numbers, as their registry writes it: 1 to 64 characters."
    )
    first: BigInt = strawberry.field(description="The first number.")
    last: BigInt = strawberry.field(description="The last number.")
    mwh: Decimal = strawberry.field(
        description="How many MWh they are, as the certificate says: one a number."
    )
    produced_from: date = strawberry.field(
        description="The first day on which their power was produced."
    )
    produced_to: date = strawberry.field(description="The last such day.")
    plant: str = strawberry.field(
        description="The code of the plant that produced it, as the certificate has it: 1 to 64 characters. It is "
        "compared with the site codes of projects."
    )

    def certificates(self) -> GreenCertificates:
        return GreenCertificates(
            prefix=self.prefix,
            first=self.first,
            last=self.last,
            mwh=self.mwh,
            produced_from=self.produced_from,
            produced_to=self.produced_to,
            plant=self.plant,
        )
