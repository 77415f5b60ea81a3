"""What a plan, its steps, a milestone that is reached and a completion must be. Pure."""

import re
from collections.abc import Collection, Hashable, Sequence
from datetime import date
from decimal import Decimal

from nzc_api.accounting.exact import GRAM
from nzc_api.grounds import LONGEST_REASON
from nzc_api.ids import Position
from nzc_api.measures.errors import MeasureNotOfPilot
from nzc_api.pilots.model import DateSpan, Pilot
from nzc_api.pilots.rules import check_order
from nzc_api.plans.errors import (
    MilestoneAlreadyReached,
    MilestoneNotInPlan,
    MilestoneOutsidePlan,
    MilestonesOpen,
    PlanAlreadyDrafted,
    PlanNotInState,
    PlanRevised,
)
from nzc_api.plans.model import (
    Haul,
    Material,
    Milestone,
    Plan,
    PlanState,
    PlanTerms,
    ReachMilestone,
    RecordCompletion,
    WorkPackage,
)
from nzc_api.ranges import check_range
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal, first_refused
from nzc_api.text import name_problem, saying_problem

MOST_PACKAGES = 50
MOST_MEASURES = 50
MOST_MILESTONES = 100
MOST_MATERIALS = 200

# t CO2e, quantities, kg CO2e a unit, t, km, kg CO2e/(t·km): more than any pilot has; the database holds the same.
MOST_TONNES = 10**9
MOST_QUANTITY = 10**12
MOST_FACTOR = 10**9
MOST_KILOMETRES = 100_000
MOST_HAULED = 1000

MILESTONE_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")

# What may be done to a version, by where it stands.
SUBMITTED_FROM = (PlanState.DRAFT,)
DECIDED_FROM = (PlanState.SUBMITTED,)
REVISED_FROM = (PlanState.DRAFT, PlanState.RETURNED, PlanState.APPROVED)
IN_FORCE = (PlanState.APPROVED,)


def check_terms(terms: PlanTerms) -> Refusal | None:
    """Whether it can be planned, whatever the pilot is."""
    return (
        check_order(terms.span)
        or _check_budget(terms.construction_budget)
        or _check_count("packages", terms.packages, 1, MOST_PACKAGES)
        or _check_count("milestones", terms.milestones, 1, MOST_MILESTONES)
        or _check_count("materials", terms.materials, 0, MOST_MATERIALS)
        or _check_packages(terms.packages)
        or _check_milestones(terms.milestones, terms.span)
        or first_refused("materials", terms.materials, _check_material)
    )


def check_measures(
    pilot: Pilot, packages: Sequence[WorkPackage], measures: Collection[int]
) -> Refusal | None:
    """Whether what the work packages carry out are measures of the pilot."""
    for number, package in enumerate(packages):
        for index, measure_id in enumerate(package.measures):
            if measure_id not in measures:
                return MeasureNotOfPilot(
                    path=("packages", str(number), "measures", str(index)),
                    pilot_code=pilot.code,
                    measure_id=measure_id,
                )
    return None


def check_first(pilot: Pilot, latest: Plan | None) -> Refusal | None:
    """Whether a pilot may have a first plan."""
    if latest is None:
        return None
    return PlanAlreadyDrafted(
        path=("pilot",), pilot_code=pilot.code, plan_id=latest.id, version=latest.version
    )


def check_latest(plan: Plan, latest: Plan) -> Refusal | None:
    """Whether a version is the one to revise."""
    if plan.id == latest.id:
        return None
    return PlanRevised(
        path=("plan",),
        plan_id=plan.id,
        version=plan.version,
        latest_id=latest.id,
        latest_version=latest.version,
    )


def check_state(plan: Plan, accepted: tuple[PlanState, ...]) -> Refusal | None:
    """Whether a version stands where what is done to it needs it."""
    if plan.state in accepted:
        return None
    return PlanNotInState(
        path=("plan",),
        plan_id=plan.id,
        version=plan.version,
        state=plan.state,
        accepted=accepted,
    )


def check_reason(reason: str) -> Refusal | None:
    return saying_problem(reason, "reason", longest=LONGEST_REASON)


def check_reached(plan: Plan, command: ReachMilestone, today: date) -> Refusal | None:
    """Whether a milestone can have been reached on that day."""
    starts_on = plan.terms.span.starts_on
    return (
        saying_problem(command.document, "document")
        or _check_known(plan, command.milestone)
        or _check_unreached(plan, command.milestone)
        or _check_day(
            "on", command.on, starts_on, today, "方案的开始日期", "on which the plan begins"
        )
    )


def check_completion(plan: Plan, command: RecordCompletion, today: date) -> Refusal | None:
    """Whether the pilot can have been built on that day, and run stably since the other."""
    built = max([plan.terms.span.starts_on, *_built_by(plan)])
    return (
        saying_problem(command.document, "document")
        or _check_built(plan)
        or _check_day(
            "built_on", command.built_on, built, today,
            "最后一个建设里程碑的实现日期", "on which the last building milestone was reached",
        )
        or _check_day(
            "stable_from", command.stable_from, command.built_on, today,
            "建成日期", "on which it was built",
        )
    )  # fmt: skip


