"""Factors are data: what its sources say, consistent in itself, and never edited in place."""

import csv
import hashlib
import json
from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import floor
from pathlib import Path

import globalwarmingpotentials
import pytest

from nzc_api.accounting import factors, snapshot
from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.factors import (
    DATA,
    EMISSION_FACTORS,
    FACTOR_LISTS,
    FACTORS_BY_CODE,
    FACTORS_BY_ID,
    GWP_SETS,
    LISTS_BY_CODE,
    LISTS_BY_ID,
    REFERENCE_VALUES,
    EmissionFactor,
    FactorKind,
    FactorList,
    FactorPart,
    GasFactor,
    ReferenceValue,
    Source,
    product_id,
)
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import (
    ELEMENTS,
    activity_dimensions,
    element_of,
    factor_value,
    shown_value,
)
from nzc_api.accounting.snapshot import freeze_factor, thaw_factor
from nzc_api.accounting.unit_table import (
    AREA,
    DISTANCE,
    ENERGY,
    HEAD,
    MASS,
    TIME,
    VOLUME,
)
from nzc_api.accounting.units import UNIT_NAMES, Dimensions, parse_unit, substance_mass
from tests.examples import shared

PUBLISHED = Path(__file__).with_name("published.json")

FACTORS = pytest.mark.parametrize(
    "factor", EMISSION_FACTORS, ids=lambda factor: f"{factor.code}@{factor.version}"
)
LISTS = pytest.mark.parametrize(
    "factor_list", FACTOR_LISTS, ids=lambda item: f"{item.code}@{item.version}"
)

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
    "t C/t": {"tC/t"},
    "kg C/kg wet waste": {"tC/t"},
    "m3 CH4/m3 gas": {"tCH4-C/tC"},
    "g CH4/kg wet waste": {"gCH4/kg"},
    "g N2O/kg wet waste": {"gN2O/kg"},
    "kgN2O/Gg wet waste": {"kgN2O/Gg"},
    "kg CH4/kg COD": {"kgCH4/kgCOD"},
    "kg N2O-N/kg N": {"kgN2O-N/kgN"},
    "kg N/head/yr": {"kgN/head/yr"},
    "t CO2/t clinker": {"tCO2/t"},
    "t CO2/t glass": {"tCO2/t"},
    "t CO2/t CaO or CaO·MgO": {"tCO2/t"},
    "t CaO or CaO·MgO/t lime": {"1"},
    "t clinker/t cement": {"1"},
    "kg HFC32/kg R410A": {"kgHFC32/kgR410A"},
    "kg HFC125/kg R410A": {"kgHFC125/kgR410A"},
    "kg HFC32/kg R407C": {"kgHFC32/kgR407C"},
    "kg HFC125/kg R407C": {"kgHFC125/kgR407C"},
    "kg HFC134a/kg R407C": {"kgHFC134a/kgR407C"},
}

CARBON_FRACTIONS = {"carbon_content", "total_carbon_content_dry", "carbon_mass_fraction_of_urea"}

HERD, LAND = ((HEAD, 1), (TIME, 1)), ((AREA, 1), (TIME, 1))

