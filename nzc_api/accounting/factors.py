"""Emission factors, the curated lists of them, and warming potentials: product data, versioned.

The values are those of ``data/reference_values.csv``, each with its source and how sure we are of
it; none was read from an official PDF. A factor that is a product (heating value × carbon content ×
oxidation) is kept as its parts and used unrounded. A published factor is never edited in place: a
new value is a new version, and ``tests/accounting`` holds the digest of every published one. So it
is with a curated list, whose later versions say only what they add; a factor takes the place of the
one of its subject.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.exact import plain
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.refusal import LocalizedText, name_words

DATA = Path(__file__).parent / "data"

# For how many pieces of product data the id is kept.
MOST_IDS = 4_096

_NAMES = uuid5(NAMESPACE_URL, "urn:nzc:product-data")


class FactorKind(StrEnum):
    """What a factor is about; it decides which categories may use it."""

    FUEL = "FUEL"
    FUEL_HEAT = "FUEL_HEAT"
    BIOMASS_FUEL = "BIOMASS_FUEL"
    ELECTRICITY = "ELECTRICITY"
    ELECTRICITY_BASELINE = "ELECTRICITY_BASELINE"
    HEAT = "HEAT"
    OWN_GENERATION = "OWN_GENERATION"
    VEHICLE_DISTANCE = "VEHICLE_DISTANCE"
    EXHAUST_UREA = "EXHAUST_UREA"
    INDUSTRIAL_PROCESS = "INDUSTRIAL_PROCESS"
    REFRIGERANT_BLEND = "REFRIGERANT_BLEND"
    WASTE_INCINERATION = "WASTE_INCINERATION"
    LANDFILL = "LANDFILL"
    WASTEWATER = "WASTEWATER"
    SLUDGE = "SLUDGE"
    LIVESTOCK_ENTERIC = "LIVESTOCK_ENTERIC"
    LIVESTOCK_MANURE = "LIVESTOCK_MANURE"
    RICE = "RICE"
    SOIL = "SOIL"
    LAND_CONVERSION = "LAND_CONVERSION"
    FORESTRY = "FORESTRY"
    MEASURED_MASS = "MEASURED_MASS"
    OWN = "OWN"


name_words(FactorKind, json.loads((DATA / "kinds.json").read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: the document, where it was seen, and how sure we are."""

    title: str
    locator: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """One value of the reference table, as its source states it (``value`` in ``unit``)."""

    code: str
    category: str
    gas: str
    subject: LocalizedText
    quantity: str
    value: Decimal
    unit: str
    calculation_unit: str
    region: str
    valid_year: str
    source: Source


@dataclass(frozen=True, slots=True)
class FactorPart:
    """One multiplier of a factor: an exact decimal in a unit that ``parse_unit`` knows."""

    quantity: str
    value: Decimal
    unit: str
    source: Source
    valid_year: str = "-"

    @property
    def exact(self) -> Fraction:
        return Fraction(self.value)


@dataclass(frozen=True, slots=True)
class GasFactor:
    """How much of one gas: the product of the parts (none: the activity is the gas itself)."""

    gas: Gas
    parts: tuple[FactorPart, ...]


@dataclass(frozen=True, slots=True)
class EmissionFactor:
    """An emission factor, or a removal factor where a sink uses it.

    ``subject`` is what it is about (``diesel``): a curated list has one factor a subject.
    ``published`` is the value as its source prints it: of a product it is rounded, and for
    comparison only.
    """

    code: str
    version: int
    kind: FactorKind
    subject: str
    name: LocalizedText
    gases: tuple[GasFactor, ...]
    region: str
    valid_year: str
    published: ReferenceValue | None = None
    usable: bool = True

    @property
    def id(self) -> UUID:
        return product_id("EmissionFactor", self.code, self.version)

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(part.source for part in self._parts))

    def valid_in(self, first_year: int, last_year: int) -> bool:
        """Whether each part holds for some year of a span, first and last year included."""
        return all(_holds(part.valid_year, first_year, last_year) for part in self._parts)

    @property
    def _parts(self) -> Iterator[FactorPart]:
        return (part for gas in self.gases for part in gas.parts)


@dataclass(frozen=True, slots=True)
class FactorList:
    """A curated list: at most one factor for each subject, so that mixing is a visible choice.

    ``family`` is the set of fuels that it is built on, whatever the grid.
    """

    code: str
    version: int
    name: LocalizedText
    family: LocalizedText
    factors: tuple[EmissionFactor, ...]

    @property
    def id(self) -> UUID:
        return product_id("FactorList", self.code, self.version)

    def find(self, code: str) -> EmissionFactor | None:
        return next((factor for factor in self.factors if factor.code == code), None)


@dataclass(frozen=True, slots=True)
class Gwp:
    """A 100-year global warming potential, in kg CO2e a kg."""

    gas: Gas
    value: Decimal
    source: Source


def _holds(valid_year: str, first_year: int, last_year: int) -> bool:
    """Whether a year (2022), a range (2011-2025, 2023-, - for any) or one of several parted by /
    shares a year with a span."""
    for written in valid_year.split("/"):
        begins, ranged, ends = written.partition("-")
        begin = int(begins or first_year)
        end = int(ends or last_year) if ranged else begin
        if begin <= last_year and first_year <= end:
            return True
    return False


@lru_cache(MOST_IDS)
def product_id(kind: str, code: str, version: int) -> UUID:
    """The id of a piece of product data: the same in every database."""
    return uuid5(_NAMES, f"{kind}:{code}@{version}")


