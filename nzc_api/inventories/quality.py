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
    parts = [(rest.quality, total([rest.co2e, -rest.estimated])) for rest in rests]
    parts += [(DataQuality.ESTIMATED, rest.estimated) for rest in rests if rest.estimated]
    shares = totals((*DataQuality, None), parts)
    return QualityOfData(
        tuple(starmap(QualityShare, shares)),
        sum(rest.unshown_lines for rest in rests),
        total(rest.unshown_co2e for rest in rests),
    )
