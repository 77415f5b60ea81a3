"""What there is to know of a whole inventory as it is handed in. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import grams, plain, total
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.unit_table import DAYS_A_YEAR
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.sizes import plausible_size
from nzc_api.guide.terms import Category, CategoryRole, PilotVariant, Treatment
from nzc_api.inventories.model import Basis, CategoryTotal, Inventory, LineRole
from nzc_api.inventories.warnings import Fact, InventoryWarning, WarningCode
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText

# Inventories of one pilot that are further apart than this, reckoned for a year, are probably not both right.
FAR_APART = 10

# Where burnt fuels are accounted; biomass aside, whose CO2 is a memo item.
_FUELS = frozenset(
    {
        Category.ENERGY_ACTIVITIES,
        Category.BUILDING_ENERGY,
        Category.TRANSPORT_ENERGY,
        Category.ENERGY_CONSUMPTION,
        Category.VEHICLE_FUEL,
        Category.FUEL_FIXED_EQUIPMENT,
        Category.FUEL_TRANSPORT_MEANS,
    }
)

# How many other periods a warning names.
MOST_PERIODS = 5


def inventory_warnings(
    inventory: Inventory,
    variant: PilotVariant,
    totals: Sequence[CategoryTotal],
    others: Sequence[tuple[DateSpan, Sequence[CategoryTotal]]],
    today: date,
) -> tuple[InventoryWarning, ...]:
    """What there is to know of a whole inventory as it is handed in.

    ``others`` are what counts of the pilot's other periods, in the same phase and on the same basis.
    """
    found = [
        _exports_exceed(totals),
        _exports_of_own_generation(totals),
        _co2_missing(totals),
        _not_over_yet(inventory, today),
    ]
    if inventory.phase is GUIDE.variant(variant).operating_phase:
        co2e, days = _gross(totals), inventory.span.days
        found += [
            _too_small(variant, co2e, days),
            _too_large(variant, max(co2e, _sinks(totals)), days),
            _unlike(
                variant, Fraction(co2e) / days, [(span, _gross(totals)) for span, totals in others]
            ),
        ]
    return tuple(warning for warning in found if warning is not None)


def _gross(totals: Sequence[CategoryTotal]) -> Decimal:
    return total(t.co2e for t in totals if t.role is LineRole.SOURCE and t.counts)


def _sinks(totals: Sequence[CategoryTotal]) -> Decimal:
    return total(t.co2e for t in totals if t.role is LineRole.SINK and t.counts)


def _exports_of_own_generation(totals: Sequence[CategoryTotal]) -> InventoryWarning | None:
    """Nothing was counted for it, so nothing can be deducted; by a bought factor something is."""
    roles = {GUIDE.category(t.category).role for t in totals}
    deducted = total(t.co2e for t in totals if t.treatment is Treatment.DEDUCTED)
    if CategoryRole.GENERATION not in roles or not deducted:
        return None
    facts = {"exported": plain(deducted.copy_negate())}
    return InventoryWarning(WarningCode.EXPORTS_BESIDE_OWN_GENERATION, facts)


def _co2_missing(totals: Sequence[CategoryTotal]) -> InventoryWarning | None:
    """Fuel that burns gives CO2: where a category has only its CH4 and N2O, by the distance driven say, the
    greater part is missing."""
    gases: dict[Category, set[Gas]] = defaultdict(set)
    for of_gas in totals:
        if of_gas.role is LineRole.SOURCE and of_gas.counts:
            gases[of_gas.category].add(of_gas.gas)
    lacking = [c for c in sorted(_FUELS & gases.keys()) if not gases[c] & {Gas.CO2, Gas.CO2E}]
    if not lacking:
        return None
    names = [GUIDE.category(category).name for category in lacking]
    told = LocalizedText("、".join(n.zh for n in names), ", ".join(n.en for n in names))
    return InventoryWarning(WarningCode.CO2_MISSING, {"categories": told})


def _not_over_yet(inventory: Inventory, today: date) -> InventoryWarning | None:
    if inventory.basis is not Basis.OPERATIONAL or inventory.span.ends_on <= today:
        return None
    facts = {"ends_on": str(inventory.span.ends_on), "today": str(today)}
    return InventoryWarning(WarningCode.NOT_OVER_YET, facts)


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
