"""What shows that a requirement of the guide is met, and how far it is."""

from dataclasses import dataclass
from enum import StrEnum

from nzc_api.guide.guide import Requirement


class Standing(StrEnum):
    """How far a requirement is met: by all of the facts that show it, by some, by none."""

    MET = "MET"
    PARTLY = "PARTLY"
    OPEN = "OPEN"


class FactKind(StrEnum):
    """What there may be of a pilot as of a position."""

    TARGET = "TARGET"
    BASELINE_SUBMITTED = "BASELINE_SUBMITTED"
    BASELINE_VERIFIED = "BASELINE_VERIFIED"
    OPERATION_SUBMITTED = "OPERATION_SUBMITTED"
    OPERATION_VERIFIED = "OPERATION_VERIFIED"
    SINK_SUBMITTED = "SINK_SUBMITTED"
    RETIREMENT = "RETIREMENT"
    POTENTIAL_ANALYSED = "POTENTIAL_ANALYSED"
    MEASURE_PLANNED = "MEASURE_PLANNED"
    MEASURE_CHOSEN = "MEASURE_CHOSEN"
    MEASURE_AT_SOURCE = "MEASURE_AT_SOURCE"
    MEASURE_AT_SOURCE_RUN = "MEASURE_AT_SOURCE_RUN"
    MEASURE_BEFORE_OPERATION = "MEASURE_BEFORE_OPERATION"
    MEASURE_IN_OPERATION = "MEASURE_IN_OPERATION"
    MEASURE_OF_WASTE = "MEASURE_OF_WASTE"
    EFFECT_VERIFIED = "EFFECT_VERIFIED"
    PLAN_SUBMITTED = "PLAN_SUBMITTED"
    PLAN_APPROVED = "PLAN_APPROVED"
    EVALUATION_OPENED = "EVALUATION_OPENED"
    EVALUATION_PASSED = "EVALUATION_PASSED"
    FINANCING = "FINANCING"
    POST = "POST"
    POST_HELD = "POST_HELD"
    CARBON_POST = "CARBON_POST"
    CARBON_POST_HELD = "CARBON_POST_HELD"
    DUTY = "DUTY"
    RULE_IN_FORCE = "RULE_IN_FORCE"
    UPKEEP_OF_WATER = "UPKEEP_OF_WATER"
    UPKEEP_OF_POWER = "UPKEEP_OF_POWER"
    UPKEEP_OF_GAS = "UPKEEP_OF_GAS"
    UPKEEP_OF_HEAT = "UPKEEP_OF_HEAT"
    UPKEEP_OF_GREENERY = "UPKEEP_OF_GREENERY"
    METER_OF_WATER = "METER_OF_WATER"
    METER_OF_POWER = "METER_OF_POWER"
    METER_OF_GAS = "METER_OF_GAS"
    METER_OF_HEAT = "METER_OF_HEAT"


@dataclass(frozen=True, slots=True)
class RequirementFact:
    """That there is something: how often, and the position of the latest."""

    kind: FactKind
    count: int
    latest: int


@dataclass(frozen=True, slots=True)
class RequirementStatus:
    """A requirement, how far it is met, what shows it, and what would besides."""

    requirement: Requirement
    standing: Standing
    facts: tuple[RequirementFact, ...]
    missing: tuple[FactKind, ...]
