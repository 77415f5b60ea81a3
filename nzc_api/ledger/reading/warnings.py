"""What a reader should know of credits that are retired for an accounting period: a code, and the facts of the
case. Pure; nothing of it refuses anything.

The day that a limit is in force is the period's last (``Programme.usage_of``), so what is said of a retirement
is said of its statement, too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from nzc_api.ledger.model import RetiredTonnes
from nzc_api.ledger.posting.rules.really_issued import years_later
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText, told


class CreditWarningCode(StrEnum):
    """What there is to know."""

    PRODUCED_AFTER_PERIOD = "PRODUCED_AFTER_PERIOD"
    PRODUCED_LONG_BEFORE = "PRODUCED_LONG_BEFORE"
    PERIOD_NOT_OVER = "PERIOD_NOT_OVER"


_TEXTS: Mapping[CreditWarningCode, LocalizedText] = {
    CreditWarningCode.PRODUCED_AFTER_PERIOD: LocalizedText(
        "核算期（{period_from}至{period_to}）结束之后才产生的减排量{tonnes} t（产生于{first}至{last}）",
        "{tonnes} t of the reductions were produced only after the accounting period ({period_from} to "
        "{period_to}): from {first} to {last}",
    ),
    CreditWarningCode.PRODUCED_LONG_BEFORE: LocalizedText(
        "减排量{tonnes} t产生于{first}至{last}，早于核算期（{period_from}起）{years}年以上（依据：{source}）",
        "{tonnes} t of the reductions were produced from {first} to {last}, more than {years} years before "
        "the accounting period, which starts on {period_from} (source: {source})",
    ),
    CreditWarningCode.PERIOD_NOT_OVER: LocalizedText(
        "核算期至{period_to}才结束，{day}时其排放量尚未知：减排量{tonnes} t",
        "The accounting period is over on {period_to} only: on {day}, what it emits was not known yet; "
        "{tonnes} t",
    ),
}


@dataclass(frozen=True, slots=True)
class CreditWarning:
    """A warning of credits that are retired for a period: so many ``tonnes``, produced from ``first`` to
    ``last``.

    ``years`` and ``source`` are the limit that was passed, and who says so; ``day`` is the one on which the
    period was not over.
    """

    code: CreditWarningCode
    tonnes: int
    first: date
    last: date
    period: DateSpan
    years: int | None = None
    source: LocalizedText | None = None
    day: date | None = None

    @property
    def message(self) -> LocalizedText:
        facts = {
            "tonnes": self.tonnes, "first": str(self.first), "last": str(self.last),
            "period_from": str(self.period.starts_on), "period_to": str(self.period.ends_on),
            "years": self.years, "source": self.source, "day": str(self.day),
        }  # fmt: skip
        return told(_TEXTS[self.code], facts)


def warnings_of(
    shares: Iterable[RetiredTonnes], period: DateSpan, day: date | None
) -> list[CreditWarning]:
    """What there is to know of credits that are retired for a period, one warning a code and limit.

    ``day`` is that of the retirement; None where it is not known.
    """
    found: dict[tuple[object, ...], CreditWarning] = {}
    for share in shares:
        for warning in _warnings_of(share, period, day):
            key = (warning.code, warning.years, warning.source)
            before = found.get(key)
            found[key] = warning if before is None else _together(before, warning)
    return list(found.values())


def _warnings_of(
    share: RetiredTonnes, period: DateSpan, day: date | None
) -> Iterator[CreditWarning]:
    batch, tonnes = share.batch, share.tonnes
    first, last = batch.produced_from, batch.produced_to
    if first > period.ends_on:
        yield CreditWarning(
            code=CreditWarningCode.PRODUCED_AFTER_PERIOD,
            tonnes=tonnes,
            first=first,
            last=last,
            period=period,
        )
    usage = PROGRAMMES[batch.programme].usage_of(period.ends_on)
    if usage is not None and last < years_later(period.starts_on, -usage.most_years_before):
        yield CreditWarning(
            code=CreditWarningCode.PRODUCED_LONG_BEFORE, tonnes=tonnes, first=first, last=last, period=period,
            years=usage.most_years_before, source=usage.source,
        )  # fmt: skip
    if day is not None and day <= period.ends_on:
        yield CreditWarning(
            code=CreditWarningCode.PERIOD_NOT_OVER,
            tonnes=tonnes,
            first=first,
            last=last,
            period=period,
            day=day,
        )


def _together(one: CreditWarning, other: CreditWarning) -> CreditWarning:
    return replace(
        one,
        tonnes=one.tonnes + other.tonnes,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
    )