def _built_by(plan: Plan) -> Sequence[date]:
    """The days on which building milestones were reached."""
    found = (
        plan.reach_of(milestone.code) for milestone in plan.terms.milestones if milestone.building
    )
    return [reached.on for reached in found if reached is not None]


def _check_budget(budget: Decimal | None) -> Refusal | None:
    if budget is None:
        return None
    return check_range("construction_budget", budget, 0, MOST_TONNES, GRAM)


def _check_count(field: str, items: Sequence[object], least: int, most: int) -> Refusal | None:
    if least <= len(items) <= most:
        return None
    return InvalidInput(
        path=(field,),
        value=str(len(items)),
        expected_zh=f"{least}至{most}项",
        expected_en=f"{least} to {most} items",
    )


def _check_packages(packages: Sequence[WorkPackage]) -> Refusal | None:
    return first_refused("packages", packages, _check_package) or _check_once(
        [
            (measure, ("packages", str(number), "measures", str(index)))
            for number, package in enumerate(packages)
            for index, measure in enumerate(package.measures)
        ],
        "每项措施只列入一个工作包、一次",
        "each measure in one work package, once",
    )


def _check_package(package: WorkPackage) -> Refusal | None:
    return _check_name(package.name) or _check_count("measures", package.measures, 0, MOST_MEASURES)


def _check_milestones(milestones: Sequence[Milestone], span: DateSpan) -> Refusal | None:
    return first_refused(
        "milestones", milestones, lambda milestone: _check_milestone(milestone, span)
    ) or _check_once(
        [(m.code, ("milestones", str(number), "code")) for number, m in enumerate(milestones)],
        "方案中没有重复的里程碑代码",
        "a code that no other milestone of the plan has",
    )


def _check_milestone(milestone: Milestone, span: DateSpan) -> Refusal | None:
    return _check_code(milestone.code) or _check_name(milestone.name) or _check_due(milestone, span)


def _check_code(code: str) -> Refusal | None:
    if MILESTONE_CODE.fullmatch(code):
        return None
    return InvalidInput(
        path=("code",),
        value=code[:80],
        expected_zh="1至20个大写字母、数字或连字符，首尾不为连字符",
        expected_en="1 to 20 capital letters, digits or hyphens, no hyphen at the ends",
    )


def _check_due(milestone: Milestone, span: DateSpan) -> Refusal | None:
    if span.starts_on <= milestone.due_on <= span.ends_on:
        return None
    return MilestoneOutsidePlan(
        path=("due_on",),
        milestone=milestone.code,
        due_on=str(milestone.due_on),
        starts_on=str(span.starts_on),
        ends_on=str(span.ends_on),
    )


def _check_once(
    items: Sequence[tuple[Hashable, tuple[str, ...]]], expected_zh: str, expected_en: str
) -> Refusal | None:
    """Whether each of some values is there once; each with where it stands."""
    seen = set[Hashable]()
    for value, path in items:
        if value in seen:
            return InvalidInput(
                path=path, value=str(value), expected_zh=expected_zh, expected_en=expected_en
            )
        seen.add(value)
    return None


def _check_material(material: Material) -> Refusal | None:
    return (
        _check_name(material.name)
        or name_problem(material.unit, "unit", longest=20)
        or saying_problem(material.source, "source")
        or check_range("quantity", material.quantity, 0, MOST_QUANTITY, GRAM)
        or check_range("factor", material.factor, 0, MOST_FACTOR, GRAM)
        or (None if material.haul is None else _check_haul(material.haul))
    )


def _check_haul(haul: Haul) -> Refusal | None:
    problem = (
        check_range("mass", haul.mass, 0, MOST_TONNES, GRAM)
        or check_range("distance", haul.distance, 0, MOST_KILOMETRES, GRAM)
        or check_range("factor", haul.factor, 0, MOST_HAULED, GRAM)
    )
    return None if problem is None else problem.under("haul")


def _check_name(name: LocalizedText) -> Refusal | None:
    return name_problem(name.zh, "name", "zh") or name_problem(name.en, "name", "en")


def _check_known(plan: Plan, code: str) -> Refusal | None:
    accepted = tuple(milestone.code for milestone in plan.terms.milestones)
    if code in accepted:
        return None
    return MilestoneNotInPlan(
        path=("milestone",),
        plan_id=plan.id,
        version=plan.version,
        milestone=code[:80],
        accepted=accepted,
    )


def _check_unreached(plan: Plan, code: str) -> Refusal | None:
    reached = plan.reach_of(code)
    if reached is None:
        return None
    return MilestoneAlreadyReached(
        path=("milestone",),
        milestone=code,
        reached_on=str(reached.on),
        reached_position=Position(reached.id),
    )


def _check_built(plan: Plan) -> Refusal | None:
    lacking = plan.open_milestones
    if not lacking:
        return None
    return MilestonesOpen(path=("plan",), milestones=tuple(m.code for m in lacking))


def _check_day(
    field: str, day: date, first: date, today: date, first_zh: str, first_en: str
) -> Refusal | None:
    if first <= day <= today:
        return None
    return InvalidInput(
        path=(field,),
        value=str(day),
        expected_zh=f"{first}（{first_zh}）至今天（{today}）之间的日期",
        expected_en=f"a day from {first}, {first_en}, to today ({today})",
    )