def _reference_values() -> dict[str, ReferenceValue]:
    with (DATA / "reference_values.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _reference_value(row) for row in csv.DictReader(file)}


def _reference_value(row: Mapping[str, str]) -> ReferenceValue:
    return ReferenceValue(
        code=row["code"],
        category=row["category"],
        gas=row["gas"],
        subject=LocalizedText(row["subject_zh"], row["subject_en"]),
        quantity=row["quantity"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        calculation_unit=row["calculation_unit"],
        region=row["region"],
        valid_year=row["valid_year"],
        source=Source(
            row["source_title"], row["source_locator"], Confidence(row["confidence"].upper())
        ),
    )


REFERENCE_VALUES: Mapping[str, ReferenceValue] = _reference_values()


def _factor(data: Mapping[str, Any]) -> EmissionFactor:
    values = {
        Gas(gas): [REFERENCE_VALUES[code] for code in codes] for gas, codes in data["gases"].items()
    }
    every = [value for of_gas in values.values() for value in of_gas]
    published = data.get("published", every[0].code if len(every) == 1 else None)
    return EmissionFactor(
        code=data["code"],
        version=data["version"],
        kind=FactorKind(data["kind"]),
        subject=data["subject"],
        name=LocalizedText(**data["name"]),
        gases=tuple(
            GasFactor(
                gas,
                tuple(
                    FactorPart(
                        quantity=v.quantity,
                        value=v.value,
                        unit=v.calculation_unit,
                        source=v.source,
                        valid_year=v.valid_year,
                    )
                    for v in of_gas
                ),
            )
            for gas, of_gas in values.items()
        ),
        region=every[0].region if every else "global",
        valid_year=every[0].valid_year if every else "-",
        published=None if published is None else REFERENCE_VALUES[published],
        usable=data.get("usable", True),
    )


def _factors() -> tuple[EmissionFactor, ...]:
    return tuple(map(_factor, json.loads((DATA / "emission_factors.json").read_text("utf-8"))))


EMISSION_FACTORS = _factors()

_PUBLISHED = {f"{factor.code}@{factor.version}": factor for factor in EMISSION_FACTORS}


def _latest() -> dict[str, EmissionFactor]:
    return {f.code: f for f in sorted(EMISSION_FACTORS, key=lambda factor: factor.version)}


def _lists() -> tuple[FactorList, ...]:
    """Every set of fuels with every grid's electricity, in each version: fuels, grid, then what is
    common to all."""
    data = json.loads((DATA / "factor_lists.json").read_text("utf-8"))
    return tuple(
        FactorList(
            code=f"{fuels['code']}-{grid['code']}",
            version=version,
            name=LocalizedText(
                f"{fuels['name']['zh']}；{grid['name']['zh']}",
                f"{fuels['name']['en']}; {grid['name']['en']}",
            ),
            family=LocalizedText(**fuels["name"]),
            factors=(
                *_members(e["members"] for e in fuels["editions"][:version]),
                *_members([[grid["member"]]]),
                *_members(data["common"][: edition["common"]]),
            ),
        )
        for fuels in data["fuels"]
        for grid in data["grids"]
        for version, edition in enumerate(fuels["editions"], start=1)
    )


def _members(editions: Iterable[Iterable[str]]) -> Iterable[EmissionFactor]:
    """What is in the last of the editions, each of which says what it adds to those before it."""
    by_subject: dict[str, EmissionFactor] = {}
    for name in chain.from_iterable(editions):
        factor = _PUBLISHED[name]
        by_subject[factor.subject] = factor
    return by_subject.values()


# In every version, the latest last.
FACTOR_LISTS = _lists()

FACTORS_BY_ID: Mapping[UUID, EmissionFactor] = {factor.id: factor for factor in EMISSION_FACTORS}
FACTORS_BY_CODE: Mapping[str, EmissionFactor] = _latest()
LISTS_BY_ID: Mapping[UUID, FactorList] = {item.id: item for item in FACTOR_LISTS}
LISTS_BY_CODE: Mapping[str, FactorList] = {item.code: item for item in FACTOR_LISTS}


def _lists_by_member() -> dict[str, list[FactorList]]:
    found: dict[str, list[FactorList]] = {name: [] for name in _PUBLISHED}
    for item in FACTOR_LISTS:
        for factor in item.factors:
            found[f"{factor.code}@{factor.version}"].append(item)
    return found


_LISTS_BY_MEMBER = _lists_by_member()


def lists_with(factor: EmissionFactor) -> Sequence[FactorList]:
    """The versions of curated lists that this version of a factor is in."""
    return _LISTS_BY_MEMBER.get(f"{factor.code}@{factor.version}", ())


def _gwps() -> dict[GwpSet, dict[Gas, Gwp]]:
    sets: dict[GwpSet, dict[Gas, Gwp]] = {name: {} for name in GwpSet}
    for value in REFERENCE_VALUES.values():
        if value.category == "gwp":
            gas = Gas(value.gas.upper())
            # 28.0 is 28: the decimals of a result are those of its mass, wherever they can be.
            potential = Decimal(plain(value.value))
            sets[GwpSet(value.code.split(".")[1].upper())][gas] = Gwp(gas, potential, value.source)
    stated = Source("stated in CO2 equivalents by its own source", "-", Confidence.SUPPLIED)
    for of_set in sets.values():
        of_set[Gas.CO2E] = Gwp(Gas.CO2E, Decimal(1), stated)
    return sets


GWP_SETS: Mapping[GwpSet, Mapping[Gas, Gwp]] = _gwps()
