"""What there is to know of a line by itself, beside what refuses it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.cautions import Caution, cautions_of
from nzc_api.accounting.exact import grams, plain, rounded, total
from nzc_api.accounting.factors import FACTORS_BY_CODE, EmissionFactor, FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import Measurement, condition_is_unstated, is_stock_over_years
from nzc_api.accounting.unit_table import AT_0_C
from nzc_api.accounting.units import parse_unit
from nzc_api.china_time import SECONDS_A_DAY
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole, PilotVariant, Treatment
from nzc_api.inventories.categories import BOUGHT_ENERGY, CARBON, factor_kinds, is_biogenic
from nzc_api.inventories.electricity import not_average
from nzc_api.inventories.label_words import WordPattern, word_in, word_pattern
from nzc_api.inventories.model import GasMass, Inventory, LineRole, MeterBasis
from nzc_api.inventories.own_factor_size import implausible, is_nothing
from nzc_api.inventories.repeated import amount_told
from nzc_api.inventories.warnings import Fact, InventoryWarning, WarningCode
from nzc_api.inventories.whole_warnings import large
from nzc_api.refusal import LocalizedText

# Where all pilots lie, as factors name it.
REGION = "CN-GD"

_CAUTIONS = {
    Caution.FAR_ABOVE_OTHERS: WarningCode.FACTOR_FAR_ABOVE_OTHERS,
    Caution.WHOLE_POTENTIAL_AT_ONCE: WarningCode.FACTOR_WHOLE_POTENTIAL_AT_ONCE,
    Caution.DOCUMENT_NOT_NAMED: WarningCode.FACTOR_DOCUMENT_NOT_NAMED,
}

# What is probably generated inside, unless the label says that it was bought.
_GENERATED = word_pattern(
    "自发|自产|自备|余电|上网|光伏|屋顶|太阳能|风电|热电联产|余热|余压",
    "pv", "photovoltaics?", "solar", "rooftops?", "chp", "cogeneration", "waste heat", "self-generated",
    "own generation",
)  # fmt: skip

_BOUGHT = word_pattern("外购|购入|采购|市政", "bought", "purchased")

# What to do then: with what is used inside, and with what is sold.
_TO_GENERATION = LocalizedText(
    "自产的电力、热力请记入“自产电力、热力”（OWN_GENERATION），其燃料另行填报",
    "what is generated inside belongs in OWN_GENERATION, its fuel in a line of its own",
)

_LESS_DEDUCTED = LocalizedText(
    "自产零碳电力、热力输出时按外购因子扣减，会扣去未曾计入的排放：请采用其自有因子，或说明理由",
    "by a factor of what is bought, more is deducted than was emitted for it: state its own factor, or why not",
)

_STEAM = word_pattern("蒸汽|蒸气|汽轮", "steam")
_LEAST_OF_STEAM = Fraction("1.8")  # GJ/t, as in `plausible_conversions.json`
_LIQUEFIED = word_pattern("液化|液态", "lng", "lpg", "liquefied", "liquid")

_NONE = LocalizedText("无", "none")
_ITSELF = LocalizedText("本因子", "this one")

_FOSSIL_GAS = frozenset({"natural_gas", "natural_gas_heat", "lng", "lng_heat"})


@dataclass(frozen=True, slots=True)
class Case:
    """A line and what was found of it: what its warnings are about."""

    role: LineRole
    category: Category
    label: str
    activity: Measurement
    density: Measurement | None
    factor: EmissionFactor
    treatment: Treatment
    gases: tuple[GasMass, ...]
    days_a_year: int
    inventory: Inventory
    variant: PilotVariant
    meter_basis: MeterBasis | None = None

    @property
    def co2e(self) -> Decimal:
        return total(gas.co2e for gas in self.gases)

    @property
    def condition_is_unstated(self) -> bool:
        return condition_is_unstated(self.activity, self.factor, self.density)


def line_warnings(case: Case) -> tuple[InventoryWarning, ...]:
    """What there is to know of a line by itself; each code once."""
    found = ((code, rule(case)) for code, rule in _RULES.items())
    return tuple(InventoryWarning(code, facts) for code, facts in found if facts is not None)


def _another_year(case: Case) -> Mapping[str, Fact] | None:
    span = case.inventory.span
    first, last = span.starts_on.year, span.ends_on.year
    factor = case.factor
    if factor.valid_in(first, last):
        return None
    closest = _closest(factor, factor.region, first, last)
    return {
        "factor_year": factor.valid_year,
        "inventory_years": str(first) if first == last else f"{first}-{last}",
        "closest": _ITSELF if closest == factor.code else closest,
    }


def _another_region(case: Case) -> Mapping[str, Fact] | None:
    factor, span = case.factor, case.inventory.span
    if factor.kind is FactorKind.ELECTRICITY:
        if factor.region == REGION:
            return None
        own = _closest(factor, REGION, span.starts_on.year, span.ends_on.year)
        return {"region": factor.region, "own": own}
    province = re.fullmatch(r"CN-[A-Z]{2}", factor.region)
    if province is None or factor.region == REGION:
        return None
    return {"region": factor.region, "own": _NONE}


def _closest(factor: EmissionFactor, region: str, first: int, last: int) -> str:
    """The factor of a grid's average that is closest to the years; of anything else the factor itself."""
    averages = [
        average
        for average in FACTORS_BY_CODE.values()
        if average.kind is FactorKind.ELECTRICITY
        and average.region == region
        and not_average(average.code) is None
    ]
    if factor.kind is not FactorKind.ELECTRICITY or not averages:
        return factor.code
    return min(
        averages, key=lambda average: (_years_between(average, first, last), average.code)
    ).code


