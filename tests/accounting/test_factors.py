"""Factors are data: what its sources say, consistent in itself, and never edited in place."""

import csv
import hashlib
import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import globalwarmingpotentials
import pytest

from nzc_api.accounting.factors import (
    EMISSION_FACTORS,
    FACTOR_LISTS,
    FACTORS_BY_CODE,
    FACTORS_BY_ID,
    GWP_SETS,
    LISTS_BY_CODE,
    REFERENCE_VALUES,
    Confidence,
    EmissionFactor,
    FactorKind,
    FactorList,
    GasFactor,
    ReferenceValue,
)
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import CARBON_TO_CO2, activity_dimensions, factor_value
from nzc_api.accounting.snapshot import freeze_factor, thaw_factor
from nzc_api.accounting.units import (
    AREA,
    DISTANCE,
    ENERGY,
    HEAD,
    MASS,
    TIME,
    VOLUME,
    Dimensions,
    parse_unit,
    substance_mass,
)
from tests.examples import shared

PUBLISHED = Path(__file__).with_name("published.json")

FACTORS = pytest.mark.parametrize("factor", EMISSION_FACTORS, ids=lambda factor: factor.code)
LISTS = pytest.mark.parametrize("factor_list", FACTOR_LISTS, ids=lambda item: item.code)

# Where we reckon in another unit than the source prints: the same unit in our spelling, or with the
# substance named that the source leaves to the reader.
RESTATED = {
    "GJ/10^4 Nm3": {"GJ/10^4Nm3"},
    "GJ/10^3 Nm3": {"GJ/10^3Nm3"},
    "tCO2/10^4 Nm3": {"tCO2/10^4Nm3"},
    "tCO2/10^3 Nm3": {"tCO2/10^3Nm3"},
    "TJ/Gg (=GJ/t)": {"GJ/t"},
    "kg CO2/TJ": {"kgCO2/TJ"},
    "kg CH4/TJ": {"kgCH4/TJ"},
    "kg N2O/TJ": {"kgN2O/TJ"},
    "mg CH4/km": {"mgCH4/km"},
    "mg N2O/km": {"mgN2O/km"},
    "kgCO2/kg urea": {"kgCO2/kg"},
    "tCO2/t carbonate": {"tCO2/t"},
    "kgCH4/Gg wet waste": {"kgCH4/Gg"},
    "gN2O/t wet waste": {"gN2O/t"},
    "kgCH4/ha/day": {"kgCH4/ha/d"},
    "1": {"1", "tC/t"},
}

CARBON_FRACTIONS = {"carbon_content", "total_carbon_content_dry", "carbon_mass_fraction_of_urea"}

HERD, LAND = ((HEAD, 1), (TIME, 1)), ((AREA, 1), (TIME, 1))

ACTIVITIES: dict[FactorKind, set[Dimensions]] = {
    FactorKind.FUEL: {((MASS, 1),), ((VOLUME, 1),)},
    FactorKind.FUEL_HEAT: {((ENERGY, 1),)},
    FactorKind.ELECTRICITY: {((ENERGY, 1),)},
    FactorKind.ELECTRICITY_BASELINE: {((ENERGY, 1),)},
    FactorKind.HEAT: {((ENERGY, 1),)},
    FactorKind.VEHICLE_DISTANCE: {((DISTANCE, 1),)},
    FactorKind.EXHAUST_UREA: {((MASS, 1),)},
    FactorKind.INDUSTRIAL_PROCESS: {((MASS, 1),)},
    FactorKind.WASTE_INCINERATION: {((MASS, 1),)},
    FactorKind.WASTEWATER: {((substance_mass("BOD"), 1),)},
    FactorKind.LIVESTOCK_ENTERIC: {HERD},
    FactorKind.LIVESTOCK_MANURE: {HERD},
    FactorKind.RICE: {LAND},
    FactorKind.FORESTRY: {LAND},
    FactorKind.MEASURED_MASS: {((substance_mass(gas.symbol), 1),) for gas in Gas},
}

# Published products that our parts do not give to the printed digits. None is known: a code that
# is added here needs the reason beside it.
DISAGREEING: set[str] = set()


def as_row(value: ReferenceValue) -> dict[str, str]:
    return {
        "id": value.code,
        "category": value.category,
        "gas": value.gas,
        "fuel_or_activity_zh": value.subject.zh,
        "fuel_or_activity_en": value.subject.en,
        "quantity": value.quantity,
        "value": str(value.value),
        "unit": value.unit,
        "region": value.region,
        "valid_year": value.valid_year,
        "source_title": value.source.title,
        "source_locator": value.source.locator,
        "confidence": value.source.confidence.lower(),
    }


