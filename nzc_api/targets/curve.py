"""Amounts a year that are said of some years, in the years between and over days. Pure and exact."""

import math
from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from nzc_api.accounting.exact import GRAM
from nzc_api.pilots.model import DateSpan

# Calendar years, rising, each with what is said of it.
Points = tuple[tuple[int, Decimal], ...]

DAY = timedelta(days=1)


def in_year(points: Points, year: int) -> Fraction:
    """What a year has: `Ca + (Cb − Ca)(y − a)/(b − a)` between the years a and b that are said; before the
    first one as in it, and after the last one as in that."""
    for (a, before), (b, after) in pairwise(points):
        if a <= year < b:
            start = Fraction(before)
            return start + (Fraction(after) - start) * (year - a) / (b - a)
    return Fraction(points[0][1] if year < points[0][0] else points[-1][1])


def over_days(points: Points, span: DateSpan, decimals: int = GRAM) -> Decimal | None:
    """What falls to days, `Σ C(y) · days/days of y`; None where some come before the first year that is said.

    Up to any day it is rounded down to ``decimals``; a span has the difference. So spans that follow one
    another share a year exactly, and a year that is said has what is said.
    """
    if not points or span.starts_on.year < points[0][0]:
        return None
    scale = 10**decimals
    until, since = (_until(points, day) for day in (span.ends_on + DAY, span.starts_on))
    whole = math.floor(until * scale) - math.floor(since * scale)
    return Decimal(whole).scaleb(-decimals)


def _until(points: Points, day: date) -> Fraction:
    """All from the beginning of the first year that is said to the eve of a day: each stretch between two years
    is an arithmetic series."""
    whole = Fraction()
    for (a, before), (b, after) in pairwise(points):
        years, start = max(min(day.year, b) - a, 0), Fraction(before)
        whole += years * start + (Fraction(after) - start) * (years * (years - 1)) / (2 * (b - a))
    last, stays = points[-1]
    whole += max(day.year - last, 0) * Fraction(stays)
    passed = (day - date(day.year, 1, 1)).days
    return whole + in_year(points, day.year) * passed / (366 if isleap(day.year) else 365)
