"""Applications are opened, claimed for, submitted, judged and decided; what cannot be is refused, and nothing
written."""

from typing import Any

import pytest

from tests.counting import least, reckoned
from tests.selection.applying import (
    REASON,
    TOWN,
    application,
    applied,
    claimed,
    decision,
    document,
    judged,
    opened,
    submitted,
)
from tests.world import Caller, World, as_kind, key, unchanged

FACTS = """id position applicationState criteriaMet variant name { zh } applicantKind applicantName { zh } establishment
    operationStartsOn boundary { words hectares outline { latitude longitude } } administrativeDivision { code }
    operator { id } pilot { code }"""
STORY = """claims { totalCount nodes { criterion statement
        documents { fileName sha256 documentKind size mediaType } } }
    judgements { totalCount nodes { criterion verdict reason } }
    steps { totalCount nodes { applicationState reason } }"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Application {{ {FACTS} {STORY} }} }} }}"
CRITERIA = """query ($id: ID!, $at: BigInt) { node(id: $id) { ... on Application { criteriaMet criteria(asOf: $at) {
    met criterion { code } parts { code verdict } } } } }"""
LIST = """query ($filter: ApplicationFilterInput, $first: Int!, $after: String, $at: BigInt) {
    applications(filter: $filter, first: $first, after: $after, asOf: $at) { totalCount
        nodes { id criteriaMet applicationState } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def seen(caller: Caller, application: str) -> Any:
    return (await caller.ask(NODE, id=application))["node"]


async def test_an_application_is_opened(world: World) -> None:
    before = await world.head()
    outline = [("23.1", "113.1"), ("23.1", "113.2"), ("23.2", "113.2")]
    corners = [{"latitude": n, "longitude": e} for n, e in outline]
    boundary = {"words": "用地红线内", "hectares": "12.50", "outline": corners}
    made = await world.operator.made(
        "openApplication", f"application {{ {FACTS} }}", **application(boundary=boundary)
    )
    assert made == {
        "id": made["id"], "position": str(before + 1), "applicationState": "OPEN", "criteriaMet": 0,
        "variant": "BUILDING_EXISTING", "name": {"zh": "某行政服务中心"}, "applicantKind": "BUILDING_OPERATOR",
        "applicantName": {"zh": "某单位"}, "establishment": "EXISTING", "operationStartsOn": "2015-01-01",
        "boundary": {"words": "用地红线内", "hectares": "12.5", "outline": corners},
        "administrativeDivision": {"code": "440100"}, "operator": {"id": world.operator.organisation},
        "pilot": None,
    }  # fmt: skip
    events = await world.operator.ask(
        "query ($after: BigInt!) { events(after: $after) { kind subject { id } } }",
        after=str(before),
    )
    assert events["events"] == [{"kind": "APPLICATION_OPENED", "subject": {"id": made["id"]}}]


async def test_from_application_to_pilot(world: World) -> None:
    """The pilot is born in the commit of the decision, written by the applicant, under the code that was given."""
    application = await opened(world)
    await claimed(world, application, "BUILDING-3", documents=2)
    await submitted(world, application)
    await judged(world, application, "BUILDING-3", verdict="NOT_SHOWN")
    await judged(world, application, "BUILDING-3", "BUILDING-2")
    before = await world.head()
    code = f"CHOSEN-{before}"
    given = decision(application, "SELECTED", code) | {"idempotencyKey": "decide"}
    first = await world.regulator.do("decideApplication", f"application {{ {FACTS} }}", **given)
    made = first["application"]
    assert (made["applicationState"], made["criteriaMet"], made["pilot"]) == (
        "SELECTED",
        2,
        {"code": code},
    )
    query = "query ($after: BigInt!) { events(after: $after) { kind organisation { id } } }"
    events = (await world.anyone.ask(query, after=str(before)))["events"]
    assert [e["kind"] for e in events] == [
        "PILOT_REGISTERED",
        "PILOT_PLACED",
        "APPLICATION_DECIDED",
    ]
    assert {e["organisation"]["id"] for e in events} == {world.regulator.organisation}
    again = await world.regulator.do("decideApplication", f"application {{ {FACTS} }}", **given)
    assert again == first | {"replayed": True}
    query = """query ($code: String!) { pilot(by: {code: $code}) { name { zh } variant establishment
        applicantKind operationStartsOn operator { id } application { id } } }"""
    pilot = (await world.operator.ask(query, code=code))["pilot"]
    assert pilot == {
        "name": {"zh": "某行政服务中心"}, "variant": "BUILDING_EXISTING", "establishment": "EXISTING",
        "applicantKind": "BUILDING_OPERATOR", "operationStartsOn": "2015-01-01",
        "operator": {"id": world.operator.organisation}, "application": {"id": application},
    }  # fmt: skip
    assert (await world.anyone.ask(query, code=code))["pilot"]["application"] is None
    found = await seen(world.regulator, application)
    assert found["claims"]["nodes"] == [
        {
            "criterion": "BUILDING-3",
            "statement": "见所附文件",
            "documents": [document(1), document(2)],
        }
    ]
    assert found["judgements"] == {"totalCount": 3, "nodes": [
        {"criterion": "BUILDING-3", "verdict": "NOT_SHOWN", "reason": REASON},
        {"criterion": "BUILDING-3", "verdict": "MET", "reason": REASON},
        {"criterion": "BUILDING-2", "verdict": "MET", "reason": REASON},
    ]}  # fmt: skip
    assert found["steps"] == {"totalCount": 2, "nodes": [
        {"applicationState": "SUBMITTED", "reason": None}, {"applicationState": "SELECTED", "reason": REASON},
    ]}  # fmt: skip


async def test_the_operator_goes_on_with_its_pilot(world: World) -> None:
    application = await applied(world)
    code = f"GOES-ON-{await world.head()}"
    wanted = "application { pilot { id } }"
    made = await world.regulator.made(
        "decideApplication", wanted, **decision(application, "SELECTED", code)
    )
    await world.operator.made(
        "registerAccountingPeriod", "accountingPeriod { id }", pilot=made["pilot"]["id"],
        startsOn="2024-01-01", endsOn="2024-12-31",
    )  # fmt: skip


async def test_what_is_not_met_refuses_nothing(world: World) -> None:
    application = await applied(world)
    await judged(world, application, "BUILDING-1", "BUILDING-2", "BUILDING-3", verdict="NOT_MET")
    code = f"UNMET-{await world.head()}"
    wanted = "application { applicationState criteriaMet }"
    made = await world.regulator.made(
        "decideApplication", wanted, **decision(application, "SELECTED", code)
    )
    assert made == {"applicationState": "SELECTED", "criteriaMet": 0}


async def test_one_that_is_returned_is_submitted_again(world: World) -> None:
    application = await applied(world)
    wanted = "application { applicationState }"
    made = await world.regulator.made(
        "decideApplication", wanted, **decision(application, "RETURNED")
    )
    assert made == {"applicationState": "RETURNED"}
    await claimed(world, application, "BUILDING-3", documents=1)
    await submitted(world, application)
    made = await world.regulator.made(
        "decideApplication", wanted, **decision(application, "NOT_SELECTED")
    )
    assert made == {"applicationState": "NOT_SELECTED"}
    steps = (await seen(world.operator, application))["steps"]["nodes"]
    assert [s["applicationState"] for s in steps] == [
        "SUBMITTED",
        "RETURNED",
        "SUBMITTED",
        "NOT_SELECTED",
    ]


async def test_criteria_as_of_a_position(world: World) -> None:
    application = await applied(world, **TOWN)
    await judged(world, application, "TOWN-2.b", "TOWN-3.a")
    at = await world.head()
    await judged(world, application, "TOWN-2.b", verdict="NOT_MET")
    parts = ["a", "b", "c", "d"]

    def expected(of_2b: str) -> list[dict[str, Any]]:
        schemes = [{"code": f"TOWN-2.{p}", "verdict": of_2b if p == "b" else None} for p in parts]
        together = [{"code": f"TOWN-3.{p}", "verdict": "MET" if p == "a" else None} for p in parts]
        return [
            {"met": False, "criterion": {"code": "TOWN-1"}, "parts": [{"code": "TOWN-1", "verdict": None}]},
            {"met": of_2b == "MET", "criterion": {"code": "TOWN-2"},
             "parts": [*schemes, {"code": "TOWN-2", "verdict": None}]},
            {"met": False, "criterion": {"code": "TOWN-3"}, "parts": together},
        ]  # fmt: skip

    now = (await world.regulator.ask(CRITERIA, id=application, at=None))["node"]
    assert now == {"criteriaMet": 0, "criteria": expected("NOT_MET")}
    then = (await world.regulator.ask(CRITERIA, id=application, at=str(at)))["node"]
    assert then["criteria"] == expected("MET")


async def test_applications_are_ranked_by_criteria_met(world: World) -> None:
    """In SQL as in the rule; of equals, who applied first."""
    met: dict[str, list[str]] = {
        "none": [], "scheme": ["PARK-2.f"], "other scheme": ["PARK-2"], "parts": ["PARK-3.a", "PARK-3.b"],
        "whole": ["PARK-3.a", "PARK-3.b", "PARK-3.c"],
        "all": ["PARK-1", "PARK-2.a", "PARK-3.a", "PARK-3.b", "PARK-3.c"],
    }  # fmt: skip
    park = {
        "variant": "PARK",
        "applicantKind": "PARK_COMMITTEE",
        "administrativeDivision": "441900",
    }
    applications = {name: await applied(world, **park) for name in met}
    for name, codes in met.items():
        await judged(world, applications[name], *codes)
    at = await world.head()
    await opened(world, **park)
    await judged(world, applications["all"], "PARK-1", "PARK-2.a", "PARK-3.a", verdict="NOT_MET")
    narrowed = {"kinds": ["PARK"], "administrativeDivisions": ["441900"]}

    async def ranked(first: int, **given: Any) -> tuple[list[tuple[str, int]], Any]:
        given = {"filter": narrowed, "first": first} | given
        found = (await world.regulator.ask(LIST, **given))["applications"]
        assert found["totalCount"] == len(met)
        names = {position: name for name, position in applications.items()}
        return [(names[n["id"]], n["criteriaMet"]) for n in found["nodes"]], found["pageInfo"]

    order = [
        ("all", 3), ("scheme", 1), ("other scheme", 1), ("whole", 1), ("none", 0), ("parts", 0),
    ]  # fmt: skip
    assert (await ranked(100, at=str(at)))[0] == order
    now = [*order[1:-1], order[-1], ("all", 0)]
    pages, after = [], None
    while True:
        page, info = await ranked(2, after=after)
        pages += page
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break
    assert pages == now
    for name, count in now:
        found = (await world.regulator.ask(CRITERIA, id=applications[name], at=None))["node"]
        assert sum(c["met"] for c in found["criteria"]) == found["criteriaMet"] == count


async def test_who_sees_an_application(world: World) -> None:
    application, quiet = await applied(world), await opened(world)
    callers = [
        world.operator, world.regulator, world.auditor, world.administrator, world.anyone, world.other_operator,
        world.verifier, world.registry, world.holder,
    ]  # fmt: skip
    assert [(await seen(c, application)) is not None for c in callers] == [True] * 4 + [False] * 5
    shown = [(await seen(c, quiet)) is not None for c in callers]
    assert shown == [True, False, False, True] + [False] * 5
    found = (await world.anyone.ask(LIST, first=1))["applications"]
    assert (found["nodes"], found["totalCount"]) == ([], 0)
    error = await world.regulator.refused("judgeCriterion", **judgement(quiet))
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "application"])


