"""Corrections and invalidations of more tonnes than one person may order: one proposes, another approves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio

from nzc_api.app import create_app
from nzc_api.database.engine import Database
from nzc_api.grounds import Grounds
from nzc_api.ids import BatchId, Position, ProjectId
from nzc_api.ledger.auditing.audit import audit
from nzc_api.ledger.errors.orders import SecondPersonNeeded
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.posting.decide import Decider, RefusedItem
from nzc_api.ledger.posting.kit.posting import Posting
from nzc_api.ledger.posting.verbs.acting_on_batch import ActOnBatch, BatchAction
from nzc_api.ledger.serials import SerialRange
from nzc_api.settings import Settings
from tests.conftest import PEOPLED, Server, fresh_database
from tests.ledger.pure import fresh_state, names_of_all
from tests.proposing import GROUNDS, another_key, approve, propose, serials_of
from tests.world import Caller, World, as_kind, key

MOST = 100

PROPOSAL = """id position state quantity entryKind corrects expiresAt endedPosition proposedWith endedWith
    programme { code } grounds { document reason } proposedBy { id } endedBy { id }
    batch { id } block { first last } posting { id position }"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Proposal {{ {PROPOSAL} }} }} }}"
LISTED = """query ($filter: ProposalFilterInput) { proposals(filter: $filter, first: 100) {
    totalCount nodes { id state } } }"""
SAID = """query ($after: BigInt!) { events(after: $after) {
    kind position organisation { id } subject { id __typename } } }"""


@dataclass
class Registry:
    """A registry of two persons, whose limit is 100 t, and a batch of 1,000 t for each test."""

    world: World
    url: str
    first: Caller
    second: Caller
    second_key: str
    numbers: "count[int]"

    async def issued(self) -> tuple[str, str]:
        """A new batch of 1,000 t: its id and prefix."""
        prefix = f"GD-TWO{next(self.numbers)}"
        return await self.world.issue(await self.world.project(), prefix, 1, 1000), prefix

    async def retired(self, tonnes: int) -> str:
        """A retirement of so many tonnes."""
        _, prefix = await self.issued()
        pilot = await self.world.pilot()
        asked = self.world.retirement(pilot, prefix, 1, tonnes)
        return str((await self.first.made("retireCredits", "retirement { id }", **asked))["id"])

    async def invalidation(self, tonnes: int = 101) -> tuple[str, str]:
        """An open proposal to invalidate so many tonnes: its id, and their prefix."""
        _, prefix = await self.issued()
        made = await propose(self.first, invalidateCredits=serials_of(prefix, 1, tonnes))
        return made["id"], prefix

    async def now(self, proposal: str, who: Caller | None = None) -> Any:
        return (await (who or self.first).ask(NODE, id=proposal))["node"]


@pytest_asyncio.fixture(scope="module")
async def registry(server: Server, people: World) -> AsyncIterator[Registry]:
    async with fresh_database(server, PEOPLED) as database:
        given = Settings(pool_size=5, requests_per_second=0, two_persons_above=MOST)
        app = create_app(database.api_url, given)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as http:
                world = people.reached_by(http)
                second, second_key = await another_key(world, world.registry)
                yield Registry(
                    world=world,
                    url=database.api_url,
                    first=world.registry,
                    second=second,
                    second_key=second_key,
                    numbers=count(1),
                )


# --- What one person may order ------------------------------------------------------------------


async def test_without_the_setting_one_person_orders_any(shared_world: World) -> None:
    world = shared_world
    batch = await world.issue(await world.project(), "GD-FREE", 1, 1000)
    asked = world.retirement(await world.pilot(), "GD-FREE", 1, 1000)
    retired = await world.registry.made("retireCredits", "retirement { id }", **asked)
    for verb, given in (
        ("correctPosting", {"posting": retired["id"]}),
        ("invalidateCredits", {"target": serials_of("GD-FREE", 1, 999)}),
        ("invalidateCredits", {"target": {"batch": batch}}),
    ):
        await world.registry.made(verb, "posting { id }", **given, **GROUNDS)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("what", ["serials", "batch", "correction"])