ACTIVITIES: dict[FactorKind, set[Dimensions]] = {
    FactorKind.FUEL: {((MASS, 1),), ((VOLUME, 1),)},
    FactorKind.FUEL_HEAT: {((ENERGY, 1),)},
    FactorKind.BIOMASS_FUEL: {((MASS, 1),), ((ENERGY, 1),)},
    FactorKind.ELECTRICITY: {((ENERGY, 1),)},
    FactorKind.ELECTRICITY_BASELINE: {((ENERGY, 1),)},
    FactorKind.HEAT: {((ENERGY, 1),)},
    FactorKind.OWN_GENERATION: {((ENERGY, 1),)},
    FactorKind.VEHICLE_DISTANCE: {((DISTANCE, 1),)},
    FactorKind.EXHAUST_UREA: {((MASS, 1),)},
    FactorKind.INDUSTRIAL_PROCESS: {((MASS, 1),)},
    FactorKind.REFRIGERANT_BLEND: {((substance_mass(blend), 1),) for blend in ("R410A", "R407C")},
    FactorKind.WASTE_INCINERATION: {((MASS, 1),)},
    FactorKind.LANDFILL: {((MASS, 1),)},
    FactorKind.WASTEWATER: {((substance_mass(load), 1),) for load in ("BOD", "COD", "N")},
    FactorKind.SLUDGE: {((MASS, 1),)},
    FactorKind.LIVESTOCK_ENTERIC: {HERD},
    FactorKind.LIVESTOCK_MANURE: {HERD},
    FactorKind.RICE: {LAND},
    FactorKind.SOIL: {((substance_mass("N"), 1),), ((MASS, 1),)},
    FactorKind.LAND_CONVERSION: {((AREA, 1),)},
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


def test_the_reference_values_begin_with_those_of_the_shared_table() -> None:
    """As they are there, each and in its order; what was found since comes after them."""
    with shared("reference/factors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    values = list(map(as_row, REFERENCE_VALUES.values()))
    assert values[: len(rows)] == rows
    used = {part for f in EMISSION_FACTORS for gas in f.gases for part in as_parts(gas)}
    for value in list(REFERENCE_VALUES.values())[len(rows) :]:
        assert (value.quantity, value.value, value.calculation_unit, value.source) in used


def as_parts(gas: GasFactor) -> list[tuple[str, Decimal, str, Source]]:
    return [(part.quantity, part.value, part.unit, part.source) for part in gas.parts]


def test_no_reference_value_claims_to_be_read_from_an_official_text() -> None:
    """None was, and ``Confidence`` has no word for it; supplied values are not in the table."""
    allowed = set(Confidence) - {Confidence.SUPPLIED}
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
def test_only_own_generation_is_zero_and_says_why(factor: EmissionFactor) -> None:
    zero = all(factor_value(gas)[0] == 0 for gas in factor.gases if gas.parts)
    own = factor.kind is FactorKind.OWN_GENERATION
    if own:
        assert zero
        assert "（" in factor.name.zh
        assert "(" in factor.name.en
        assert all(source.title.startswith("定义") for source in factor.sources)
    elif factor.kind in {FactorKind.ELECTRICITY, FactorKind.HEAT}:
        assert not zero


@FACTORS
def test_only_grid_baselines_are_unusable(factor: EmissionFactor) -> None:
    assert factor.usable is (factor.kind is not FactorKind.ELECTRICITY_BASELINE)


def test_codes_with_versions_are_unique() -> None:
    counted = Counter((factor.code, factor.version) for factor in EMISSION_FACTORS)
    assert [name for name, count in counted.items() if count > 1] == []
    assert len(FACTORS_BY_ID) == len(EMISSION_FACTORS)
    named = Counter((item.code, item.version) for item in FACTOR_LISTS)
    assert [name for name, count in named.items() if count > 1] == []
    assert len(LISTS_BY_ID) == len(FACTOR_LISTS)


def test_a_code_alone_names_the_latest_version() -> None:
    for factor in EMISSION_FACTORS:
        assert FACTORS_BY_CODE[factor.code].version >= factor.version
    for item in FACTOR_LISTS:
        assert LISTS_BY_CODE[item.code].version >= item.version


def test_ids_of_product_data_are_the_same_in_every_database() -> None:
    """Clients keep them; another namespace or spelling would orphan every one."""
    diesel = FACTORS_BY_CODE["prov2025.diesel"]
    building = next(item for item in FACTOR_LISTS if item.code == "prov2025-gd-2022")
    assert (str(diesel.id), diesel.version) == ("d3de7e8b-6cfa-5955-81ab-e317f2645ed6", 1)
    assert (str(building.id), building.version) == ("d5c89de4-342b-5b41-984b-ba641b7274c3", 1)


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
    compared = {
        factor.published.code
        for factor in EMISSION_FACTORS
        if factor.published and len(factor.gases[0].parts) > 1
    }
    assert products - compared == {"trans.urea.ef_pure"}
    assert compared <= products


def test_a_factor_of_one_number_is_published_as_it_is_used() -> None:
    """A factor in carbon or nitrogen is not: a ratio of masses makes the gas of it."""
    for factor in EMISSION_FACTORS:
        parts = [part for gas in factor.gases for part in gas.parts]
        if len(parts) == 1 and element_of(factor.gases[0]) is not None:
            assert factor.published is None, factor.code
        elif len(parts) == 1:
            assert factor.published is not None, factor.code
            assert factor.published.value == parts[0].value
            assert factor.published.source == parts[0].source


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("elec.guangdong.avg.2022", ("0.4403", "kgCO2/kWh")),
        ("elec.national.mee.2021rev", ("0.5810", "kgCO2/kWh")),
        ("heat.default", ("0.11", "tCO2/GJ")),
        ("gbt51366.natural_gas", ("55.539", "tCO2/TJ")),
        ("live.ipcc.manure_ch4.poultry", ("0.02", "kgCH4/head/yr")),
        ("rice.ipcc.baseline", ("1.30", "kgCH4/ha/d")),
        ("forest.carbonforest.rule", ("1", "tCO2e/mu/yr")),
        ("prov2025.natural_gas", ("21.62188809", "tCO2/10^4Nm3")),
        ("prov2011.natural_gas", ("2.162188809", "tCO2/10^3Nm3")),
        ("prov2025.diesel", ("3.095909637333", "tCO2/t")),
        ("waste.ww.dom.septic", ("0.18", "tCH4/tBOD")),
        ("measured.co2", ("1", "tCO2/tCO2")),
    ],
)
def test_a_factor_is_shown_as_people_know_it(code: str, shown: tuple[str, str]) -> None:
    factor = FACTORS_BY_CODE[code]
    value, unit = shown_value(factor, factor.gases[0])
    assert (str(value), unit) == shown


