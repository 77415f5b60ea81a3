"""How far a pilot meets the guide's requirements. Pure.

The guide says what it asks for, not what shows it: which facts do is our own reading, as data.
"""

from collections.abc import Mapping

from nzc_api.guide.guide import GUIDE, Requirement
from nzc_api.requirements.model import FactKind, RequirementFact, RequirementStatus, Standing

# By the requirements' codes.
SHOWN_BY: Mapping[str, tuple[FactKind, ...]] = {
    "TARGET": (FactKind.TARGET,),
    "BASELINE": (FactKind.BASELINE_SUBMITTED, FactKind.BASELINE_VERIFIED),
    "ROUTE_SOURCE": (FactKind.MEASURE_AT_SOURCE, FactKind.MEASURE_AT_SOURCE_RUN),
    "ROUTE_SINK": (FactKind.SINK_SUBMITTED,),
    "ROUTE_PURCHASE": (FactKind.RETIREMENT,),
    "POTENTIAL": (FactKind.POTENTIAL_ANALYSED,),
    "LIFE_CYCLE": (
        FactKind.MEASURE_BEFORE_OPERATION, FactKind.MEASURE_IN_OPERATION, FactKind.MEASURE_OF_WASTE,
    ),
    "TECH_CHOICE": (FactKind.MEASURE_PLANNED, FactKind.MEASURE_CHOSEN),
    "BUILD_PLAN": (FactKind.PLAN_SUBMITTED, FactKind.PLAN_APPROVED),
    "GREEN_FINANCE": (FactKind.FINANCING,),
    "MGMT_SYSTEM": (FactKind.POST_HELD, FactKind.DUTY, FactKind.RULE_IN_FORCE),
    "MGMT_RULES": (FactKind.RULE_IN_FORCE,),
    "MGMT_DUTIES": (FactKind.POST, FactKind.POST_HELD),
    "KEY_UNIT_RESPONSIBILITY": (FactKind.DUTY,),
    "CARBON_POST": (FactKind.CARBON_POST, FactKind.CARBON_POST_HELD),
    "PROPERTY": (
        FactKind.UPKEEP_OF_WATER, FactKind.UPKEEP_OF_POWER, FactKind.UPKEEP_OF_GAS, FactKind.UPKEEP_OF_HEAT,
        FactKind.UPKEEP_OF_GREENERY,
    ),
    "INFO_SYSTEM": (
        FactKind.METER_OF_WATER, FactKind.METER_OF_POWER, FactKind.METER_OF_GAS, FactKind.METER_OF_HEAT,
    ),
    "TRACKING": (FactKind.TARGET, FactKind.OPERATION_SUBMITTED),
    "NET_FORMULA": (FactKind.OPERATION_SUBMITTED, FactKind.OPERATION_VERIFIED),
    "FEEDBACK": (FactKind.EFFECT_VERIFIED,),
    "EXPERT_EVAL": (FactKind.EVALUATION_OPENED, FactKind.EVALUATION_PASSED),
}  # fmt: skip


def judged(found: Mapping[FactKind, RequirementFact]) -> tuple[RequirementStatus, ...]:
    """How far each requirement is met by what was found of a pilot, in the guide's order."""
    return tuple(_judged(requirement, found) for requirement in GUIDE.requirements)


def _judged(
    requirement: Requirement, found: Mapping[FactKind, RequirementFact]
) -> RequirementStatus:
    asked = SHOWN_BY[requirement.code]
    facts = tuple(found[kind] for kind in asked if kind in found)
    missing = tuple(kind for kind in asked if kind not in found)
    return RequirementStatus(
        requirement=requirement,
        standing=_standing(len(facts), len(missing)),
        facts=facts,
        missing=missing,
    )


def _standing(shown: int, missing: int) -> Standing:
    if not shown:
        return Standing.OPEN
    return Standing.PARTLY if missing else Standing.MET
