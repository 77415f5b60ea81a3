"""A post has one holder a day, whose name goes only where that is recorded; all is as the log says."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

ESTABLISHED = entries(4, kind="POST_ESTABLISHED", body="""jsonb_build_object(
    'pilot', $metered, 'code', 'POST-9', 'kind', 'OTHER')""")  # fmt: skip
APPOINTED = entries(4, kind="HOLDER_APPOINTED", body="""jsonb_build_object(
    'post', $post, 'starts_on', '2024-07-01', 'commitment',
    encode(sha256(decode(repeat('ab', 32), 'hex') || convert_to('某人', 'UTF8')), 'hex'))""")  # fmt: skip
VACATED = entries(4, kind="HOLDER_APPOINTED", body="""jsonb_build_object(
    'post', $post, 'starts_on', '2024-07-01', 'commitment', NULL)""")  # fmt: skip
ERASED = entries(4, kind="HOLDER_NAME_ERASED", subject="$held", body="'{}'::jsonb")
ASSIGNED = entries(4, kind="DUTY_ASSIGNED", body="""jsonb_build_object(
    'pilot', $metered, 'unit', 'U-9', 'year', 2024, 'ceiling', '7.5')""")  # fmt: skip
PUBLISHED = entries(4, kind="RULE_PUBLISHED", body="""jsonb_build_object(
    'pilot', $metered, 'starts_on', '2024-01-01', 'ends_on', NULL)""")  # fmt: skip
REPEALED = entries(
    4, kind="RULE_REPEALED", subject="$ruled", body="""'{"on": "2024-06-30"}'::jsonb"""
)
KEPT_UP = entries(4, kind="UPKEEP_RECORDED", body="""jsonb_build_object(
    'pilot', $metered, 'system', 'GAS', 'on', '2024-06-30')""")  # fmt: skip

APPOINTMENT, NAME = new("appointment"), new("holder_name")
GONE = "DELETE FROM holder_name WHERE appointment_id = $held"

POSTS = (
    Attack("a post of no pilot", "post_pilot_id_fkey", new("post", pilot_id="$nobody")),
    Attack("a code that is taken", "post_pilot_id_code_key", new("post", code="'CARBON-1'")),
    Attack("a post for magic", "post_kind_check", new("post", kind="'MAGIC'")),
    Attack("a post for nothing", "post_responsibilities_check", new("post", responsibilities="'{}'")),
    Attack("a post that the log does not know", "managed_is_as_logged", new("post")),
    Attack("a post of another code than logged", "managed_is_as_logged",
           new("post", code="'POST-8'"), before=ESTABLISHED),
)  # fmt: skip

APPOINTMENTS = (
    Attack("a holder of nothing", "appointment_post_id_fkey", new("appointment", post_id="$nobody")),
    Attack("two holders of a day", "appointment_post_id_starts_on_key",
           new("appointment", starts_on="'2024-01-01'")),
    Attack("a holder of days before", "appointments_follow",
           f"{new('appointment', starts_on=chr(39) + '2023-06-01' + chr(39))}; {NAME}", before=APPOINTED),
    Attack("a holder without a name", "holder_is_named", APPOINTMENT, before=APPOINTED),
    Attack("a holder that the log does not know", "appointment_is_as_logged",
           f"{APPOINTMENT}; {NAME}"),
    Attack("a holder where it is vacant", "appointment_is_as_logged", f"{APPOINTMENT}; {NAME}",
           before=VACATED),
    Attack("a name of no appointment", "holder_name_appointment_id_fkey", NAME),
    Attack("a short salt", "holder_name_salt_check",
           f"{APPOINTMENT}; {new('holder_name', salt='sha224(chr(97)::bytea)')}"),
    Attack("another name than committed", "holder_name_is_committed",
           f"{APPOINTMENT}; {new('holder_name', name=chr(39) + '别人' + chr(39))}", before=APPOINTED),
    Attack("a name where it is vacant", "holder_name_is_committed",
           f"{new('appointment', commitment='NULL')}; {NAME}", before=VACATED),
)  # fmt: skip

ERASURES = (
    Attack("a name that just goes", "name_goes_by_erasure", GONE),
    Attack("an erasure of nothing", "name_erasure_appointment_id_fkey",
           new("name_erasure", appointment_id="$nobody")),
    Attack("an erasure twice", "name_erasure_appointment_id_key",
           new("name_erasure", appointment_id="$gone")),
    Attack("an erased name that stays", "erased_name_is_gone", new("name_erasure"), before=ERASED),
    Attack("an erasure that the log does not know", "name_erasure_is_as_logged",
           f"{new('name_erasure')}; {GONE}"),
)  # fmt: skip

OTHERS = (
    Attack("a duty of no pilot", "duty_pilot_id_fkey", new("duty", pilot_id="$nobody")),
    Attack("a duty of no year", "duty_year_check", new("duty", year="1989")),
    *(Attack(f"a ceiling of {value}", "duty_ceiling_check", new("duty", ceiling=value))
      for value in ("-1", "2e9", "0.0000001", "'NaN'")),
    Attack("a duty of another ceiling than logged", "managed_is_as_logged",
           new("duty", ceiling="8"), before=ASSIGNED),
    Attack("a rule of no pilot", "management_rule_pilot_id_fkey",
           new("management_rule", pilot_id="$nobody")),
    Attack("a rule that ends first", "management_rule_days_check",
           new("management_rule", ends_on="'2023-12-31'")),
    Attack("a rule that ends otherwise than logged", "managed_is_as_logged",
           new("management_rule", ends_on="'2024-12-31'"), before=PUBLISHED),
    Attack("a repeal of nothing", "rule_repeal_rule_id_fkey", new("rule_repeal", rule_id="$nobody")),
    Attack("a second repeal", "rule_repeal_rule_id_key", new("rule_repeal", rule_id="$unruled")),
    Attack("a repeal before its days", "repeal_while_in_force",
           new("rule_repeal", on_day="'2023-12-31'")),
    Attack("a repeal after its days", "repeal_while_in_force",
           new("rule_repeal", on_day="'2025-01-01'")),
    Attack("a repeal that the log does not know", "repeal_is_as_logged", new("rule_repeal")),
    Attack("a repeal on another day than logged", "repeal_is_as_logged",
           new("rule_repeal", on_day="'2024-06-29'"), before=REPEALED),
    Attack("upkeep of no pilot", "upkeep_pilot_id_fkey", new("upkeep", pilot_id="$nobody")),
    Attack("upkeep of magic", "upkeep_system_check", new("upkeep", system="'MAGIC'")),
    Attack("upkeep of another system than logged", "managed_is_as_logged",
           new("upkeep", system="'HEAT'"), before=KEPT_UP),
)  # fmt: skip


@cases((*POSTS, *APPOINTMENTS, *ERASURES, *OTHERS))
async def test_management(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a post": ([new("post")], ESTABLISHED),
    "a holder": ([APPOINTMENT, NAME], APPOINTED),
    "a vacancy": ([new("appointment", commitment="NULL")], VACATED),
    "an erasure": ([new("name_erasure"), GONE], ERASED),
    "a duty": ([new("duty")], ASSIGNED),
    "a rule": ([new("management_rule")], PUBLISHED),
    "a repeal": ([new("rule_repeal")], REPEALED),
    "upkeep": ([new("upkeep")], KEPT_UP),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, said = GOOD[what]
    await let_through(who, statements, said)