async def test_more_than_the_limit_waits_for_a_second_person(
    registry: Registry, what: str, dry_run: bool
) -> None:
    batch, prefix = await registry.issued()
    tonnes = 1000 if what == "batch" else 101
    orders: dict[str, tuple[str, dict[str, Any]]] = {
        "serials": ("invalidateCredits", {"target": serials_of(prefix, 1, 101)}),
        "batch": ("invalidateCredits", {"target": {"batch": batch}}),
        "correction": ("correctPosting", {"posting": await registry.retired(101)}),
    }
    verb, given = orders[what]
    before = await registry.world.head()
    refused = await registry.first.refused(verb, **given, dryRun=dry_run, **GROUNDS)
    assert (refused["code"], refused["path"]) == ("SECOND_PERSON_NEEDED", ["input"])
    for text in refused["message"].values():
        assert f"{tonnes}" in text
        assert "100" in text
        assert "proposeOrder" in text
    assert await registry.world.head() == before


async def test_its_facts_are_numbers(registry: Registry) -> None:
    _, prefix = await registry.issued()
    given = {"target": serials_of(prefix, 1, 101), "idempotencyKey": key()} | GROUNDS
    data = await registry.first.ask(
        """mutation ($input: InvalidateCreditsInput!) { invalidateCredits(input: $input) {
            ... on SecondPersonNeeded { orderedQuantity limitQuantity } } }""",
        input=given,
    )
    assert data["invalidateCredits"] == {"orderedQuantity": "101", "limitQuantity": "100"}


async def test_up_to_the_limit_one_person_orders(registry: Registry) -> None:
    _, prefix = await registry.issued()
    batch = await registry.world.issue(await registry.world.project(), "GD-SMALL", 1, 100)
    for verb, given in (
        ("invalidateCredits", {"target": serials_of(prefix, 1, 100)}),
        ("invalidateCredits", {"target": {"batch": batch}}),
        ("correctPosting", {"posting": await registry.retired(100)}),
    ):
        made = await registry.first.made(
            verb, "posting { quantity proposal { id } }", **given, **GROUNDS
        )
        assert made == {"quantity": "100", "proposal": None}


async def test_what_cannot_be_ordered_is_refused_for_that(registry: Registry) -> None:
    """No proposal would help."""
    refused = await registry.first.refused(
        "invalidateCredits", target=serials_of("GD-NOWHERE", 1, 500), **GROUNDS
    )
    assert refused["code"] == "SERIALS_NOT_ISSUED"


async def test_other_orders_take_one_person(registry: Registry) -> None:
    batch, _ = await registry.issued()
    for verb in ("freezeCredits", "unfreezeCredits"):
        await registry.first.made(verb, "posting { id }", target={"batch": batch}, **GROUNDS)
    await registry.first.made("recordExport", "posting { id }", batch=batch, **GROUNDS)


TWICE = """mutation ($a: InvalidateCreditsInput!, $b: InvalidateCreditsInput!, $c: FreezeCreditsInput!) {
    a: invalidateCredits(input: $a) { ...done }
    c: freezeCredits(input: $c) { ... on FreezeCreditsSuccess { posting { quantity } } }
    b: invalidateCredits(input: $b) { ...done } }
    fragment done on InvalidateCreditsPayload { __typename
        ... on InvalidateCreditsSuccess { replayed posting { quantity } }
        ... on SecondPersonNeeded { orderedQuantity limitQuantity } }"""


def _given(target: dict[str, Any]) -> dict[str, Any]:
    return {"target": target, "idempotencyKey": key()} | GROUNDS


async def test_the_orders_of_one_request_are_one(registry: Registry) -> None:
    """What was ordered before in it counts with them; what is replayed, or no such order, does not."""
    _, prefix = await registry.issued()
    a, b = _given(serials_of(prefix, 1, 60)), _given(serials_of(prefix, 61, 101))
    frozen = _given(serials_of(prefix, 501, 900))
    data = await registry.first.ask(TWICE, a=a, b=b, c=frozen)
    assert data == {
        "a": {
            "__typename": "InvalidateCreditsSuccess",
            "replayed": False,
            "posting": {"quantity": "60"},
        },
        "c": {"posting": {"quantity": "400"}},
        "b": {"__typename": "SecondPersonNeeded", "orderedQuantity": "101", "limitQuantity": "100"},
    }
    rest = _given(serials_of(prefix, 61, 101))
    data = await registry.first.ask(TWICE, a=a, b=rest, c=frozen)
    assert [data[name]["posting"]["quantity"] for name in ("a", "b")] == ["60", "41"]
    assert data["a"]["replayed"]


