"""Applications: written by who applies, judged once submitted, decided once; of one selected a pilot is born."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.good_rows import new

# What the log says of the rows of ``GOOD_ROWS``.
OPENED = entries(4, kind="APPLICATION_OPENED", body="""jsonb_build_object(
    'operator', $operator, 'variant', 'BUILDING_EXISTING', 'applicant_kind', 'BUILDING_OPERATOR',
    'division', '440100', 'establishment', 'EXISTING')""")  # fmt: skip
RETURNED = entries(4, kind="APPLICATION_DECIDED", subject="$handed_in",
                   body="""'{"state": "RETURNED", "pilot": null}'::jsonb""")  # fmt: skip
CLAIMED = entries(4, kind="CRITERION_CLAIMED", subject="$applying",
                  body="""'{"criterion": "BUILDING-2", "documents": []}'::jsonb""")  # fmt: skip
SHOWN = entries(4, kind="CRITERION_CLAIMED", subject="$applying",
                body=f"""'{{"criterion": "BUILDING-2", "documents": ["{"b" * 64}"]}}'::jsonb""")  # fmt: skip
JUDGED = entries(4, kind="CRITERION_JUDGED", subject="$handed_in",
                 body="""'{"criterion": "BUILDING-2", "verdict": "MET"}'::jsonb""")  # fmt: skip
SELECTED = {"state": "'SELECTED'", "pilot_id": "$elected"}

# An application as it is decided to be: the pilot that was born with it.
BORN = """INSERT INTO pilot (id, code, variant, name_zh, name_en, applicant_kind, applicant_name_zh, applicant_name_en,
        division_code, establishment, operation_starts_on, operator_id)
    SELECT $p, 'BORN', variant, name_zh, {name}, applicant_kind, applicant_name_zh, applicant_name_en,
           division_code, establishment, operation_starts_on, operator_id
      FROM application WHERE id = $handed_in"""
CHOSEN = new("application_step", position="$p2", state="'SELECTED'", pilot_id="$p")
DECIDED = entries(4, kind="APPLICATION_DECIDED", subject="$handed_in",
                  body="""jsonb_build_object('state', 'SELECTED', 'pilot', $p)""")  # fmt: skip

APPLICATIONS = (
    Attack("an application of nobody", "application_operator_id_fkey",
           new("application", operator_id="$nobody")),
    *(Attack(f"an area of {area}", "application_area_check", new("application", hectares=area))
      for area in ("0", "-1", "18000001", "0.00001", "'NaN'")),
    Attack("an outline of two corners", "application_outline_check",
           new("application", outline="""'[["23", "113"], ["24", "113"]]'""")),
    Attack("an application that the log does not know", "application_is_as_logged",
           new("application")),
    Attack("an application that is otherwise than logged", "application_is_as_logged",
           new("application", variant="'TOWN'"), before=OPENED),
    Attack("an application of the past", "change_is_logged", new("application", id="$quiet")),
)  # fmt: skip

STEPS = (
    Attack("what became of nothing", "application_step_application_id_fkey",
           new("application_step", application_id="$nobody")),
    Attack("a pilot that is not there", "application_step_pilot_id_fkey",
           new("application_step", state="'SELECTED'", pilot_id="$nobody")),
    Attack("a state of no application", "application_step_state_check",
           new("application_step", state="'LOST'")),
    Attack("decided without a reason", "application_step_reason_check",
           new("application_step", reason="NULL")),
    Attack("submitted for a reason", "application_step_reason_check",
           new("application_step", state="'SUBMITTED'")),
    Attack("selected without a pilot", "application_step_pilot_check",
           new("application_step", state="'SELECTED'")),
    Attack("not selected, with a pilot", "application_step_pilot_check",
           new("application_step", pilot_id="$alone")),
    Attack("a pilot selected twice", "application_step_pilot_id_key",
           new("application_step", **SELECTED)),
    *(Attack(f"{state} where it is {name}", "application_step_follows",
             new("application_step", application_id=f"${name}", state=f"'{state}'",
                 reason="NULL" if state == "SUBMITTED" else "'why'"))
      for state, name in (("SUBMITTED", "handed_in"), ("SUBMITTED", "taken_back"), ("SUBMITTED", "chosen"),
                          ("WITHDRAWN", "chosen"), ("WITHDRAWN", "taken_back"), ("RETURNED", "applying"),
                          ("NOT_SELECTED", "chosen"), ("RETURNED", "taken_back"))),
    Attack("selected, as a pilot that was there before", "selected_pilot_is_the_applied",
           new("application_step", state="'SELECTED'", pilot_id="$alone")),
    Attack("selected, as another pilot than was applied for", "selected_pilot_is_the_applied",
           f"{BORN.format(name='applicant_name_en')}; {CHOSEN}"),
    Attack("decided, and the log says nothing of it", "application_step_is_as_logged",
           new("application_step")),
    Attack("decided otherwise than logged", "application_step_is_as_logged",
           new("application_step", state="'NOT_SELECTED'"), before=RETURNED),
)  # fmt: skip

CLAIMS = (
    Attack("a claim of no application", "criterion_claim_application_id_fkey",
           new("criterion_claim", application_id="$nobody")),
    *(Attack(f"a claim where it is {name}", "claimed_while_open",
             new("criterion_claim", application_id=f"${name}"))
      for name in ("handed_in", "taken_back", "chosen")),
    *(Attack(f"a claim of {code}", "claim_is_of_its_kind",
             new("criterion_claim", criterion=f"'{code}'"))
      for code in ("TOWN-1", "BUILDING", "BUILDING-2.aa", "BUILDING-0", "PRE-BUILDING-1")),
    Attack("a claim that the log does not know", "claim_is_as_logged", new("criterion_claim")),
    Attack("a claim with a document that the log does not know", "claim_is_as_logged",
           f"{new('criterion_claim')}; {new('claim_document')}", before=CLAIMED),
    Attack("a claim without a document that the log knows", "claim_is_as_logged",
           new("criterion_claim"), before=SHOWN),
    Attack("a document of no claim", "claim_document_claim_id_fkey",
           new("claim_document", claim_id="$nobody")),
    Attack("a document twice", "claim_document_claim_id_sha256_key",
           "; ".join([new("criterion_claim"), new("claim_document"), new("claim_document", number="2")])),
    *(Attack(f"a document with {column} {value}", f"claim_document_{column}_check",
             f"{new('criterion_claim')}; {new('claim_document', **{column: value})}")
      for column, value in (("number", "0"), ("number", "21"), ("kind", "'RUMOUR'"), ("size", "0"),
                            ("size", "50000001"), ("sha256", "'abc'"))),
    Attack("a document added later", "change_is_logged",
           new("claim_document", claim_id="(SELECT min(id) FROM criterion_claim)", number="9")),
)  # fmt: skip

JUDGEMENTS = (
    Attack("a judgement of no application", "criterion_judgement_application_id_fkey",
           new("criterion_judgement", application_id="$nobody")),
    Attack("a verdict of no guide", "criterion_judgement_verdict_check",
           new("criterion_judgement", verdict="'FINE'")),
    *(Attack(f"a judgement where it is {name}", "judged_while_submitted",
             new("criterion_judgement", application_id=f"${name}"))
      for name in ("applying", "taken_back", "chosen")),
    Attack("a judgement of another kind's criterion", "judgement_is_of_its_kind",
           new("criterion_judgement", criterion="'TOWN-1'")),
    Attack("a judgement that the log does not know", "judgement_is_as_logged",
           new("criterion_judgement")),
    Attack("a judgement that is otherwise than logged", "judgement_is_as_logged",
           new("criterion_judgement", verdict="'NOT_MET'"), before=JUDGED),
)  # fmt: skip


@cases((*APPLICATIONS, *STEPS, *CLAIMS, *JUDGEMENTS))
async def test_applications(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "an application opened": ([new("application")], OPENED),
    "an application returned": ([new("application_step")], RETURNED),
    "an application selected": ([BORN.format(name="name_en"), CHOSEN], DECIDED),
    "something claimed": ([new("criterion_claim")], CLAIMED),
    "something claimed and shown": ([new("criterion_claim"), new("claim_document")], SHOWN),
    "something judged": ([new("criterion_judgement")], JUDGED),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, said = GOOD[what]
    await let_through(who, statements, said or LOGGED)
