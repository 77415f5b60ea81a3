"""Retirements, as GraphQL."""

from datetime import date
from typing import Self

import strawberry

from nzc_api.database.paging import Page
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.ledger import model as domain
from nzc_api.schema.credits.above import (
    RETIREMENT_CERTIFICATE,
    RETIREMENT_REQUEST,
    LazyRetirementCertificate,
    LazyRetirementRequest,
)
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.credits.posted import SpentCredits, moved_alongside
from nzc_api.schema.credits.warnings import MOST_WARNINGS, CreditWarning, shown
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import MUCH_COMPUTED, attribute, dear, short_list
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot


@node(CreditLoaders.retirement)
@strawberry.type(
    description="Credits retired (注销) for a pilot and one of its accounting periods. What of them is in "
    "force, `quantityInForce` says."
)
class Retirement(SpentCredits):
    domain: strawberry.Private[domain.Retirement]

    @classmethod
    async def page(
        cls,
        info: Info,
        period: tuple[PilotId, PeriodId],
        page: Page,
        as_of: Position | None = None,
    ) -> list[Self]:
        """A page of a pilot's period, with what is asked of it below, shown as of a position; None: now."""
        alongside = moved_alongside(info, cls.__name__)
        lines = alongside.lines
        rows = await info.context.loaders.retirements.load((period, (page, alongside)))
        return [
            cls(domain=row.retirement, as_of=as_of, moved=lines and (lines, row.moved))
            for row in rows
        ]

    retired_on = attribute(date, "retired_on", "The day of the retirement in the registry.")
    registry_reference = attribute(str | None, "reference", "The registry's own number for it.")

    @strawberry.field(description="The pilot that it offsets. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @strawberry.field(description="The accounting period that it offsets. Never null.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @strawberry.field(description="Who held the credits.")
    async def holder(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.holder_id)

    @strawberry.field(
        description="The batches that the credits are of, in the order of their issuances."
    )
    async def batches(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[CreditBatch]:
        page = page_by_position(first, after)
        shares = await info.context.loaders.shares.load(Position(self.domain.id)) or []
        return page_of(
            (share.batch for share in shares),
            page,
            lambda batch: batch.id,
            lambda batch: CreditBatch(domain=batch, as_of=self.as_of),
        )

    @short_list(
        "What a reader should know of its credits: as it was posted, whatever is in force of it.",
        MOST_WARNINGS,
        statements=2,
    )
    async def credit_warnings(self, info: Info) -> list[CreditWarning]:
        loaders = info.context.loaders
        period = await loaders.period.load(self.domain.period_id)
        assert period is not None
        shares = await loaders.shares.load(Position(self.domain.id)) or []
        return shown(shares, period.span, self.domain.retired_on)

    @dear(
        "Its certificate (注销证明), as of a position. Null as of one before it.",
        statements=MUCH_COMPUTED,
    )
    async def certificate(self, info: Info, as_of: AsOf = None) -> LazyRetirementCertificate | None:
        return await RETIREMENT_CERTIFICATE.type.of(info, Position(self.domain.id), as_of)

    @strawberry.field(description="The request that it confirmed, if it was requested.")
    async def request(self, info: Info) -> LazyRetirementRequest | None:
        if self.domain.request_id is None:
            return None
        return await RETIREMENT_REQUEST.type.at(info, self.domain.request_id)