def decided(most: int, alone: int = 0) -> list[Posting] | RefusedItem:
    """What becomes of invalidating a batch of 60 t and one of 41 t together, under a limit, after so many tonnes."""
    state = fresh_state(names_of_all())
    day = date(2022, 1, 1)
    for number, last in ((BatchId(500), 60), (BatchId(501), 41)):
        block = SerialRange(registry="CCER", prefix=f"GD-{number}", first=1, last=last)
        state.know_batch(
            CreditBatch(
                id=number,
                project_id=ProjectId(400),
                programme="CCER",
                forestry=False,
                vintage=2022,
                produced_from=day,
                produced_to=day,
                reductions_registered_on=day,
                serials=block,
            )
        )
    orders = [
        ActOnBatch(
            batch_id=BatchId(number),
            programme="CCER",
            action=BatchAction.INVALIDATE,
            grounds=Grounds("D", "r"),
        )
        for number in (500, 501)
    ]
    return Decider(state, most).decide_all(orders, Position(1000), alone)


def test_commands_under_one_key_are_one() -> None:
    """Of a unit that stands or falls together the item is named with which it is too much."""
    assert isinstance(decided(101), list)
    assert decided(100) == RefusedItem(
        1, SecondPersonNeeded(ordered_quantity=101, limit_quantity=100)
    )
    assert isinstance(decided(111, 10), list)
    assert decided(110, 10) == RefusedItem(
        1, SecondPersonNeeded(ordered_quantity=111, limit_quantity=110)
    )
    assert decided(110, 51) == RefusedItem(
        0, SecondPersonNeeded(ordered_quantity=111, limit_quantity=110)
    )


async def test_readiness_tells_the_limit(registry: Registry, shared_world: World) -> None:
    for world, limit in ((registry.world, MOST), (shared_world, None)):
        assert (await world.http.get("/health/ready")).json()["twoPersonsAbove"] == limit


# --- Proposing and approving --------------------------------------------------------------------


async def test_serials_are_proposed_by_one_and_invalidated_by_another(registry: Registry) -> None:
    batch, prefix = await registry.issued()
    before = await registry.world.head()
    made = await propose(registry.first, PROPOSAL, invalidateCredits=serials_of(prefix, 101, 400))
    now = datetime.now(UTC)
    expires_at = datetime.fromisoformat(made.pop("expiresAt"))
    assert timedelta(days=6, hours=23) < expires_at - now < timedelta(days=7)
    organisation = {"id": registry.first.organisation}
    proposed_with, proposal = made.pop("proposedWith"), made.pop("id")
    assert made == {
        "position": str(before + 1), "state": "OPEN", "quantity": "300",
        "entryKind": "CREDITS_INVALIDATED", "corrects": None, "endedPosition": None,
        "endedWith": None, "programme": {"code": "CCER"}, "grounds": GROUNDS,
        "proposedBy": organisation, "endedBy": None, "batch": {"id": batch},
        "block": {"first": "101", "last": "400"}, "posting": None,
    }  # fmt: skip
    posted = await approve(
        registry.second,
        proposal,
        "id position quantity entryKind grounds { document reason } proposal { id state }",
    )
    posting = posted.pop("id")
    assert posted == {
        "position": str(before + 2), "quantity": "300", "entryKind": "CREDITS_INVALIDATED",
        "grounds": GROUNDS, "proposal": {"id": proposal, "state": "APPROVED"},
    }  # fmt: skip
    ended = await registry.now(proposal)
    assert (ended["state"], ended["endedPosition"]) == ("APPROVED", str(before + 2))
    assert ended["posting"] == {"id": posting, "position": str(before + 2)}
    assert ended["endedBy"] == organisation
    assert (ended["proposedWith"], ended["endedWith"]) == (proposed_with, registry.second_key)
    assert proposed_with != registry.second_key


