"""What refuses financings, as GraphQL."""

import nzc_api.finance.errors as finance
from nzc_api.finance.model import PLEDGING
from nzc_api.schema.finance.types import Financing
from nzc_api.schema.guide.enums import FinanceProduct
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.measures.types import Measure


@explains(finance.AllocationsExceedFinancing)
class AllocationsExceedFinancing(UserError):
    allocated_amount = attribute(str, "allocated", "What is allocated, CNY.")
    financing_amount = attribute(str, "amount", "What there is, CNY.")


@explains(finance.AllocationsExceedCapex)
class AllocationsExceedCapex(UserError):
    capex = attribute(str, "capex", "What the measure costs once, CNY.")
    allocated_amount = attribute(str, "allocated", "What other financings pay of it, CNY.")
    given_amount = attribute(str, "given", "What this one was to pay of it, CNY.")
    left_amount = attribute(str, "left", "What it could pay at most, CNY.")

    @dear("The measure; null where you do not see it.", statements=3)
    async def paid_measure(self, info: Info) -> Measure | None:
        return await Measure.seen(info, self.domain.measure_id)


@explains(finance.ProductPledgesNothing)
class ProductPledgesNothing(UserError):
    given_product = attribute(FinanceProduct, "product", "The product that was given.")
    pledging_products = attribute(
        list[FinanceProduct],
        "accepted",
        "Those for which savings are pledged.",
        at_most=len(PLEDGING),
    )


@explains(finance.PledgeOutsideFinancing)
class PledgeOutsideFinancing(UserError):
    financing_starts_on = attribute(str, "financing_starts_on", "The financing's first day.")
    financing_ends_on = attribute(str, "financing_ends_on", "The financing's last day.")


@explains(finance.SavingsPledgedAlready)
class SavingsPledgedAlready(UserError):
    day = attribute(str, "day", "The first of the days on which most would be pledged.")
    share = attribute(str, "share", "What would be pledged on that day, percent.")
    pledged_share = attribute(str, "pledged", "What is pledged on it already, percent.")
    left_share = attribute(str, "left", "What could be at most, percent.")

    @dear("The measure; null where you do not see it.", statements=3)
    async def pledged_measure(self, info: Info) -> Measure | None:
        return await Measure.seen(info, self.domain.measure_id)


@explains(finance.FinancingEnded)
class FinancingEnded(UserError):
    ended_on = attribute(str, "ended_on", "The last day on which its pledges held.")

    @dear("The financing; null where you do not see it.", statements=3)
    async def ended_financing(self, info: Info) -> Financing | None:
        return await Financing.seen(info, self.domain.financing_id)


@explains(finance.FinancingsFull)
class FinancingsFull(UserError):
    most = attribute(int, "most", "How many a pilot may have.")
