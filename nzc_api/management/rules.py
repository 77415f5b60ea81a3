"""What posts, appointments, duties, rules and upkeep must be. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from nzc_api.accounting.exact import GRAM, plain
from nzc_api.grounds import LONGEST_REASON
from nzc_api.inventories.model import DutyUnitEmissions
from nzc_api.management.errors import (
    AppointmentOutOfOrder,
    HolderNameNotKept,
    ManagementFull,
    PostCodeTaken,
    RuleRepealed,
)
from nzc_api.management.model import (
    AppointHolder,
    Appointment,
    AssignDuty,
    Duty,
    DutyUnknownReason,
    EstablishPost,
    ManagedThing,
    ManagementRule,
    Post,
    PublishRule,
    RecordUpkeep,
    RepealRule,
    span_of,
)
from nzc_api.pilots.model import Pilot
from nzc_api.pilots.rules import FIRST_DAY, LAST_DAY, PILOT_CODE, check_order, check_year
from nzc_api.refusal import InvalidInput, Refusal, first_refused
from nzc_api.text import name_problem, saying_problem

MOST = {ManagedThing.POST: 100, ManagedThing.DUTY: 500, ManagedThing.RULE: 200}
MOST_RESPONSIBILITIES = 20

# t CO2e: more than any unit emits; the database holds the same.
MOST_TONNES = 10**9


def check_post(command: EstablishPost) -> Refusal | None:
    """Whether it can be a post, whatever the pilot is."""
    return (
        _check_code("code", command.code)
        or name_problem(command.name.zh, "name", "zh")
        or name_problem(command.name.en, "name", "en")
        or _check_responsibilities(command.responsibilities)
    )


def check_code_free(pilot: Pilot, code: str, posts: Sequence[Post]) -> Refusal | None:
    """Whether no post of the pilot has the code."""
    for post in posts:
        if post.code == code:
            return PostCodeTaken(
                path=("code",), post_id=post.id, pilot_code=pilot.code, post_code=code
            )
    return None


def check_room(pilot: Pilot, thing: ManagedThing, count: int) -> Refusal | None:
    """Whether a pilot with so many may have one more."""
    if count < MOST[thing]:
        return None
    return ManagementFull(path=("pilot",), pilot_code=pilot.code, thing=thing, most=MOST[thing])


def check_appointment(post: Post, command: AppointHolder, today: date) -> Refusal | None:
    """Whether somebody can hold a post from that day on: one day has one holder."""
    return (
        (None if command.holder is None else saying_problem(command.holder, "holder_name"))
        or saying_problem(command.document, "document")
        or _check_day("starts_on", command.starts_on, today)
        or _check_follows(post, command.starts_on)
    )


def check_erasure(appointment: Appointment) -> Refusal | None:
    """Whether there is a name to erase."""
    if appointment.holder is not None:
        return None
    return HolderNameNotKept(path=("appointment",), appointment_id=appointment.id)


def check_duty(command: AssignDuty) -> Refusal | None:
    """Whether it can be a unit's duty, whatever the pilot is."""
    return (
        _check_code("unit", command.unit)
        or name_problem(command.unit_name.zh, "unit_name", "zh")
        or name_problem(command.unit_name.en, "unit_name", "en")
        or check_year(command.year)
        or _check_ceiling(command.ceiling)
        or saying_problem(command.document, "document")
    )


def emitted(item: Duty, units: Mapping[int, DutyUnitEmissions]) -> Decimal | DutyUnknownReason:
    """What the unit of a duty emitted, of what its pilot's units emitted by year: the sum of the emission sources that
    name the unit, in verified inventories that cover the calendar year; else why nobody knows."""
    emitted = units.get(item.year)
    if emitted is None:
        return DutyUnknownReason.NO_VERIFIED_INVENTORY
    if not emitted.whole:
        return DutyUnknownReason.YEAR_NOT_COVERED
    return emitted.co2e.get(item.unit, DutyUnknownReason.NO_LINES_OF_UNIT)


def check_rule(command: PublishRule) -> Refusal | None:
    """Whether it can be in force, whatever the pilot is."""
    return (
        saying_problem(command.title, "title")
        or saying_problem(command.document, "document")
        or check_order(span_of(command, LAST_DAY))
    )


def check_repeal(rule: ManagementRule, command: RepealRule) -> Refusal | None:
    """Whether it can end on that day."""
    return (
        saying_problem(command.document, "document")
        or _check_stands(rule)
        or _check_last_day(rule, command.on)
    )


def check_upkeep(command: RecordUpkeep, today: date) -> Refusal | None:
    """Whether it can have been done."""
    return (
        _check_day("on", command.on, today)
        or saying_problem(command.done, "done", longest=LONGEST_REASON)
        or saying_problem(command.document, "document")
    )


def _check_code(field: str, code: str) -> Refusal | None:
    if PILOT_CODE.fullmatch(code):
        return None
    return InvalidInput(
        path=(field,),
        value=code[:80],
        expected_zh="1至40个大写字母、数字或连字符，首尾不是连字符",
        expected_en="1 to 40 capital letters, digits or hyphens, no hyphen at the ends",
    )


def _check_responsibilities(texts: Sequence[str]) -> Refusal | None:
    if not 1 <= len(texts) <= MOST_RESPONSIBILITIES:
        return InvalidInput(
            path=("responsibilities",),
            value=str(len(texts)),
            expected_zh=f"1至{MOST_RESPONSIBILITIES}项职责",
            expected_en=f"1 to {MOST_RESPONSIBILITIES} responsibilities",
        )
    return first_refused("responsibilities", texts, saying_problem)


def _check_day(field: str, day: date, today: date) -> Refusal | None:
    if FIRST_DAY <= day <= today:
        return None
    return InvalidInput(
        path=(field,),
        value=str(day),
        expected_zh=f"{FIRST_DAY}至今天（{today}）之间的日期",
        expected_en=f"a day from {FIRST_DAY} to today ({today})",
    )


def _check_follows(post: Post, starts_on: date) -> Refusal | None:
    if post.latest is None or post.latest.starts_on < starts_on:
        return None
    return AppointmentOutOfOrder(
        path=("starts_on",),
        post_id=post.id,
        post_code=post.code,
        since=str(post.latest.starts_on),
        given=str(starts_on),
    )


def _check_ceiling(ceiling: Decimal) -> Refusal | None:
    if 0 <= ceiling <= MOST_TONNES and ceiling == round(ceiling, GRAM):
        return None
    return InvalidInput(
        path=("ceiling",),
        value=plain(ceiling)[:80],
        expected_zh=f"0至{MOST_TONNES} t CO2e，至多{GRAM}位小数",
        expected_en=f"from 0 to {MOST_TONNES} t CO2e, with at most {GRAM} decimals",
    )


def _check_stands(rule: ManagementRule) -> Refusal | None:
    if rule.repeal is None:
        return None
    return RuleRepealed(path=("rule",), rule_id=rule.id, last_day=str(rule.repeal.on))


def _check_last_day(rule: ManagementRule, on: date) -> Refusal | None:
    last = LAST_DAY if rule.ends_on is None else rule.ends_on
    if rule.starts_on <= on <= last:
        return None
    return InvalidInput(
        path=("on",),
        value=str(on),
        expected_zh=f"该制度有效期内的日期：{rule.starts_on}至{last}",
        expected_en=f"a day on which it is in force: from {rule.starts_on} to {last}",
    )