async def test_a_whole_batch_and_a_correction_are_ordered_by_two(registry: Registry) -> None:
    batch, _ = await registry.issued()
    made = await propose(registry.first, PROPOSAL, invalidateCredits={"batch": batch})
    assert (made["entryKind"], made["quantity"]) == ("BATCH_INVALIDATED", "1000")
    assert (made["batch"], made["block"]) == ({"id": batch}, None)
    posted = await approve(registry.second, made["id"], "quantity batch { id }")
    assert posted == {"quantity": "1000", "batch": {"id": batch}}

    retired = await registry.retired(150)
    made = await propose(registry.second, PROPOSAL, correctPosting=retired)
    at = (await registry.first.ask(
        "query ($id: ID!) { node(id: $id) { ... on Retirement { position } } }", id=retired
    ))["node"]["position"]  # fmt: skip
    assert (made["entryKind"], made["quantity"]) == ("POSTING_CORRECTED", "150")
    assert (made["corrects"], made["batch"], made["block"]) == (at, None, None)
    posted = await approve(registry.first, made["id"], "quantity corrects")
    assert posted == {"quantity": "150", "corrects": at}


async def test_what_one_may_order_alone_may_be_proposed(registry: Registry) -> None:
    proposal, _ = await registry.invalidation(5)
    assert (await approve(registry.second, proposal, "quantity"))["quantity"] == "5"


async def test_the_log_says_who_proposed_and_who_approved(registry: Registry) -> None:
    before = await registry.world.head()
    proposal, _ = await registry.invalidation()
    posted = await approve(registry.second, proposal, "id position")
    given_up, _ = await registry.invalidation()
    await registry.second.made("withdrawProposal", "proposal { id }", proposal=given_up)
    events = (await registry.world.auditor.ask(SAID, after=str(before)))["events"]
    told = [(e["kind"], e["subject"] and e["subject"]["id"]) for e in events]
    assert [e for e in told if e[0] in {"ORDER_PROPOSED", "CREDITS_INVALIDATED", "PROPOSAL_WITHDRAWN"}] == [
        ("ORDER_PROPOSED", proposal), ("CREDITS_INVALIDATED", posted["id"]),
        ("ORDER_PROPOSED", given_up), ("PROPOSAL_WITHDRAWN", given_up),
    ]  # fmt: skip
    assert {e["organisation"]["id"] for e in events if e["subject"]} >= {
        registry.first.organisation
    }


async def test_the_key_that_proposed_does_not_approve(registry: Registry) -> None:
    proposal, _ = await registry.invalidation()
    for dry_run in (True, False):
        data = await registry.first.do("approveProposal", "", proposal=proposal, dryRun=dry_run)
        assert (data["code"], data["path"]) == ("OWN_PROPOSAL", ["input", "proposal"])
    assert (await registry.now(proposal))["state"] == "OPEN"
    await approve(registry.second, proposal)


async def test_another_registrys_key_does_not_approve(registry: Registry) -> None:
    proposal, _ = await registry.invalidation()
    for verb in ("approveProposal", "withdrawProposal"):
        name = f"{verb[0].upper()}{verb[1:]}Input"
        error = await registry.world.phcer_registry.fail(
            f"mutation ($input: {name}!) {{ {verb}(input: $input) {{ __typename }} }}",
            input={"proposal": proposal, "idempotencyKey": key()},
        )
        assert error["extensions"]["code"] == "FORBIDDEN"
    assert (await registry.now(proposal))["state"] == "OPEN"


async def test_of_no_proposal_nothing_is_approved(registry: Registry) -> None:
    batch, _ = await registry.issued()
    unknown = as_kind("Proposal", batch)
    for verb in ("approveProposal", "withdrawProposal"):
        refused = await registry.second.refused(verb, proposal=unknown)
        assert (refused["code"], refused["path"]) == ("NOT_FOUND", ["input", "proposal"])


ENDED = """mutation ($input: ApproveProposalInput!) { approveProposal(input: $input) {
    ... on ProposalEnded { code path state endedPosition proposal { id } } } }"""


