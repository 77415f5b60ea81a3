"""Amounts as whole millionths of a unit, so that Python and PostgreSQL share them alike. Pure."""

from decimal import Decimal

from nzc_api.accounting.exact import EXACT, simplest

# Decimals of what was used, in the meter's unit.
DECIMALS = 6


def decimals(value: Decimal) -> int:
    """How many decimals a number needs."""
    exponent = simplest(value).as_tuple().exponent
    assert isinstance(exponent, int)
    return max(-exponent, 0)


def millionths(value: Decimal) -> int:
    """A number of at most 6 decimals, in millionths."""
    return int(EXACT.scaleb(value, DECIMALS))


def amount(number: int) -> Decimal:
    """The number of so many millionths."""
    return EXACT.scaleb(Decimal(number), -DECIMALS)
