"""What a denominator must be. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from nzc_api.ids import MeterId
from nzc_api.metering.amounts import DECIMALS, decimals
from nzc_api.metering.reading_rules import MOST_AMOUNT
from nzc_api.monitoring.errors import DenominatorNotPositive, DenominatorOverlaps
from nzc_api.monitoring.model import (
    MAY_BE_ZERO,
    PER,
    Denominator,
    DenominatorKind,
    RecordDenominator,
)
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem, saying_problem

# Amounts of a pilot that count at once, and of how many kinds and products.
MOST_DENOMINATORS = 1000
MOST_KINDS = 20

LONGEST_PRODUCT = 60

# Meters of one pilot that are no sub-meters: the first of them are monitored.
MOST_METERS = 1000


def check_denominator(command: RecordDenominator, today: date) -> Refusal | None:
    """Whether such an amount can be."""
    return (
        check_order(command.days, "first_day", "last_day")
        or _check_product(command)
        or _check_value(command)
        or _check_over(command, today)
        or saying_problem(command.source, "source")
    )


def check_beside(command: RecordDenominator, counting: Iterable[Denominator]) -> Refusal | None:
    """Whether an amount may stand beside those of its pilot that count."""
    counting = list(counting)
    same = [
        other
        for other in counting
        if (other.kind, other.product) == (command.kind, command.product)
    ]
    if command.value is None:
        return _check_there(command, same)
    return _check_alone(command, same) or _check_room(command, counting)


def check_meters(meters: Sequence[MeterId]) -> InvalidInput | None:
    """Whether a pilot has no more meters that are no sub-meters than are monitored."""
    if len(meters) <= MOST_METERS:
        return None
    return InvalidInput(
        path=("pilot",),
        value=f">{MOST_METERS}",
        expected_zh=f"至多{MOST_METERS}个非分表的计量点；请将其余的登记为分表，或分试点查询",
        expected_en=f"a pilot of at most {MOST_METERS} meters that are no sub-meters: place the others in them",
    )


def _check_there(command: RecordDenominator, same: Iterable[Denominator]) -> InvalidInput | None:
    if any(other.days == command.days for other in same):
        return None
    return InvalidInput(
        path=("value",),
        value="null",
        expected_zh="该日期已登记有数值时才可留空（撤回）；否则请填写大于0的数值",
        expected_en="an amount above 0: without one, what was recorded of those very days is taken back, and there "
        "is none",
    )


def _check_alone(
    command: RecordDenominator, same: Iterable[Denominator]
) -> DenominatorOverlaps | None:
    """Whether no day of it has another amount, but for the very same days."""
    days = command.days
    for other in same:
        if (
            other.days != days
            and other.days.starts_on <= days.ends_on
            and days.starts_on <= other.days.ends_on
        ):
            return DenominatorOverlaps(
                path=("first_day",),
                kind=command.kind,
                starts_on=str(days.starts_on),
                ends_on=str(days.ends_on),
                other_starts_on=str(other.days.starts_on),
                other_ends_on=str(other.days.ends_on),
            )
    return None


def _check_room(command: RecordDenominator, counting: Iterable[Denominator]) -> InvalidInput | None:
    """Whether so many may count: an amount of the very same days takes the place of the one before."""
    counts = {(other.kind, other.product, other.days) for other in counting}
    counts.add((command.kind, command.product, command.days))
    kinds = {(kind, product) for kind, product, _ in counts}
    if len(counts) <= MOST_DENOMINATORS and len(kinds) <= MOST_KINDS:
        return None
    return InvalidInput(
        path=("pilot",),
        value=f"{len(kinds)}, {len(counts)}",
        expected_zh=f"每个试点至多{MOST_KINDS}种、{MOST_DENOMINATORS}项有效数值；请先撤回不再需要的",
        expected_en=f"amounts of at most {MOST_KINDS} kinds and products, {MOST_DENOMINATORS} in all, that count: take "
        "back those that are not needed",
    )


def _check_product(command: RecordDenominator) -> InvalidInput | None:
    if command.kind is DenominatorKind.PRODUCT:
        return name_problem(command.product or "", "product", longest=LONGEST_PRODUCT)
    if command.product is None:
        return None
    return InvalidInput(
        path=("product",),
        value=command.product[:LONGEST_PRODUCT],
        expected_zh="仅产品产量（PRODUCT）填写产品名称和单位；此处留空",
        expected_en="only a PRODUCT has its name and unit here: leave it out",
    )


def _check_value(command: RecordDenominator) -> Refusal | None:
    value = command.value
    none = value == 0 and command.kind in MAY_BE_ZERO
    if value is None or none or (0 < value < MOST_AMOUNT and decimals(value) <= DECIMALS):
        return None
    if value <= 0:
        return DenominatorNotPositive(path=("value",), kind=command.kind, value=str(value))
    return InvalidInput(
        path=("value",),
        value=str(value),
        expected_zh=f"小于{MOST_AMOUNT:f}的数，至多{DECIMALS}位小数",
        expected_en=f"a number below {MOST_AMOUNT:f} with at most {DECIMALS} decimals",
    )


def _check_over(command: RecordDenominator, today: date) -> InvalidInput | None:
    """Whether what adds up over days is of days that came: what is to be made is none of it."""
    if not PER[command.kind].adds_up or command.days.ends_on <= today:
        return None
    return InvalidInput(
        path=("last_day",),
        value=str(command.days.ends_on),
        expected_zh=f"不晚于今天（{today}）：累计的数量只登记已发生的",
        expected_en=f"a day up to today, {today}: what adds up over time is recorded when it was made",
    )
