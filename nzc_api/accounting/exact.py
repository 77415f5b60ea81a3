"""Exact arithmetic. What rounds says so: masses to ``grams`` and ``milligrams``, other numbers for showing alone."""

import math
from collections import defaultdict
from collections.abc import Iterable
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K")

# Wide enough for any sum or product of what the database can hold; a rounding would raise.
EXACT = Context(prec=80, traps=[Inexact])

GRAM, MILLIGRAM = 6, 9  # decimals of a tonne
SHOWN_DECIMALS = 12

_SIX_DIGITS = Context(prec=6)

# No tonnes: a sum of masses is told to the gram, even of none.
ZERO = Decimal(0).scaleb(-GRAM)


def grams(tonnes: Fraction) -> Decimal:
    """Tonnes, rounded half-even to 6 decimals (a gram): once a line and gas."""
    return _shifted(round(tonnes * 10**GRAM), GRAM)


def milligrams(tonnes: Fraction) -> Decimal:
    """Tonnes, rounded half-even to 9 decimals (a milligram): for showing a mass."""
    return _shifted(round(tonnes * 10**MILLIGRAM), MILLIGRAM)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    result = ZERO
    for value in values:
        result = EXACT.add(result, value)
    return result


def totals(order: Iterable[K], parts: Iterable[tuple[K, Decimal]]) -> list[tuple[K, Decimal]]:
    """The exact sums of parts by what they are of, in that order; none of what no part is of."""
    found = defaultdict[K, list[Decimal]](list)
    for key, value in parts:
        found[key].append(value)
    return [(key, total(found[key])) for key in order if key in found]


def product(left: Decimal, right: Decimal) -> Decimal:
    """The exact product."""
    return EXACT.multiply(left, right)


def ceiling(value: Decimal) -> int:
    """The least whole number that is not below ``value``."""
    return math.ceil(Fraction(value))


def rounded(value: Fraction) -> Decimal:
    """A number for showing: rounded half-even to 12 decimals."""
    return simplest(_shifted(round(value * 10**SHOWN_DECIMALS), SHOWN_DECIMALS))


def significant(value: Fraction) -> Decimal:
    """A number for showing, where its size is what matters: six significant digits."""
    return simplest(_SIX_DIGITS.divide(value.numerator, value.denominator))


def shown(value: Fraction) -> str:
    """A result for people: ``= 2.5`` where 12 decimals suffice, else rounded half-even: ``≈ …``."""
    near = rounded(value)
    return f"{'=' if Fraction(near) == value else '≈'} {plain(near)}"


def plain(value: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(value: Decimal) -> str:
    """As it is shown: without exponent, and with no zeros at its end beyond those of a gram."""
    whole, point, decimals = format(value, "f").partition(".")
    return whole + point + decimals[:GRAM] + decimals[GRAM:].rstrip("0")


def simplest(value: Decimal) -> Decimal:
    """The same number without trailing zeros: 1395 of 1395.000."""
    return Decimal(plain(value))


def decimal_of(value: Fraction) -> Decimal | None:
    """The very number; None where no decimal is it, as of 1/3."""
    odd, twos, fives = value.denominator, 0, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    while odd % 5 == 0:
        odd, fives = odd // 5, fives + 1
    if odd > 1:
        return None
    places = max(twos, fives)
    return _shifted(value.numerator * 10**places // value.denominator, places)


def _shifted(number: int, decimals: int) -> Decimal:
    # From its digits: no context can round it, however long it is.
    return Decimal((int(number < 0), Decimal(abs(number)).as_tuple().digits, -decimals))
