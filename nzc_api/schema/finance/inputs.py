"""Financings to record, and their early ends: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import simplest
from nzc_api.finance.model import (
    Allocation,
    EndFinancing,
    FinancingTerms,
    Pledge,
    RecordFinancing,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.guide.enums import FinanceProduct
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import FINANCING, MEASURE, PILOT


@strawberry.input(description="What a financing pays of a measure.")
class FinancingAllocationInput:
    measure: strawberry.ID = strawberry.field(description="A measure of the pilot; each once.")
    amount: Decimal = strawberry.field(
        description="How much, CNY: above 0, with at most 2 decimals. All financings together pay no more than the "
        "measure's `capex`."
    )

    def allocation(self, ids: Ids, number: int) -> Allocation:
        path = ("input", "allocations", str(number), "measure")
        return Allocation(ids.read(self.measure, *path, kind=MEASURE), simplest(self.amount))


@strawberry.input(description="A share of what a measure saves, which is pledged.")
class SavingsPledgeInput:
    measure: strawberry.ID = strawberry.field(description="A measure of the pilot.")
    share: Decimal = strawberry.field(
        description="How much of what it saves, percent: above 0, with at most 2 decimals; on no day more than 100 "
        "of a measure are pledged, for all financings together."
    )
    starts_on: date = strawberry.field(description="The first day, not before the financing's.")
    ends_on: date = strawberry.field(description="The last day, not after the financing's.")

    def pledge(self, ids: Ids, number: int) -> Pledge:
        path = ("input", "pledges", str(number), "measure")
        measure = ids.read(self.measure, *path, kind=MEASURE)
        return Pledge(measure, simplest(self.share), DateSpan(self.starts_on, self.ends_on))


@strawberry.input(description="What pays for measures.")
class RecordFinancingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    finance_product: FinanceProduct = strawberry.field(
        description="Which of the guide's products it is."
    )
    product_name: str | None = strawberry.field(
        default=None,
        description="What a product that is OTHER is called, 1 to 200 characters; none of the guide's.",
    )
    financier: str = strawberry.field(description="Who lends, or lets: 1 to 200 characters.")
    amount: Decimal = strawberry.field(
        description="How much, CNY: above 0, with at most 2 decimals."
    )
    starts_on: date = strawberry.field(description="Its first day.")
    ends_on: date = strawberry.field(description="Its last day.")
    allocations: list[FinancingAllocationInput] = strawberry.field(
        default_factory=list,
        description="What it pays of which measure: at most 50, together no more than `amount`.",
    )
    pledges: list[SavingsPledgeInput] = strawberry.field(
        default_factory=list,
        description="What is pledged for it: at most 50, of a SAVINGS_PLEDGE_LOAN alone (our own reading: the guide "
        "names the products and says no more).",
    )

    def command(self, ids: Ids, caller: Principal) -> RecordFinancing:
        terms = FinancingTerms(
            product=self.finance_product,
            name=self.product_name,
            financier=self.financier,
            amount=simplest(self.amount),
            span=DateSpan(self.starts_on, self.ends_on),
            allocations=tuple(
                given.allocation(ids, number) for number, given in enumerate(self.allocations)
            ),
            pledges=tuple(given.pledge(ids, number) for number, given in enumerate(self.pledges)),
        )
        return RecordFinancing(ids.read(self.pilot, "input", "pilot", kind=PILOT), terms)


@strawberry.input(description="The early end of a financing.")
class EndFinancingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    financing: strawberry.ID = strawberry.field(description="The financing.")
    on: date = strawberry.field(
        description="The last day on which its pledges hold: one on which it runs, not after today."
    )
    document: str = strawberry.field(
        description="The document that shows it, such as a receipt: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> EndFinancing:
        financing = ids.read(self.financing, "input", "financing", kind=FINANCING)
        return EndFinancing(financing, self.on, self.document)
