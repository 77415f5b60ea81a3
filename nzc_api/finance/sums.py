"""What is paid and pledged in all, exactly. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nzc_api.accounting.exact import total
from nzc_api.finance.model import Allocation, Financing, Pledge
from nzc_api.guide.terms import FinanceProduct
from nzc_api.ids import MeasureId


@dataclass(frozen=True, slots=True)
class ProductSum:
    """What financings of a product come to, CNY."""

    product: FinanceProduct
    count: int
    amount: Decimal
    allocated: Decimal


def allocated(allocations: Iterable[Allocation]) -> Decimal:
    """What allocations come to, CNY."""
    return total(allocation.amount for allocation in allocations)


def allocated_to(financings: Iterable[Financing], measure_id: MeasureId) -> Decimal:
    """What of a measure is paid by financings, CNY; one that ended did pay."""
    return allocated(
        allocation
        for financing in financings
        for allocation in financing.terms.allocations
        if allocation.measure_id == measure_id
    )


def pledged_of(financings: Iterable[Financing], measure_id: MeasureId) -> list[Pledge]:
    """The pledges of what a measure saves, on the days on which they hold."""
    return [
        pledge
        for financing in financings
        for pledge in financing.pledges
        if pledge.measure_id == measure_id
    ]


def share_on(pledges: Iterable[Pledge], day: date) -> Decimal:
    """What is pledged on a day, in percent."""
    return total(p.share for p in pledges if p.span.starts_on <= day <= p.span.ends_on)


def fullest_day(pledges: Collection[Pledge]) -> tuple[date, Decimal] | None:
    """The first of the days on which most is pledged, and how much, in percent; None of no pledges.

    A sum rises only where a pledge begins, so one of these days is the fullest.
    """
    changes: dict[date, Decimal] = defaultdict(Decimal)
    for pledge in pledges:
        changes[pledge.span.starts_on] += pledge.share
        changes[_after(pledge.span.ends_on)] -= pledge.share
    fullest, share = None, Decimal(0)
    for day in sorted(changes):
        share += changes[day]
        if fullest is None or share > fullest[1]:
            fullest = day, share
    return fullest


def sums_by_product(financings: Sequence[Financing]) -> list[ProductSum]:
    """What financings come to by product, in the guide's order; of a product of which there are none, nothing."""
    return [
        ProductSum(
            product=product,
            count=len(alike),
            amount=total(item.terms.amount for item in alike),
            allocated=total(allocated(item.terms.allocations) for item in alike),
        )
        for product in FinanceProduct
        if (alike := [item for item in financings if item.terms.product is product])
    ]


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
