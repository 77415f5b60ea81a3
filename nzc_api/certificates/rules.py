"""What green certificates must be. Pure; what of them is taken already, the store is asked."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from nzc_api.accounting.exact import plain, significant
from nzc_api.certificates.errors import (
    CertificatesExceedPower,
    CertificatesOutsidePeriod,
    CertificatesRequired,
    CertificatesUsed,
    PowerCredited,
)
from nzc_api.certificates.model import GreenCertificates, PowerOfDays
from nzc_api.certificates.power import certified
from nzc_api.numbers import check_number
from nzc_api.refusal import InvalidInput, Refusal

# Of one line.
MOST_CERTIFICATES = 50

LARGEST_NUMBER = (1 << 62) - 1


def check_certificates(
    given: Sequence[GreenCertificates], starts_on: date, ends_on: date, mwh: Fraction | None
) -> Refusal | None:
    """Whether certificates can stand for all of so much power of an inventory of these days; None: it is no energy."""
    return check_each(given, starts_on, ends_on) or check_enough(given, mwh)


def check_part(
    given: Sequence[GreenCertificates], starts_on: date, ends_on: date, mwh: Fraction | None
) -> Refusal | None:
    """Whether certificates can stand for a part of so much power, or for all of it; None: it is no energy."""
    return check_each(given, starts_on, ends_on) or check_not_more(given, mwh)


def check_each(
    given: Sequence[GreenCertificates], starts_on: date, ends_on: date
) -> Refusal | None:
    """Whether each is one, of the days, and apart from the others."""
    if len(given) > MOST_CERTIFICATES:
        return _too_many(len(given))
    for number, item in enumerate(given):
        problem = (
            check_form(item)
            or check_days(item, starts_on, ends_on)
            or check_apart(item, given[:number])
        )
        if problem is not None:
            return problem.under("certificates", str(number))
    return None


def check_form(item: GreenCertificates) -> Refusal | None:
    """Whether the numbers are some, the MWh as many, and the days in order."""
    problem = check_number(item.prefix, "prefix") or check_number(item.plant, "plant")
    if problem is not None:
        return problem
    if not 0 <= item.first <= item.last <= LARGEST_NUMBER:
        return InvalidInput(
            path=("last",),
            value=str(item.last),
            expected_zh=f"不小于first（{item.first}），且两者均不为负、不超过{LARGEST_NUMBER}",
            expected_en=f"not less than `first` ({item.first}), both from 0 to {LARGEST_NUMBER}",
        )
    count = item.hi - item.lo
    if item.mwh != count:
        return InvalidInput(
            path=("mwh",),
            value=plain(item.mwh),
            expected_zh=f"{count}：每个绿证为1 MWh，编号{item}共{count}个",
            expected_en=f"{count}: a certificate is 1 MWh, and {item} are {count} of them",
        )
    if item.produced_from > item.produced_to:
        return InvalidInput(
            path=("produced_to",),
            value=str(item.produced_to),
            expected_zh=f"不早于producedFrom（{item.produced_from}）",
            expected_en=f"not before `producedFrom` ({item.produced_from})",
        )
    return None


def check_days(
    item: GreenCertificates, starts_on: date, ends_on: date
) -> CertificatesOutsidePeriod | None:
    """Whether all of the power was produced on days of the inventory."""
    if starts_on <= item.produced_from and item.produced_to <= ends_on:
        return None
    return CertificatesOutsidePeriod(
        path=("produced_from",),
        numbers=str(item),
        produced_from=str(item.produced_from),
        produced_to=str(item.produced_to),
        starts_on=str(starts_on),
        ends_on=str(ends_on),
    )


def check_apart(
    item: GreenCertificates, others: Sequence[GreenCertificates]
) -> CertificatesUsed | None:
    """Whether none of the numbers is among others: of the same line, or that serve another already."""
    for other in others:
        if item.shares_a_number_with(other):
            return used_by(item, other)
    return None


def used_by(item: GreenCertificates, other: GreenCertificates) -> CertificatesUsed:
    """That some of the numbers are among those of others."""
    return CertificatesUsed(path=("first",), numbers=str(item), used=str(other))


def first_repeated(items: Sequence[GreenCertificates]) -> tuple[int, int] | None:
    """The first of some certificates that shares a number with one before it, and the first of these, by their places.

    A request has thousands, and what comes before it is apart: so it is beside few of them."""
    before = defaultdict[str, list[tuple[int, int, int]]](list)
    for place, item in enumerate(items):
        ranges = before[item.key]
        start = max(bisect_left(ranges, (item.lo,)) - 1, 0)
        stop = bisect_left(ranges, (item.hi,), start)
        shared = [other for _, hi, other in ranges[start:stop] if item.lo < hi]
        if shared:
            return place, min(shared)
        insort(ranges, (item.lo, item.hi, place))
    return None


def check_enough(
    given: Sequence[GreenCertificates], mwh: Fraction | None
) -> CertificatesRequired | None:
    """Whether there are certificates, of all of the power."""
    total = certified(given)
    if given and (mwh is None or total >= mwh):
        return None
    needed = "–" if mwh is None else plain(significant(mwh))
    return CertificatesRequired(path=("certificates",), needed=needed, given=plain(total))


def check_not_more(
    given: Sequence[GreenCertificates], mwh: Fraction | None
) -> CertificatesExceedPower | None:
    """Whether each certificate is of power of the line; of the last one a part may be left."""
    total = certified(given)
    if mwh is None or total < mwh + 1:
        return None
    return CertificatesExceedPower(
        path=("certificates",), power=plain(significant(mwh)), given=plain(total)
    )


def check_not_credited(power: PowerOfDays | None, *path: str) -> PowerCredited | None:
    """Whether nothing else claims the power; ``power`` is what does."""
    return None if power is None else PowerCredited.of(power, *path)


def _too_many(count: int) -> InvalidInput:
    return InvalidInput(
        path=("certificates",),
        value=str(count),
        expected_zh=f"每行至多{MOST_CERTIFICATES}段绿证编号",
        expected_en=f"at most {MOST_CERTIFICATES} ranges of certificates a line",
    )
