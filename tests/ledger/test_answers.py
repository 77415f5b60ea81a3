"""What is answered again, what would be answered, and what a refusal inside one request names."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.world import Caller, World, key


@pytest_asyncio.fixture
async def world(shared_world: World) -> AsyncIterator[World]:
    yield shared_world


def block(prefix: str, first: int, last: int) -> dict[str, Any]:
    return {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}


async def bulk(caller: Caller, verb: str, mode: str, *items: Any, **given: Any) -> Any:
    name = verb[0].upper() + verb[1:]
    items_given = [{"idempotencyKey": key()} | item for item in items]
    value = {"mode": mode, "items": items_given, "idempotencyKey": key()} | given
    data = await caller.ask(
        f"""mutation ($input: {name}BulkInput!) {{ {verb}Bulk(input: $input) {{
            ... on BulkOutcomes {{ outcomes {{ status replayed asOfPosition result {{ id }}
                preview {{ entryKind quantity asOfPosition suspectedItems
                           suspectedDoubles {{ nodes {{ id }} }} }}
                error {{ __typename code path message {{ zh en }} replayed asOfPosition
                         ... on ItemsConflict {{ item refusedWith }} }} }} }}
            ... on UserError {{ code path }} }} }}""",
        input=value,
    )
    return data[f"{verb}Bulk"]


async def items_of(world: World, prefix: str) -> dict[str, tuple[str, Any]]:
    """For each verb of many items what it is refused with the second time, and an item of serials 1 to 10."""
    pilot, serials = await world.pilot(), block(prefix, 1, 10)
    ours = {"programme": "CCER", "serials": serials}
    expires = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    for_pilot = {"pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022]}
    return {
        "transferCredits": ("SERIALS_NOT_HELD", ours | {
            "from": world.holder.organisation, "to": world.operator.organisation}),
        "retireCredits": ("SERIALS_ALREADY_RETIRED", ours | for_pilot | {"retiredOn": "2024-07-01"}),
        "requestRetirement": ("SERIALS_PENDING", ours | for_pilot | {"expiresAt": expires}),
        "useCredits": ("SERIALS_ALREADY_USED", ours | {
            "purpose": "EVENT", "beneficiary": "某会议", "usedOn": "2024-07-01"}),
        "freezeCredits": ("CREDITS_FROZEN", {
            "target": {"serials": {"programme": "CCER", "block": serials}},
            "document": "（2024）粤01执1号", "reason": "法院冻结"}),
    }  # fmt: skip


async def test_a_refusal_names_the_item_that_is_in_the_way(world: World) -> None:
    """Of two items over the same serials the second is refused for the first, of which nothing is done."""
    await world.issue(await world.project(), "SAME", 1, 100)
    for verb, (code, item) in (await items_of(world, "SAME")).items():
        head, one = await world.head(), key()
        for replayed in (False, True):
            told = await bulk(
                world.registry, verb, "ALL_OR_NOTHING", item, item, idempotencyKey=one
            )
            first, second = told["outcomes"]
            assert (first["status"], first["error"]) == ("NOT_ATTEMPTED", None)
            error = second["error"]
            assert error["code"] == "ITEMS_CONFLICT", verb
            assert (error["item"], error["refusedWith"]) == (0, code)
            assert "SAME-1 to 10" in error["message"]["zh"], verb
            assert error["path"][:3] == ["input", "items", "1"]
            assert (error["replayed"], error["asOfPosition"]) == (replayed, str(head))
            assert "Test" not in error["message"]["en"], "nobody holds anything else than before"
            if not replayed:
                assert await world.head() == head
                # Whatever takes that position later is not what the refusal is about.
                await world.pilot()
    # Both would be accepted alone, and one by one the second is refused for what there is by then.
    verb, (code, item) = "retireCredits", (await items_of(world, "SAME"))["retireCredits"]
    each = await bulk(world.registry, verb, "EACH_INDEPENDENT", item, item)
    assert [o["status"] for o in each["outcomes"]] == ["COMMITTED", "REJECTED"]
    assert each["outcomes"][1]["error"]["code"] == code
    # What stands in the ledger is told as it is, though another item is in the way as well.
    both = await bulk(world.registry, verb, "ALL_OR_NOTHING", item, item)
    assert both["outcomes"][0]["error"]["code"] == code


async def test_blocks_and_confirmations_of_one_request(world: World) -> None:
    project = await world.project()
    issue = {
        "project": project, "programme": "CCER", "serials": block("TWICE", 1, 10), "quantity": "10",
        "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
        "holder": world.holder.organisation,
    }  # fmt: skip
    overlapping = issue | {"serials": block("TWICE", 10, 19)}
    told = await bulk(world.registry, "issueCredits", "ALL_OR_NOTHING", issue, overlapping)
    error = told["outcomes"][1]["error"]
    assert (error["code"], error["item"], error["refusedWith"]) == (
        "ITEMS_CONFLICT", 0, "SERIAL_BLOCK_OVERLAP",
    )  # fmt: skip
    await world.issue(project, "TWICE", 1, 10)
    _, item = (await items_of(world, "TWICE"))["requestRetirement"]
    asked = await world.registry.made("requestRetirement", "request { id }", **item)
    confirm = {"request": asked["id"], "retiredOn": "2024-08-01", "registryReference": "ZX-1"}
    told = await bulk(world.registry, "confirmRetirement", "ALL_OR_NOTHING", confirm, confirm)
    error = told["outcomes"][1]["error"]
    assert (error["code"], error["item"], error["refusedWith"]) == (
        "ITEMS_CONFLICT", 0, "REQUEST_ENDED",
    )  # fmt: skip
    done = await bulk(world.registry, "confirmRetirement", "ALL_OR_NOTHING", confirm)
    assert done["outcomes"][0]["status"] == "COMMITTED"


async def test_tonnes_that_are_not_enough_for_all_items(world: World) -> None:
    """Of three items that take 40 of 100 t each, the third is refused, and no number is told that is not so."""
    pilot = await world.pilot()
    buyer = await world.administrator.made(
        "registerOrganisation", "organisation { id }", role="CREDIT_HOLDER",
        name={"zh": "买方", "en": "Buyer"}, programmes=[],
    )  # fmt: skip
    await world.issue(await world.project(), "SUM", 1, 100, holder=buyer["id"])
    item = {
        "programme": "CCER", "quantity": "40", "holder": buyer["id"], "retiredOn": "2024-07-01",
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
    }  # fmt: skip
    told = await bulk(world.registry, "retireCredits", "ALL_OR_NOTHING", item, item, item)
    error = told["outcomes"][2]["error"]
    assert (error["code"], error["item"], error["refusedWith"]) == (
        "ITEMS_CONFLICT", 1, "INSUFFICIENT_CREDITS",
    )  # fmt: skip
    assert "20" not in error["message"]["en"]


async def test_a_refusal_is_told_as_of_when_it_was_decided(world: World) -> None:
    pilot = await world.pilot()
    given = world.retirement(pilot, "LATER", 1, 10) | {"idempotencyKey": key()}
    wanted = "} ... on UserError { code replayed asOfPosition"
    head = await world.head()
    first = await world.registry.do("retireCredits", wanted, **given)
    assert (first["code"], first["replayed"], first["asOfPosition"]) == (
        "SERIALS_NOT_ISSUED", False, str(head),
    )  # fmt: skip
    await world.issue(await world.project(), "LATER", 1, 100)
    again = await world.registry.do("retireCredits", wanted, **given)
    assert again == first | {"replayed": True}
    # What would be now, a dry run under another key tells; that key can be used for it.
    fresh = given | {"idempotencyKey": key()}
    would = await world.registry.do("retireCredits", "", **fresh, dryRun=True)
    assert would["__typename"] == "LedgerPreview"
    done = await world.registry.do("retireCredits", "asOfPosition", **fresh)
    assert (done["replayed"], done["asOfPosition"]) == (False, str(await world.head()))
    same = await world.registry.do("retireCredits", "asOfPosition", **fresh)
    assert same == done | {"replayed": True}
    each = await bulk(world.registry, "retireCredits", "EACH_INDEPENDENT", given)
    (outcome,) = each["outcomes"]
    assert (outcome["status"], outcome["replayed"], outcome["asOfPosition"]) == (
        "REJECTED", True, str(head),
    )  # fmt: skip
    # Where it follows from the input alone, it is decided each time.
    reversed_ = world.retirement(pilot, "LATER", 9, 1) | {"idempotencyKey": key()}
    for _ in range(2):
        refused = await world.registry.do("retireCredits", wanted, **reversed_)
        assert (refused["replayed"], refused["asOfPosition"]) == (False, None)


PREVIEW = """} ... on LedgerPreview { entryKind quantity asOfPosition
    movements { totalCount nodes { quantity serials { text } debit { kind organisation { id } }
                                   credit { kind pilot { id } } } }
    suspectedDoubles { nodes { id } }"""


async def test_a_dry_run_shows_what_would_move(world: World) -> None:
    """The oldest vintage first: 5 t of the first batch, 7 t of the second."""
    pilot = await world.pilot()
    holder = await world.administrator.made(
        "registerOrganisation", "organisation { id }", role="CREDIT_HOLDER",
        name={"zh": "甲", "en": "A"}, programmes=[],
    )  # fmt: skip
    project = await world.project()
    young = await world.issue(project, "YOUNG", 1, 100, holder=holder["id"])
    await world.issue(project, "OLD", 1, 5, holder=holder["id"], production={"vintage": 2021})
    given = {
        "programme": "CCER", "quantity": "12", "holder": holder["id"], "retiredOn": "2024-07-01",
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022], "idempotencyKey": key(),
    }  # fmt: skip
    head = await world.head()
    would = await world.registry.do("retireCredits", PREVIEW, **given, dryRun=True)
    assert (would["entryKind"], would["quantity"]) == ("CREDITS_RETIRED", "12")
    assert would["asOfPosition"] == str(head) == str(await world.head())
    moved = would["movements"]["nodes"]
    assert [(m["serials"]["text"], m["quantity"]) for m in moved] == [
        ("OLD-1 to 5", "5"), ("YOUNG-1 to 7", "7"),
    ]  # fmt: skip
    assert moved[0]["debit"] == {"kind": "HOLDING", "organisation": {"id": holder["id"]}}
    assert moved[0]["credit"] == {"kind": "RETIREMENT", "pilot": {"id": pilot["id"]}}
    made = await world.registry.made(
        "retireCredits", "retirement { movements { nodes { serials { text } } } }", **given
    )
    assert [m["serials"]["text"] for m in made["movements"]["nodes"]] == [
        "OLD-1 to 5", "YOUNG-1 to 7",
    ]  # fmt: skip
    # A whole batch: nothing moves.
    frozen = await world.registry.do(
        "freezeCredits", PREVIEW, target={"batch": young}, document="X", reason="Y", dryRun=True
    )
    assert (frozen["entryKind"], frozen["quantity"]) == ("BATCH_FROZEN", "100")
    assert frozen["movements"]["totalCount"] == 0
    assert await world.head() == int(would["asOfPosition"]) + 1


async def test_a_dry_run_of_what_moves_nothing(world: World) -> None:
    wanted = "} ... on LedgerPreview { entryKind quantity"
    head = await world.head()
    given = {
        "idempotencyKey": key(), "code": "DRY-1", "name": {"zh": "项目", "en": "Project"},
        "forestry": False, "site": "Somewhere",
    }  # fmt: skip
    would = await world.registry.do("registerProject", wanted, **given, dryRun=True)
    assert (would["entryKind"], would["quantity"]) == ("PROJECT_REGISTERED", None)
    assert await world.head() == head
    made = await world.registry.made("registerProject", "project { id }", **given)
    taken = given | {"idempotencyKey": key()}
    refused = await world.registry.do("registerProject", "", **taken, dryRun=True)
    assert refused["code"] == "PROJECT_CODE_TAKEN"
    enrolment = {
        "idempotencyKey": key(), "project": made["id"], "programme": "CCER", "rule": "CCER_2023",
        "number": "DRY-N-1", "registeredOn": "2023-11-01",
    }  # fmt: skip
    would = await world.registry.do("enrolProject", wanted, **enrolment, dryRun=True)
    assert would["entryKind"] == "PROJECT_ENROLLED"
    wrong = enrolment | {"registeredOn": "2999-01-01"}
    refused = await world.registry.do("enrolProject", "", **wrong, dryRun=True)
    assert refused["code"] == "INVALID_INPUT"
    await world.registry.made("enrolProject", "project { id }", **enrolment)
    assert await world.head() == head + 2


async def test_a_suspected_double_is_seen_before_it_is_issued(world: World) -> None:
    site = {"siteCode": f"SITE-{key()[:8]}"}
    first = await world.issue(await world.project(**site), "DOUBLE", 1, 10)
    other = await world.project("PHCER", **site)
    head = await world.head()
    given = {
        "project": other, "programme": "PHCER", "serials": block("DOUBLE", 1, 10), "quantity": "10",
        "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
        "holder": world.holder.organisation,
    }  # fmt: skip
    would = await world.phcer_registry.do("issueCredits", PREVIEW, **given, dryRun=True)
    assert [batch["id"] for batch in would["suspectedDoubles"]["nodes"]] == [first]
    assert await world.head() == head
    later = await world.issue(other, "DOUBLE", 1, 10, "PHCER")
    finding = {
        "batch": later, "other": first, "finding": "DISTINCT", "document": "X", "reason": "Y",
    }  # fmt: skip
    would = await world.administrator.do(
        "resolveDoubleIssuance", "} ... on LedgerPreview { entryKind", **finding, dryRun=True
    )
    assert would["entryKind"] == "DOUBLE_ISSUANCE_RESOLVED"
    refused = await world.administrator.do(
        "resolveDoubleIssuance", "", **finding | {"other": later}, dryRun=True
    )
    assert refused["code"] == "NOT_FOUND"
    swapped = finding | {"batch": first, "other": later}
    refused = await world.administrator.refused("resolveDoubleIssuance", **swapped)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "batch"])
    assert f"“{first}” cannot be used here: the later of" in refused["message"]["en"]


async def test_items_that_double_each_other_are_seen_before_they_are_issued(world: World) -> None:
    """By what is in the ledger, and by what the request itself has."""
    project = await world.project()
    there = await world.issue(project, "ONE-ANOTHER", 1, 10)
    items = [
        {
            "project": project, "programme": "CCER", "serials": block("ONE-ANOTHER", first, first + 9),
            "quantity": "10", "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
            "holder": world.holder.organisation,
        }
        for first in (11, 21, 31)
    ]  # fmt: skip
    for mode in ("EACH_INDEPENDENT", "ALL_OR_NOTHING"):
        told = await bulk(world.registry, "issueCredits", mode, *items, dryRun=True)
        previews = [outcome["preview"] for outcome in told["outcomes"]]
        assert [p["suspectedItems"] for p in previews] == [[], [0], [0, 1]]
        assert [p["suspectedDoubles"]["nodes"] for p in previews] == [[{"id": there}]] * 3


async def test_a_key_that_was_used_answers_a_dry_run_with_its_outcome(world: World) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "USED", 1, 100)
    given = world.retirement(pilot, "USED", 1, 10) | {"idempotencyKey": key()}
    made = await world.registry.made("retireCredits", "retirement { id }", **given)
    same = await world.registry.do("retireCredits", "retirement { id }", **given, dryRun=True)
    assert (same["replayed"], same["retirement"]) == (True, made)
    other = world.retirement(pilot, "USED", 11, 20) | {"idempotencyKey": given["idempotencyKey"]}
    reused = await world.registry.do("retireCredits", "", **other, dryRun=True)
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"
    # Two items under one key: the second is what the first is, or a conflict.
    one = world.retirement(pilot, "USED", 21, 30) | {"idempotencyKey": key()}
    two = world.retirement(pilot, "USED", 31, 40) | {"idempotencyKey": one["idempotencyKey"]}
    told = await bulk(
        world.registry, "retireCredits", "EACH_INDEPENDENT", one, one, two, dryRun=True
    )
    assert [o["status"] for o in told["outcomes"]] == ["READY", "READY", "REJECTED"]
    assert told["outcomes"][2]["error"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    # What is malformed leaves the key as good as new, what is refused by how things are does not: as when it is posted.
    for first, what in (
        (41, {"retiredOn": "2099-01-01"}),
        (51, {"quantity": "7"}),
        (61, {"holder": "x"}),
    ):
        wrong = world.retirement(pilot, "USED", first, first + 9) | {"idempotencyKey": key()}
        items = (wrong | what, wrong)
        told = [
            await bulk(world.registry, "retireCredits", "EACH_INDEPENDENT", *items, dryRun=dry)
            for dry in (True, False)
        ]
        codes = [[o["error"] and o["error"]["code"] for o in t["outcomes"]] for t in told]
        assert codes[0] == codes[1], what
        assert codes[0][0] is not None, what
        assert (codes[0][1] is None) is (codes[0][0] == "INVALID_INPUT"), what


async def test_a_dry_run_of_many_items(world: World) -> None:
    await world.issue(await world.project(), "MANY", 1, 100)
    _, item = (await items_of(world, "MANY"))["retireCredits"]
    beyond = item | {"serials": block("MANY", 101, 110)}
    rest = item | {"serials": block("MANY", 11, 100)}
    head = await world.head()
    told = await bulk(
        world.registry, "retireCredits", "EACH_INDEPENDENT", item, beyond, item, rest, dryRun=True
    )
    assert [o["status"] for o in told["outcomes"]] == ["READY", "REJECTED", "REJECTED", "READY"]
    assert [o["preview"] and o["preview"]["quantity"] for o in told["outcomes"]] == [
        "10", None, None, "90",
    ]  # fmt: skip
    assert told["outcomes"][1]["error"]["code"] == "SERIALS_NOT_ISSUED"
    conflict = told["outcomes"][2]["error"]
    assert (conflict["code"], conflict["item"], conflict["refusedWith"]) == (
        "ITEMS_CONFLICT", 0, "SERIALS_ALREADY_RETIRED",
    )  # fmt: skip
    together = await bulk(
        world.registry, "retireCredits", "ALL_OR_NOTHING", item, rest, dryRun=True
    )
    assert [o["status"] for o in together["outcomes"]] == ["READY", "READY"]
    assert {o["preview"]["asOfPosition"] for o in together["outcomes"]} == {str(head)}
    assert await world.head() == head
    single = await bulk(
        world.registry, "retireCredits", "EACH_INDEPENDENT", item | {"dryRun": True}, rest
    )
    assert [o["status"] for o in single["outcomes"]] == ["REJECTED", "COMMITTED"]
    assert single["outcomes"][0]["error"]["path"] == ["input", "items", "0", "dryRun"]


@pytest.mark.parametrize(
    ("applied", "accepted"),
    [
        ("0001-01-01", False), ("2022-12-30", False), ("2022-12-31", True), ("2024-01-15", True),
        ("2024-01-16", False), (None, True),
    ],
)  # fmt: skip
async def test_an_application_lies_between_production_and_registration(
    world: World, applied: str | None, accepted: bool
) -> None:
    given = {
        "project": await world.project(), "programme": "CCER", "quantity": "10",
        "serials": block(f"APP-{(applied or 'NONE').replace('-', '')}-{int(accepted)}", 1, 10),
        "production": {"monitoringPeriod": {"startsOn": "2022-01-01", "endsOn": "2022-12-31"}},
        "reductionsRegisteredOn": "2024-01-15", "reductionsAppliedOn": applied,
        "holder": world.holder.organisation, "idempotencyKey": key(),
    }  # fmt: skip
    told = await world.registry.do(
        "issueCredits",
        "batch { reductionsAppliedOn } } ... on ReductionsNotAppliedFor { code producedTo registeredOn",
        **given,
    )
    if accepted:
        assert told["batch"]["reductionsAppliedOn"] == applied
        return
    assert (told["code"], told["producedTo"], told["registeredOn"]) == (
        "REDUCTIONS_NOT_APPLIED_FOR", "2022-12-31", "2024-01-15",
    )  # fmt: skip
    assert told["path"] == ["input", "reductionsAppliedOn"]
    # It follows from the input alone: the key can be used for what is right.
    await world.registry.made(
        "issueCredits", "batch { id }", **given | {"reductionsAppliedOn": "2023-06-30"}
    )


async def test_the_five_years_are_not_switched_off_by_an_early_application(world: World) -> None:
    """CCER: applied for within five years of the production; 2014 was not, whatever day is given."""
    project = await world.project()
    for applied, code in (
        ("0001-01-01", "REDUCTIONS_NOT_APPLIED_FOR"), ("2018-01-01", "REDUCTIONS_NOT_APPLIED_FOR"),
        (None, "REFUSED_BY_PROGRAMME_RULE"), ("2024-01-10", "REFUSED_BY_PROGRAMME_RULE"),
    ):  # fmt: skip
        refused = await world.registry.refused(
            "issueCredits", project=project, programme="CCER", serials=block("FIVE", 1, 10),
            quantity="10", reductionsRegisteredOn="2024-01-15", reductionsAppliedOn=applied,
            production={"monitoringPeriod": {"startsOn": "2012-11-09", "endsOn": "2018-12-31"}},
            holder=world.holder.organisation,
        )  # fmt: skip
        assert refused["code"] == code, (applied, refused)
