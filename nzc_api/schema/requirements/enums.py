"""The words of requirements, each value described."""

from nzc_api.requirements.model import FactKind, Standing
from nzc_api.schema.kit.fields import described_enum

__all__ = ["FactKind", "Standing"]

described_enum(
    Standing,
    "How far a requirement of the guide is met. The guide says what it asks for, not what shows it: which facts do is "
    "our own reading.",
    {
        "MET": "all of the facts that show it are there",
        "PARTLY": "some of them are",
        "OPEN": "none of them is",
    },
)
described_enum(
    FactKind,
    "What shows that a requirement of the guide is met.",
    {
        "TARGET": "a target",
        "BASELINE_SUBMITTED": "a submitted inventory of past or projected emissions",
        "BASELINE_VERIFIED": "a verified one",
        "OPERATION_SUBMITTED": "a submitted inventory of operation",
        "OPERATION_VERIFIED": "a verified one",
        "SINK_SUBMITTED": "a submitted inventory with a sink",
        "RETIREMENT": "a retirement for the pilot that was not taken back",
        "POTENTIAL_ANALYSED": "an analysis of its potential",
        "MEASURE_PLANNED": "a measure",
        "MEASURE_CHOSEN": "a measure that is more than proposed",
        "MEASURE_AT_SOURCE": "a measure that uses less energy, uses it better, or replaces it",
        "MEASURE_AT_SOURCE_RUN": "such a measure that runs",
        "MEASURE_BEFORE_OPERATION": "a measure that acts on raw materials or construction",
        "MEASURE_IN_OPERATION": "a measure that acts in operation",
        "MEASURE_OF_WASTE": "a measure that acts on waste",
        "EFFECT_VERIFIED": "a measure whose effect was verified",
        "PLAN_SUBMITTED": "a version of a plan that was submitted",
        "PLAN_APPROVED": "a version of a plan that was approved",
        "EVALUATION_OPENED": "an evaluation",
        "EVALUATION_PASSED": "an evaluation that was passed",
        "FINANCING": "a financing",
        "POST": "a post, with its responsibilities",
        "POST_HELD": "a post that somebody holds",
        "CARBON_POST": "a post for managing emissions (碳排放管理岗)",
        "CARBON_POST_HELD": "such a post that somebody holds",
        "DUTY": "a ceiling of a unit",
        "RULE_IN_FORCE": "a rule in force on the day of the position",
        "UPKEEP_OF_WATER": "upkeep of water",
        "UPKEEP_OF_POWER": "upkeep of electricity",
        "UPKEEP_OF_GAS": "upkeep of gas",
        "UPKEEP_OF_HEAT": "upkeep of heat",
        "UPKEEP_OF_GREENERY": "upkeep of greenery",
        "METER_OF_WATER": "a meter of water of which something was recorded",
        "METER_OF_POWER": "a meter of electricity of which something was recorded",
        "METER_OF_GAS": "a meter of gas of which something was recorded",
        "METER_OF_HEAT": "a meter of heat of which something was recorded",
    },
)