def _years_between(factor: EmissionFactor, first: int, last: int) -> int:
    years = [int(year) for year in re.findall(r"\d{4}", factor.valid_year)]
    return min(max(first - year, year - last, 0) for year in years)


def _not_average(case: Case) -> Mapping[str, Fact] | None:
    if case.factor.kind is not FactorKind.ELECTRICITY:
        return None
    found = not_average(case.factor.code)
    return None if found is None else {"factor": case.factor.name, "kind": found}


def _own_generation(case: Case) -> Mapping[str, Fact] | None:
    """Power or heat by a factor of what is bought, whose label speaks of generating it."""
    if case.factor.kind not in BOUGHT_ENERGY:
        return None
    word = word_in(case.label, _GENERATED)
    if word is None or word_in(case.label, _BOUGHT) is not None:
        return None
    sold = GUIDE.category(case.category).role is CategoryRole.EXPORT
    return {"label": case.label, "word": word, "advice": _LESS_DEDUCTED if sold else _TO_GENERATION}


def _line_too_large(case: Case) -> Mapping[str, Fact] | None:
    operating = GUIDE.variant(case.variant).operating_phase
    if case.inventory.phase is not operating:
        return None
    return large(case.variant, case.co2e, case.inventory.span.days)


def _condition_unstated(case: Case) -> Mapping[str, Fact] | None:
    """Every other bill of gas says nothing: shown with what it would be, and for a verifier no doubt."""
    if not case.condition_is_unstated:
        return None
    at_20 = grams(Fraction(case.co2e) * AT_0_C[20])
    return {
        "activity": amount_told(case.activity),
        "co2e": plain(case.co2e),
        "co2e_at_20": plain(at_20),
    }


def _liquefied(case: Case) -> Mapping[str, Fact] | None:
    """A m3 of LNG is 600 of its gas: under a factor per m3 of gas, one that is said to be a liquid."""
    by_volume = case.density is None and case.condition_is_unstated
    word = word_in(case.label, _LIQUEFIED) if by_volume else None
    return None if word is None else {"label": case.label, "word": word}


def _stock_over_years(case: Case) -> Mapping[str, Fact] | None:
    """100 亩·年 in a quarter are some 400 亩 all quarter, and probably meant as 100."""
    unit, days = parse_unit(case.activity.unit), case.inventory.span.days
    if unit is None or not is_stock_over_years(unit, days, case.days_a_year):
        return None
    stock = unit.without_time
    value = Fraction(case.activity.value) * unit.size / stock.size
    one, name = plain(grams(value)), stock.shown
    many = plain(grams(value * case.days_a_year / days))
    by_day = plain(grams(value * days))
    return {
        "activity": amount_told(case.activity),
        "days": str(days),
        "stock": LocalizedText(f"{one} {name.zh}", f"{one} {name.en}"),
        "stock_all_days": LocalizedText(f"{many} {name.zh}", f"{many} {name.en}"),
        "by_day": LocalizedText(f"{by_day} {name.zh}·天", f"{by_day} {name.en}·d"),
    }


