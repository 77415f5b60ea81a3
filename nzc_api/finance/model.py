"""The finance room's things and commands. Money is yuan (CNY), shares are percent."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from nzc_api.guide.terms import FinanceProduct
from nzc_api.ids import FinancingId, MeasureId, PilotId, Position
from nzc_api.pilots.model import DateSpan

# Our own reading: the guide names the products alone, and only a loan against savings (节能收益质押贷款) pledges these.
PLEDGING = frozenset({FinanceProduct.SAVINGS_PLEDGE_LOAN})


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a financing pays of a measure, CNY."""

    measure_id: MeasureId
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Pledge:
    """A share of what a measure saves, in percent, that is pledged on the days of a span."""

    measure_id: MeasureId
    share: Decimal
    span: DateSpan


@dataclass(frozen=True, slots=True)
class FinancingTerms:
    """What was agreed: an amount, CNY, that runs over a span; ``name`` is what another product than the guide's is
    called."""

    product: FinanceProduct
    name: str | None
    financier: str
    amount: Decimal
    span: DateSpan
    allocations: tuple[Allocation, ...]
    pledges: tuple[Pledge, ...]


@dataclass(frozen=True, slots=True)
class RecordFinancing:
    pilot_id: PilotId
    terms: FinancingTerms


@dataclass(frozen=True, slots=True)
class EndFinancing:
    """That a financing ended early: ``on`` is the last day on which its pledges hold."""

    financing_id: FinancingId
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class FinancingEnd:
    position: Position
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class Financing:
    """A financing as it stood, with its end where it ended early."""

    id: FinancingId
    pilot_id: PilotId
    terms: FinancingTerms
    end: FinancingEnd | None = None

    @property
    def pledges(self) -> tuple[Pledge, ...]:
        """Its pledges on the days on which they hold: none after an early end."""
        if self.end is None:
            return self.terms.pledges
        return tuple(
            replace(
                pledge, span=replace(pledge.span, ends_on=min(pledge.span.ends_on, self.end.on))
            )
            for pledge in self.terms.pledges
            if pledge.span.starts_on <= self.end.on
        )

    def pays_for(self, measure_id: MeasureId) -> bool:
        """Whether it pays a part of a measure, or a measure's savings were pledged for it."""
        return measure_id in {
            *(allocation.measure_id for allocation in self.terms.allocations),
            *(pledge.measure_id for pledge in self.terms.pledges),
        }
