"""Whom credits are retired for, as GraphQL."""

from collections.abc import Sequence
from typing import Self

import strawberry

from nzc_api.database.paging import Page
from nzc_api.ids import Position
from nzc_api.ledger.reading import questions_model as domain
from nzc_api.ledger.reading.questions_model import Beneficiary as RetiredFor
from nzc_api.ledger.reading.questions_model import Vintage
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    First,
    Trail,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.programmes.types import ProgrammeCode


@registered
@strawberry.type(description="A pilot and period that credits are retired for.")
class Beneficiary:
    domain: strawberry.Private[domain.Beneficiary]

    quantity = attribute(
        BigInt, "tonnes", "How many tonnes of them; what was taken back or left by serials is not."
    )
    invalidated_quantity = attribute(
        BigInt,
        "invalidated",
        "How many of these are of batches that were invalidated whole: no net counts them.",
    )
    quantity_in_force = attribute(
        BigInt,
        "in_force",
        "How many the pilot's net counts: of batches that were neither invalidated nor exported whole, of "
        "projects that do not lie inside the pilot.",
    )

    @strawberry.field(description="The pilot.")
    async def pilot(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.pilot_id)

    @strawberry.field(description="Its accounting period.")
    async def accounting_period(self, info: Info) -> AccountingPeriod:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @classmethod
    def page(cls, rows: Sequence[RetiredFor], page: Page) -> Trail[Self]:
        """The connection of a page of beneficiaries."""
        return trail(rows, page, lambda row: row.account_id, lambda row: cls(domain=row))


@strawberry.type(description="The credits of a programme that have one vintage.")
class VintageCredits:
    vintage_of: strawberry.Private[Vintage]
    as_of: strawberry.Private[Position]

    @strawberry.field(description="The programme.")
    def programme(self) -> ProgrammeCode:
        return ProgrammeCode(self.vintage_of.programme)

    @strawberry.field(description="The year in which the production of their reductions ended.")
    def vintage(self) -> int:
        return self.vintage_of.year

    @strawberry.field(description="The position of the log as of which this holds.")
    def as_of_position(self) -> BigInt:
        return BigInt(self.as_of)

    @dear("Tonnes issued.", statements=2)
    async def quantity(self, info: Info) -> BigInt:
        issued = await info.context.loaders.issued_of_vintage.load((self.vintage_of, self.as_of))
        return BigInt(issued)

    @dear("The pilots and periods that they are retired for.", statements=3)
    async def beneficiaries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[Beneficiary]:
        page = page_by_position(first, after)
        key = (self.vintage_of, (self.as_of, page))
        return Beneficiary.page(await info.context.loaders.vintage_beneficiaries.load(key), page)
