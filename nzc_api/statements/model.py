"""A net-emissions statement and its terms."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from nzc_api.accounting.exact import ZERO, ceiling, total
from nzc_api.guide.guide import net_emissions
from nzc_api.guide.terms import Category, Phase
from nzc_api.inventories.model import Basis, CategoryTotal, Inventory, LineRole
from nzc_api.ledger.model import CreditBatch, InvalidatedTonnes, RetiredTonnes
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot


@dataclass(frozen=True, slots=True)
class StatementKey:
    """What a statement is of: a pilot's period, on one basis, as of a position of the log."""

    pilot_id: int
    period_id: int
    basis: Basis
    as_of: int


class CoverageStatus(StrEnum):
    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    NONE = "NONE"


class Assurance(StrEnum):
    """Whether the inventories that a statement rests on are verified or only submitted."""

    VERIFIED = "VERIFIED"
    MIXED = "MIXED"
    SUBMITTED = "SUBMITTED"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """Days of a phase that no inventory covers, or categories that one leaves out."""

    phase: Phase
    span: DateSpan
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    status: CoverageStatus
    gaps: tuple[CoverageGap, ...]


@dataclass(frozen=True, slots=True)
class IssuedInside:
    """Credits issued for an activity inside the boundary, and their share of the period (rule 6).

    The tonnes of a batch are spread over the days of its production; whole tonnes fall to each
    period so that all periods together get exactly the batch.
    """

    batch: CreditBatch
    tonnes: int


@dataclass(frozen=True, slots=True)
class RetiredInside:
    """What was retired for a pilot inside, in its periods that share a day with the statement's."""

    pilot_id: int
    tonnes: int


@dataclass(frozen=True, slots=True)
class NetEmissions:
    """What the guide's formula gives (section 五), with everything that it rests on."""

    key: StatementKey
    pilot: Pilot
    period: AccountingPeriod
    inventories: tuple[Inventory, ...]
    totals: tuple[CategoryTotal, ...]
    retired: tuple[RetiredTonnes, ...]
    invalidated: tuple[InvalidatedTonnes, ...]
    retired_inside: tuple[RetiredInside, ...]
    issued_inside: tuple[IssuedInside, ...]
    coverage: Coverage
    assurance: Assurance

    @property
    def sources(self) -> tuple[CategoryTotal, ...]:
        """The emission totals that count."""
        return self._counted(LineRole.SOURCE)

    @property
    def sinks(self) -> tuple[CategoryTotal, ...]:
        """The sink totals that count."""
        return self._counted(LineRole.SINK)

    @property
    def memo_sources(self) -> tuple[CategoryTotal, ...]:
        """Emission totals outside the scope: shown, and outside the net."""
        return self._memo(LineRole.SOURCE)

    @property
    def memo_sinks(self) -> tuple[CategoryTotal, ...]:
        """Sink totals outside the scope: shown, and outside the net."""
        return self._memo(LineRole.SINK)

    @property
    def gross_co2e(self) -> Decimal:
        """Emissions inside the boundary, t CO2e."""
        return total(item.co2e for item in self.sources)

    @property
    def measured_sinks_co2e(self) -> Decimal:
        """Sinks measured inside the boundary, t CO2e."""
        return total(item.co2e for item in self.sinks)

    @property
    def sinks_sold_co2e(self) -> Decimal:
        """The part of the measured sinks whose credits were issued (rule 6), t CO2e."""
        issued = total(Decimal(i.tonnes) for i in self.issued_inside if i.batch.forestry)
        return min(self.measured_sinks_co2e, issued)

    @property
    def usable_sinks_co2e(self) -> Decimal:
        """Measured sinks less those sold as credits, t CO2e."""
        return total((self.measured_sinks_co2e, -self.sinks_sold_co2e))

    @property
    def purchased_tonnes(self) -> int:
        """Reductions retired for the pilot and the period, t."""
        return sum(item.tonnes for item in self.retired)

    @property
    def shortfall_tonnes(self) -> int:
        """Reductions that were retired for the period and were invalidated since, t."""
        return sum(item.tonnes for item in self.invalidated)

    @property
    def net_co2e(self) -> Decimal:
        """Net emissions, t CO2e; negative where more was removed or offset than emitted."""
        return net_emissions(self.gross_co2e, self.usable_sinks_co2e, self.purchased_tonnes)

    @property
    def credits_to_zero(self) -> int:
        """Whole tonnes of reductions that bring the period to zero, those retired included."""
        return max(ceiling(net_emissions(self.gross_co2e, self.usable_sinks_co2e, 0)), 0)

    @property
    def further_credits_to_zero(self) -> int:
        """Whole tonnes still missing to zero."""
        return max(ceiling(self.net_co2e), 0)

    @property
    def surplus_co2e(self) -> Decimal:
        """By how much the net is below zero; it does not carry forward to another period."""
        return max(-self.net_co2e, ZERO)

    def _counted(self, role: LineRole) -> tuple[CategoryTotal, ...]:
        return tuple(i for i in self.totals if i.role is role and i.counts)

    def _memo(self, role: LineRole) -> tuple[CategoryTotal, ...]:
        return tuple(i for i in self.totals if i.role is role and not i.counts)
