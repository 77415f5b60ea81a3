"""Lines of an inventory, and what tests of them ask of one."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from nzc_api.accounting.errors import ActivityOutOfRange
from nzc_api.accounting.factors import EMISSION_FACTORS, FACTORS_BY_CODE
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.line import LARGEST_LINE, LineAccount, Measurement, account
from nzc_api.refusal import Refusal

CHINESE = re.compile(r"[\u4e00-\u9fff]")

USABLE = [factor for factor in EMISSION_FACTORS if factor.usable]

ELECTRICITY = "elec.guangdong.avg.2022"
GAS_HEAT = "gbt51366.natural_gas"
FOREST = "forest.carbonforest.rule"
RICE = "rice.ipcc.baseline"
DIESEL = "prov2025.diesel"
DAIRY = "live.ipcc.enteric.dairy"

ENERGIES = ("kWh", "MWh", "10^4kWh", "MJ", "GJ", "TJ")
MASSES = ("kg", "t", "10^4t")
GAS_VOLUMES = ("m3", "10^4m3", "Nm3", "m3(20C)")
BY_DENSITY = ("L", "m3")
DENSITIES = ("kg/L", "t/m3")
LOADS = ("mgBOD/L", "kgBOD/m3")


def measured(value: str | int, unit: str) -> Measurement:
    return Measurement(Decimal(value), unit)


def line(
    value: str | int, unit: str, factor: str, gwp_set: GwpSet = GwpSet.AR5, **more: Any
) -> LineAccount | Refusal:
    return account(measured(value, unit), FACTORS_BY_CODE[factor], gwp_set, **more)


def co2e(value: str | int, unit: str, factor: str, **more: Any) -> Decimal:
    result = line(value, unit, factor, **more)
    assert isinstance(result, LineAccount), result
    return result.co2e


def out_of_range(value: str, unit: str) -> ActivityOutOfRange:
    path = ("activity", "value")
    return ActivityOutOfRange(value=value, unit=unit, limit=LARGEST_LINE, path=path)


def exact_mass(value: str | int, unit: str, factor: str, **more: Any) -> Fraction:
    """The mass of the first gas, unrounded, in tonnes."""
    result = line(value, unit, factor, **more)
    assert isinstance(result, LineAccount), result
    return result.gases[0].exact
