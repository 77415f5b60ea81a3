"""What pilots and periods show of what builds on them, by name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.auditing.credit_statements import CreditStatementLine
    from nzc_api.schema.credits.requests import RetirementRequest
    from nzc_api.schema.credits.retirements import Retirement
    from nzc_api.schema.credits.uses import CreditUse
    from nzc_api.schema.evaluation.types import Evaluation
    from nzc_api.schema.finance.types import Financing, FinancingSum
    from nzc_api.schema.inventories.types import Inventory
    from nzc_api.schema.management.types import Duty, ManagementRule, Post, Upkeep
    from nzc_api.schema.measures.curves import AbatementCurve, Potential, PotentialAnalysis
    from nzc_api.schema.measures.types import Measure
    from nzc_api.schema.metering.types import Meter, MeterBy
    from nzc_api.schema.monitoring.baselines import EnergyBaseline
    from nzc_api.schema.monitoring.types import Denominator, Monitoring
    from nzc_api.schema.pilots.types import Pilot
    from nzc_api.schema.plans.life_cycles import LifeCycle
    from nzc_api.schema.plans.types import Completion, Plan
    from nzc_api.schema.requirements.types import RequirementStatus
    from nzc_api.schema.retirement_certificates.types import RetirementCertificate
    from nzc_api.schema.selection.types import Application
    from nzc_api.schema.statements.changes import NetEmissionsDiff
    from nzc_api.schema.statements.types import NetEmissions
    from nzc_api.schema.targets.assessments import TargetAssessment
    from nzc_api.schema.targets.trajectories import Trajectory
    from nzc_api.schema.targets.types import Target

LazyPilot = Annotated["Pilot", strawberry.lazy("nzc_api.schema.pilots.types")]
LazyRetirement = Annotated["Retirement", strawberry.lazy("nzc_api.schema.credits.retirements")]
LazyInventory = Annotated["Inventory", strawberry.lazy("nzc_api.schema.inventories.types")]
LazyMeter = Annotated["Meter", strawberry.lazy("nzc_api.schema.metering.types")]
LazyMeterBy = Annotated["MeterBy", strawberry.lazy("nzc_api.schema.metering.types")]
LazyDenominator = Annotated["Denominator", strawberry.lazy("nzc_api.schema.monitoring.types")]
LazyEnergyBaseline = Annotated[
    "EnergyBaseline", strawberry.lazy("nzc_api.schema.monitoring.baselines")
]
LazyMonitoring = Annotated["Monitoring", strawberry.lazy("nzc_api.schema.monitoring.types")]
LazyCreditStatementLine = Annotated[
    "CreditStatementLine", strawberry.lazy("nzc_api.schema.auditing.credit_statements")
]
LazyApplication = Annotated["Application", strawberry.lazy("nzc_api.schema.selection.types")]
LazyNetEmissions = Annotated["NetEmissions", strawberry.lazy("nzc_api.schema.statements.types")]
LazyNetEmissionsDiff = Annotated[
    "NetEmissionsDiff", strawberry.lazy("nzc_api.schema.statements.changes")
]
LazyEvaluation = Annotated["Evaluation", strawberry.lazy("nzc_api.schema.evaluation.types")]
LazyMeasure = Annotated["Measure", strawberry.lazy("nzc_api.schema.measures.types")]
LazyAbatementCurve = Annotated["AbatementCurve", strawberry.lazy("nzc_api.schema.measures.curves")]
LazyPotential = Annotated["Potential", strawberry.lazy("nzc_api.schema.measures.curves")]
LazyPotentialAnalysis = Annotated[
    "PotentialAnalysis", strawberry.lazy("nzc_api.schema.measures.curves")
]
LazyFinancing = Annotated["Financing", strawberry.lazy("nzc_api.schema.finance.types")]
LazyFinancingSum = Annotated["FinancingSum", strawberry.lazy("nzc_api.schema.finance.types")]
LazyPost = Annotated["Post", strawberry.lazy("nzc_api.schema.management.types")]
LazyDuty = Annotated["Duty", strawberry.lazy("nzc_api.schema.management.types")]
LazyManagementRule = Annotated["ManagementRule", strawberry.lazy("nzc_api.schema.management.types")]
LazyUpkeep = Annotated["Upkeep", strawberry.lazy("nzc_api.schema.management.types")]
LazyRequirementStatus = Annotated[
    "RequirementStatus", strawberry.lazy("nzc_api.schema.requirements.types")
]
LazyRetirementCertificate = Annotated[
    "RetirementCertificate", strawberry.lazy("nzc_api.schema.retirement_certificates.types")
]
LazyPlan = Annotated["Plan", strawberry.lazy("nzc_api.schema.plans.types")]
LazyCompletion = Annotated["Completion", strawberry.lazy("nzc_api.schema.plans.types")]
LazyLifeCycle = Annotated["LifeCycle", strawberry.lazy("nzc_api.schema.plans.life_cycles")]
LazyTarget = Annotated["Target", strawberry.lazy("nzc_api.schema.targets.types")]
LazyTargetAssessment = Annotated[
    "TargetAssessment", strawberry.lazy("nzc_api.schema.targets.assessments")
]
LazyTrajectory = Annotated["Trajectory", strawberry.lazy("nzc_api.schema.targets.trajectories")]

PILOT: Named["Pilot"] = Named("Pilot")
RETIREMENT: Named["Retirement"] = Named("Retirement")
CREDIT_USE: Named["CreditUse"] = Named("CreditUse")
RETIREMENT_REQUEST: Named["RetirementRequest"] = Named("RetirementRequest")
INVENTORY: Named["Inventory"] = Named("Inventory")
METER: Named["Meter"] = Named("Meter")
DENOMINATOR: Named["Denominator"] = Named("Denominator")
ENERGY_BASELINE: Named["EnergyBaseline"] = Named("EnergyBaseline")
MONITORING: Named["Monitoring"] = Named("Monitoring")
CREDIT_STATEMENT_LINE: Named["CreditStatementLine"] = Named("CreditStatementLine")
APPLICATION: Named["Application"] = Named("Application")
NET_EMISSIONS: Named["NetEmissions"] = Named("NetEmissions")
NET_EMISSIONS_DIFF: Named["NetEmissionsDiff"] = Named("NetEmissionsDiff")
EVALUATION: Named["Evaluation"] = Named("Evaluation")
MEASURE: Named["Measure"] = Named("Measure")
ABATEMENT_CURVE: Named["AbatementCurve"] = Named("AbatementCurve")
POTENTIAL: Named["Potential"] = Named("Potential")
POTENTIAL_ANALYSIS: Named["PotentialAnalysis"] = Named("PotentialAnalysis")
FINANCING: Named["Financing"] = Named("Financing")
FINANCING_SUM: Named["FinancingSum"] = Named("FinancingSum")
POST: Named["Post"] = Named("Post")
DUTY: Named["Duty"] = Named("Duty")
MANAGEMENT_RULE: Named["ManagementRule"] = Named("ManagementRule")
UPKEEP: Named["Upkeep"] = Named("Upkeep")
REQUIREMENT_STATUS: Named["RequirementStatus"] = Named("RequirementStatus")
RETIREMENT_CERTIFICATE: Named["RetirementCertificate"] = Named("RetirementCertificate")
PLAN: Named["Plan"] = Named("Plan")
COMPLETION: Named["Completion"] = Named("Completion")
LIFE_CYCLE: Named["LifeCycle"] = Named("LifeCycle")
TARGET: Named["Target"] = Named("Target")
TARGET_ASSESSMENT: Named["TargetAssessment"] = Named("TargetAssessment")
TRAJECTORY: Named["Trajectory"] = Named("Trajectory")

# What is read along with a page of retirements.
WITH_RETIREMENTS: Mapping[str, Any] = {"movements": {"batch": {"project": {}}}}
