"""A net-emissions statement and its terms."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from nzc_api.accounting.exact import ZERO, ceiling, total
from nzc_api.guide.guide import net_emissions
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import Basis, CategoryTotal, Inventory, LineRole
from nzc_api.ledger.model import CreditBatch, HeldTonnes, WithdrawnTonnes
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.statements.coverage import Coverage, coverage_of
from nzc_api.statements.gross import electricity_methods_of, gwp_sets_of, is_sink, is_source
from nzc_api.statements.reasons import Note, Unknown, UnknownReason


@dataclass(frozen=True, slots=True)
class StatementKey:
    """What a statement is of: a pilot's period, on one basis, as of a position of the log."""

    pilot_id: PilotId
    period_id: PeriodId
    basis: Basis
    as_of: Position


class Assurance(StrEnum):
    """Whether the inventories that a statement rests on are verified or only submitted."""

    VERIFIED = "VERIFIED"
    MIXED = "MIXED"
    SUBMITTED = "SUBMITTED"
    NONE = "NONE"


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

    pilot_id: PilotId
    tonnes: int


@dataclass(frozen=True)
class NetEmissions:
    """What the guide's formula gives (section 五), with everything that it rests on.

    Where ``unknown`` says why the emissions are not known, no number is derived from them; what was
    retired, and the sinks that are recorded, are shown.
    """

    key: StatementKey
    pilot: Pilot
    period: AccountingPeriod
    inventories: tuple[Inventory, ...]
    totals: tuple[CategoryTotal, ...]
    retired: tuple[HeldTonnes, ...]
    withdrawn: tuple[WithdrawnTonnes, ...]
    retired_inside: tuple[RetiredInside, ...]
    issued_inside: tuple[IssuedInside, ...]
    unknown: tuple[Unknown, ...]
    notes: tuple[Note, ...]
    assurance: Assurance

    @cached_property
    def coverage(self) -> Coverage:
        """How much of the period and of the scope the inventories cover."""
        return coverage_of(self.pilot, self.period, self.inventories, self.totals)

    @property
    def sources(self) -> tuple[CategoryTotal, ...]:
        """The emission totals that count."""
        return tuple(filter(is_source, self.totals))

    @property
    def sinks(self) -> tuple[CategoryTotal, ...]:
        """The sink totals that count."""
        return tuple(filter(is_sink, self.totals))

    @property
    def memo_sources(self) -> tuple[CategoryTotal, ...]:
        """Emission totals outside the scope: shown, and outside the net."""
        return self._memo(LineRole.SOURCE)

    @property
    def memo_sinks(self) -> tuple[CategoryTotal, ...]:
        """Sink totals outside the scope: shown, and outside the net."""
        return self._memo(LineRole.SINK)

    @property
    def electricity_method(self) -> ElectricityMethod | None:
        """By which method bought electricity counts; None where there is no inventory, or they differ."""
        methods = electricity_methods_of(self.inventories)
        return methods[0] if len(methods) == 1 else None

    @property
    def one_gwp_set(self) -> bool:
        """Whether the inventories' CO2e is one sum."""
        return len(gwp_sets_of(self.inventories)) <= 1

    @property
    def gross_co2e(self) -> Decimal | None:
        """Emissions inside the boundary, t CO2e; None where they are not known."""
        return None if self.unknown else total(item.co2e for item in self.sources)

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
    def purchases_count(self) -> bool:
        """Whether what was retired counts on the statement's basis."""
        return purchases_count(self.key.basis)

    @property
    def retired_tonnes(self) -> int:
        """Reductions retired for the pilot and the period, t."""
        return sum(item.tonnes for item in self.retired)

    @property
    def purchased_tonnes(self) -> int:
        """Those of them that count: the third term, t."""
        return self.retired_tonnes if self.purchases_count else 0

    @property
    def invalidated(self) -> tuple[WithdrawnTonnes, ...]:
        """Reductions that were retired for the period and do not count since they were invalidated."""
        return tuple(i for i in self.withdrawn if i.reason is WithdrawnReason.INVALIDATED)

    @property
    def shortfall_tonnes(self) -> int:
        """Reductions that were retired for the period and do not count any more, t."""
        return sum(item.tonnes for item in self.withdrawn) if self.purchases_count else 0

    @property
    def net_co2e(self) -> Decimal | None:
        """Net emissions, t CO2e; negative where more was removed or offset than emitted."""
        return self._less(self.purchased_tonnes)

    @property
    def credits_to_zero(self) -> int | None:
        """Whole tonnes of reductions that bring the period to zero, those retired included."""
        return _whole(self._less(0))

    @property
    def further_credits_to_zero(self) -> int | None:
        """Whole tonnes still missing to zero."""
        return _whole(self.net_co2e)

    @property
    def surplus_co2e(self) -> Decimal | None:
        """By how much the net is below zero; it does not carry forward to another period."""
        net = self.net_co2e
        return None if net is None else max(-net, ZERO)

    def _less(self, purchased: int) -> Decimal | None:
        gross = self.gross_co2e
        return None if gross is None else net_emissions(gross, self.usable_sinks_co2e, purchased)

    def _memo(self, role: LineRole) -> tuple[CategoryTotal, ...]:
        return tuple(i for i in self.totals if i.role is role and not i.counts)


def why_unknown(statement: NetEmissions | None) -> tuple[UnknownReason, ...]:
    """Why what is stated of a period is not known, or that there is no such period; none where it is known."""
    if statement is None:
        return (UnknownReason.NO_PERIOD,)
    return tuple(item.reason for item in statement.unknown)


def purchases_count(basis: Basis) -> bool:
    """Whether retirements count: a purchase is of the operating account, never of a survey of the
    past or of a projection."""
    return basis is Basis.OPERATIONAL


def _whole(co2e: Decimal | None) -> int | None:
    return None if co2e is None else max(ceiling(co2e), 0)
