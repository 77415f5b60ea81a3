"""What can be asked of certificates of retirements."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import MUCH_COMPUTED, argument, dear
from nzc_api.schema.retirement_certificates.types import RetirementCertificate


@strawberry.type
class CertificateQueries:
    @dear(
        "The certificate of retirements with a number; null where there is none.",
        statements=MUCH_COMPUTED,
    )
    async def retirement_certificate(
        self,
        info: Info,
        number: Annotated[str, argument("Its number, such as “NZC-f8e65c1045f240e-120”.")],
        as_of: AsOf = None,
    ) -> RetirementCertificate | None:
        position = await info.context.services.certificates.position(number)
        return None if position is None else await RetirementCertificate.of(info, position, as_of)