def judgement(application: str, /, **given: Any) -> dict[str, Any]:
    return {
        "application": application, "criterion": "BUILDING-2", "verdict": "MET", "reason": REASON,
    } | given  # fmt: skip


def claim(application: str, /, **given: Any) -> dict[str, Any]:
    return {
        "application": application,
        "criterion": "BUILDING-2",
        "statement": "见所附文件",
    } | given


OPENING: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "an applicant of another kind": (
        {"applicantKind": "VILLAGERS_COMMITTEE"}, "APPLICANT_NOT_ELIGIBLE", ["applicantKind"],
    ),
    "a city of another province": (
        {"administrativeDivision": "110000"}, "INVALID_INPUT", ["administrativeDivision"],
    ),
    "an existing one that never started": (
        {"operationStartsOn": None}, "INVALID_INPUT", ["operationStartsOn"],
    ),
    "a name that is none": ({"name": {"zh": "", "en": "x"}}, "INVALID_INPUT", ["name", "zh"]),
    "a boundary that says nothing": (
        {"boundary": {"words": "无"}}, "INVALID_INPUT", ["boundary", "words"],
    ),
    "no area": (
        {"boundary": {"words": "红线内", "hectares": "0"}}, "INVALID_INPUT", ["boundary", "hectares"],
    ),
    "an area larger than the province": (
        {"boundary": {"words": "红线内", "hectares": "18000001"}}, "INVALID_INPUT", ["boundary", "hectares"],
    ),
    "an area finer than a square metre": (
        {"boundary": {"words": "红线内", "hectares": "1.00001"}}, "INVALID_INPUT", ["boundary", "hectares"],
    ),
    "an outline of two corners": (
        {"boundary": {"words": "红线内", "outline": [{"latitude": "23", "longitude": "113"}] * 2}},
        "INVALID_INPUT", ["boundary", "outline"],
    ),
    "an outline with a corner twice": (
        {"boundary": {"words": "红线内", "outline": [
            {"latitude": n, "longitude": "113"} for n in ("23", "24", "23.0")]}},
        "INVALID_INPUT", ["boundary", "outline"],
    ),
    "a corner off the earth": (
        {"boundary": {"words": "红线内", "outline": [
            {"latitude": n, "longitude": "113"} for n in ("23", "24", "91")]}},
        "INVALID_INPUT", ["boundary", "outline", "2", "latitude"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OPENING)
async def test_what_is_no_application(world: World, what: str) -> None:
    said, code, path = OPENING[what]
    found = await unchanged(world, world.operator, "openApplication", **application(**said))
    assert found == (code, path)


async def test_what_cannot_be_claimed(world: World) -> None:
    application = await opened(world)
    told: dict[str, tuple[dict[str, Any], str, list[str]]] = {
        "another kind's criterion": ({"criterion": "TOWN-3.c"}, "CRITERION_NOT_OF_KIND", ["criterion"]),
        "no criterion": ({"criterion": "BUILDING-9"}, "CRITERION_NOT_OF_KIND", ["criterion"]),
        "nothing": ({"statement": "-"}, "INVALID_INPUT", ["statement"]),
        "21 documents": (
            {"documents": [document(n) for n in range(1, 22)]}, "INVALID_INPUT", ["documents"],
        ),
        "a document twice": ({"documents": [document(), document()]}, "INVALID_INPUT", ["documents"]),
        "a hash that is none": (
            {"documents": [document(), document(2, sha256="x")]}, "INVALID_INPUT", ["documents", "1", "sha256"],
        ),
        "an SVG": (
            {"documents": [document(fileName="a.svg", mediaType="image/svg+xml")]},
            "DOCUMENT_TYPE_NOT_ACCEPTED", ["documents", "0", "mediaType"],
        ),
        "51 MB": (
            {"documents": [document(size="51000000")]}, "DOCUMENT_TOO_LARGE", ["documents", "0", "size"],
        ),
    }  # fmt: skip
    for said, code, path in told.values():
        found = await unchanged(
            world, world.operator, "claimCriterion", **claim(application, **said)
        )
        assert found == (code, path)
    town = await opened(world, **TOWN)
    error = await world.operator.refused("claimCriterion", **claim(town, criterion="TOWN-3"))
    assert "TOWN-3.a" in error["message"]["en"], "a criterion with parts is claimed part by part"


async def test_where_an_application_stands_says_what_may_be_done(world: World) -> None:
    """A withdrawn application judged, one decided twice, and the others."""
    fresh, handed_in = await opened(world), await applied(world)
    gone, ended = await applied(world), await applied(world)
    withdrawal = {"application": gone, "reason": REASON}
    made = await world.operator.made(
        "withdrawApplication", "application { applicationState }", **withdrawal
    )
    assert made == {"applicationState": "WITHDRAWN"}
    await world.regulator.made(
        "decideApplication", "application { id }", **decision(ended, "NOT_SELECTED")
    )
    wrong, over = "APPLICATION_NOT_IN_STATE", "APPLICATION_DECIDED"
    for verb, subject, code in (
        ("claimCriterion", handed_in, wrong), ("claimCriterion", gone, wrong), ("claimCriterion", ended, over),
        ("submitApplication", handed_in, wrong), ("submitApplication", gone, wrong),
        ("submitApplication", ended, over), ("withdrawApplication", gone, wrong),
        ("withdrawApplication", ended, over), ("judgeCriterion", gone, wrong), ("judgeCriterion", ended, over),
        ("decideApplication", gone, wrong), ("decideApplication", ended, over),
    ):  # fmt: skip
        every: dict[str, dict[str, Any]] = {
            "claimCriterion": claim(subject), "judgeCriterion": judgement(subject),
            "decideApplication": decision(subject, "NOT_SELECTED"), "submitApplication": {"application": subject},
            "withdrawApplication": {"application": subject, "reason": REASON},
        }  # fmt: skip
        caller = (
            world.regulator if verb in {"judgeCriterion", "decideApplication"} else world.operator
        )
        assert await unchanged(world, caller, verb, **every[verb]) == (code, ["application"]), (
            verb,
            code,
        )
    query = """mutation ($input: JudgeCriterionInput!) { judgeCriterion(input: $input) {
        ... on ApplicationNotInState {
            applicationState acceptedStates standingApplication { id } message { zh en } } } }"""
    given = judgement(gone) | {"idempotencyKey": key()}
    error = (await world.regulator.ask(query, input=given))["judgeCriterion"]
    assert error["standingApplication"] == {"id": gone}
    assert (error["applicationState"], error["acceptedStates"]) == ("WITHDRAWN", ["SUBMITTED"])
    assert "已撤回" in error["message"]["zh"]
    assert (await seen(world.operator, fresh))["applicationState"] == "OPEN"


async def test_what_cannot_be_decided(world: World) -> None:
    application = await applied(world)
    taken = (await world.pilot())["code"]
    for given, code, path in (
        (decision(application, "SELECTED"), "INVALID_INPUT", ["pilotCode"]),
        (decision(application, "NOT_SELECTED", "X"), "INVALID_INPUT", ["pilotCode"]),
        (decision(application, "SELECTED", "lower"), "INVALID_INPUT", ["pilotCode"]),
        (decision(application, "SELECTED", taken), "PILOT_CODE_TAKEN", ["pilotCode"]),
        (decision(application, "RETURNED") | {"reason": "无"}, "INVALID_INPUT", ["reason"]),
        (decision(as_kind("Application", world.operator.organisation), "RETURNED"), "NOT_FOUND", ["application"]),
    ):  # fmt: skip
        assert await unchanged(world, world.regulator, "decideApplication", **given) == (code, path)
    for said, code, path in (
        ({"criterion": "TOWN-1"}, "CRITERION_NOT_OF_KIND", ["criterion"]),
        ({"reason": ""}, "INVALID_INPUT", ["reason"]),
    ):
        given = judgement(application, **said)
        assert await unchanged(world, world.regulator, "judgeCriterion", **given) == (code, path)
    given = {"application": application, "reason": "无"}
    found = await unchanged(world, world.operator, "withdrawApplication", **given)
    assert found == ("INVALID_INPUT", ["reason"])


async def test_another_operator_does_nothing_to_it(world: World) -> None:
    application = await opened(world)
    query = """mutation ($input: ClaimCriterionInput!) { claimCriterion(input: $input) { __typename } }"""
    error = await world.other_operator.fail(
        query, input=claim(application) | {"idempotencyKey": "mine"}
    )
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand; the ranking itself is one."""
    for _ in range(6):
        await claimed(world, await opened(world), "BUILDING-2", documents=1)
    query = f"""query ($first: Int!) {{ applications(first: $first) {{ nodes {{ {FACTS} {STORY}
        criteria {{ met }} }} }} }}"""
    one = await least(lambda: world.operator.ask(query, first=1))
    six = await least(lambda: world.operator.ask(query, first=6))
    assert six <= one + 3, "two answers that come back in another order can split a batch in two"
    assert six <= reckoned(query, {"first": 6}).statements