@FACTORS
def test_what_is_shown_of_a_factor_is_what_is_reckoned_with(factor: EmissionFactor) -> None:
    for gas in factor.gases:
        value, text = shown_value(factor, gas)
        unit = parse_unit(text)
        assert unit is not None
        assert abs(Fraction(value) - factor_value(gas)[0] / unit.size) <= Fraction(1, 2 * 10**12)


# The years that a factor holds for.


def in_years(*valid_years: str) -> EmissionFactor:
    source = REFERENCE_VALUES["heat.default"].source
    parts = tuple(
        FactorPart(
            quantity="emission_factor", value=Decimal(1), unit="1", source=source, valid_year=y
        )
        for y in valid_years
    )
    gases = (GasFactor(Gas.CO2, parts),)
    return replace(FACTORS_BY_CODE["heat.default"], gases=gases)


@pytest.mark.parametrize(
    ("valid_year", "span", "holds"),
    [
        ("2022", (2022, 2022), True),
        ("2022", (2023, 2023), False),
        ("2022", (2022, 2023), True),
        ("2023-", (2022, 2022), False),
        ("2023-", (2022, 2023), True),
        ("2023-", (2030, 2030), True),
        ("2011-2025", (2010, 2010), False),
        ("2011-2025", (2011, 2011), True),
        ("2011-2025", (2025, 2026), True),
        ("2011-2025", (2026, 2026), False),
        ("2020/2021", (2021, 2021), True),
        ("2020/2021", (2022, 2022), False),
        ("2011-/2025-", (2012, 2012), True),
        ("2011-/2025-", (2010, 2010), False),
        ("-", (1990, 1990), True),
    ],
)
def test_a_factor_holds_in_its_years(valid_year: str, span: tuple[int, int], holds: bool) -> None:
    assert in_years(valid_year).valid_in(*span) is holds


def test_every_part_of_a_factor_must_hold() -> None:
    assert in_years("2011-", "2023").valid_in(2023, 2023)
    assert not in_years("2011-", "2023").valid_in(2024, 2024)
    assert not in_years("2023", "-").valid_in(2022, 2022)


@FACTORS
def test_the_years_of_a_factor_are_read(factor: EmissionFactor) -> None:
    """Each is in force in some year; none of ours holds before IPCC's first report."""
    assert factor.valid_in(1900, 2100)
    if factor.valid_year != "-":
        assert not factor.valid_in(1900, 1989)


def test_the_derived_factor_of_pure_urea_follows_from_its_carbon() -> None:
    urea = FACTORS_BY_CODE["trans.urea"].gases[0]
    pure = GasFactor(urea.gas, tuple(part for part in urea.parts if part.quantity != "purity"))
    printed = REFERENCE_VALUES["trans.urea.ef_pure"].value
    assert len(pure.parts) == 1
    assert to_printed_digits(factor_value(pure)[0], printed) == printed


