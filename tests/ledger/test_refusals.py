"""What the ledger refuses, over GraphQL: each rule by its own error, with the facts in conflict."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nzc_api.ledger.posting import state
from tests.world import Caller, World, as_kind


async def refusal(world: World, caller: Caller, verb: str, facts: str, **given: Any) -> Any:
    """The error of a mutation with its facts; nothing was written."""
    before = await world.head()
    payload = await caller.do(verb, "} " + facts + " ... on UserError { code", **given)
    assert await world.head() == before, "something was written"
    return payload


async def retired(world: World, caller: Caller, facts: str = "", **given: Any) -> Any:
    return await refusal(world, caller, "retireCredits", facts, **given)


async def transfer(world: World, prefix: str, first: int, last: int, giver: str, taker: str) -> Any:
    serials = {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}
    return await world.registry.do(
        "transferCredits", "transfer { quantity }",
        programme="CCER", serials=serials, **{"from": giver, "to": taker},
    )  # fmt: skip


async def test_rule_1_a_block_issued_twice_in_whatever_spelling(world: World) -> None:
    batch = await world.issue(await world.project(), "GD-2024", 100, 199)
    spellings = [
        {"range": {"prefix": "GD-2024", "first": "199", "last": "300"}},
        {"range": {"prefix": "ｇｄ－2024", "first": "1", "last": "100"}},
        {"text": "gd – 2024 – 150 to 150"},
        {"text": "GD—2024-100  TO  199"},
    ]
    other = await world.project()
    for serials in spellings:
        quantity = {0: "102", 1: "100", 2: "1", 3: "100"}[spellings.index(serials)]
        payload = await refusal(
            world, world.registry, "issueCredits",
            "... on SerialBlockOverlap { batch { id } }",
            project=other, programme="CCER", serials=serials, quantity=quantity,
            production={"vintage": 2022}, reductionsRegisteredOn="2024-01-15",
            holder=world.holder.organisation,
        )  # fmt: skip
        assert (payload["code"], payload["batch"]) == ("SERIAL_BLOCK_OVERLAP", {"id": batch})
    # Another registry numbers on its own, and so does another prefix.
    await world.issue(await world.project("PHCER"), "GD-2024", 100, 199, "PHCER")
    await world.issue(other, "GD-2025", 100, 199)


async def test_rule_3_a_tonne_used_twice_names_the_retirement_that_has_it(world: World) -> None:
    first, second = await world.pilot(), await world.pilot()
    await world.issue(await world.project(), "GD", 1, 100)
    made = await world.registry.made(
        "retireCredits", "retirement { id quantity }", **world.retirement(first, "GD", 40, 60)
    )
    assert made["quantity"] == "21"
    facts = "... on SerialsAlreadyRetired { serials retirement { id pilot { code } } }"
    for pilot, year in ((second, 2022), (first, 2022), (first, 2023)):
        for lo, hi in ((40, 60), (60, 61), (1, 100), (39, 40)):
            payload = await retired(
                world, world.registry, facts, **world.retirement(pilot, "GD", lo, hi, year=year)
            )
            assert payload["code"] == "SERIALS_ALREADY_RETIRED"
            assert payload["retirement"] == {"id": made["id"], "pilot": {"code": first["code"]}}
            assert payload["serials"] == f"GD-{max(lo, 40)} to {min(hi, 60)}"
    moved = await transfer(
        world, "GD", 50, 50, world.holder.organisation, world.operator.organisation
    )
    assert moved["code"] == "SERIALS_ALREADY_RETIRED"


async def test_rule_5_a_credit_from_inside_the_boundary(world: World) -> None:
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    building = await world.pilot("BUILDING_EXISTING", surroundingPilot=park["id"])
    outside = await world.pilot("TOWN")
    project = await world.project(pilot=park["id"])
    await world.issue(project, "IN", 1, 100)
    facts = "... on CreditFromInsideBoundary { project { id } inside { code } }"
    for pilot in (park, town):
        payload = await retired(
            world, world.registry, facts, **world.retirement(pilot, "IN", 1, 10)
        )
        assert payload["code"] == "CREDIT_FROM_INSIDE_BOUNDARY"
        assert payload["project"] == {"id": project}
        assert payload["inside"] == {"code": park["code"]}
    # It is outside the building that lies in the same park, and outside another town.
    for first, pilot in ((1, building), (11, outside)):
        await world.registry.made(
            "retireCredits", "retirement { id }",
            **world.retirement(pilot, "IN", first, first + 9),
        )  # fmt: skip


async def test_rule_5_holds_for_a_pilot_that_was_placed_later(world: World) -> None:
    town, park = await world.pilot("TOWN"), await world.pilot("PARK")
    await world.issue(await world.project(pilot=park["id"]), "IN", 1, 100)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(town, "IN", 1, 1)
    )
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=park["id"], surroundingPilot=town["id"]
    )
    payload = await retired(world, world.registry, **world.retirement(town, "IN", 2, 2))
    assert payload["code"] == "CREDIT_FROM_INSIDE_BOUNDARY"


def issuance(world: World, project: str, **given: Any) -> dict[str, Any]:
    return {
        "project": project, "programme": "CCER", "quantity": "10",
        "serials": {"range": {"prefix": "RULE", "first": "1", "last": "10"}},
        "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
        "holder": world.holder.organisation,
    } | given  # fmt: skip


async def test_rule_9_a_project_that_is_registered_nowhere(world: World) -> None:
    project = await world.registry.made(
        "registerProject", "project { id }", code="BARE", name={"zh": "某", "en": "Some"},
        forestry=False, site="Somewhere",
    )  # fmt: skip
    payload = await refusal(
        world, world.registry, "issueCredits",
        "... on ProjectNotEnrolled { programme project { id } }",
        **issuance(world, project["id"]),
    )  # fmt: skip
    assert payload["code"] == "PROJECT_NOT_ENROLLED"
    assert (payload["programme"], payload["project"]["id"]) == ("CCER", project["id"])


async def test_rule_9_a_registration_in_another_programme_does_not_serve(world: World) -> None:
    project = await world.project("PHCER")
    payload = await refusal(world, world.registry, "issueCredits", "", **issuance(world, project))
    assert payload["code"] == "PROJECT_NOT_ENROLLED"


@pytest.mark.parametrize(
    "registered_on",
    [
        pytest.param("2022-12-30", id="before production ended"),
        pytest.param("2023-10-31", id="before the project was"),
        pytest.param("2999-01-01", id="in the future"),
    ],
)
async def test_rule_9_reductions_registered_at_an_impossible_time(
    world: World, registered_on: str
) -> None:
    given = issuance(world, await world.project(), reductionsRegisteredOn=registered_on)
    payload = await refusal(
        world, world.registry, "issueCredits",
        "... on ReductionsNotRegistered { enrolledOn producedTo }", **given,
    )  # fmt: skip
    assert payload["code"] == "REDUCTIONS_NOT_REGISTERED"
    assert (payload["enrolledOn"], payload["producedTo"]) == ("2023-11-01", "2022-12-31")


def monitored(starts_on: str, ends_on: str) -> dict[str, Any]:
    return {"monitoringPeriod": {"startsOn": starts_on, "endsOn": ends_on}}


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ({"production": monitored("2020-09-22", "2021-09-21")}, False),
        ({"production": monitored("2020-09-23", "2021-09-21")}, True),
        (
            {
                "production": monitored("2020-09-23", "2021-09-21"),
                "reductionsAppliedOn": "2025-09-23",
                "reductionsRegisteredOn": "2025-12-01",
            },
            True,
        ),
        (
            {
                "production": monitored("2020-09-23", "2021-09-21"),
                "reductionsAppliedOn": "2025-09-24",
                "reductionsRegisteredOn": "2025-12-01",
            },
            False,
        ),
        # Without the day of the application, the registration's counts.
        (
            {
                "production": monitored("2020-09-23", "2021-09-21"),
                "reductionsRegisteredOn": "2025-12-01",
            },
            False,
        ),
    ],
)
async def test_rule_9_the_dated_rule_of_ccer_of_2023(
    world: World, given: dict[str, Any], accepted: bool
) -> None:
    values = issuance(world, await world.project(), **given)
    if accepted:
        await world.registry.made("issueCredits", "batch { id }", **values)
        return
    payload = await refusal(
        world, world.registry, "issueCredits",
        "... on RefusedByProgrammeRule { rule reason { zh en } citation { zh en } }", **values,
    )  # fmt: skip
    assert (payload["code"], payload["rule"]) == ("REFUSED_BY_PROGRAMME_RULE", "CCER_2023")
    assert "31" in payload["citation"]["zh"]
    assert "31" in payload["citation"]["en"]


async def enrol(world: World, rule: str, registered_on: str, **given: Any) -> Any:
    project = await world.registry.made(
        "registerProject", "project { id }", code=f"E-{registered_on}",
        name={"zh": "某", "en": "Some"}, forestry=False, site="Somewhere",
    )  # fmt: skip
    return await world.registry.do(
        "enrolProject", "project { id }",
        **{
            "project": project["id"], "programme": "CCER", "rule": rule,
            "number": f"E-{registered_on}", "registeredOn": registered_on,
        } | given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "registered_on", "code"),
    [
        ("CCER_2023", "2023-10-18", "REFUSED_BY_PROGRAMME_RULE"),
        ("CCER_2023", "2023-10-19", None),
        ("CCER_2023", "2999-01-01", "INVALID_INPUT"),
        ("CCER_LEGACY", "2012-06-12", "REFUSED_BY_PROGRAMME_RULE"),
        ("CCER_LEGACY", "2012-06-13", None),
        ("CCER_LEGACY", "2017-03-17", None),
        ("CCER_LEGACY", "2017-03-18", "REFUSED_BY_PROGRAMME_RULE"),
        ("PHCER_2022", "2023-10-19", "INVALID_INPUT"),
        ("ccer_2023", "2023-10-19", "INVALID_INPUT"),
    ],
)
async def test_rule_9_a_registration_dated_outside_its_rule(
    world: World, rule: str, registered_on: str, code: str | None
) -> None:
    payload = await enrol(world, rule, registered_on)
    assert payload.get("code") == code


async def test_rule_9_legacy_credits_are_issued_under_their_own_rule(world: World) -> None:
    """Reductions of before 2020-09-22 are legal under the legacy rule, and only there."""
    payload = await enrol(world, "CCER_LEGACY", "2015-05-05")
    project = payload["project"]["id"]
    batch = await world.registry.made(
        "issueCredits", "batch { vintage }",
        **issuance(
            world, project, production={"vintage": 2015}, reductionsRegisteredOn="2016-06-06"
        ),
    )  # fmt: skip
    assert batch["vintage"] == 2015


async def test_a_registration_is_made_once(world: World) -> None:
    project = await world.project()
    facts = "... on EnrolmentTaken { project { id } }"
    again = {
        "project": project, "programme": "CCER", "rule": "CCER_2023", "number": "ANOTHER",
        "registeredOn": "2023-11-01",
    }  # fmt: skip
    payload = await refusal(world, world.registry, "enrolProject", facts, **again)
    assert (payload["code"], payload["project"]["id"]) == ("ENROLMENT_TAKEN", project)
    numbers = await world.anyone.ask(
        "query ($id: ID!) { node(id: $id) { ... on Project { enrolments { number } } } }",
        id=project,
    )
    number = numbers["node"]["enrolments"][0]["number"]
    other = await world.project("PHCER")
    for written in (number, number.lower(), number.replace("-", "_")):
        payload = await refusal(
            world,
            world.registry,
            "enrolProject",
            facts,
            **again | {"project": other, "number": written},
        )
        assert (payload["code"], payload["project"]["id"]) == ("ENROLMENT_TAKEN", project)


async def test_a_project_code_is_taken_once(world: World) -> None:
    project = await world.project(code="WIND")
    payload = await refusal(
        world, world.phcer_registry, "registerProject",
        "... on ProjectCodeTaken { project { id } }",
        code="WIND", name={"zh": "某", "en": "Some"}, forestry=True, site="Elsewhere",
    )  # fmt: skip
    assert (payload["code"], payload["project"]["id"]) == ("PROJECT_CODE_TAKEN", project)


async def test_rule_9_vintage_after_the_retirement(world: World) -> None:
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "V", 1, 10)
    facts = "... on VintageAfterRetirement { registeredOn batch { id } }"
    early = world.retirement(pilot, "V", 1, 1, retiredOn="2024-01-14")
    payload = await retired(world, world.registry, facts, **early)
    assert payload["code"] == "VINTAGE_AFTER_RETIREMENT"
    assert (payload["registeredOn"], payload["batch"]) == ("2024-01-15", {"id": batch})
    on_the_day = world.retirement(pilot, "V", 1, 1, retiredOn="2024-01-15")
    await world.registry.made("retireCredits", "retirement { id }", **on_the_day)


async def test_rule_11_a_quantity_other_than_the_range(world: World) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "Q", 1, 100)
    facts = "... on QuantityMismatch { stated computed }"
    for stated in ("9", "11", "0", "-10"):
        wrong = world.retirement(pilot, "Q", 1, 10, quantity=stated)
        payload = await retired(world, world.registry, facts, **wrong)
        assert payload["code"] == "QUANTITY_MISMATCH"
        assert (payload["stated"], payload["computed"]) == (stated, "10")
    wrong = issuance(world, await world.project(), quantity="9")
    payload = await refusal(world, world.registry, "issueCredits", facts, **wrong)
    assert payload["code"] == "QUANTITY_MISMATCH"


async def test_only_who_holds_serials_can_move_them(world: World) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "H", 1, 100)
    holder, other = world.holder.organisation, world.operator.organisation
    moved = await transfer(world, "H", 31, 60, holder, other)
    assert moved["transfer"] == {"quantity": "30"}
    facts = "... on SerialsNotHeld { serials holder { id } }"
    payload = await retired(
        world, world.registry, facts, **world.retirement(pilot, "H", 1, 40, holder=holder)
    )
    assert (payload["code"], payload["serials"]) == ("SERIALS_NOT_HELD", "H-31 to 40")
    assert payload["holder"] == {"id": other}
    # Without a holder named: a retirement is one holder's, that of the first serial.
    payload = await retired(world, world.registry, facts, **world.retirement(pilot, "H", 1, 40))
    assert (payload["code"], payload["holder"]) == ("SERIALS_NOT_HELD", {"id": other})
    back = await transfer(world, "H", 31, 61, other, holder)
    assert back["code"] == "SERIALS_NOT_HELD"
    await world.registry.made(
        "retireCredits", "retirement { id }",
        **world.retirement(pilot, "H", 31, 60, holder=other),
    )  # fmt: skip


async def test_a_quantity_takes_the_oldest_vintage_and_only_what_may_offset(world: World) -> None:
    pilot = await world.pilot("PARK")
    holder = world.holder.organisation
    inside, outside = await world.project(pilot=pilot["id"]), await world.project()
    await world.issue(inside, "INSIDE", 1, 50, production={"vintage": 2021})
    await world.issue(outside, "YOUNG", 1, 50, production={"vintage": 2023})
    await world.issue(outside, "OLD", 1, 50, production={"vintage": 2022})
    wanted = world.retirement(pilot, "", 0, 0, holder=holder, quantity="101") | {"serials": None}
    facts = "... on InsufficientCredits { requested available excluded }"
    payload = await retired(world, world.registry, facts, **wanted)
    assert payload["code"] == "INSUFFICIENT_CREDITS"
    assert [payload[name] for name in ("requested", "available", "excluded")] == [
        "101", "100", "50",
    ]  # fmt: skip
    made = await world.registry.made(
        "retireCredits",
        "retirement { quantity movements { nodes { quantity serials { text } } } }",
        **wanted | {"quantity": "60"},
    )
    assert made["quantity"] == "60"
    assert [m["serials"]["text"] for m in made["movements"]["nodes"]] == [
        "OLD-1 to 50",
        "YOUNG-1 to 10",
    ]


async def test_the_work_of_one_command_is_bounded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (
        "posting.state",
        "posting.load",
        "store",
        "posting.verbs.correcting",
        "posting.kit.pieces",
        "posting.verbs.retiring",
    ):
        monkeypatch.setattr(f"nzc_api.ledger.{module}.MOST_LOTS", 3)
    assert state.MOST_LOTS == 3
    pilot = await world.pilot()
    holder, other = world.holder.organisation, world.operator.organisation
    await world.issue(await world.project(), "F", 1, 100)
    for serial in (10, 20):
        await transfer(world, "F", serial, serial, holder, other)
        await transfer(world, "F", serial, serial, other, holder)
    # Five lots: 1–9, 10, 11–19, 20, 21–100.
    facts = "... on TooFragmented { most }"
    for last in (20, 100):  # one lot too many, and more than are looked at
        retirement = world.retirement(pilot, "F", 1, last)
        payload = await retired(world, world.registry, facts, **retirement)
        assert (payload["code"], payload["most"], payload["path"]) == (
            "TOO_FRAGMENTED", 3, ["input", "serials"],
        )  # fmt: skip
    by_quantity = world.retirement(pilot, "", 0, 0, holder=holder, quantity="20")
    payload = await retired(world, world.registry, facts, **by_quantity | {"serials": None})
    assert (payload["code"], payload["path"]) == ("TOO_FRAGMENTED", ["input", "quantity"])
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "F", 1, 19)
    )


async def test_an_issuance_in_more_lots_than_one_command_may_touch_is_not_withdrawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("posting.state", "posting.load", "store", "posting.verbs.correcting"):
        monkeypatch.setattr(f"nzc_api.ledger.{module}.MOST_LOTS", 3)
    holder, other = world.holder.organisation, world.operator.organisation
    batch = await world.issue(await world.project(), "F", 1, 100)
    correction = {"posting": batch, "document": "D", "reason": "r"}
    facts = "... on TooFragmented { most }"

    await transfer(world, "F", 10, 10, holder, other)
    await transfer(world, "F", 20, 20, holder, other)
    # Five lots: 1–9, 10, 11–19, 20, 21–100; the fifth is not looked at.
    payload = await refusal(world, world.registry, "correctPosting", facts, **correction)
    assert payload["code"] == "MOVED_SINCE"
    await transfer(world, "F", 10, 10, other, holder)
    await transfer(world, "F", 20, 20, other, holder)
    payload = await refusal(world, world.registry, "correctPosting", facts, **correction)
    assert (payload["code"], payload["most"], payload["path"]) == (
        "TOO_FRAGMENTED", 3, ["input", "posting"],
    )  # fmt: skip


async def test_a_registry_posts_for_its_own_programmes_only(world: World) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "OWN", 1, 10)
    for caller in (world.phcer_registry, world.operator, world.holder, world.verifier):
        query = """mutation ($input: RetireCreditsInput!) {
            retireCredits(input: $input) { __typename } }"""
        given = world.retirement(pilot, "OWN", 1, 1) | {"idempotencyKey": "k"}
        error = await caller.fail(query, input=given)
        assert error["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("first", "last"), [("2022-12-31", "2022-01-01"), ("1989-12-31", "2022-12-31")]
)
async def test_no_time_of_production(world: World, first: str, last: str) -> None:
    head = await world.head()
    wrong = issuance(world, await world.project(), production={
        "monitoringPeriod": {"startsOn": first, "endsOn": last}})  # fmt: skip
    payload = await world.registry.refused("issueCredits", **wrong)
    assert payload["code"] == "INVALID_INPUT"
    assert payload["path"][:2] == ["input", "production"]
    assert await world.head() == head + 2  # the project and its enrolment


@pytest.mark.parametrize("reference", ["", " ", "R 1", "R" * 65, "号码😀", "R\n1"])
async def test_no_number_of_a_registry(world: World, reference: str) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "R", 1, 10)
    for verb, day in (("retireCredits", "retiredOn"), ("useCredits", "usedOn")):
        given = world.retirement(pilot, "R", 1, 1) | {"registryReference": reference}
        if verb == "useCredits":
            for name in ("pilot", "accountingPeriod", "retiredOn"):
                del given[name]
            given |= {"purpose": "EVENT", "beneficiary": "somebody", day: "2024-07-01"}
        payload = await world.registry.refused(verb, **given)
        assert payload["code"] == "INVALID_INPUT"
        assert payload["path"] == ["input", "registryReference"]
    request = await world.registry.made(
        "requestRetirement", "request { id }", expiresAt=from_now(days=30),
        **{k: v for k, v in world.retirement(pilot, "R", 1, 1).items() if k != "retiredOn"},
    )  # fmt: skip
    payload = await world.registry.refused(
        "confirmRetirement", request=request["id"], retiredOn="2024-07-01",
        registryReference=reference,
    )  # fmt: skip
    assert payload["path"] == ["input", "registryReference"]
    payload = await world.registry.refused(
        "registerProject", code="RF", name={"zh": "某", "en": "Some"}, forestry=False,
        site="Somewhere", siteCode=reference,
    )  # fmt: skip
    assert payload["path"] == ["input", "siteCode"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("document", ""), ("document", "x" * 201), ("reason", "  "), ("reason", "x" * 1001)],
)
async def test_no_grounds(world: World, field: str, value: str) -> None:
    batch = await world.issue(await world.project(), "G", 1, 10)
    block = {"programme": "CCER", "block": {"text": "G-1 to 2"}}
    grounds = {"document": "法〔2024〕1", "reason": "because"} | {field: value}
    for target in ({"batch": batch}, {"serials": block}):
        for verb in ("freezeCredits", "invalidateCredits"):
            payload = await world.registry.refused(verb, target=target, **grounds)
            assert payload["code"] == "INVALID_INPUT"
            assert payload["path"] == ["input", field]
    made = await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(await world.pilot(), "G", 5, 5)
    )
    for verb, about in (
        ("recordExport", {"batch": batch}), ("correctPosting", {"posting": made["id"]}),
    ):  # fmt: skip
        payload = await world.registry.refused(verb, **about, **grounds)
        assert payload["path"] == ["input", field]


async def test_orders_name_the_target(world: World) -> None:
    """Wherever in it what is refused stands."""
    batch = await world.issue(await world.project(), "T", 1, 10)
    grounds = {"document": "法〔2024〕1", "reason": "because"}

    async def order(verb: str, target: dict[str, Any]) -> Any:
        payload = await world.registry.do(verb, "", target=target, **grounds)
        return payload.get("code"), payload.get("path")

    def serials(first: int, last: int) -> dict[str, Any]:
        block = {"range": {"prefix": "T", "first": str(first), "last": str(last)}}
        return {"serials": {"programme": "CCER", "block": block}}

    exact, whole = (["input", "target", field] for field in ("serials", "batch"))
    for verb, target, refused in (
        ("freezeCredits", serials(11, 12), ("SERIALS_NOT_ISSUED", exact)),
        ("freezeCredits", serials(2, 1), ("SERIAL_RANGE_INVALID", exact)),
        ("unfreezeCredits", serials(1, 2), ("CREDITS_NOT_FROZEN", exact)),
        ("unfreezeCredits", {"batch": batch}, ("CREDITS_NOT_FROZEN", whole)),
        (
            "invalidateCredits",
            {"batch": as_kind("CreditBatch", world.holder.organisation)},
            ("NOT_FOUND", whole),
        ),
        ("freezeCredits", serials(1, 2), (None, None)),
        ("freezeCredits", serials(2, 3), ("CREDITS_FROZEN", exact)),
        ("freezeCredits", {"batch": batch}, (None, None)),
        ("freezeCredits", {"batch": batch}, ("CREDITS_FROZEN", whole)),
        ("freezeCredits", serials(4, 5), ("CREDITS_FROZEN", exact)),
        ("invalidateCredits", {"batch": batch}, (None, None)),
        ("invalidateCredits", {"batch": batch}, ("CREDITS_INVALIDATED", whole)),
        ("invalidateCredits", serials(4, 5), ("CREDITS_INVALIDATED", exact)),
    ):
        assert await order(verb, target) == refused, (verb, target)
    proposed = {"invalidateCredits": serials(2, 1)}
    told = await world.registry.refused("proposeOrder", order=proposed, **grounds)
    assert (told["code"], told["path"]) == ("SERIAL_RANGE_INVALID", ["input", "order"])


async def test_nobody_and_nothing_by_that_id(world: World) -> None:
    """An id that could be one, of something else: nobody holds, nothing is offset."""
    pilot = await world.pilot()
    await world.issue(await world.project(), "N", 1, 10)
    nobody = as_kind("Organisation", pilot["id"])
    holder, block = world.holder.organisation, {"text": "N-1 to 2"}
    retirement = world.retirement(pilot, "N", 1, 1)
    by_quantity = {name: value for name, value in retirement.items() if name != "serials"}
    until = {"expiresAt": from_now(days=30)}
    requested = {name: value for name, value in retirement.items() if name != "retiredOn"} | until
    used = {"programme": "CCER", "serials": block, "usedOn": "2024-07-01", "purpose": "EVENT",
            "beneficiary": "somebody"}  # fmt: skip
    moved = {"programme": "CCER", "serials": block, "from": holder, "to": holder}
    no_pilot = as_kind("Pilot", holder)
    for verb, given, field in (
        ("issueCredits", issuance(world, await world.project(), holder=nobody), "holder"),
        ("transferCredits", moved | {"from": nobody}, "from"),
        ("transferCredits", moved | {"to": nobody}, "to"),
        ("retireCredits", retirement | {"holder": nobody}, "holder"),
        ("retireCredits", by_quantity | {"quantity": "1", "holder": nobody}, "holder"),
        ("requestRetirement", requested | {"holder": nobody}, "holder"),
        ("useCredits", used | {"holder": nobody}, "holder"),
        ("retireCredits", retirement | {"pilot": no_pilot}, "pilot"),
        ("requestRetirement", requested | {"pilot": no_pilot}, "pilot"),
    ):
        payload = await refusal(world, world.registry, verb, "... on UserError { path }", **given)
        assert (payload["code"], payload["path"]) == ("NOT_FOUND", ["input", field]), verb


async def test_how_long_a_request_may_be_open(world: World) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "O", 1, 10)
    retirement = world.retirement(pilot, "O", 1, 1)
    given = {name: value for name, value in retirement.items() if name != "retiredOn"}
    for until in (from_now(days=-1), from_now(seconds=-1), from_now(days=366, seconds=60)):
        payload = await refusal(
            world, world.registry, "requestRetirement", "... on UserError { path }",
            **given, expiresAt=until,
        )  # fmt: skip
        assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "expiresAt"])
    longest = from_now(days=366, seconds=-60)
    await world.registry.made("requestRetirement", "request { id }", **given, expiresAt=longest)


def from_now(**later: int) -> str:
    return (datetime.now(UTC) + timedelta(**later)).isoformat()