async def _ended(registry: Registry, proposal: str) -> Any:
    """Why a proposal can be neither approved nor withdrawn any more."""
    refused = await registry.second.refused("withdrawProposal", proposal=proposal)
    assert refused["code"] == "PROPOSAL_ENDED"
    given = {"proposal": proposal, "idempotencyKey": key()}
    found = (await registry.second.ask(ENDED, input=given))["approveProposal"]
    assert (found.pop("code"), found.pop("path")) == ("PROPOSAL_ENDED", ["input", "proposal"])
    assert found.pop("proposal") == {"id": proposal}
    return found


async def test_it_is_approved_once(registry: Registry) -> None:
    proposal, _ = await registry.invalidation()
    posted = await approve(registry.second, proposal, "position")
    assert await _ended(registry, proposal) == {
        "state": "APPROVED",
        "endedPosition": posted["position"],
    }


async def test_what_was_withdrawn_is_over(registry: Registry) -> None:
    proposal, prefix = await registry.invalidation()
    made = await registry.first.made(
        "withdrawProposal",
        "proposal { state endedPosition posting { id } endedBy { id } }",
        proposal=proposal,
    )
    head = str(await registry.world.head())
    assert made == {
        "state": "WITHDRAWN", "endedPosition": head, "posting": None,
        "endedBy": {"id": registry.first.organisation},
    }  # fmt: skip
    assert await _ended(registry, proposal) == {"state": "WITHDRAWN", "endedPosition": head}
    await registry.first.made(
        "invalidateCredits", "posting { id }", target=serials_of(prefix, 1, 100), **GROUNDS
    )


async def test_when_its_time_is_over_it_is(registry: Registry) -> None:
    _, prefix = await registry.issued()
    soon = datetime.now(UTC) + timedelta(seconds=1)
    made = await propose(
        registry.first,
        "id state",
        invalidateCredits=serials_of(prefix, 1, 101),
        expiresAt=soon.isoformat(),
    )
    assert made["state"] == "OPEN"
    await asyncio.sleep((soon - datetime.now(UTC)).total_seconds() + 0.1)
    found = await registry.now(made["id"])
    assert (found["state"], found["endedPosition"], found["endedBy"]) == ("EXPIRED", None, None)
    assert await _ended(registry, made["id"]) == {"state": "EXPIRED", "endedPosition": None}


@pytest.mark.parametrize("days", [-1, 367])
async def test_it_waits_for_a_year_at_most(registry: Registry, days: int) -> None:
    _, prefix = await registry.issued()
    at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    order = {"invalidateCredits": serials_of(prefix, 1, 101)}
    refused = await registry.first.refused("proposeOrder", order=order, expiresAt=at, **GROUNDS)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "expiresAt"])


async def test_nobody_stands_for_the_proposal_of_a_revoked_key(registry: Registry) -> None:
    gone, gone_key = await another_key(registry.world, registry.first)
    _, prefix = await registry.issued()
    made = await propose(gone, invalidateCredits=serials_of(prefix, 1, 101))
    await registry.world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=gone_key)
    refused = await registry.second.refused("approveProposal", proposal=made["id"])
    assert (refused["code"], refused["path"]) == ("PROPOSER_KEY_REVOKED", ["input", "proposal"])
    await registry.second.made("withdrawProposal", "proposal { id }", proposal=made["id"])


async def test_the_order_is_decided_when_it_is_approved(registry: Registry) -> None:
    """Where it cannot be done any more, that is said, and the proposal stays open."""
    retired = await registry.retired(150)
    one, other = [(await propose(registry.first, correctPosting=retired))["id"] for _ in range(2)]
    await approve(registry.second, one)
    refused = await registry.second.refused("approveProposal", proposal=other)
    assert (refused["code"], refused["path"]) == ("ALREADY_CORRECTED", ["input", "proposal"])
    assert (await registry.now(other))["state"] == "OPEN"


async def test_serials_of_a_batch_that_was_taken_back_are_not_those_of_another(
    registry: Registry,
) -> None:
    """A block that was issued wrongly, and then again: what was proposed is of the first."""
    project = await registry.world.project()
    batch = await registry.world.issue(project, "GD-AGAIN", 1, 100)
    made = await propose(registry.first, invalidateCredits=serials_of("GD-AGAIN", 1, 50))
    whole = await propose(registry.first, invalidateCredits={"batch": batch})
    await registry.first.made("correctPosting", "posting { id }", posting=batch, **GROUNDS)
    await registry.world.issue(project, "GD-AGAIN", 1, 100)
    for proposal in (made, whole):
        refused = await registry.second.refused("approveProposal", proposal=proposal["id"])
        assert (refused["code"], refused["path"]) == ("BATCH_WITHDRAWN", ["input", "proposal"])


