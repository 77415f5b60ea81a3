"""Projects, enrolments and methodologies."""

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
from tests.database.guards.good_rows import CALLED, new


def retitled(amendment: str, name: str, **others: str) -> str:
    """A project amended to one name, and changed to another."""
    changes = ", ".join(
        f"{column} = '{value}'" for column, value in {"name_en": name, **others}.items()
    )
    said = new("project_amendment", after=f"""{CALLED} || '{{"name_en": "{amendment}"}}'""")
    return f"{said}; UPDATE project SET {changes} WHERE id = $project"


def at_alone(project: str) -> str:
    """That a project is at the site of ``alone``."""
    return new("same_site", subject_id=project, other_id="$alone")


def found_at_alone(project: str, finding: str) -> str:
    return new(
        "same_site_resolution",
        position="$p2",
        subject_id=project,
        other_id="$alone",
        finding=f"'{finding}'",
    )


STATED = "CCER-14-001-V01"

METHODOLOGIES = (
    Attack("a methodology of an enrolment that named one", "methodology_is_stated_once",
           new("enrolment_methodology", enrolment_id="$said")),
    Attack("a methodology of a sink, of what is none", "methodology_is_of_forestry",
           new("enrolment_methodology", sink="true")),
    Attack("a sink's methodology that is called none", "enrolment_methodology_sink_check",
           new("enrolment_methodology", methodology=f"'{STATED}'")),
    Attack("a methodology stated before its enrolment", "enrolment_methodology_later_check",
           new("enrolment_methodology", position="$unsaid")),
    Attack("a methodology of no enrolment", "enrolment_methodology_enrolment_id_fkey",
           new("enrolment_methodology", enrolment_id="$nobody", position="$nobody + 1")),
    Attack("a project placed in a pilot, and no methodology of one enrolment", "placed_with_methodology",
           new("project_placement", project_id="$twin")),
    Attack("enrolled without a methodology where it was placed later", "forestry_follows_methodology",
           new("enrolment", project_id="$lot", methodology="NULL", sink="NULL")),
    Attack("found to be inside a pilot, and no methodology of one enrolment", "found_inside_with_methodology",
           found_at_alone("$twin", "SAME"), before=f"{LOGGED}; {at_alone('$twin')}"),
    Attack("enrolled without a methodology where it was found to be", "forestry_follows_methodology",
           new("enrolment", id="$p3", methodology="NULL", sink="NULL"),
           before=f"{LOGGED}; {at_alone('$project')}; {found_at_alone('$project', 'SAME')}"),
)  # fmt: skip


