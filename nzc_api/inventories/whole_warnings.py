"""What there is to know of a whole inventory as it is handed in. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import grams, plain, total
from nzc_api.accounting.unit_table import DAYS_A_YEAR
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.sizes import plausible_size
from nzc_api.guide.terms import PilotVariant, Treatment
from nzc_api.inventories.model import CategoryTotal, Inventory, LineRole
from nzc_api.inventories.warnings import Fact, InventoryWarning, WarningCode
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText

# Inventories of one pilot that are further apart than this, reckoned for a year, are probably not both right.
FAR_APART = 10

# How many other periods a warning names.
MOST_PERIODS = 5


def inventory_warnings(
    inventory: Inventory,
    variant: PilotVariant,
    totals: Sequence[CategoryTotal],
    others: Sequence[tuple[DateSpan, Sequence[CategoryTotal]]],
) -> tuple[InventoryWarning, ...]:
    """What there is to know of a whole inventory as it is handed in.

    ``others`` are what counts of the pilot's other periods, in the same phase and on the same basis.
    """
    exceeding = _exports_exceed(totals)
    if inventory.phase is not GUIDE.variant(variant).operating_phase:
        return tuple(filter(None, [exceeding]))
    co2e, days = _gross(totals), inventory.span.days
    return tuple(
        warning
        for warning in (
            exceeding,
            _too_small(variant, co2e, days),
            _too_large(variant, co2e, days),
            _unlike(variant, Fraction(co2e) / days, [(span, _gross(of)) for span, of in others]),
        )
        if warning is not None
    )


def _gross(totals: Sequence[CategoryTotal]) -> Decimal:
    return total(t.co2e for t in totals if t.role is LineRole.SOURCE and t.counts)


def _exports_exceed(totals: Sequence[CategoryTotal]) -> InventoryWarning | None:
    """The totals of exports are below zero."""
    co2e = _gross(totals)
    exported = total(t.co2e for t in totals if t.treatment is Treatment.DEDUCTED)
    if co2e >= 0 or not exported:
        return None
    emitted = total((co2e, exported.copy_negate()))
    facts = {"exported": plain(exported.copy_negate()), "emitted": plain(emitted)}
    return InventoryWarning(WarningCode.EXPORTS_EXCEED, facts)


def _too_small(variant: PilotVariant, co2e: Decimal, days: int) -> InventoryWarning | None:
    size = plausible_size(variant)
    if not size.is_too_small(co2e, days):
        return None
    least = plain(grams(size.least_in(days)))
    facts = {"co2e": plain(co2e), "least": least, "days": str(days)}
    return InventoryWarning(WarningCode.IMPLAUSIBLY_SMALL, facts)


def _too_large(variant: PilotVariant, co2e: Decimal, days: int) -> InventoryWarning | None:
    facts = large(variant, co2e, days)
    return None if facts is None else InventoryWarning(WarningCode.IMPLAUSIBLY_LARGE, facts)


def large(variant: PilotVariant, co2e: Decimal, days: int) -> Mapping[str, Fact] | None:
    size = plausible_size(variant)
    if not size.is_too_large(co2e, days):
        return None
    most = plain(grams(size.most_in(days)))
    return {"co2e": plain(co2e), "most": most, "days": str(days)}


def _unlike(
    variant: PilotVariant, daily: Fraction, others: Sequence[tuple[DateSpan, Decimal]]
) -> InventoryWarning | None:
    days = sum(span.days for span, _ in others)
    theirs = sum((Fraction(co2e) for _, co2e in others), Fraction(0))
    if theirs == 0:
        return None
    mean = theirs / days
    low, high = sorted((daily, mean))
    # Where both are implausibly small, that is said already.
    if high <= low * FAR_APART or high < plausible_size(variant).least_in(1):
        return None
    return InventoryWarning(
        WarningCode.UNLIKE_OTHER_PERIODS,
        {
            "co2e": plain(grams(daily * DAYS_A_YEAR)),
            "other_co2e": plain(grams(mean * DAYS_A_YEAR)),
            "times": str(FAR_APART),
            "periods": _periods([span for span, _ in others]),
        },
    )


def _periods(spans: Sequence[DateSpan]) -> LocalizedText:
    shown = [f"{span.starts_on}/{span.ends_on}" for span in spans[:MOST_PERIODS]]
    more_zh = "等" if len(spans) > MOST_PERIODS else ""
    more_en = ", …" if len(spans) > MOST_PERIODS else ""
    return LocalizedText("、".join(shown) + more_zh, ", ".join(shown) + more_en)
