"""What others say of projects and their reductions is recorded, shown, and in the log: versions of methodologies,
crediting periods, who validated and verified, labels. What is not said leaves entries, keys and events as they were."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nzc_api.grounds import Grounds
from nzc_api.ids import OrganisationId, ProjectId
from nzc_api.ledger.commands import AmendProject, EnrolProject
from nzc_api.ledger.model import Issuance
from nzc_api.ledger.posting.rules.verified_as_said import (
    MOST_LABELS,
    check_labels,
    check_verification,
    check_version,
)
from nzc_api.ledger.posting.verbs.issuing import IssueCredits
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.verifications import (
    CreditLabel,
    LabelStatus,
    Verification,
    VerificationBody,
    VerificationReport,
    VerifiedReductions,
)
from nzc_api.log.requests import Request
from nzc_api.refusal import InvalidInput, LocalizedText
from tests.ledger.test_facts import issue
from tests.world import World, key, mutation

CREDIT_CODE = "91440300100000000R"
HASH = "a" * 64

BODY = VerificationBody("某核查公司", None)
REPORT = VerificationReport("HC-2023-1", date(2023, 6, 1), HASH)
VERIFICATION = Verification(BODY, REPORT)
LABEL = CreditLabel(
    "CCP", LocalizedText("核心碳原则", "Core Carbon Principles"), "ICVCM", date(2024, 1, 1), date(2026, 12, 31)
)  # fmt: skip
EARLIEST, LATEST = date(2022, 12, 31), date(2024, 1, 15)


# What may be said.


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (replace(VERIFICATION, body=VerificationBody()), ("body",)),
        (replace(VERIFICATION, body=VerificationBody(" x")), ("body", "name")),
        (replace(VERIFICATION, body=VerificationBody("无")), ("body", "name")),
        (replace(VERIFICATION, body=VerificationBody(None, "1" * 18)), ("body", "credit_code")),
        (replace(VERIFICATION, report=replace(REPORT, number="")), ("report", "number")),
        (replace(VERIFICATION, report=replace(REPORT, sha256="A" * 64)), ("report", "sha256")),
        (replace(VERIFICATION, report=replace(REPORT, dated=date(2022, 12, 30))), ("report", "dated")),
        (replace(VERIFICATION, report=replace(REPORT, dated=date(2024, 1, 16))), ("report", "dated")),
    ],
)  # fmt: skip
def test_a_verification_can_be_looked_up(said: Verification, path: tuple[str, ...]) -> None:
    problem = check_verification(said, EARLIEST, LATEST)
    assert isinstance(problem, InvalidInput)
    assert problem.path == path


@pytest.mark.parametrize(
    "said",
    [
        None,
        VERIFICATION,
        Verification(VerificationBody("Verifier Ltd")),
        replace(VERIFICATION, report=replace(REPORT, dated=EARLIEST, sha256=None)),
        replace(VERIFICATION, report=replace(REPORT, dated=LATEST)),
    ],
)
def test_a_verification_that_can_be_so_is_taken(said: Verification | None) -> None:
    assert check_verification(said, EARLIEST, LATEST) is None
    assert check_verification(said, None, LATEST) is None


@pytest.mark.parametrize(
    ("labels", "path"),
    [
        ([LABEL] * 2, ("labels", "1", "code")),
        ([replace(LABEL, code="ccp")], ("labels", "0", "code")),
        ([replace(LABEL, code="")], ("labels", "0", "code")),
        ([replace(LABEL, expires_on=date(2023, 12, 31))], ("labels", "0", "expires_on")),
        ([replace(LABEL, name=LocalizedText("", "x"))], ("labels", "0", "name", "zh")),
        ([replace(LABEL, name=LocalizedText("标签", ""))], ("labels", "0", "name", "en")),
        ([replace(LABEL, issued_by="n/a")], ("labels", "0", "issued_by")),
        ([replace(LABEL, code=f"L{n}") for n in range(MOST_LABELS + 1)], ("labels",)),
    ],
)  # fmt: skip
def test_labels_are_labels(labels: list[CreditLabel], path: tuple[str, ...]) -> None:
    problem = check_labels(labels)
    assert isinstance(problem, InvalidInput)
    assert problem.path == path


def test_labels_that_can_be_so_are_taken() -> None:
    assert check_labels([replace(LABEL, code=f"L{n}") for n in range(MOST_LABELS)]) is None
    assert check_labels([replace(LABEL, expires_on=LABEL.valid_from)]) is None
    assert check_labels([replace(LABEL, expires_on=None)]) is None


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2023, 12, 31), LabelStatus.NOT_YET_VALID),
        (date(2024, 1, 1), LabelStatus.VALID),
        (date(2026, 12, 31), LabelStatus.VALID),
        (date(2027, 1, 1), LabelStatus.EXPIRED),
    ],
)
def test_a_label_has_a_status_as_of_a_day(day: date, status: LabelStatus) -> None:
    assert LABEL.status_on(day) is status
    assert replace(LABEL, expires_on=None).status_on(date(9999, 1, 1)) is LabelStatus.VALID


def test_a_version_is_of_a_methodology() -> None:
    assert check_version(None, None) is check_version("V01", "CCER-14-001") is None
    for version, methodology in (("V01", None), ("", "M"), ("V" * 41, "M")):
        problem = check_version(version, methodology)
        assert problem is not None
        assert problem.path == ("methodology_version",)


@pytest.mark.parametrize(
    "said",
    [
        VerifiedReductions(),
        VerifiedReductions(VERIFICATION),
        VerifiedReductions(None, (LABEL, replace(LABEL, code="L", expires_on=None))),
        VerifiedReductions(Verification(VerificationBody(None, CREDIT_CODE))),
    ],
)
def test_what_an_entry_says_is_read_as_it_was_said(said: VerifiedReductions) -> None:
    assert VerifiedReductions.read(said.said.get("verification"), said.said.get("labels")) == said


# Requests of before.

_PROJECT, _DAY = ProjectId(5), date(2024, 1, 15)
GROUNDS = Grounds("d", "r")


def issued(**given: Any) -> IssueCredits:
    return IssueCredits(
        project_id=_PROJECT,
        serials=SerialRange(registry="CCER", prefix="GD", first=1, last=10),
        programme="CCER",
        quantity=10,
        produced_from=date(2022, 1, 1),
        produced_to=date(2022, 12, 31),
        reductions_registered_on=_DAY,
        reductions_applied_on=None,
        holder_id=OrganisationId(3),
        **given,
    )


def enrolled(methodology: str | None = None) -> EnrolProject:
    return EnrolProject(
        project_id=_PROJECT,
        programme="CCER",
        rule="CCER_2023",
        number="N-1",
        registered_on=_DAY,
        methodology=methodology,
    )


# Of the release before these fields, by what it made of the same commands.
BEFORE: Mapping[str, tuple[str, object]] = {
    "7d0f29157863adeaeafe81cf4ebaa185da3d59d6b23b4691c6cbd18cf507c5d3": ("issueCredits", issued()),
    "c157843fb69a94114dcd5a003d87f51aa09e39ae952646779dd8ac6e9b883d8d": (
        "issueCredits", issued(issuance=Issuance("DJ-1", 100))),
    "8c8da9b4b517c8e1f0cea67d6d0fd0ef32b97fc9912f27276a9fbf8284513a3d": (
        "issueCredits", issued(production_document="x")),
    "23a5b80af005545dd55d3f81ea5cc3f3f0e671af8bf7d625352459dab167cf4b": ("enrolProject", enrolled()),
    "c9b0c06a03f1bb23f50f161c21758614ec26dfa71f53cabdcc3c57d65590815e": ("enrolProject", enrolled("M")),
    "2914920ee8dd453d6db92dbb874cb364d4c36514ede34065f9a40e5f54948579": (
        "amendProject", AmendProject(_PROJECT, {}, None, GROUNDS)),
    "25ec775966a2831d2b48c0407aed3294f5df0f04ec7a6b8b90bf5f3eeafe1197": (
        "amendProject", AmendProject(_PROJECT, {}, None, GROUNDS, methodology="M")),
}  # fmt: skip


@pytest.mark.parametrize("expected", BEFORE)
def test_requests_of_before_are_known_again(expected: str) -> None:
    verb, command = BEFORE[expected]
    assert Request.of("k", verb, command).fingerprint.hex() == expected


# Over the API.

SAID: dict[str, Any] = {
    "verification": {
        "body": {"name": "某核查公司", "creditCode": None},
        "report": {"number": "HC-2023-1", "dated": "2023-06-01", "sha256": HASH},
    },
    "labels": [
        {
            "code": "CCP", "name": {"zh": "核心碳原则", "en": "Core Carbon Principles"}, "issuedBy": "ICVCM",
            "validFrom": "2024-01-01", "expiresOn": "2026-12-31",
        }
    ],
}  # fmt: skip
DAYS = {"startsOn": "2022-01-01", "endsOn": "2031-12-31"}
PERIOD = {"monitoringPeriod": {"startsOn": "2022-01-01", "endsOn": "2022-12-31"}}
OF_BATCH = """batch { id position verification { body { name creditCode } report { number dated sha256 } }
    labels { code name { zh en } issuedBy validFrom expiresOn was: status(on: "2023-12-31") is: status(on: "2026-12-31")
             willBe: status(on: "2027-01-01") } }"""
OF_PROJECT = """project { id enrolments { methodology methodologyVersion creditingPeriod { startsOn endsOn }
    validation { body { name creditCode } report { number dated sha256 } } } }"""
SITE_GROUNDS = {"document": "No. 1", "reason": "renewed"}


async def registered(world: World, **given: Any) -> Any:
    """A new project, enrolled with what is given."""
    number = key()[-12:].upper()
    made = await world.registry.made(
        "registerProject", "project { id }", code=f"V-{number}", name={"zh": "项目", "en": "Project"}, forestry=False,
        site="Somewhere",
    )  # fmt: skip
    said = {
        "project": made["id"], "programme": "CCER", "rule": "CCER_2023", "number": f"V-{number}",
        "registeredOn": "2023-11-01", "methodology": "CCER-01-002-V01",
    } | given  # fmt: skip
    return await world.registry.made("enrolProject", OF_PROJECT, **said)


async def body_at(world: World, position: str) -> dict[str, Any]:
    """The facts that the event at a position carries."""
    page = await world.anyone.ask(
        "query ($a: BigInt!) { eventPage(after: $a, first: 1) { events { payload { schema facts } } } }",
        a=str(int(position) - 1),
    )
    found: dict[str, Any] = page["eventPage"]["events"][0]["payload"]
    return found


async def test_what_is_said_is_shown(world: World) -> None:
    validation = {"body": {"name": None, "creditCode": CREDIT_CODE}, "report": None}
    said = {"methodologyVersion": "V01", "creditingPeriod": DAYS, "validation": validation}
    project = await registered(world, **said)
    assert project["enrolments"] == [said | {"methodology": "CCER-01-002-V01"}]
    given = issue(world, project["id"], "V-SAID", 10)
    batch = await world.registry.made("issueCredits", OF_BATCH, **given, production=PERIOD, **SAID)
    (label,) = batch["labels"]
    assert (label.pop("was"), label.pop("is"), label.pop("willBe")) == (
        "NOT_YET_VALID",
        "VALID",
        "EXPIRED",
    )
    assert {name: batch[name] for name in SAID} == SAID
    event = await body_at(world, batch["position"])
    assert event["schema"] == "CREDITS_ISSUED.v2"
    assert event["facts"]["verification"] == SAID["verification"]
    assert event["facts"]["labels"][0]["expiresOn"] == "2026-12-31"


async def test_what_is_not_said_is_nothing(world: World) -> None:
    project = await registered(world)
    nothing = {"methodologyVersion": None, "creditingPeriod": None, "validation": None}
    assert project["enrolments"] == [nothing | {"methodology": "CCER-01-002-V01"}]
    given = issue(world, project["id"], "V-UNSAID", 10)
    batch = await world.registry.made("issueCredits", OF_BATCH, **given, production=PERIOD)
    assert (batch["verification"], batch["labels"]) == (None, [])
    facts = (await body_at(world, batch["position"]))["facts"]
    assert facts["verification"] is facts["labels"] is None


async def test_monitoring_periods_lie_in_the_crediting_period(world: World) -> None:
    short = {"startsOn": "2022-01-01", "endsOn": "2022-06-30"}
    project = (await registered(world, creditingPeriod=short))["id"]
    given = issue(world, project, "V-OUT", 10)
    payload = await world.registry.do(
        "issueCredits",
        "batch { id } } ... on OutsideCreditingPeriod { code producedFrom producedTo creditedFrom creditedTo",
        **given, production=PERIOD,
    )  # fmt: skip
    assert payload["path"] == ["input", "production", "monitoringPeriod"]
    assert {name: payload[name] for name in payload if name.startswith(("produced", "credited"))} == {
        "producedFrom": "2022-01-01", "producedTo": "2022-12-31", "creditedFrom": "2022-01-01",
        "creditedTo": "2022-06-30",
    }  # fmt: skip
    # A calendar year alone says nothing of a monitoring period.
    vintage = issue(world, project, "V-YEAR", 10)
    await world.registry.made(
        "issueCredits", "batch { id }", **vintage, production={"vintage": 2022}
    )
    renewed = {"programme": "CCER", "days": DAYS}
    amended = await world.registry.made(
        "amendProject", OF_PROJECT, project=project, creditingPeriod=renewed, **SITE_GROUNDS
    )
    assert amended["enrolments"][0]["creditingPeriod"] == DAYS
    await world.registry.made("issueCredits", "batch { id }", **given, production=PERIOD)
    refused = await world.registry.refused(
        "amendProject", project=project, creditingPeriod=renewed | {"days": short}, **SITE_GROUNDS
    )
    assert (refused["code"], refused["path"]) == (
        "OUTSIDE_CREDITING_PERIOD",
        ["input", "creditingPeriod"],
    )


async def test_what_is_amended_to_what_it_is_changes_nothing(world: World) -> None:
    project = (await registered(world, creditingPeriod=DAYS))["id"]
    given, head = {"programme": "CCER", "days": DAYS}, await world.head()
    await world.registry.made(
        "amendProject", "project { id }", project=project, creditingPeriod=given, **SITE_GROUNDS
    )
    assert await world.head() == head


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"programme": "PHCER", "days": DAYS}, "PROJECT_NOT_ENROLLED", ["creditingPeriod", "programme"]),
        *(({"programme": "CCER", "days": {"startsOn": first, "endsOn": last}}, "INVALID_INPUT", ["creditingPeriod"])
          for first, last in (("2023-01-01", "2022-01-01"), ("1989-12-31", "2022-01-01"),
                              ("2022-01-01", "2201-01-01"))),
    ],
)  # fmt: skip
async def test_a_crediting_period_is_of_an_enrolment(
    world: World, given: dict[str, Any], code: str, path: list[str]
) -> None:
    project = (await registered(world))["id"]
    refused = await world.administrator.refused(
        "amendProject", project=project, creditingPeriod=given, **SITE_GROUNDS
    )
    assert (refused["code"], refused["path"]) == (code, ["input", *path])


async def test_a_registry_states_the_crediting_periods_of_its_own_programmes(world: World) -> None:
    project = (await registered(world))["id"]
    given = {
        "project": project,
        "creditingPeriod": {"programme": "CCER", "days": DAYS},
    } | SITE_GROUNDS
    error = await world.phcer_registry.fail(
        mutation("amendProject", "project { id }"), input=given | {"idempotencyKey": key()}
    )
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_version_is_stated_with_its_methodology(world: World) -> None:
    project = (await registered(world, methodology=None))["id"]
    said = {"methodology": "CCER-01-002-V01", "methodologyVersion": "V01"}
    alone = {"methodologyVersion": "V01"}
    refused = await world.registry.refused("amendProject", project=project, **alone, **SITE_GROUNDS)
    assert refused["path"] == ["input", "methodologyVersion"]
    amended = await world.registry.made(
        "amendProject", OF_PROJECT, project=project, **said, **SITE_GROUNDS
    )
    assert {name: amended["enrolments"][0][name] for name in said} == said


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"verification": {"body": {}}}, ["verification", "body"]),
        ({"verification": {"body": {"name": "甲核查"}, "report": {"number": "1", "dated": "2022-12-30"}}},
         ["verification", "report", "dated"]),
        ({"labels": SAID["labels"] * 2}, ["labels", "1", "code"]),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_by_its_path(
    world: World, given: dict[str, Any], path: list[str]
) -> None:
    project = (await registered(world))["id"]
    refused = await world.registry.refused(
        "issueCredits", **issue(world, project, f"V-{key()[-8:]}".upper(), 10), production=PERIOD, **given
    )  # fmt: skip
    assert refused["path"] == ["input", *path]


async def test_enrolments_are_refused_by_path(world: World) -> None:
    project = (await registered(world))["id"]
    given = {
        "project": project, "programme": "CCER", "rule": "CCER_2023", "number": "V-X", "registeredOn": "2023-11-01",
    }  # fmt: skip
    late = {"body": {"name": "甲核查"}, "report": {"number": "1", "dated": "2023-11-02"}}
    for said, path in (
        ({"methodologyVersion": "V01"}, ["methodologyVersion"]),
        ({"creditingPeriod": {"startsOn": "2023-01-01", "endsOn": "2022-01-01"}}, ["creditingPeriod"]),
        ({"validation": late}, ["validation", "report", "dated"]),
    ):  # fmt: skip
        refused = await world.registry.refused("enrolProject", **given, **said)
        assert refused["path"] == ["input", *path]
