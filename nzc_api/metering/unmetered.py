"""What a meter measured that none of its sub-meters did, by steps. Pure and exact."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from nzc_api.accounting.exact import rounded
from nzc_api.metering.model import Meter
from nzc_api.metering.units import unit_of
from nzc_api.metering.usage import Usage
from nzc_api.refusal import InvalidInput

# Sub-meters that one question reads, shared by its meters alike.
MOST_PARTS = 1000

_MILLION = 10**6


class Unmetered(NamedTuple):
    """What a meter measured in a step beside its sub-meters, in its unit; below zero: they measured more than it did.
    None: of it, or of one of them, something is not known, or they do not add up."""

    starts_at: datetime
    ends_at: datetime
    quantity: Decimal | None


# A meter, with what it used by steps.
Metered = tuple[Meter, Sequence[Usage]]


def unmetered_of(whole: Metered, parts: Sequence[Metered]) -> list[Unmetered]:
    """What is left of each step of a meter without those that are parts of it."""
    meter, usages = whole
    alike = all(_adds_up(part, meter) for part, _ in parts)
    sizes = [unit_of(part.unit).size / unit_of(meter.unit).size for part, _ in parts]
    return [
        Unmetered(
            usage.starts_at,
            usage.ends_at,
            _left(usage, [used[nth] for _, used in parts], sizes) if alike else None,
        )
        for nth, usage in enumerate(usages)
    ]


def check_parts(meters: int, most: int) -> InvalidInput | None:
    """Whether no meter has more sub-meters (``most``) than its share of those that one question reads."""
    share = MOST_PARTS // meters
    if most <= share:
        return None
    return InvalidInput(
        path=("unmetered",),
        value=f">{share}",
        expected_zh=f"一次查询{meters}个计量点时，各至多{share}个分表：请分次查询",
        expected_en=f"at most {share} sub-meters each where {meters} meters are asked for at once: ask for fewer",
    )


def _left(usage: Usage, parts: Sequence[Usage], sizes: Sequence[Fraction]) -> Decimal | None:
    if not usage.known or usage.missing or any(part.missing for part in parts):
        return None
    measured = sum(
        (part.millionths * size for part, size in zip(parts, sizes, strict=True)), Fraction()
    )
    return rounded((usage.millionths - measured) / _MILLION)


def _adds_up(part: Meter, whole: Meter) -> bool:
    """Whether amounts of a meter are amounts of another one: gas at other conditions is none."""
    own, other = unit_of(part.unit), unit_of(whole.unit)
    return own.state == other.state and part.conditions == whole.conditions