def test_our_conversions_are_those_of_the_table_to_its_printed_digits() -> None:
    def size(text: str) -> Fraction:
        unit = parse_unit(text)
        assert unit is not None
        return unit.size

    exact = {
        "conv.kwh": size("kWh"),
        "conv.c_to_co2": Fraction(ELEMENTS[Gas.CO2].ratio),
        "conv.mu": size("mu/m2"),
        "conv.wan_nm3": size("万Nm3"),
        "conv.kgce": size("kgce/kJ"),
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
    """``prov2025-gd-2022``: the fuels of one source, the electricity of one grid and year; an
    average of the ministry's announcements unless it says otherwise."""
    fuels, region, *series, year = factor_list.code.split("-")
    grid = {"gd": "guangdong", "south": "south", "national": "national"}[region]
    electricity = [f.code for f in factor_list.factors if f.kind is FactorKind.ELECTRICITY]
    sources = {
        factor.code.split(".")[0]
        for factor in factor_list.factors
        if factor.kind in {FactorKind.FUEL, FactorKind.FUEL_HEAT}
    }
    assert electricity == [".".join(["elec", grid, *(series or ["avg"]), year])]
    assert sources == {fuels}
    assert year.removesuffix("rev") in factor_list.name.zh
    assert year.removesuffix("rev") in factor_list.name.en


def test_every_usable_factor_can_be_named_in_a_line() -> None:
    """In the latest version of a list: in its latest version, or there is nothing new about it."""
    listed = {factor for item in LISTS_BY_CODE.values() for factor in item.factors}
    assert listed == {factor for factor in FACTORS_BY_CODE.values() if factor.usable}


def test_a_later_version_of_a_list_only_adds_and_replaces() -> None:
    for item in FACTOR_LISTS:
        later = LISTS_BY_ID.get(product_id("FactorList", item.code, item.version + 1))
        if later is not None:
            subjects = {factor.subject for factor in later.factors}
            assert {factor.subject for factor in item.factors} <= subjects
            assert set(later.factors) != set(item.factors)


def test_a_list_keeps_in_its_first_version_what_the_next_replaces() -> None:
    """An inventory that was begun with it goes on with the factor that it had."""
    first, latest = (
        LISTS_BY_ID[product_id("FactorList", "prov2025-gd-2022", version)] for version in (1, 2)
    )
    code = "forest.carbonforest.rule"
    members = [item.find(code) for item in (first, latest)]
    assert [member and member.version for member in members] == [1, 2]


def test_no_edition_of_a_list_names_a_subject_twice() -> None:
    """Where one does, a factor would take the place of another unseen."""
    data = json.loads((DATA / "factor_lists.json").read_text("utf-8"))
    editions = [e["members"] for fuels in data["fuels"] for e in fuels["editions"]]
    subjects = {f"{f.code}@{f.version}": f.subject for f in EMISSION_FACTORS}
    for names in (*editions, *data["common"]):
        counted = Counter(subjects[name] for name in names)
        assert [subject for subject, count in counted.items() if count > 1] == []


def test_every_set_of_fuels_is_offered_with_every_grid() -> None:
    pairs = [tuple(code.split("-", 1)) for code in LISTS_BY_CODE]
    fuels, grids = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    assert {"prov2025", "prov2011", "ent", "ipcc2006", "gbt51366", "gbt32151"} == fuels
    assert {"gd-2022", "south-2022", "national-2022", "national-residual-2023"} <= grids
    assert sorted(pairs) == sorted(product(fuels, grids))
    assert len({item.name for item in FACTOR_LISTS}) == len(LISTS_BY_CODE)


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


def unit_digest(text: str) -> str:
    unit = parse_unit(text)
    assert unit is not None
    return f"{unit.name} {unit.dimensions} {unit.size}"


CURRENT = {
    "units": {text: unit_digest(text) for text in UNIT_NAMES},
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


def test_a_frozen_factor_needs_no_table_to_thaw(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the source printed is in the line too: a row that is renamed or corrected changes none."""
    frozen = json.loads(json.dumps(freeze_factor(FACTORS_BY_CODE["prov2025.diesel"])))
    for table in ("REFERENCE_VALUES", "FACTORS_BY_CODE", "FACTORS_BY_ID", "GWP_SETS"):
        monkeypatch.setattr(factors, table, {})
        monkeypatch.setattr(snapshot, table, {}, raising=False)
    thawed = thaw_factor(frozen)
    assert thawed.published is not None
    assert str(thawed.published.value) == "3.095910"
    assert thawed.valid_in(2023, 2023)


@pytest.mark.parametrize("usable", [True, False], ids=["usable", "baseline"])
def test_a_frozen_factor_thaws_to_an_equal_one(usable: bool) -> None:
    changed = []
    for factor in EMISSION_FACTORS:
        if factor.usable is usable:
            frozen = json.loads(json.dumps(freeze_factor(factor)))
            if thaw_factor(frozen) != factor:
                changed.append(factor.code)
    assert not changed