def _says(
    pattern: WordPattern, applies: Callable[[EmissionFactor], bool]
) -> Callable[[Case], Mapping[str, Fact] | None]:
    """Whether the label of a line under such a factor has one of the words."""

    def rule(case: Case) -> Mapping[str, Fact] | None:
        word = word_in(case.label, pattern) if applies(case.factor) else None
        return None if word is None else {"label": case.label, "word": word}

    return rule


def _when(holds: Callable[[Case], bool]) -> Callable[[Case], Mapping[str, Fact] | None]:
    """A warning that has no facts of its own."""
    return lambda case: {} if holds(case) else None


def _caution(caution: Caution) -> Callable[[Case], Mapping[str, Fact] | None]:
    return _when(lambda case: caution in cautions_of(case.factor))


def _own_factor_implausible(case: Case) -> Mapping[str, Fact] | None:
    if case.factor.kind is not FactorKind.OWN or case.role is LineRole.SINK:
        return None
    found = implausible(case.factor, case.gases, case.category)
    return None if found is None else {"factor": case.factor.name, **found}


def _own_factor_is_nothing(case: Case) -> bool:
    own_source = case.factor.kind is FactorKind.OWN and case.role is LineRole.SOURCE
    return own_source and is_nothing(case.factor, case.gases, case.category)


def _counts_elsewhere(case: Case) -> Mapping[str, Fact] | None:
    """Bought power or heat as a memo item, where the guide's list has a category for it."""
    bought = case.factor.kind in BOUGHT_ENERGY
    if (
        not bought
        or case.treatment is not Treatment.MEMO
        or not GUIDE.category(case.category).emits
    ):
        return None
    listed = GUIDE.variant(case.variant).categories
    takes = (
        listed_category
        for listed_category in listed
        if case.factor.kind in factor_kinds(listed_category.category, LineRole.SOURCE)
    )
    right = next(takes, None)
    return None if right is None else {"factor": case.factor.name, "category": right.name}


def _sink_by_mass(case: Case) -> Mapping[str, Fact] | None:
    """Nobody can reckon it anew from an area: somebody has to read what it rests on."""
    unit = parse_unit(case.activity.unit)
    if case.role is LineRole.SOURCE or unit is None or unit.dimensions not in CARBON:
        return None
    return {"activity": amount_told(case.activity)}


def _steam_as_water(case: Case) -> Mapping[str, Fact] | None:
    """Steam of a tenth of its heat: what is plausible of hot water is not of steam."""
    word = word_in(case.label, _STEAM) if case.factor.kind is FactorKind.HEAT else None
    unit = None if case.density is None else parse_unit(case.density.unit)
    least = parse_unit("GJ/t")
    assert least is not None
    if word is None or unit is None or case.density is None or unit.dimensions != least.dimensions:
        return None
    if Fraction(case.density.value) * unit.size >= _LEAST_OF_STEAM * least.size:
        return None
    return {"label": case.label, "word": word, "density": amount_told(case.density)}


# Each code that a line may have by itself, and when.
def _meter_days_missing(case: Case) -> Mapping[str, Fact] | None:
    basis = case.meter_basis
    if basis is None or not basis.missing:
        return None
    missing = plain(rounded(Fraction(basis.missing, SECONDS_A_DAY)))
    return {"missing": missing, "days": str(basis.days.days)}


def _meter_part_of_days(case: Case) -> Mapping[str, Fact] | None:
    """What is generated or sold may begin at any time; what is used was bought before, too."""
    basis = case.meter_basis
    if basis is None or not GUIDE.category(case.category).emits:
        return None
    there = basis.measured + basis.estimated + basis.missing
    if there == basis.days.days * SECONDS_A_DAY:
        return None
    shown = plain(rounded(Fraction(there, SECONDS_A_DAY)))
    return {"there": shown, "days": str(basis.days.days)}


