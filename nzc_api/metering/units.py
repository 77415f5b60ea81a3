"""In what a meter of each carrier may measure. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from nzc_api.accounting.errors import UnitDoesNotFit, UnitUnknown
from nzc_api.accounting.unit_table import (
    COAL_EQUIVALENTS,
    ENERGY,
    MASS,
    VOLUME,
    WATT_HOURS,
    StateOfMatter,
)
from nzc_api.accounting.units import Unit, parse_unit
from nzc_api.metering.model import Carrier

# The dimensions that a meter of each carrier measures, and the units that errors and forms offer.
MEASURED: Mapping[Carrier, tuple[str, ...]] = {
    Carrier.ELECTRICITY: (ENERGY,),
    Carrier.WATER: (VOLUME,),
    Carrier.GAS: (VOLUME, ENERGY),
    Carrier.HEAT: (ENERGY,),
    Carrier.COOLING: (ENERGY,),
    Carrier.STEAM: (MASS, ENERGY),
}
OFFERED: Mapping[Carrier, tuple[str, ...]] = {
    Carrier.ELECTRICITY: ("kWh", "MWh", "10^4kWh"),
    Carrier.WATER: ("m3", "10^4m3"),
    Carrier.GAS: ("m3", "Nm3", "m3(20C)", "10^4m3", "GJ"),
    Carrier.HEAT: ("GJ", "MJ", "kWh"),
    Carrier.COOLING: ("kWh", "GJ", "MJ"),
    Carrier.STEAM: ("t", "kg", "GJ"),
}
# Of what a volume of the carrier cannot be.
_OTHER_STATE: Mapping[Carrier, StateOfMatter] = {
    Carrier.WATER: StateOfMatter.GAS, Carrier.GAS: StateOfMatter.CONDENSED,
}  # fmt: skip


def fits(unit: Unit, carrier: Carrier) -> bool:
    """Whether a meter of the carrier can measure in the unit: electricity in watt-hours, nothing in coal."""
    if unit.dimensions not in {((dimension, 1),) for dimension in MEASURED[carrier]}:
        return False
    if carrier is Carrier.ELECTRICITY and not unit.power_of(WATT_HOURS):
        return False
    return not unit.power_of(COAL_EQUIVALENTS) and (
        unit.state is None or unit.state is not _OTHER_STATE.get(carrier)
    )


def check_unit(text: str, carrier: Carrier, *path: str) -> UnitUnknown | UnitDoesNotFit | None:
    """Why a meter of the carrier cannot measure in what somebody wrote."""
    unit = parse_unit(text)
    if unit is None:
        return UnitUnknown.of(text, OFFERED[carrier], *path, fits=lambda unit: fits(unit, carrier))
    if fits(unit, carrier):
        return None
    return UnitDoesNotFit(path=path, unit=unit.name, subject=carrier, accepted=OFFERED[carrier])


@lru_cache(256)
def unit_of(name: str) -> Unit:
    """The unit of our own name for it."""
    unit = parse_unit(name)
    assert unit is not None, name
    return unit


def takes_conditions(unit: Unit) -> bool:
    """Whether a volume in the unit may be of gas at conditions that it does not say."""
    return unit.dimensions == ((VOLUME, 1),) and unit.state is None
