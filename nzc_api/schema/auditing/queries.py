"""What auditors can ask."""

from datetime import datetime
from typing import Annotated

import strawberry

from nzc_api.ledger.reading.questions_model import SerialAt, Vintage
from nzc_api.schema.auditing.as_of import AsOfInput, position_of
from nzc_api.schema.auditing.beneficiaries import VintageCredits
from nzc_api.schema.auditing.health import HEALTH_STATEMENTS, LedgerHealth, ledger_health
from nzc_api.schema.auditing.serials import CreditSerial
from nzc_api.schema.credits.serials import SerialBy
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.programmes.types import ProgrammeCode


@strawberry.type
class AuditingQueries:
    @dear(
        "Where a single serial is, and its life; null where it was not issued by then.",
        statements=7,
    )
    async def credit_serial(
        self,
        info: Info,
        by: Annotated[SerialBy, argument("Which one.")],
        as_of: Annotated[AsOfInput | None, argument("As of when. Default: now.")] = None,
    ) -> CreditSerial | None:
        serials = by.serials("by")
        position = await position_of(info, as_of)
        batch = await info.context.loaders.serial_batch.load((serials, position))
        if batch is None:
            return None
        at = SerialAt(batch.id, serials.first, position)
        last = await info.context.loaders.last_moved.load(at)
        return None if last is None else CreditSerial(at=at, last=last, owner=batch)

    @strawberry.field(description="The credits of a programme that have one vintage.")
    async def credits_by_vintage(
        self,
        info: Info,
        programme: Annotated[ProgrammeCode, argument("The programme.")],
        vintage: Annotated[
            int, argument("The year in which the production of their reductions ended.")
        ],
        as_of: AsOf = None,
    ) -> VintageCredits:
        position = await info.context.as_of(as_of)
        return VintageCredits(vintage_of=Vintage(programme, vintage), as_of=position)

    @dear(
        "The last position of the log at or before a time; 0 before the first. Pass it as `asOf`.",
        statements=3,
    )
    async def position_at(
        self, info: Info, at: Annotated[datetime, argument("The time.")]
    ) -> BigInt:
        return BigInt(await position_of(info, AsOfInput(at=at)))

    @dear(
        "Whether everything holds of the latest 100 positions of the ledger, of a thousand more each time, "
        "and of what guards them: cheap, for monitoring.",
        statements=HEALTH_STATEMENTS,
    )
    async def ledger_health(self, info: Info) -> LedgerHealth:
        return await ledger_health(info)