async def test_orders_and_issuances_are_corrected_by_two(registry: Registry) -> None:
    """Whatever is corrected, its tonnes are judged."""
    batch, _ = await registry.issued()
    invalidation = (await propose(registry.first, invalidateCredits={"batch": batch}))["id"]
    order = (await approve(registry.second, invalidation))["id"]
    for posting in (order, batch):
        refused = await registry.first.refused("correctPosting", posting=posting, **GROUNDS)
        assert refused["code"] == "SECOND_PERSON_NEEDED"
        made = await propose(registry.first, "id quantity", correctPosting=posting)
        assert made["quantity"] == "1000"
        assert (await approve(registry.second, made["id"], "quantity"))["quantity"] == "1000"


async def test_what_cannot_be_done_is_not_proposed(registry: Registry) -> None:
    retired = await registry.retired(150)
    made = await propose(registry.first, correctPosting=retired)
    await approve(registry.second, made["id"])
    for order, code, path in (
        ({"correctPosting": retired}, "ALREADY_CORRECTED", ["input", "order"]),
        (
            {"invalidateCredits": serials_of("GD-NOWHERE", 1, 9)},
            "SERIALS_NOT_ISSUED",
            ["input", "order"],
        ),
        (
            {"correctPosting": as_kind("Pilot", retired)},
            "INVALID_INPUT",
            ["input", "order", "correctPosting"],
        ),
    ):
        refused = await registry.first.refused("proposeOrder", order=order, **GROUNDS)
        assert (refused["code"], refused["path"]) == (code, path)
    order = {"invalidateCredits": serials_of("GD-NOWHERE", 1, 9)}
    refused = await registry.first.refused("proposeOrder", order=order, document="", reason="x")
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "document"])


async def test_of_two_who_approve_at_once_one_does(registry: Registry) -> None:
    third, _ = await another_key(registry.world, registry.first)
    proposal, _ = await registry.invalidation()
    answers = await asyncio.gather(
        *(who.do("approveProposal", "", proposal=proposal) for who in (registry.second, third))
    )
    assert sorted(a.get("code", "done") for a in answers) == ["PROPOSAL_ENDED", "done"]


async def test_sending_again_changes_nothing(registry: Registry) -> None:
    _, prefix = await registry.issued()
    given = {
        "order": {"invalidateCredits": serials_of(prefix, 1, 101)},
        "idempotencyKey": key(),
    } | GROUNDS
    one, again = [await registry.first.do("proposeOrder", "proposal { id }", **given) for _ in "ab"]
    assert one["proposal"] == again["proposal"]
    assert (one["replayed"], again["replayed"]) == (False, True)
    for verb in ("approveProposal", "withdrawProposal"):
        asked = {"proposal": one["proposal"]["id"], "idempotencyKey": key()}
        if verb == "withdrawProposal":
            asked["proposal"] = (await registry.invalidation())[0]
        answers = [await registry.second.do(verb, "", **asked) for _ in "ab"]
        assert [a["replayed"] for a in answers] == [False, True]
        if verb == "approveProposal":
            # Who approves is a part of what is asked.
            other = await registry.first.refused(verb, **asked)
            assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


PREVIEW = """mutation ($input: {kind}Input!) {{ {verb}(input: $input) {{ __typename
    ... on LedgerPreview {{ entryKind quantity movements {{ nodes {{ quantity }} }} }} }} }}"""