@cases(METHODOLOGIES)
async def test_methodologies(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


def amended(project: str, programme: str, first: str, last: str) -> str:
    """That a project was amended to be credited for days in a programme."""
    days = f"jsonb_build_object('programme', '{programme}', 'starts_on', '{first}', 'ends_on', '{last}')"
    body = f"jsonb_build_object('crediting_period', {days})"
    return entries(4, kind="PROJECT_AMENDED", body=body, subject=project)


def credited(last: str) -> str:
    """That what is issued of ``project`` is credited for 2022, until a day."""
    days = {"starts_on": "'2022-01-01'", "ends_on": f"'{last}'"}
    return new("crediting_period", enrolment_id="$enrolled", **days)


TWIN_CREDITED = amended("$twin", "PHCER", "2020-01-01", "2040-12-31")

CREDITED = (
    Attack("days before their enrolment", "crediting_period_later_check",
           new("crediting_period", position="$unsaid - 1")),
    Attack("days that end before they start", "crediting_period_span_check",
           new("crediting_period", ends_on="'2019-12-31'")),
    Attack("days of no enrolment", "crediting_period_enrolment_id_fkey",
           new("crediting_period", enrolment_id="$nobody", position="$nobody + 1")),
    Attack("days that the log does not say", "crediting_period_is_as_logged", new("crediting_period")),
    *(Attack(f"{what} than the log says", "crediting_period_is_as_logged", new("crediting_period", **given),
             before=TWIN_CREDITED)
      for what, given in (("another first day", {"starts_on": "'2020-01-02'"}),
                          ("another last day", {"ends_on": "'2040-12-30'"}),
                          ("another enrolment", {"enrolment_id": "$said"}))),
    Attack("days that leave out what was issued", "monitored_in_crediting_period", credited("2022-12-30")),
    Attack("issued for days that are not credited", "issued_in_crediting_period",
           new("credit_batch", id="$p2", produced_from="'2021-12-31'"),
           before=amended("$project", "CCER", "2022-01-01", "2023-12-31") + "; " + credited("2023-12-31")),
)  # fmt: skip


@cases(CREDITED)
async def test_crediting_periods(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@pytest.mark.parametrize("who", BOTH)
async def test_days_that_the_log_says_are_let_through(let_through: LetThrough, who: str) -> None:
    await let_through(who, [new("crediting_period")], TWIN_CREDITED)


RENAMINGS = (
    Attack("a project renamed without an amendment", "project_is_as_amended",
           "UPDATE project SET name_en = 'Other' WHERE id = $project"),
    Attack("a project renamed otherwise than the amendment says", "project_is_as_amended",
           retitled("Other", "Another")),
    Attack("a project renamed twice by one amendment", "project_is_as_amended",
           "UPDATE project SET name_en = 'Yet' WHERE id = $project",
           before=f"{LOGGED}; {retitled('Other', 'Other')}"),
    Attack("an amendment of a project that is not carried out", "project_is_as_amended",
           new("project_amendment", after=f"""{CALLED} || '{{"name_en": "Other"}}'""")),
    *(Attack(f"a project's {column} changed", "project_is_as_amended",
             f"UPDATE project SET {column} = {value} WHERE id = $project",
             before=f"{LOGGED}; {new('project_amendment')}")
      for column, value in {"id": "$p", "code": "'OTHER'", "forestry": "true", "pilot_id": "$town",
                            "site": "'There'"}.items()),
    Attack("an amendment that begins with what the project is not", "amendment_follows_project",
           new("project_amendment", before="""'{"name_en": "Was"}'""")),
    Attack("an amendment of no project", "project_amendment_project_id_fkey",
           new("project_amendment", project_id="$nobody")),
)  # fmt: skip


@cases(RENAMINGS)
async def test_renamings(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


PROJECTS = (
    Attack("a project code used twice", "project_code_key",
           f"{new('project')}; {new('project', id='$p2')}"),
    Attack("a project in no pilot", "project_pilot_id_fkey", new("project", pilot_id="$nobody")),
    Attack("half a place", "project_coordinates_check", new("project", longitude="NULL")),
    Attack("an enrolment of no project", "enrolment_project_id_fkey",
           new("enrolment", project_id="$nobody")),
    Attack("a project enrolled twice in a programme", "enrolment_project_id_programme_key",
           new("enrolment", programme="'CCER'")),
    Attack("a number used twice in a programme", "enrolment_programme_number_key",
           f"{new('enrolment')}; {new('enrolment', id='$p2', project_id='$inner')}"),
    Attack("a number used twice in a programme, written otherwise", "enrolled_once_however_written",
           new("enrolment") + "; " + new("enrolment", id="$p2", project_id="$inner", number="'new_01'")),
    Attack("a sink's methodology that is said to be of none", "enrolment_sink_check",
           new("enrolment", methodology="'CCER—14—002—V01'")),
    Attack("a sink's methodology of which nothing is said", "enrolment_sink_check",
           new("enrolment", methodology="'AR-CM-003-V01'", sink="NULL")),
    Attack("a sink that is no forestry", "forestry_follows_methodology",
           new("enrolment", methodology="'CCER-14-001-V01'", sink="true")),
    Attack("forestry whose methodology is of none", "forestry_follows_methodology",
           new("enrolment", project_id="$wood")),
    Attack("no methodology inside a pilot", "forestry_follows_methodology",
           new("enrolment", project_id="$inner", methodology="NULL", sink="NULL")),
    Attack("production of which nothing is known", "production_basis_is_known",
           new("credit_batch", production_basis="NULL")),
    Attack("production known in another way", "credit_batch_production_basis_check",
           new("credit_batch", production_basis="'HEARSAY'")),
    Attack("forestry of a vintage", "credit_batch_forestry_has_monitoring_period_check",
           new("credit_batch", project_id="$wood", forestry="true", production_basis="'VINTAGE'")),
    Attack("an authority without its document", "credit_batch_production_document_check",
           new("credit_batch", production_basis="'AUTHORITY'")),
    Attack("a document of no authority", "credit_batch_production_document_check",
           new("credit_batch", production_document="'No. 1'")),
    Attack("a batch of a project that is not enrolled", "credit_batch_project_id_programme_fkey",
           new("credit_batch", programme="'PHCER'", registry="'PHCER'")),
    Attack("a batch of no project", "credit_batch_project_id_programme_fkey",
           new("credit_batch", project_id="$nobody")),
    Attack("a negative serial", "credit_batch_range_check",
           new("credit_batch", lo="-1", hi="99")),
    Attack("a block of nothing", "credit_batch_range_check",
           new("credit_batch", hi="1001", quantity="0")),
    Attack("a block that runs backwards", "credit_batch_range_check",
           new("credit_batch", lo="1101", hi="1001", quantity="-100")),
    Attack("a tonne more than serials", "credit_batch_quantity_check",
           new("credit_batch", quantity="101")),
    Attack("a tonne less than serials", "credit_batch_quantity_check",
           new("credit_batch", quantity="99")),
    Attack("production that ends before it starts", "credit_batch_produced_check",
           new("credit_batch", produced_from="'2023-01-01'")),
    Attack("a vintage of another year", "credit_batch_vintage_check",
           new("credit_batch", vintage="2023")),
    Attack("reductions registered before they were produced", "credit_batch_registered_check",
           new("credit_batch", reductions_registered_on="'2022-12-30'")),
    *(Attack(f"reductions applied for {when}", "credit_batch_applied_check",
             new("credit_batch", reductions_applied_on=day))
      for when, day in (("before they were produced", "'2022-12-30'"),
                        ("after they were registered", "'2024-01-16'"))),
    Attack("a block issued twice", "credit_batch_no_overlap_excl",
           new("credit_batch", lo="1", hi="1001", quantity="1000")),
    Attack("a block that shares its first serial", "credit_batch_no_overlap_excl",
           new("credit_batch", lo="1000", hi="1100")),
    *(Attack(f"a block again, with its prefix written {written}", "issued_once_however_written",
             new("credit_batch", prefix=f"'{written}'", lo="1", hi="1001", quantity="1000"))
      for written in ("GD_A", "GDA", "GD.A", "GD--A")),
    Attack("a block within another, with its prefix written otherwise", "issued_once_however_written",
           new("credit_batch", prefix="'GD/A'", lo="500", hi="501", quantity="1")),
    Attack("a block around another, with its prefix written otherwise",
           "issued_once_however_written",
           new("credit_batch", prefix="'GD_B'", lo="0", hi="1000", quantity="1000")),
)  # fmt: skip


@cases(PROJECTS)
async def test_projects(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a project placed whose methodology is stated": [
        new("enrolment_methodology"), new("project_placement", project_id="$twin")],
    "found to be inside a pilot, whose methodology is stated": [
        new("enrolment_methodology"), at_alone("$twin"), found_at_alone("$twin", "SAME")],
    "found to be distinct, whose methodology is not": [at_alone("$twin"), found_at_alone("$twin", "DISTINCT")],
    "enrolled without a methodology where it was found not to be": [
        at_alone("$project"), found_at_alone("$project", "DISTINCT"),
        new("enrolment", id="$p3", methodology="NULL", sink="NULL")],
    "forestry placed without a methodology": [
        new("project", forestry="true", pilot_id="NULL"),
        new("enrolment", id="$p2", project_id="$p", methodology="NULL", sink="NULL"),
        new("project_placement", position="$p3", project_id="$p")],
    "a project renamed": [retitled("Other", "Other")],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
