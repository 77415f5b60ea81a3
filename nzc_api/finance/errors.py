"""What the finance room refuses."""

from dataclasses import dataclass

from nzc_api.guide.terms import FinanceProduct
from nzc_api.ids import FinancingId, MeasureId
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class AllocationsExceedFinancing(Refusal):
    """More is allocated to measures than there is."""

    code = "ALLOCATIONS_EXCEED_FINANCING"
    malformed = True
    zh = "分配给各措施的金额合计{allocated}元，超过融资金额{amount}元"
    en = (
        "{allocated} CNY are allocated to measures, which is more than the financing's {amount} CNY"
    )

    allocated: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class AllocationsExceedCapex(Refusal):
    """All financings together would pay more for a measure than it costs."""

    code = "ALLOCATIONS_EXCEED_CAPEX"
    zh = "措施“{measure_zh}”的投资为{capex}元，其他融资已分配{allocated}元，不能再分配{given}元；至多可分配{left}元"
    en = (
        "The measure “{measure_en}” costs {capex} CNY once, of which other financings pay {allocated} CNY; {given} CNY "
        "more cannot be allocated, at most {left} CNY can"
    )

    measure_id: MeasureId
    measure_zh: str
    measure_en: str
    capex: str
    allocated: str
    given: str
    left: str


@dataclass(frozen=True, kw_only=True)
class ProductPledgesNothing(Refusal):
    """Savings are pledged for a product that is none of loans against savings."""

    code = "PRODUCT_PLEDGES_NOTHING"
    malformed = True
    zh = "{product}不以节能收益质押；可以质押的产品：{accepted}"
    en = "Nothing is pledged for {product}; savings are pledged for: {accepted}"

    product: FinanceProduct
    accepted: tuple[FinanceProduct, ...]


@dataclass(frozen=True, kw_only=True)
class PledgeOutsideFinancing(Refusal):
    """Savings are pledged on days on which the financing does not run."""

    code = "PLEDGE_OUTSIDE_FINANCING"
    malformed = True
    zh = "质押期{starts_on}至{ends_on}须在融资期{financing_starts_on}至{financing_ends_on}之内"
    en = (
        "The pledge of {starts_on} to {ends_on} must lie within the financing, {financing_starts_on} to "
        "{financing_ends_on}"
    )

    starts_on: str
    ends_on: str
    financing_starts_on: str
    financing_ends_on: str


@dataclass(frozen=True, kw_only=True)
class SavingsPledgedAlready(Refusal):
    """More than all that a measure saves would be pledged on some day: a saving is spent once, like a tonne."""

    code = "SAVINGS_PLEDGED_ALREADY"
    zh = (
        "措施“{measure_zh}”的节能收益在{day}将合计质押{share}%，超过100%："
        "除此以外当日已质押{pledged}%，至多可再质押{left}%"
    )
    en = (
        "On {day} {share} % of what the measure “{measure_en}” saves would be pledged, more than 100 %: {pledged} % of "
        "it are pledged already, at most {left} % more can be"
    )

    measure_id: MeasureId
    measure_zh: str
    measure_en: str
    day: str
    share: str
    pledged: str
    left: str


@dataclass(frozen=True, kw_only=True)
class FinancingEnded(Refusal):
    """A financing ends early once."""

    code = "FINANCING_ENDED"
    zh = "该融资已于{ended_on}提前结束"
    en = "The financing ended early on {ended_on} already"

    financing_id: FinancingId
    ended_on: str


@dataclass(frozen=True, kw_only=True)
class FinancingsFull(Refusal):
    """A pilot has as many financings as it may have."""

    code = "FINANCINGS_FULL"
    zh = "试点“{pilot_code}”已有{most}项融资，不能再增加：请把小额融资合并为一项"
    en = "The pilot “{pilot_code}” has {most} financings, and may have no more: record small ones as one"

    pilot_code: str
    most: int
