"""Evaluations are of whole periods of what runs stably; panels are odd, and none of whom they evaluate; nothing passes
with what is open, and nothing is added to what was decided."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

# What the log says of the rows of ``GOOD_ROWS``.
OPENED = entries(4, kind="EVALUATION_OPENED", body="""jsonb_build_object(
    'pilot', $assessed, 'scheme', 'GD_TRIAL', 'stable_months', 3, 'retries', NULL,
    'pilots', ARRAY[$assessed::bigint], 'categories', NULL, 'starts_on', '2022-01-01', 'ends_on', '2022-12-31',
    'opened_on', '2023-11-30')""")  # fmt: skip
SAID = entries(4, kind="EVALUATION_SELF_EVALUATED", subject="$begun", body="'{}'::jsonb")
APPOINTED = entries(4, kind="EVALUATION_PANEL_APPOINTED", subject="$judging",
                    body="""'{"organisations": [null, null, null, null, null]}'::jsonb""")  # fmt: skip
VISITED = entries(4, kind="EVALUATION_SITE_VISITED", subject="$judging",
                  body="""'{"on": "2024-09-01"}'::jsonb""")  # fmt: skip
SCORED = entries(4, kind="EVALUATION_ITEM_SCORED", subject="$judging", body="""jsonb_build_object(
    'panel', $jury, 'expert', 1, 'item', 'TOTAL', 'points', '80', 'met', NULL)""")  # fmt: skip
FOUND = entries(4, kind="FINDING_RECORDED", body="""jsonb_build_object(
    'evaluation', $judging, 'severity', 'MINOR', 'due', '2099-01-01')""")  # fmt: skip
CLOSED = entries(4, kind="FINDING_CLOSED", subject="$told", body="""'{"state": "CLOSED"}'::jsonb""")
DECIDED = entries(4, kind="EVALUATION_DECIDED", subject="$judging", body="""jsonb_build_object(
    'verdict', 'FAILED', 'as_of', $head, 'score', '59.98', 'gross', '1000', 'sinks', '10.5', 'purchased', 200,
    'result', '789.5')""")  # fmt: skip
FOLLOWED = entries(4, kind="EVALUATION_FOLLOWED_UP", subject="$judging",
                   body="jsonb_build_object('finding', $told, 'measure', $remedy)")  # fmt: skip
ERASED = entries(4, kind="EXPERT_NAME_ERASED", subject="$judging",
                 body="jsonb_build_object('panel', $jury, 'expert', 2)")  # fmt: skip

EVALUATION, PANEL = new("evaluation"), new("panel")
AGAIN = new("evaluation", id="$p2", scheme="'SZ_ROUTINE'", retries="0")
ERASE = "DELETE FROM panel_expert_name WHERE panel_id = $jury AND number = 2"


def experts(*numbers: int, **given: str) -> str:
    """Members of the new panel; the last of them as is ``given``."""
    rows = [new("panel_expert", number=str(number)) for number in numbers[:-1]]
    return "; ".join([*rows, new("panel_expert", number=str(numbers[-1]), **given)])


EVALUATIONS = (
    Attack("an evaluation of nothing", "evaluation_pilot_id_fkey", new("evaluation", pilot_id="$nobody")),
    *(Attack(f"{column} {value}", f"evaluation_{name}_check", new("evaluation", **{column: value}))
      for name, column, value in (
          ("months", "stable_months", "-1"), ("retries", "retries", "-1"), ("pilots", "pilots", "'{}'"),
          ("categories", "categories", "'{}'"), ("days", "ends_on", "'2021-12-31'"),
          ("days", "opened_on", "'2022-12-31'"))),
    Attack("one day too early", "evaluated_once_stable", new("evaluation", opened_on="'2023-11-29'")),
    Attack("on a day to come", "evaluated_once_stable", new("evaluation", opened_on="'2999-01-01'")),
    Attack("of what was never built", "evaluated_once_stable",
           new("evaluation", pilot_id="$alone", pilots="ARRAY[$alone::bigint]")),
    Attack("of a pilot elsewhere", "evaluated_range_is_inside",
           new("evaluation", pilots="ARRAY[$alone::bigint]")),
    Attack("of a pilot twice", "evaluated_range_is_inside",
           new("evaluation", pilots="ARRAY[$assessed::bigint, $assessed]")),
    Attack("of categories out of order", "evaluated_range_is_inside",
           new("evaluation", categories="'{WASTE,OTHER}'")),
    Attack("a period cut at its end", "evaluated_periods_are_whole",
           new("evaluation", ends_on="'2022-12-30'")),
    Attack("a period cut at its start", "evaluated_periods_are_whole",
           new("evaluation", starts_on="'2022-01-02'")),
    Attack("days of no period", "evaluated_periods_are_whole",
           new("evaluation", starts_on="'2021-01-01'")),
    Attack("another range of these days", "retired_for_one_range",
           new("evaluation", categories="'{OTHER}'")),
    Attack("an evaluation that the log does not know", "evaluation_is_as_logged", EVALUATION),
    Attack("an evaluation by another scheme than logged", "evaluation_is_as_logged",
           new("evaluation", scheme="'SZ_ROUTINE'"), before=OPENED),
    Attack("once more than may be", "evaluated_as_often_as_may_be",
           f"{new('evaluation_decision')}; {AGAIN}", before=DECIDED),
)  # fmt: skip

PANELS = (
    Attack("a self-evaluation of nothing", "self_evaluation_evaluation_id_fkey",
           new("self_evaluation", evaluation_id="$nobody")),
    Attack("a self-evaluation that the log does not know", "self_evaluation_is_as_logged",
           new("self_evaluation")),
    Attack("a self-evaluation of what was decided", "evaluation_is_open",
           new("self_evaluation", evaluation_id="$settled")),
    Attack("a panel of nothing", "panel_evaluation_id_fkey", new("panel", evaluation_id="$nobody")),
    Attack("an expert of no panel", "panel_expert_panel_id_fkey", new("panel_expert", panel_id="$nobody")),
    Attack("an expert of no organisation", "panel_expert_organisation_id_fkey",
           f"{PANEL}; {experts(1, organisation_id='$nobody')}"),
    Attack("the 26th expert", "panel_expert_number_check", f"{PANEL}; {experts(26)}"),
    Attack("the name of nobody", "panel_expert_name_panel_id_number_fkey",
           new("panel_expert_name", panel_id="$nobody")),
    Attack("a panel of four", "panel_is_odd", f"{PANEL}; {experts(1, 2, 3, 4)}"),
    Attack("a panel of six", "panel_is_odd", f"{PANEL}; {experts(1, 2, 3, 4, 5, 6)}"),
    Attack("a panel with a gap", "panel_is_odd", f"{PANEL}; {experts(1, 2, 3, 4, 6)}"),
    Attack("an expert added later", "panel_is_odd",
           new("panel_expert", panel_id="$jury", number="6")),
    Attack("an expert who is of the operator", "expert_is_not_the_operators",
           f"{PANEL}; {experts(1, 2, 3, 4, 5, organisation_id='$operator')}"),
    Attack("an expert of who applied", "expert_is_not_the_operators",
           f"{PANEL}; {experts(1, 2, 3, 4, 5, employer=chr(39) + '某单位' + chr(39))}"),
    Attack("a panel before the pilot evaluated itself", "panel_follows_self_evaluation",
           f"{new('panel', evaluation_id='$begun')}; {experts(1, 2, 3, 4, 5)}"),
    Attack("a panel that the log does not know", "panel_is_as_logged", f"{PANEL}; {experts(1, 2, 3, 4, 5)}"),
    Attack("a name that nobody erased", "erasure_is_logged", ERASE),
    Attack("another's name erased", "erasure_is_logged", ERASE.replace("2", "3"), before=ERASED),
    Attack("a visit of nothing", "site_visit_evaluation_id_fkey",
           new("site_visit", evaluation_id="$nobody")),
    Attack("a visit without a panel", "visit_follows", new("site_visit", evaluation_id="$begun")),
    Attack("a visit to come", "visit_follows", new("site_visit", on_day="'2999-01-01'")),
    Attack("a visit before the opening", "visit_follows", new("site_visit", on_day="'2024-08-30'")),
    Attack("a visit that the log does not know", "visit_is_as_logged", new("site_visit")),
)  # fmt: skip

SCORES = (
    Attack("a score of another evaluation's panel", "evaluation_score_evaluation_id_panel_id_fkey",
           new("evaluation_score", evaluation_id="$begun")),
    Attack("a score of nobody", "evaluation_score_panel_id_expert_fkey",
           new("evaluation_score", expert="6")),
    *(Attack(f"points {value}", "evaluation_score_points_check", new("evaluation_score", points=value))
      for value in ("-1", "100.01", "80.001", "'NaN'")),
    Attack("a score of nothing", "evaluation_score_given_check", new("evaluation_score", points="NULL")),
    Attack("points, and met", "evaluation_score_given_check", new("evaluation_score", met="true")),
    Attack("an item scored twice", "evaluation_score_panel_id_expert_item_key",
           f"{new('evaluation_score')}; {new('evaluation_score', id='$p2')}"),
    Attack("a score of a panel that is none any more", "score_follows",
           new("evaluation_score", panel_id="$former")),
    Attack("a score that the log does not know", "score_is_as_logged", new("evaluation_score")),
    Attack("other points than logged", "score_is_as_logged", new("evaluation_score", points="81"),
           before=SCORED),
    Attack("a finding of nothing", "finding_evaluation_id_fkey", new("finding", evaluation_id="$nobody")),
    Attack("a finding of no weight", "finding_severity_check", new("finding", severity="'HUGE'")),
    Attack("a finding without a panel", "finding_follows", new("finding", evaluation_id="$begun")),
    Attack("a finding that was due", "finding_follows", new("finding", due="'2024-01-01'")),
    Attack("a finding that the log does not know", "finding_is_as_logged", new("finding")),
    Attack("a finding in what was decided", "evaluation_is_open", new("finding", evaluation_id="$settled")),
    Attack("a step of nothing", "finding_step_finding_id_fkey", new("finding_step", finding_id="$nobody")),
    Attack("a finding that is lost", "finding_step_state_check",
           new("finding_step", state="'LOST'")),
    Attack("an answer without a document", "finding_step_document_check",
           new("finding_step", state="'ANSWERED'")),
    Attack("a finding closed that was not answered", "finding_step_follows",
           new("finding_step", finding_id="$lacking")),
    Attack("a finding closed twice", "finding_step_follows",
           f"{new('finding_step')}; {new('finding_step', position='$p2')}", before=CLOSED),
    Attack("a step that the log does not know", "finding_step_is_as_logged", new("finding_step")),
)  # fmt: skip

DECISIONS = (
    Attack("a decision of nothing", "evaluation_decision_evaluation_id_fkey",
           new("evaluation_decision", evaluation_id="1")),
    Attack("a decision twice", "evaluation_decision_evaluation_id_key",
           new("evaluation_decision", evaluation_id="$settled")),
    *(Attack(f"a decision with {column} {value}", f"evaluation_decision_{name}_check",
             new("evaluation_decision", **{column: value}))
      for name, column, value in (
          ("verdict", "verdict", "'MAYBE'"), ("as_of", "as_of", "$p"), ("as_of", "as_of", "1"),
          ("score", "score", "100.01"), ("score", "score", "59.981"), ("known", "gross", "NULL"),
          ("result", "result", "790"))),
    Attack("a pass of what is not known", "evaluation_decision_passed_check",
           new("evaluation_decision", verdict="'PASSED'", gross="NULL", result="NULL")),
    Attack("a decision without a panel", "decision_follows",
           new("evaluation_decision", evaluation_id="$begun")),
    Attack("a pass with a major finding that is open", "passed_with_nothing_open",
           new("evaluation_decision", verdict="'PASSED'")),
    Attack("a decision that the log does not know", "decision_is_as_logged", new("evaluation_decision")),
    Attack("another score than logged", "decision_is_as_logged", new("evaluation_decision", score="60"),
           before=DECIDED),
    Attack("a follow-up of nothing", "follow_up_evaluation_id_fkey",
           new("follow_up", evaluation_id="$nobody", finding_id="NULL")),
    Attack("a follow-up of another's finding", "follow_up_evaluation_id_finding_id_fkey",
           new("follow_up", finding_id="$settled_finding")),
    Attack("a follow-up by nothing", "follow_up_measure_id_fkey", new("follow_up", measure_id="$nobody")),
    Attack("a follow-up of another pilot", "follow_up_is_of_the_pilot",
           new("follow_up", measure_id="$lamps")),
    Attack("a follow-up that the log does not know", "follow_up_is_as_logged", new("follow_up")),
)  # fmt: skip


@cases((*EVALUATIONS, *PANELS, *SCORES, *DECISIONS))
async def test_evaluations(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


WHOLE = [
    PANEL,
    *(new("panel_expert", number=str(n)) for n in range(1, 6)),
    new("panel_expert_name"),
]
GOOD = {
    "an evaluation opened": ([EVALUATION], OPENED),
    "one evaluated by oneself": ([new("self_evaluation")], SAID),
    "a panel appointed": (WHOLE, APPOINTED),
    "a name erased": ([ERASE], ERASED),
    "a site visited": ([new("site_visit")], VISITED),
    "an item scored": ([new("evaluation_score")], SCORED),
    "a finding recorded": ([new("finding")], FOUND),
    "a finding closed": ([new("finding_step")], CLOSED),
    "an evaluation decided": ([new("evaluation_decision")], DECIDED),
    "an evaluation followed up": ([new("follow_up")], FOLLOWED),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, said = GOOD[what]
    await let_through(who, statements, said)
