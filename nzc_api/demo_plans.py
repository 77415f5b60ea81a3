"""A plan of the demo: made up, approved, carried out, and built."""

from datetime import date
from decimal import Decimal

from nzc_api.access.principals import Principal
from nzc_api.demo_kit import done, made_up
from nzc_api.guide.terms import LifeCycleStage
from nzc_api.ids import PilotId, PlanId
from nzc_api.pilots.model import DateSpan
from nzc_api.plans.model import (
    ApprovePlan,
    DraftPlan,
    Haul,
    Material,
    Milestone,
    PlanTerms,
    ReachMilestone,
    RecordCompletion,
    SubmitPlan,
    WorkPackage,
)
from nzc_api.plans.service import PlanService

DOCUMENT = "验收单（示例，虚构） / acceptance (demo, made up)"


TERMS = PlanTerms(
    DateSpan(date(2023, 1, 1), date(2023, 12, 31)),
    (WorkPackage(made_up("屋顶光伏", "Panels on roofs"), LifeCycleStage.CONSTRUCTION, ()),),
    (
        Milestone("ROOFS", made_up("屋面加固完成", "Roofs strengthened"), date(2023, 5, 31), building=True),
        Milestone("GRID", made_up("并网", "On the grid"), date(2023, 9, 30), building=True),
        Milestone("TRAINING", made_up("人员培训", "Staff trained"), date(2023, 10, 31), building=False),
    ),
    Decimal(120),
    (
        Material(
            made_up("钢支架", "Steel frames"),
            Decimal("12.5"),
            "t",
            Decimal(2340),
            Haul(Decimal("12.5"), Decimal(500), Decimal("0.129")),
            "GB/T 51366-2019 附录D、E",
        ),
    ),
)  # fmt: skip

REACHED = {"ROOFS": date(2023, 5, 20), "GRID": date(2023, 10, 12)}


async def plan_and_build(
    plans: PlanService, operator: Principal, regulator: Principal, pilot: PilotId
) -> None:
    """A plan of a pilot, whose building milestones were reached, one of them late."""
    key = "demo-plan"
    drafted = await plans.draft(operator, f"{key}-draft", DraftPlan(pilot, TERMS))
    plan = PlanId(done(drafted))
    done(await plans.submit(operator, f"{key}-submit", SubmitPlan(plan)))
    done(await plans.approve(regulator, f"{key}-approve", ApprovePlan(plan)))
    for code, day in REACHED.items():
        reached = ReachMilestone(plan_id=plan, milestone=code, on=day, document=DOCUMENT)
        done(await plans.reach(operator, f"{key}-{code}", reached))
    built = RecordCompletion(
        plan_id=plan, built_on=date(2023, 10, 20), stable_from=date(2023, 11, 1), document=DOCUMENT
    )
    done(await plans.complete(operator, f"{key}-built", built))
