"""What bought electricity comes to by both methods. Pure.

A line at a grid's average is that by location; by market it is less what has green certificates, at the same factor.
A residual mix (扣除市场化交易的非化石能源电量) is taken by its list, and is by market only; so is green power that is
recorded at zero by a factor of its own (GREEN_POWER_CONTRACT): neither names the average of a grid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from nzc_api.accounting.exact import total
from nzc_api.accounting.factors import FactorKind
from nzc_api.certificates.power import certified
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, Treatment
from nzc_api.inventories.categories import is_of_power
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import Line, LineRole, ZeroFactorReason
from nzc_api.refusal import LocalizedText

# Why nothing is emitted for what is power for sure, whatever its category.
_POWER_REASONS = frozenset(
    {ZeroFactorReason.GREEN_POWER_CONTRACT, ZeroFactorReason.RENEWABLE_POWER_SUPPLY}
)

# Of what electricity factors are that are not of a grid's average, by a part of their codes.
_NOT_AVERAGE = {
    "fossil": LocalizedText("仅化石能源发电", "fossil power alone"),
    "residual": LocalizedText(
        "扣除市场化交易的非化石能源电量后的剩余电力",
        "what is left of power after the non-fossil part that is traded",
    ),
}


@dataclass(frozen=True, slots=True)
class Electricity:
    """What bought electricity comes to by location and by market, t CO2e, and the MWh that have certificates.

    ``lines`` are those of bought electricity; ``without_average`` those of them that name the average of no grid: where
    there are any, what they come to by location is not known, and is None.
    """

    location_based: Decimal | None
    market_based: Decimal
    certified_mwh: Decimal
    lines: int
    without_average: int


NO_ELECTRICITY = Electricity(Decimal(0), Decimal(0), Decimal(0), 0, 0)


class AlikePower(NamedTuple):
    """Lines without certificates that are alike, how many they are, and what they come to."""

    category: Category
    kind: FactorKind
    factor: str
    reason: ZeroFactorReason | None
    lines: int
    co2e: Decimal


def is_bought_power(
    category: Category, role: LineRole, kind: FactorKind, reason: ZeroFactorReason | None
) -> bool:
    """Whether a line is of electricity that is bought: at a grid's factor, at one of its own where there is nothing
    but electricity, or at zero for a reason that only electricity has."""
    if role is LineRole.SINK or not GUIDE.category(category).emits:
        return False
    own = kind is FactorKind.OWN
    return kind is FactorKind.ELECTRICITY or (
        own and (is_of_power(category) or reason in _POWER_REASONS)
    )


def not_average(factor: str) -> LocalizedText | None:
    """Of what the electricity factor with the code is instead of a grid's average; None where it is of that."""
    parts = factor.split(".")
    return next((note for part, note in _NOT_AVERAGE.items() if part in parts), None)


def electricity_of(line: Line) -> Electricity | None:
    """What a line of bought electricity comes to by both methods; None of any other."""
    basis = line.zero_factor_basis
    reason = None if basis is None else basis.reason
    if not is_bought_power(line.category, line.role, line.factor.kind, reason):
        return None
    recorded = total(gas.co2e for gas in line.gases)
    located, marketed = (
        line.explained(method=method).co2e
        if line.certificates and method is not line.electricity_method
        else recorded
        for method in (ElectricityMethod.LOCATION_BASED, ElectricityMethod.MARKET_BASED)
    )
    held = line.certificates if basis is None else basis.certificates
    return _alike(reason, line.factor.code, 1, located, marketed, certified(held))


def electricity_together(
    alike: Iterable[AlikePower], certified_lines: Iterable[Line], green_mwh: Decimal
) -> Electricity:
    """What an inventory's bought electricity comes to: lines without certificates of their own, and each with;
    ``green_mwh`` are the certificates of green power at zero."""
    each = [
        _alike(line.reason, line.factor, line.lines, line.co2e, line.co2e, Decimal(0))
        for line in alike
        if is_bought_power(line.category, LineRole.SOURCE, line.kind, line.reason)
    ]
    each += [
        found
        for line in certified_lines
        if line.treatment is not Treatment.MEMO and (found := electricity_of(line)) is not None
    ]
    located = [part.location_based for part in each if part.location_based is not None]
    return Electricity(
        location_based=total(located) if len(located) == len(each) else None,
        market_based=total(part.market_based for part in each),
        certified_mwh=sum((part.certified_mwh for part in each), green_mwh),
        lines=sum(part.lines for part in each),
        without_average=sum(part.without_average for part in each),
    )


def _alike(
    reason: ZeroFactorReason | None,
    factor: str,
    lines: int,
    located: Decimal,
    marketed: Decimal,
    mwh: Decimal,
) -> Electricity:
    is_located = reason is not ZeroFactorReason.GREEN_POWER_CONTRACT and not_average(factor) is None
    return Electricity(
        location_based=located if is_located else None,
        market_based=marketed,
        certified_mwh=mwh,
        lines=lines,
        without_average=0 if is_located else lines,
    )
