"""Whether everything holds of the ledger, as GraphQL."""

import strawberry

from nzc_api.ledger.auditing import audit as auditing
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute

# How many of the latest positions their health is about, beside those of the running check.
HEALTH_POSITIONS = 100
ASKED_OF_HEALTH = {auditing.Over.NOW: 1, auditing.Over.HEAD: 1, auditing.Over.POSITIONS: 2}
HEALTH_STATEMENTS = 3 + sum(ASKED_OF_HEALTH.get(check.over, 0) for check in auditing.CHECKS)


@strawberry.type(description="Something that must hold of the ledger, and does not.")
class BrokenLaw:
    domain: strawberry.Private[auditing.Broken]

    name = text_attribute("check.name", "What must hold.")

    @strawberry.field(description="How many rows break it: at most 100 are counted.")
    def count(self) -> int:
        return len(self.domain.rows)


@strawberry.type(
    description="Whether everything holds of the latest positions of the ledger, of those that a running "
    "check has come to, and of what guards them; `nzc audit` checks all."
)
class LedgerHealth:
    domain: strawberry.Private[auditing.Health]

    position = attribute(BigInt, "position", "The last position.")
    walked_position = attribute(
        BigInt,
        "walked",
        "Up to which position the running check has come: a thousand positions each time that anybody "
        "asks, then from the first again. What it found stays broken until it finds it in order.",
    )

    @strawberry.field(description="Whether everything holds.")
    def sound(self) -> bool:
        return not self.domain.broken

    @short_list("What does not hold.", len(auditing.CHECKS))
    def broken(self) -> list[BrokenLaw]:
        return [BrokenLaw(domain=item) for item in self.domain.broken]


async def ledger_health(info: Info) -> LedgerHealth:
    """The health of the latest positions, looked at once however often it is asked for at once."""
    found = await info.context.loaders.health.load(HEALTH_POSITIONS)
    assert found is not None
    return LedgerHealth(domain=found)
