"""Certificates of which another part of the numbers stands in the prefix: “X-2024” with 1001 and “X” with 20241001 may
be one. Pure; what serves a line already is found alike in SQL (`store.SPLIT`).

How many digits a number is written with is not stated: so each width is tried. Only of one plant and of days that meet,
of which a certificate is, too: else two that look alike are two.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from nzc_api.certificates.model import GreenCertificates

# Digits of the largest number that has as many as any of its length.
MOST_DIGITS = 18

_DIGITS = re.compile("-?[0-9](?:[0-9-]*[0-9])?")


def first_split(items: Sequence[GreenCertificates]) -> tuple[int, int] | None:
    """The first of some certificates, which are apart as they are written, that may be among others with a shorter
    prefix, and the first of those, by their places."""
    ranges = defaultdict[tuple[str, str], list[tuple[int, int, int]]](list)
    for place, item in enumerate(items):
        ranges[item.plant_key, item.key].append((item.lo, item.hi, place))
    for beside in ranges.values():
        beside.sort()
    for place, item in enumerate(items):
        for key, digits in _shorter(item.key):
            beside = ranges.get((item.plant_key, key), [])
            for other in _met(beside, item, digits) if beside else ():
                if _days_meet(item, items[other]):
                    return place, other
    return None


def _shorter(key: str) -> Iterator[tuple[str, int]]:
    """A prefix without more and more of the digits at its end, and the number that these are."""
    for cut in range(len(key) - 1, 0, -1):
        if not key[cut].isdigit() and key[cut] != "-":
            return
        if _DIGITS.fullmatch(key[cut:]) and key[cut - 1] != "-":
            yield key[:cut], int(key[cut:].replace("-", ""))


def _met(
    beside: Sequence[tuple[int, int, int]], item: GreenCertificates, digits: int
) -> Iterator[int]:
    """Those that lie where numbers do before which digits stand, whatever their width."""
    for width in range(len(str(item.lo)), MOST_DIGITS + 1):
        ahead = digits * 10**width
        lo, hi = ahead + item.lo, ahead + min(item.hi, 10**width)
        start = max(bisect_left(beside, (lo,)) - 1, 0)
        stop = bisect_left(beside, (hi,), start)
        yield from (place for _, over, place in beside[start:stop] if lo < over)


def _days_meet(one: GreenCertificates, other: GreenCertificates) -> bool:
    return one.produced_from <= other.produced_to and other.produced_from <= one.produced_to
