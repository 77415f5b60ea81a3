"""Plans follow one another, stay within their days and their pilot, and what is built was reached before."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

# What the log says of the rows of ``GOOD_ROWS``.
DRAFTED = entries(4, kind="PLAN_REVISED", body="""jsonb_build_object(
    'pilot', $planning, 'version', 3, 'starts_on', '2023-01-01', 'ends_on', '2023-12-31',
    'construction_budget', '80.5',
    'packages', jsonb_build_array(jsonb_build_array('CONSTRUCTION', jsonb_build_array($fitted))),
    'milestones', '[["SITE", "2023-03-31", false]]'::jsonb,
    'materials', '[["m3", "120", "295", "288", "40", "0.057"]]'::jsonb)""")  # fmt: skip


def said(kind: str, subject: str, body: str) -> str:
    return entries(4, kind=kind, subject=subject, body=f"'{body}'::jsonb")


APPROVED = said("PLAN_APPROVED", "$handed_plan", '{"state": "APPROVED"}')
REACHED = said("MILESTONE_REACHED", "$plan_in_force", '{"milestone": "SITE", "on": "2023-03-01"}')
BUILT = said("COMPLETION_RECORDED", "$plan_in_force",
             '{"built_on": "2023-09-11", "stable_from": "2023-10-02"}')  # fmt: skip

PARTS = tuple(
    new(table) for table in ("plan_package", "plan_measure", "plan_milestone", "plan_material")
)
WHOLE = "; ".join((new("plan"), *PARTS))


def whole(table: str, **changed: str) -> str:
    """A whole version, one part of which is otherwise."""
    tables = ("plan", "plan_package", "plan_measure", "plan_milestone", "plan_material")
    return "; ".join(new(written, **(changed if written == table else {})) for written in tables)


PLANS = (
    Attack("a plan of no pilot", "plan_pilot_id_fkey", new("plan", pilot_id="$nobody", version="1", reason="NULL")),
    Attack("a version twice", "plan_pilot_id_version_key", new("plan", version="2")),
    Attack("a version of nothing", "plan_version_check", new("plan", version="0")),
    Attack("a version without a reason", "plan_version_check", new("plan", reason="NULL")),
    Attack("a first version with a reason", "plan_version_check", new("plan", version="1")),
    Attack("days out of order", "plan_days_check", new("plan", ends_on="'2022-12-31'")),
    *(Attack(f"a budget of {value}", "plan_budget_check", new("plan", construction_budget=value))
      for value in ("-1", "2e9", "0.0000001", "'NaN'")),
    Attack("a version left out", "plan_version_follows", whole("plan", version="4"), before=DRAFTED),
    Attack("a version of what is being decided", "plan_version_follows",
           new("plan", pilot_id="$deciding", version="2"), before=DRAFTED),
    Attack("a plan that the log does not know", "plan_is_as_logged", WHOLE),
    Attack("a plan that is otherwise than logged", "plan_is_as_logged",
           whole("plan", construction_budget="81"), before=DRAFTED),
    Attack("a work package of no plan", "plan_package_plan_id_fkey", new("plan_package", plan_id="$nobody")),
    *(Attack(f"a work package with {column} {value}", f"plan_package_{column}_check",
             whole("plan_package", **{column: value}))
      for column, value in (("number", "51"), ("stage", "'LATER'"))),
    Attack("a work package added later", "plan_is_as_logged",
           new("plan_package", plan_id="$plan_draft", number="2")),
    Attack("a measure of no work package", "plan_measure_plan_id_package_fkey", whole("plan_measure", package="2")),
    Attack("no measure carried out", "plan_measure_measure_id_fkey", whole("plan_measure", measure_id="$nobody")),
    Attack("another pilot's measure carried out", "planned_measure_of_its_pilot",
           whole("plan_measure", measure_id="$aside"), before=DRAFTED),
    Attack("a measure added later", "plan_is_as_logged", new("plan_measure", plan_id="$plan_draft")),
    Attack("a milestone of no plan", "plan_milestone_plan_id_fkey", new("plan_milestone", plan_id="$nobody")),
    Attack("a code that is none", "plan_milestone_code_check", whole("plan_milestone", code="'roof'")),
    *(Attack(f"a milestone due on {day}", "milestone_within_plan", whole("plan_milestone", due_on=f"'{day}'"),
             before=DRAFTED)
      for day in ("2022-12-31", "2024-01-01")),
    Attack("a milestone added later", "plan_is_as_logged",
           new("plan_milestone", plan_id="$plan_draft", code="'CELLAR'")),
    Attack("a material of no plan", "plan_material_plan_id_fkey", new("plan_material", plan_id="$nobody")),
    *(Attack(f"a material with {column} {value}", f"plan_material_{name}_check",
             whole("plan_material", **{column: value}))
      for name, column, value in (
          ("number", "number", "201"), ("quantity", "quantity", "-1"), ("quantity", "quantity", "0.0000001"),
          ("factor", "factor", "-1"), ("factor", "factor", "'NaN'"), ("haul", "mass", "NULL"),
          ("haul", "distance", "100001"), ("haul", "haul_factor", "1001"), ("haul", "mass", "-1"))),
    Attack("a material added later", "plan_is_as_logged",
           new("plan_material", plan_id="$plan_in_force", number="2")),
)  # fmt: skip

STEPS = (
    Attack("a step of nothing", "plan_step_plan_id_fkey", new("plan_step", plan_id="$nobody")),
    Attack("a plan that is lost", "plan_step_state_check", new("plan_step", state="'LOST'")),
    Attack("returned without a reason", "plan_step_reason_check", new("plan_step", state="'RETURNED'")),
    Attack("approved for a reason", "plan_step_reason_check", new("plan_step", reason="'so'")),
    Attack("submitted twice", "plan_step_follows", new("plan_step", state="'SUBMITTED'")),
    Attack("a draft approved", "plan_step_follows", new("plan_step", plan_id="$plan_draft")),
    Attack("decided twice", "plan_step_follows",
           new("plan_step", plan_id="$plan_in_force", state="'RETURNED'", reason="'so'")),
    Attack("a draft submitted after it was revised", "plan_step_follows",
           f"{WHOLE}; {new('plan_step', position='$p2', plan_id='$plan_draft', state=chr(39) + 'SUBMITTED' + chr(39))}",
           before=DRAFTED),
    Attack("a step that the log does not know", "plan_step_is_as_logged", new("plan_step")),
    Attack("returned where it was approved", "plan_step_is_as_logged",
           new("plan_step", state="'RETURNED'", reason="'so'"), before=APPROVED),
)  # fmt: skip

MILESTONES = (
    Attack("reached twice", "milestone_reached_pilot_id_code_key", new("milestone_reached", code="'ROOF'")),
    Attack("reached of another pilot's plan", "milestone_reached_pilot_id_plan_id_fkey",
           new("milestone_reached", pilot_id="$deciding")),
    Attack("reached what is not planned", "milestone_reached_plan_id_code_fkey",
           new("milestone_reached", code="'CELLAR'")),
    Attack("reached of a draft", "reached_of_plan_in_force",
           new("milestone_reached", plan_id="$plan_draft"), before=REACHED),
    Attack("reached of what was not approved", "reached_of_plan_in_force",
           new("milestone_reached", pilot_id="$deciding", plan_id="$handed_plan"), before=REACHED),
    *(Attack(f"reached on {day}", "reached_since_its_plan", new("milestone_reached", on_day=f"'{day}'"),
             before=REACHED)
      for day in ("2022-12-31", "2999-01-01")),
    Attack("reached, as the log does not know", "reached_is_as_logged", new("milestone_reached")),
    Attack("reached on another day than logged", "reached_is_as_logged",
           new("milestone_reached", on_day="'2023-03-02'"), before=REACHED),
)  # fmt: skip

COMPLETIONS = (
    Attack("built by another pilot's plan", "completion_pilot_id_plan_id_fkey",
           new("completion", pilot_id="$deciding")),
    Attack("stable before it is built", "completion_days_check", new("completion", stable_from="'2023-09-10'")),
    Attack("built by a draft", "completed_of_plan_in_force",
           new("completion", plan_id="$plan_draft"), before=BUILT),
    Attack("built by what was not approved", "completed_of_plan_in_force",
           new("completion", pilot_id="$deciding", plan_id="$handed_plan"), before=BUILT),
    Attack("built before its last milestone", "completed_after_milestones",
           new("completion", built_on="'2023-06-19'"), before=BUILT),
    Attack("built before anything was reached", "completed_after_milestones",
           f"{new('plan_step')}; " + new("completion", position="$p2", pilot_id="$deciding", plan_id="$handed_plan"),
           before=APPROVED),
    Attack("stable on a day to come", "completed_since_its_plan",
           new("completion", stable_from="'2999-01-01'"), before=BUILT),
    Attack("built, as the log does not know", "completion_is_as_logged", new("completion")),
    Attack("stable since another day than logged", "completion_is_as_logged",
           new("completion", stable_from="'2023-10-03'"), before=BUILT),
)  # fmt: skip


@cases((*PLANS, *STEPS, *MILESTONES, *COMPLETIONS))
async def test_plans(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a version drafted": ([new("plan"), *PARTS], DRAFTED),
    "a plan approved": ([new("plan_step")], APPROVED),
    "a milestone reached": ([new("milestone_reached")], REACHED),
    "a completion recorded": ([new("completion")], BUILT),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, entry = GOOD[what]
    await let_through(who, statements, entry)
