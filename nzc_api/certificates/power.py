"""How much of some power has green certificates. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.line import WHOLE, Measurement
from nzc_api.accounting.units import parse_unit
from nzc_api.certificates.model import GreenCertificates


def megawatt_hours(activity: Measurement) -> Fraction | None:
    """The activity in MWh; None where it is no energy."""
    unit, megawatt_hour = parse_unit(activity.unit), parse_unit("MWh")
    assert megawatt_hour is not None
    if unit is None or unit.dimensions != megawatt_hour.dimensions:
        return None
    return Fraction(activity.value) * unit.size / megawatt_hour.size


def certified(certificates: Sequence[GreenCertificates]) -> Decimal:
    """The MWh of certificates."""
    return sum((item.mwh for item in certificates), Decimal(0))


def uncertified_share(activity: Measurement, certificates: Sequence[GreenCertificates]) -> Fraction:
    """Which part of an activity has no certificate, from 0 to 1; the last certificate may be of more than is left."""
    power = megawatt_hours(activity)
    if not certificates or not power:
        return WHOLE
    return max(1 - Fraction(certified(certificates)) / power, Fraction(0))