def test_the_reference_values_are_those_of_the_shared_table() -> None:
    with shared("reference/factors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(map(as_row, REFERENCE_VALUES.values())) == rows


def test_no_reference_value_claims_to_be_read_from_an_official_text() -> None:
    """None was, and ``Confidence`` has no word for it; supplied values are not in the table."""
    allowed = {Confidence.PACKAGE, Confidence.TRANSCRIPTION, Confidence.COMPUTED}
    for value in REFERENCE_VALUES.values():
        assert value.source.confidence in allowed
        assert value.source.title
        assert value.source.locator


def test_a_unit_is_restated_only_as_listed_here() -> None:
    for value in REFERENCE_VALUES.values():
        if value.category not in {"gwp", "conversion"}:
            allowed = RESTATED.get(value.unit, {value.unit})
            assert value.calculation_unit in allowed, value.code
            fraction = value.unit == "1" and value.calculation_unit == "tC/t"
            assert fraction is (value.quantity in CARBON_FRACTIONS), value.code


@FACTORS
def test_the_parts_of_a_factor_are_in_units_that_we_know(factor: EmissionFactor) -> None:
    for gas in factor.gases:
        for part in gas.parts:
            assert parse_unit(part.unit) is not None, part
            assert part.value >= 0


@FACTORS
def test_a_factor_is_about_what_its_kind_says(factor: EmissionFactor) -> None:
    """All its gases take the same activity: otherwise no line could be accounted under it."""
    activities = {activity_dimensions(gas) for gas in factor.gases}
    assert len(activities) == 1
    assert activities <= ACTIVITIES[factor.kind]


@FACTORS
def test_a_factor_is_made_of_reference_values(factor: EmissionFactor) -> None:
    """No number of ours: each part is a row of the table, with its source."""
    rows = {(v.quantity, v.value, v.calculation_unit, v.source) for v in REFERENCE_VALUES.values()}
    parts = [part for gas in factor.gases for part in gas.parts]
    assert {(part.quantity, part.value, part.unit, part.source) for part in parts} <= rows
    assert len({gas.gas for gas in factor.gases}) == len(factor.gases)
    assert set(factor.sources) == {part.source for part in parts}


@FACTORS
def test_only_grid_baselines_are_unusable(factor: EmissionFactor) -> None:
    assert factor.usable is (factor.kind is not FactorKind.ELECTRICITY_BASELINE)


def test_codes_with_versions_are_unique() -> None:
    counted = Counter((factor.code, factor.version) for factor in EMISSION_FACTORS)
    assert [name for name, count in counted.items() if count > 1] == []
    assert len(FACTORS_BY_ID) == len(EMISSION_FACTORS)
    assert len(LISTS_BY_CODE) == len(FACTOR_LISTS)


def test_ids_of_product_data_are_the_same_in_every_database() -> None:
    """Clients keep them; another namespace or spelling would orphan every one."""
    diesel, building = FACTORS_BY_CODE["prov2025.diesel"], LISTS_BY_CODE["prov2025-gd-2022"]
    assert str(diesel.id) == "d3de7e8b-6cfa-5955-81ab-e317f2645ed6"
    assert str(building.id) == "d5c89de4-342b-5b41-984b-ba641b7274c3"


# What the sources print as the product of their own parts.


def to_printed_digits(value: Fraction, printed: Decimal) -> Decimal:
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(floor(value * 10**-exponent + Fraction(1, 2))).scaleb(exponent)


def test_every_published_product_follows_from_its_parts() -> None:
    disagreeing = set()
    for factor in EMISSION_FACTORS:
        if factor.published is not None:
            unit = parse_unit(factor.published.calculation_unit)
            assert unit is not None
            value = factor_value(factor.gases[0])[0] / unit.size
            printed = factor.published.value
            if to_printed_digits(value, printed) != printed:
                disagreeing.add(factor.code)
    assert disagreeing == DISAGREEING


def test_every_published_product_is_compared() -> None:
    """All but pure urea's, which is compared below: its factor is of urea as it is sold."""
    products = {
        code
        for code, value in REFERENCE_VALUES.items()
        if value.quantity.endswith(("_derived", "_published"))
    }
    compared = {factor.published.code for factor in EMISSION_FACTORS if factor.published}
    assert products - compared == {"trans.urea.ef_pure"}
    assert compared <= products


def test_the_derived_factor_of_pure_urea_follows_from_its_carbon() -> None:
    urea = FACTORS_BY_CODE["trans.urea"].gases[0]
    pure = GasFactor(urea.gas, tuple(part for part in urea.parts if part.quantity != "purity"))
    printed = REFERENCE_VALUES["trans.urea.ef_pure"].value
    assert len(pure.parts) == 1
    assert to_printed_digits(factor_value(pure)[0], printed) == printed


def test_our_conversions_are_those_of_the_table_to_its_printed_digits() -> None:
    kwh, mu, wan = (parse_unit(text) for text in ("kWh", "mu", "万Nm3"))
    assert kwh is not None
    assert mu is not None
    assert wan is not None
    exact = {
        "conv.kwh": kwh.size,
        "conv.c_to_co2": CARBON_TO_CO2,
        "conv.mu": mu.size * 10_000,
        "conv.wan_nm3": wan.size,
    }
    for code, value in exact.items():
        printed = REFERENCE_VALUES[code].value
        assert to_printed_digits(value, printed) == printed, code


def test_the_stoichiometric_factors_follow_from_the_molar_masses() -> None:
    """g/mol: CO2 44.009, CaCO3 100.087, MgCO3 84.313, Na2CO3 105.988."""
    for salt, mass in (("caco3", "100.087"), ("mgco3", "84.313"), ("na2co3", "105.988")):
        printed = REFERENCE_VALUES[f"proc.desulf.{salt}"].value
        reckoned = Decimal("44.009") / Decimal(mass)
        assert reckoned.quantize(printed, ROUND_HALF_UP) == printed


# Warming potentials.


@pytest.mark.parametrize("gwp_set", GwpSet)
def test_warming_potentials_are_those_of_their_source(gwp_set: GwpSet) -> None:
    source = globalwarmingpotentials.data[f"{gwp_set}GWP100"]
    expected = {gas: Decimal(str(source[gas.symbol])) for gas in Gas if gas.symbol in source} | {
        Gas.CO2: Decimal(1),
        Gas.CO2E: Decimal(1),
    }
    assert {gas: gwp.value for gas, gwp in GWP_SETS[gwp_set].items()} == expected


def test_only_nitrogen_trifluoride_is_missing_from_only_one_set() -> None:
    missing = {(name, gas) for name in GwpSet for gas in Gas if gas not in GWP_SETS[name]}
    assert missing == {(GwpSet.SAR, Gas.NF3)}


# Curated lists.


@LISTS
def test_a_list_has_one_factor_a_subject(factor_list: FactorList) -> None:
    counted = Counter(factor.subject for factor in factor_list.factors)
    assert [subject for subject, count in counted.items() if count > 1] == []


@LISTS
def test_a_list_has_no_baseline_and_one_electricity(factor_list: FactorList) -> None:
    kinds = [factor.kind for factor in factor_list.factors]
    assert all(factor.usable for factor in factor_list.factors)
    assert FactorKind.ELECTRICITY_BASELINE not in kinds
    assert kinds.count(FactorKind.ELECTRICITY) == 1


@LISTS
def test_a_list_is_what_its_code_says(factor_list: FactorList) -> None:
    """``prov2025-gd-2022``: the fuels of one source, the grid average of one region and year."""
    fuels, region, year = factor_list.code.split("-")
    grid = {"gd": "guangdong", "south": "south", "national": "national"}[region]
    electricity = [f.code for f in factor_list.factors if f.kind is FactorKind.ELECTRICITY]
    sources = {
        factor.code.split(".")[0]
        for factor in factor_list.factors
        if factor.kind in {FactorKind.FUEL, FactorKind.FUEL_HEAT}
    }
    assert electricity == [f"elec.{grid}.avg.{year}"]
    assert sources == {fuels}
    assert year in factor_list.name.zh
    assert year in factor_list.name.en


@LISTS
def test_a_list_finds_its_factors_only(factor_list: FactorList) -> None:
    for factor in factor_list.factors:
        assert factor_list.find(factor.code) is factor
    assert factor_list.find("elec.south.om.2012") is None
    assert factor_list.find("") is None


# Publishing.


def digest(factor: EmissionFactor) -> str:
    canonical = json.dumps(
        freeze_factor(factor), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def list_digest(factor_list: FactorList) -> str:
    members = [[factor.code, factor.version] for factor in factor_list.factors]
    return hashlib.sha256(json.dumps(members).encode()).hexdigest()


CURRENT = {
    "factors": {f"{f.code}@{f.version}": digest(f) for f in EMISSION_FACTORS},
    "lists": {f"{item.code}@{item.version}": list_digest(item) for item in FACTOR_LISTS},
}


@pytest.mark.parametrize("kind", CURRENT)
def test_what_is_published_is_never_edited_in_place(kind: str) -> None:
    """Lines, reports and verifiers name ``code@version``: it must mean the same for ever."""
    published = json.loads(PUBLISHED.read_text("utf-8"))[kind]
    current = CURRENT[kind]
    edited = [name for name, value in published.items() if current.get(name) != value]
    assert not edited, (
        f"{', '.join(edited)}: edited or removed. What is published stays as it is: put it back and "
        "publish a new version beside it."
    )
    added = {name: value for name, value in current.items() if name not in published}
    assert not added, (
        f"New {kind}: publish them by adding to {PUBLISHED.name}: {json.dumps(added, indent=1)}"
    )


@pytest.mark.parametrize("usable", [True, False], ids=["usable", "baseline"])
def test_a_frozen_factor_thaws_to_an_equal_one(usable: bool) -> None:
    changed = []
    for factor in EMISSION_FACTORS:
        if factor.usable is usable:
            frozen = json.loads(json.dumps(freeze_factor(factor)))
            if thaw_factor(frozen) != factor:
                changed.append(factor.code)
    assert not changed