_RULES: Mapping[WarningCode, Callable[[Case], Mapping[str, Fact] | None]] = {
    WarningCode.CATEGORY_UNLISTED: _when(lambda case: case.treatment is Treatment.COUNTED_UNLISTED),
    WarningCode.CATEGORY_OUT_OF_SCOPE: _when(lambda case: case.treatment is Treatment.MEMO),
    WarningCode.GAS_OUTSIDE_BASKET: _when(
        lambda case: any(not gas.gas.in_basket for gas in case.factor.gases)
    ),
    WarningCode.CO2_BIOGENIC: _when(
        lambda case: any(is_biogenic(case.category, gas.gas) for gas in case.factor.gases)
    ),
    WarningCode.FACTOR_OF_ANOTHER_YEAR: _another_year,
    WarningCode.FACTOR_OF_ANOTHER_REGION: _another_region,
    WarningCode.FACTOR_OWN: _when(lambda case: case.factor.kind is FactorKind.OWN),
    WarningCode.GWP_UNKNOWN: _when(
        lambda case: any(gas.gas is Gas.CO2E for gas in case.factor.gases)
    ),
    **{code: _caution(caution) for caution, code in _CAUTIONS.items()},
    WarningCode.FACTOR_NOT_OF_AVERAGE_POWER: _not_average,
    WarningCode.COOLING_AS_HEAT: _says(
        word_pattern(
            "供冷|冷量|制冷|冷水|冷冻水|冷源|冷气|集中空调",
            "cooling",
            "chilled",
            "chillers?",
            "dcs",
        ),
        lambda factor: factor.kind is FactorKind.HEAT,
    ),
    WarningCode.BIOGAS_AS_FOSSIL: _says(
        word_pattern(
            "沼气|生物天然气|生物质气|生物燃气|填埋气|厌氧产气",
            "biogas",
            "biomethane",
            "bio-?cng",
            "bio-?lng",
            "landfill gas",
            "sewage gas",
            "rng",
        ),
        lambda factor: factor.subject in _FOSSIL_GAS,
    ),
    WarningCode.BIOFUEL_AS_FOSSIL: _says(
        word_pattern(
            "生物柴油|生物质|成型燃料|乙醇汽油|燃料乙醇|秸秆|木屑",
            "bio-?diesel",
            "biomass",
            "pellets?",
            "bio-?ethanol",
            "hvo",
            "fame",
            "wood chips?",
        ),
        lambda factor: factor.kind in {FactorKind.FUEL, FactorKind.FUEL_HEAT},
    ),
    WarningCode.BOUGHT_AS_OWN_GENERATION: _says(
        word_pattern("外购|购入|采购|市电|市政|电网", "bought", "purchased", "grid"),
        lambda factor: factor.kind is FactorKind.OWN_GENERATION,
    ),
    WarningCode.FACTOR_WITHOUT_CO2: _when(
        lambda case: case.factor.kind is FactorKind.VEHICLE_DISTANCE
    ),
    WarningCode.OWN_FACTOR_IMPLAUSIBLE: _own_factor_implausible,
    WarningCode.OWN_FACTOR_IS_NOTHING: _when(_own_factor_is_nothing),
    WarningCode.COUNTS_ELSEWHERE: _counts_elsewhere,
    WarningCode.SINK_BY_MASS: _sink_by_mass,
    WarningCode.STEAM_AS_WATER: _steam_as_water,
    WarningCode.OWN_GENERATION_AT_GRID_FACTOR: _own_generation,
    WarningCode.SOLUTION_AS_SOLID: _says(
        word_pattern(
            "溶液|尿素水|水溶", "ad-?blue", "def", "aus ?32", "arla ?32", "solutions?", "aqueous"
        ),
        lambda factor: factor.subject == "urea",
    ),
    WarningCode.LIQUEFIED_AS_GAS: _liquefied,
    WarningCode.STOCK_OVER_YEARS: _stock_over_years,
    WarningCode.VOLUME_CONDITION_UNSTATED: _condition_unstated,
    WarningCode.IMPLAUSIBLY_LARGE: _line_too_large,
    WarningCode.METER_DAYS_MISSING: _meter_days_missing,
    WarningCode.METER_PART_OF_DAYS: _meter_part_of_days,
}
