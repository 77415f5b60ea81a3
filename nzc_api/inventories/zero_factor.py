"""A factor of one's own for power or heat that is zero, or nearly: it says why. Pure.

Whoever buys power or heat buys what was emitted for it. Where that is nothing, there is a reason, and a
document that shows it; what is generated inside has factors of its own (OWN_GENERATION).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import plain, significant
from nzc_api.accounting.factors import EmissionFactor, FactorKind
from nzc_api.accounting.line import HEAT, Measurement, activity_dimensions
from nzc_api.accounting.units import parse_unit
from nzc_api.certificates.power import megawatt_hours
from nzc_api.certificates.rules import check_certificates
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category
from nzc_api.inventories.categories import factor_kinds
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.errors import GreenPowerNotByLocation, ZeroFactorUnexplained
from nzc_api.inventories.model import (
    GasMass,
    Inventory,
    LineRole,
    NewLine,
    ZeroFactorBasis,
    ZeroFactorReason,
)
from nzc_api.inventories.own_factor import LONGEST_SOURCE, co2e_of
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import saying_problem


@dataclass(frozen=True, slots=True)
class _Floor:
    """What a factor is above, unless it says why not."""

    value: Decimal
    unit: str

    @property
    def size(self) -> Fraction:
        """t CO2e/GJ that one of the unit is."""
        unit = parse_unit(self.unit)
        assert unit is not None, self
        return unit.size

    @property
    def amount(self) -> Fraction:
        """The floor in t CO2e/GJ."""
        return Fraction(self.value) * self.size


# Our own orders of magnitude. Power: less than a thirtieth of the lowest grid factor of the curated lists.
# Heat: an eleventh of the guides' 0.11, and less than a fifth of what natural gas gives when it is burnt
# (0.056): no fuel makes such heat.
_FLOORS: Mapping[FactorKind, _Floor] = {
    FactorKind.ELECTRICITY: _Floor(Decimal("0.01"), "kgCO2e/kWh"),
    FactorKind.HEAT: _Floor(Decimal("0.01"), "tCO2e/GJ"),
}
# Of a fuel by its heat, or steam by the tonne, only zero itself is implausible: methane alone is little.
_NOTHING = _Floor(Decimal(0), "kgCO2e/kWh")


def check_zero_factor(
    line: NewLine,
    role: LineRole,
    factor: EmissionFactor,
    gases: Sequence[GasMass],
    inventory: Inventory,
) -> Refusal | None:
    """Whether a factor that is zero or nearly says why, and no other does; ``gases`` have the potentials."""
    floor = _floor(line.category, role, factor)
    basis = line.zero_factor_basis
    if floor is not None:
        amount = co2e_of(factor, gases)
        if amount == 0 or amount < floor.amount:
            return _check_basis(basis, factor, amount / floor.size, floor) or _check_green_power(
                basis, line.activity, inventory
            )
    return None if basis is None else _says_nothing(basis)


def _floor(category: Category, role: LineRole, factor: EmissionFactor) -> _Floor | None:
    """None where a line is of no power and no heat, or of what is exported: less is deducted then."""
    if (
        role is LineRole.SINK
        or factor.kind is not FactorKind.OWN
        or not GUIDE.category(category).emits
    ):
        return None
    kinds = factor_kinds(category, role)
    if activity_dimensions(factor.gases[0]) != HEAT:
        return _NOTHING if kinds <= _FLOORS.keys() else None
    # A category of both does not say which of them the energy is.
    floors = [_FLOORS[kind] for kind in kinds & _FLOORS.keys()]
    return min(floors, key=lambda floor: floor.amount, default=_NOTHING)


def _check_basis(
    basis: ZeroFactorBasis | None, factor: EmissionFactor, value: Fraction, floor: _Floor
) -> Refusal | None:
    if basis is not None:
        return saying_problem(
            basis.evidence, "zero_factor_basis", "evidence", longest=LONGEST_SOURCE
        )
    return ZeroFactorUnexplained(
        path=("zero_factor_basis",),
        factor=factor.name.zh,
        value=plain(significant(value)),
        least=plain(floor.value),
        unit=floor.unit,
    )


def _check_green_power(
    basis: ZeroFactorBasis | None, activity: Measurement, inventory: Inventory
) -> Refusal | None:
    """Whether power that is bought through the grid as renewable has the certificates of all of it, and no other; and
    counts by market."""
    if basis is None:
        return None
    span = inventory.span
    if basis.reason is ZeroFactorReason.GREEN_POWER_CONTRACT:
        problem = check_certificates(
            basis.certificates, span.starts_on, span.ends_on, megawatt_hours(activity)
        ) or _check_by_market(inventory)
        return None if problem is None else problem.under("zero_factor_basis")
    if not basis.certificates:
        return None
    return InvalidInput(
        path=("zero_factor_basis", "certificates"),
        value=str(len(basis.certificates)),
        expected_zh=f"仅理由为{ZeroFactorReason.GREEN_POWER_CONTRACT}（绿色电力交易）时填写",
        expected_en=f"nothing: only {ZeroFactorReason.GREEN_POWER_CONTRACT} has certificates",
    )


def _check_by_market(inventory: Inventory) -> GreenPowerNotByLocation | None:
    """Zero is what green power is by market. By location it is at the grid's average."""
    if inventory.electricity_method is ElectricityMethod.MARKET_BASED:
        return None
    return GreenPowerNotByLocation(path=("reason",))


def _says_nothing(basis: ZeroFactorBasis) -> InvalidInput:
    return InvalidInput(
        path=("zero_factor_basis",),
        value=basis.reason,
        expected_zh="仅外购电力、热力的自有因子为零或极低时填写",
        expected_en="nothing: only an own factor of purchased power or heat that is zero or nearly has one",
    )
