"""The monitoring room's things and commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from nzc_api.ids import PilotId
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import name_words


class DenominatorKind(StrEnum):
    """Per what a pilot's use and emissions are stated."""

    FLOOR_AREA = "FLOOR_AREA"
    RESIDENTS = "RESIDENTS"
    EMPLOYEES = "EMPLOYEES"
    OUTPUT_VALUE = "OUTPUT_VALUE"
    PRODUCT = "PRODUCT"
    PASSENGER_KM = "PASSENGER_KM"
    VEHICLE_KM = "VEHICLE_KM"
    COAL_EQUIVALENT = "COAL_EQUIVALENT"
    HEATING_DEGREE_DAYS = "HEATING_DEGREE_DAYS"
    COOLING_DEGREE_DAYS = "COOLING_DEGREE_DAYS"


# What may be none: there are days without heating and days without cooling. Nothing is stated per it.
MAY_BE_ZERO = frozenset({DenominatorKind.HEATING_DEGREE_DAYS, DenominatorKind.COOLING_DEGREE_DAYS})

name_words(
    DenominatorKind,
    {
        DenominatorKind.FLOOR_AREA: {"zh": "建筑面积", "en": "floor area"},
        DenominatorKind.RESIDENTS: {"zh": "常住人口", "en": "residents"},
        DenominatorKind.EMPLOYEES: {"zh": "职工人数", "en": "employees"},
        DenominatorKind.OUTPUT_VALUE: {"zh": "产值", "en": "output value"},
        DenominatorKind.PRODUCT: {"zh": "产品产量", "en": "product"},
        DenominatorKind.PASSENGER_KM: {"zh": "客运周转量", "en": "passenger-kilometres"},
        DenominatorKind.VEHICLE_KM: {"zh": "车辆行驶里程", "en": "vehicle-kilometres"},
        DenominatorKind.COAL_EQUIVALENT: {"zh": "综合能源消费量", "en": "energy consumed"},
        DenominatorKind.HEATING_DEGREE_DAYS: {"zh": "采暖度日数", "en": "heating degree days"},
        DenominatorKind.COOLING_DEGREE_DAYS: {"zh": "空调度日数", "en": "cooling degree days"},
    },
)


class Numerator(StrEnum):
    """What is stated per a denominator."""

    ELECTRICITY = "ELECTRICITY"
    CO2E = "CO2E"


class Per(NamedTuple):
    """A denominator's unit (None: the product's own), whether it adds up over time or is there throughout, and what
    is stated per it: of each numerator how many of its units one kWh or one tonne is, and that unit."""

    unit: str | None
    adds_up: bool
    stated: Mapping[Numerator, tuple[int, str]]


_TONNES = {Numerator.CO2E: (1, "t")}
_GRAMS = {Numerator.CO2E: (1_000_000, "g")}

PER: Mapping[DenominatorKind, Per] = {
    DenominatorKind.FLOOR_AREA: Per(
        "m2", False, {Numerator.ELECTRICITY: (1, "kWh"), Numerator.CO2E: (1000, "kg")}
    ),
    DenominatorKind.RESIDENTS: Per("person", False, _TONNES),
    DenominatorKind.EMPLOYEES: Per("person", False, _TONNES),
    DenominatorKind.OUTPUT_VALUE: Per("10^4 yuan", True, _TONNES),
    DenominatorKind.PRODUCT: Per(None, True, _TONNES),
    DenominatorKind.PASSENGER_KM: Per("person-km", True, _GRAMS),
    DenominatorKind.VEHICLE_KM: Per("km", True, _GRAMS),
    DenominatorKind.COAL_EQUIVALENT: Per("tce", True, _TONNES),
    DenominatorKind.HEATING_DEGREE_DAYS: Per("degC*d", True, {}),
    DenominatorKind.COOLING_DEGREE_DAYS: Per("degC*d", True, {}),
}


@dataclass(frozen=True, slots=True)
class RecordDenominator:
    """Say how much of something a pilot has, or made, on days, both ends included; of a PRODUCT its name with its unit.
    ``value`` None: what was said of those very days is taken back."""

    pilot_id: PilotId
    kind: DenominatorKind
    product: str | None
    days: DateSpan
    value: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class Denominator:
    """What was said of a pilot's days, at the position that is its id; of the same days the latest counts."""

    id: int
    pilot_id: PilotId
    kind: DenominatorKind
    product: str | None
    days: DateSpan
    value: Decimal | None
    source: str

    @property
    def unit(self) -> str:
        """The unit of its value."""
        return PER[self.kind].unit or self.product or ""