async def test_what_would_be_can_be_seen_before(registry: Registry) -> None:
    _, prefix = await registry.issued()
    target = serials_of(prefix, 1, 101)
    order = {"invalidateCredits": target}
    proposal = (await propose(registry.first, invalidateCredits=target))["id"]
    before = await registry.world.head()
    for who, verb, given, entry_kind, quantity, moved in (
        (registry.first, "proposeOrder", {"order": order, **GROUNDS}, "ORDER_PROPOSED", "101", []),
        (
            registry.second,
            "approveProposal",
            {"proposal": proposal},
            "CREDITS_INVALIDATED",
            "101",
            ["101"],
        ),
        (
            registry.second,
            "withdrawProposal",
            {"proposal": proposal},
            "PROPOSAL_WITHDRAWN",
            None,
            [],
        ),
    ):
        document = PREVIEW.format(kind=f"{verb[0].upper()}{verb[1:]}", verb=verb)
        asked = {"dryRun": True, "idempotencyKey": key(), **given}
        found = (await who.ask(document, input=asked))[verb]
        assert (found["entryKind"], found["quantity"]) == (entry_kind, quantity)
        assert [m["quantity"] for m in found["movements"]["nodes"]] == moved
    assert await registry.world.head() == before
    assert (await registry.now(proposal))["state"] == "OPEN"


# --- Who sees them ------------------------------------------------------------------------------


async def test_registries_see_their_own_and_overseers_all(registry: Registry) -> None:
    world = registry.world
    proposal, _ = await registry.invalidation()
    posting = await approve(registry.second, proposal)
    query = """query ($id: ID!) { node(id: $id) { ... on LedgerPosting { proposal { id } } } }"""
    before = int((await registry.now(proposal))["position"]) - 1
    for who, sees in (
        (world.registry, True), (world.auditor, True), (world.regulator, True), (world.administrator, True),
        (world.phcer_registry, False), (world.operator, False), (world.holder, False), (world.verifier, False),
        (world.gateway, False), (world.anyone, False),
    ):  # fmt: skip
        found = await registry.now(proposal, who)
        listed = (await who.ask(LISTED, filter={"programme": "CCER"}))["proposals"]
        of_posting = (await who.ask(query, id=posting["id"]))["node"]["proposal"]
        event = (await who.ask(SAID, after=str(before)))["events"][0]
        assert event["kind"] == "ORDER_PROPOSED"
        if sees:
            assert found["id"] == of_posting["id"] == event["subject"]["id"] == proposal
            assert proposal in {node["id"] for node in listed["nodes"]}
            assert listed["totalCount"] == len(listed["nodes"])
        else:
            assert (found, of_posting, event["subject"]) == (None, None, None)
            assert listed == {"totalCount": 0, "nodes": []}


async def test_they_are_found_by_programme_and_state(registry: Registry) -> None:
    world = registry.world
    await world.issue(await world.project("PHCER"), "GD-GREEN", 1, 200, "PHCER")
    green = await propose(
        world.phcer_registry, invalidateCredits=serials_of("GD-GREEN", 1, 150, "PHCER")
    )
    soon = datetime.now(UTC) + timedelta(milliseconds=300)
    made = {"OPEN": green["id"]}
    made["APPROVED"] = (await registry.invalidation())[0]
    await approve(registry.second, made["APPROVED"])
    made["WITHDRAWN"] = (await registry.invalidation())[0]
    await registry.first.made("withdrawProposal", "proposal { id }", proposal=made["WITHDRAWN"])
    _, prefix = await registry.issued()
    soon = datetime.now(UTC) + timedelta(milliseconds=500)
    order = serials_of(prefix, 1, 101)
    made["EXPIRED"] = (
        await propose(registry.first, invalidateCredits=order, expiresAt=soon.isoformat())
    )["id"]
    await asyncio.sleep(0.6)
    for state, proposal in made.items():
        listed = (await world.auditor.ask(LISTED, filter={"state": state}))["proposals"]
        assert {node["state"] for node in listed["nodes"]} == {state}
        assert proposal in {node["id"] for node in listed["nodes"]}
        assert listed["totalCount"] == len(listed["nodes"])
    only = (await world.auditor.ask(LISTED, filter={"programme": "PHCER"}))["proposals"]
    assert [node["id"] for node in only["nodes"]] == [green["id"]]
    none = (await world.registry.ask(LISTED, filter={"programme": "PHCER"}))["proposals"]
    assert none == {"totalCount": 0, "nodes": []}


async def test_all_of_it_is_in_order(registry: Registry) -> None:
    """The last test of the file."""
    database = Database(registry.url, pool_size=1)
    try:
        assert await audit(database) == []
    finally:
        await database.close()
