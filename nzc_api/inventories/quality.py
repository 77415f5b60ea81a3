"""What an inventory's emissions rest on. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from nzc_api.accounting.exact import total, totals
from nzc_api.inventories.model import DataQuality, QualityOfData, QualityShare


class Rests(NamedTuple):
    """Lines of one stated quality: what they come to, how much of it rests on a meter's estimates, and what of it
    nothing shows."""

    quality: DataQuality | None
    co2e: Decimal
    estimated: Decimal
    unshown_lines: int
    unshown_co2e: Decimal


def quality_of(lines: Iterable[Rests]) -> QualityOfData:
    """What emissions rest on, the best first and what nobody stated last: a meter's estimates are estimated, whatever
    the rest of its line is."""
    rests = list(lines)
    parts = [(of.quality, total([of.co2e, -of.estimated])) for of in rests]
    parts += [(DataQuality.ESTIMATED, of.estimated) for of in rests if of.estimated]
    shares = totals((*DataQuality, None), parts)
    return QualityOfData(
        tuple(starmap(QualityShare, shares)),
        sum(of.unshown_lines for of in rests),
        total(of.unshown_co2e for of in rests),
    )
