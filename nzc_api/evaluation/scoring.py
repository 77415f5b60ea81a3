"""What the scores of a panel come to. Pure and exact.

The score is Σ weight · mean of the points, rounded half-even to 2 decimals once. An item that is found met or not is as
most of the panel find it: its members are an odd number.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from nzc_api.evaluation.model import Score
from nzc_api.evaluation.schemes import Scheme, SchemeItem, SchemeItemKind

SCORE_DECIMALS = 2


def mean(item: SchemeItem, scores: Iterable[Score]) -> Fraction | None:
    """The mean of the points given for an item; None where there are none."""
    points = [s.points for s in scores if s.item == item.code and s.points is not None]
    return sum(map(Fraction, points), Fraction(0)) / len(points) if points else None


def is_met(item: SchemeItem, scores: Iterable[Score]) -> bool:
    """Whether more of the panel find an item met than not."""
    found = [s.met for s in scores if s.item == item.code and s.met is not None]
    return 2 * sum(found) > len(found)


def score_of(scheme: Scheme, scores: Sequence[Score]) -> Decimal | None:
    """The score, of 100; None where the scheme has none, or an item of it has no points yet."""
    scored = [item for item in scheme.items if item.kind is SchemeItemKind.SCORE]
    means = [(item.weight, mean(item, scores)) for item in scored]
    if not means:
        return None
    whole = Fraction(0)
    for weight, of_item in means:
        if weight is None or of_item is None:
            return None
        whole += Fraction(weight) * of_item
    return Decimal(round(whole * 10**SCORE_DECIMALS)).scaleb(-SCORE_DECIMALS)


def failed_vetoes(scheme: Scheme, scores: Sequence[Score]) -> tuple[str, ...]:
    """The codes of the items without which nothing passes that are not found met."""
    vetoes = (item for item in scheme.items if item.kind is SchemeItemKind.VETO)
    return tuple(item.code for item in vetoes if not is_met(item, scores))
