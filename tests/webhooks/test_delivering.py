"""Delivering: in order, at least once, what the endpoint may see then; until it is accepted, or given up."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import asyncpg
import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from nzc_api.database.arrays import sent
from nzc_api.database.engine import Database
from nzc_api.feed.model import EventFilter
from nzc_api.ids import ApiKeyId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Actor
from nzc_api.services import Nzc
from nzc_api.webhooks import delivering
from nzc_api.webhooks.delivering import OWN_FAULT
from nzc_api.webhooks.delivery_store import BACKLOG, DUE
from nzc_api.webhooks.errors import WebhookSecretsFull
from nzc_api.webhooks.model import (
    Backlog,
    DeliveryOutcome,
    DisabledReason,
    EndpointState,
    ReplayEndpoint,
    RotateSecret,
    UpdateEndpoint,
)
from tests.conftest import TestDatabase, client_of, unguarded
from tests.proofs.growing import log_many
from tests.webhooks.receiving import (
    ADDRESS,
    LOOPBACK,
    OK,
    Got,
    Hooks,
    Receiver,
    answer,
    delivery_of,
    hooks_on,
    principal_of,
    receiving,
)
from tests.world import World, key


async def test_all_that_follows_a_position_in_order(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.registered(30)
    endpoint, secret = await hooks.created(receiver.url)
    await hooks.delivery.deliver()
    head = await hooks.head()
    assert receiver.positions == list(range(1, head + 1))
    assert [got.event["previousposition"] for got in receiver.got] == [str(n) for n in range(head)]
    for got in receiver.got:
        Webhook(secret).verify(got.body, dict(got.headers))
        assert got.headers["content-type"] == "application/cloudevents+json"
    assert len({got.headers["webhook-id"] for got in receiver.got}) == head
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(receiver.got[0].body + b" ", dict(receiver.got[0].headers))
    cursor = (await hooks.endpoint(endpoint)).cursor
    assert (cursor.position, cursor.previous, cursor.attempts) == (head, head, head)
    assert hooks.delivery.backlog == Backlog(due=0, pending=0, failing=0)
    # What is new, and nothing twice.
    [new] = await hooks.registered()
    await hooks.delivery.deliver()
    await hooks.delivery.deliver()
    assert receiver.positions[head:] == [new]


async def test_from_its_own_registration_on(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created(receiver.url, after=None)
    await hooks.delivery.deliver()
    assert receiver.positions == [endpoint]
    assert receiver.got[0].event["type"] == "WEBHOOK_CREATED"


async def test_a_filter_loses_nothing(hooks: Hooks, receiver: Receiver) -> None:
    """What is not followed is passed over, and what is names the one before."""
    endpoint, _ = await hooks.created(
        receiver.url, EventFilter(kinds=frozenset({EntryKind.ORGANISATION_REGISTERED}))
    )
    registered = [await hooks.registered(), await hooks.registered()]
    await hooks.delivery.deliver()
    events = [got.event for got in receiver.got]
    assert {event["type"] for event in events} == {"ORGANISATION_REGISTERED"}
    assert [int(event["position"]) for event in events][-2:] == [n for [n] in registered]
    told = ["0", *(event["position"] for event in events)]
    assert [event["previousposition"] for event in events] == told[:-1]
    cursor = (await hooks.endpoint(endpoint)).cursor
    assert (cursor.position, cursor.previous) == (await hooks.head(), registered[-1][0])


async def test_far_between(hooks: Hooks, database: TestDatabase, receiver: Receiver) -> None:
    """Thousands of entries that are not followed are looked through, and none of them told."""
    endpoint, _ = await hooks.created(
        receiver.url,
        EventFilter(kinds=frozenset({EntryKind.ORGANISATION_REGISTERED})),
        await hooks.head(),
    )
    await log_many(database.superuser_url, 1_700)
    [last] = await hooks.registered()
    await hooks.delivery.deliver()
    assert receiver.positions == [last]
    assert (await hooks.endpoint(endpoint)).cursor.position == last


async def test_what_is_not_accepted_is_posted_again_and_nothing_overtakes_it(
    hooks: Hooks, receiver: Receiver
) -> None:
    endpoint, _ = await hooks.created(receiver.url, after=await hooks.head())
    first, second = await hooks.registered(2)
    receiver.planned = [answer(500), answer(404)]
    for waits in ({"seconds": 4}, {"seconds": 2}, {"minutes": 4}, {"minutes": 2}):
        await hooks.delivery.deliver()
        hooks.clock.wait(**waits)
    await hooks.delivery.deliver()
    created = first - 1
    assert receiver.positions == [created, created, created, first, second]
    same = receiver.got[:3]
    assert len({got.headers["webhook-id"] for got in same}) == 1
    assert len({got.body for got in same}) == 1
    assert len({got.headers["webhook-timestamp"] for got in same}) == 3
    deliveries = await hooks.deliveries(endpoint)
    assert [(d.position, d.attempt, d.answer.status) for d in deliveries] == [
        (created, 1, 500), (created, 2, 404), (created, 3, 204), (first, 1, 204), (second, 1, 204),
    ]  # fmt: skip
    assert (await hooks.endpoint(endpoint)).cursor.failing_since is None


async def test_days_of_failures_end_it_with_an_entry(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created(receiver.url)

    async def fail(_got: Got) -> bytes:
        return answer(500)

    receiver.answering = fail
    for _ in range(50):
        await hooks.delivery.deliver()
        hooks.clock.wait(hours=3)
    stopped = await hooks.endpoint(endpoint)
    assert stopped.terms.state is EndpointState.DISABLED
    assert stopped.terms.reason is DisabledReason.FAILING
    # 5 s, 5 min, 30 min and 2 h after one another, then within 5 h, then within 10 h (and a tenth): each is due at the
    # next look, every 3 h.
    assert 12 <= len(receiver.got) <= 20
    assert set(receiver.positions) == {1}
    [disabled] = [
        entry
        for entry in await hooks.nzc.services.feed.entries(Position(0), 100)
        if entry.kind == EntryKind.WEBHOOK_DISABLED
    ]
    assert (disabled.subject_id, disabled.actor, disabled.body["reason"]) == (
        endpoint,
        Actor(),
        "FAILING",
    )
    # It goes on where it stopped.
    receiver.answering = None
    got = len(receiver.got)
    await hooks.delivery.deliver()
    assert len(receiver.got) == got
    assert (await hooks.webhooks.enable(hooks.holder, key(), endpoint)).refusal is None
    await hooks.delivery.deliver()
    assert receiver.positions[got:] == list(range(1, await hooks.head() + 1))


async def test_a_receiver_that_wants_no_more(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created(receiver.url)
    receiver.planned = [OK, answer(410)]
    await hooks.delivery.deliver()
    stopped = await hooks.endpoint(endpoint)
    assert stopped.terms.reason is DisabledReason.GONE
    assert stopped.cursor.position == 1
    assert receiver.positions == [1, 2]
    hooks.clock.wait(days=1)
    await hooks.delivery.deliver()
    assert receiver.positions == [1, 2]


async def test_a_receiver_that_asks_for_time(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created(receiver.url)
    receiver.planned = [answer(429, "Retry-After: 600")]
    await hooks.delivery.deliver()
    assert hooks.delivery.backlog == Backlog(due=0, pending=await hooks.head(), failing=1)
    due = (await hooks.endpoint(endpoint)).cursor.due_at - hooks.clock.now()
    assert timedelta(minutes=9) < due <= timedelta(minutes=10)
    hooks.clock.wait(minutes=9)
    await hooks.delivery.deliver()
    assert len(receiver.got) == 1
    hooks.clock.wait(minutes=2)
    await hooks.delivery.deliver()
    assert len(receiver.got) > 1


async def test_a_key_that_was_revoked_meanwhile(hooks: Hooks, receiver: Receiver) -> None:
    """It sees nothing any more, and so is told nothing; where another key takes it up, nothing was lost."""
    endpoint, _ = await hooks.created(receiver.url)
    other, _ = await hooks.created(
        receiver.url, by=await principal_of(hooks.nzc, hooks.holder.organisation_id)
    )
    access = hooks.nzc.services.access
    await access.revoke_api_key_as(Actor(), key(), hooks.holder.api_key_id)
    await hooks.delivery.deliver()
    ended = await hooks.endpoint(endpoint)
    assert ended.terms.reason is DisabledReason.KEY_ENDED
    assert ended.cursor.position == 0
    assert (await hooks.endpoint(other)).terms.state is EndpointState.ENABLED
    assert {got.headers["webhook-id"].split("_")[1] for got in receiver.got} == {str(other)}
    again = await principal_of(hooks.nzc, hooks.holder.organisation_id)
    assert (await hooks.webhooks.enable(again, key(), endpoint)).refusal is None
    receiver.got.clear()
    await hooks.delivery.deliver()
    mine = [got.position for got in receiver.got if f"_{endpoint}_" in got.headers["webhook-id"]]
    assert mine == list(range(1, await hooks.head() + 1))


async def test_a_key_that_expired(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created(receiver.url)
    access = hooks.nzc.services.access
    await access.expire_api_key_as(Actor(), key(), hooks.holder.api_key_id, None)
    await hooks.delivery.deliver()
    assert (await hooks.endpoint(endpoint)).terms.reason is DisabledReason.KEY_ENDED
    assert receiver.got == []


async def test_secrets_overlap(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, old = await hooks.created(receiver.url, after=await hooks.head())
    made = await hooks.webhooks.rotate(hooks.holder, key(), RotateSecret(endpoint, 24))
    assert made.secret not in {None, old}
    await hooks.delivery.deliver()
    for secret in (old, made.secret):
        Webhook(secret).verify(receiver.got[0].body, dict(receiver.got[0].headers))
    # The overlap is over: one alone signs.
    hooks.clock.wait(hours=25)
    await hooks.registered()
    await hooks.delivery.deliver()
    last = receiver.got[-1]
    assert last.headers["webhook-signature"].count("v1,") == 1
    at = datetime.fromtimestamp(int(last.headers["webhook-timestamp"]), UTC)
    signed = (last.headers["webhook-id"], at, last.body.decode())
    assert last.headers["webhook-signature"] == Webhook(made.secret).sign(*signed)


async def test_a_secret_that_is_replaced_again_stays_good_until_its_own_end(
    hooks: Hooks, receiver: Receiver
) -> None:
    """As after a new secret that was lost: receivers still know the oldest."""
    endpoint, oldest = await hooks.created(receiver.url, after=await hooks.head())
    rotate = partial(hooks.webhooks.rotate, hooks.holder)
    secrets = [oldest] + [
        (await rotate(key(), RotateSecret(endpoint, hours))).secret for hours in (24, 48, 168, 1, 1)
    ]
    await hooks.delivery.deliver()
    assert signing(receiver.got[0], secrets) == secrets
    full = await rotate(key(), RotateSecret(endpoint, 1))
    assert full.outcome.refusal == WebhookSecretsFull(path=("overlap_hours",), most=5)
    assert full.secret is None
    hooks.clock.wait(hours=30)
    await hooks.registered()
    await hooks.delivery.deliver()
    assert signing(receiver.got[-1], secrets) == [secrets[1], secrets[2], secrets[-1]]
    # Where others may know one, none stays good.
    secrets.append((await rotate(key(), RotateSecret(endpoint, 0))).secret)
    await hooks.delivery.deliver()
    assert signing(receiver.got[-1], secrets) == secrets[-1:]


def signing(got: Got, secrets: Sequence[str]) -> list[str]:
    """Which secrets a message is signed with, and with no others."""
    at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    given = got.headers["webhook-signature"].split()
    signed = (got.headers["webhook-id"], at, got.body.decode())
    found = [secret for secret in secrets if Webhook(secret).sign(*signed) in given]
    assert len(found) == len(given)
    return found


async def test_a_secret_that_others_know_is_good_no_longer(
    hooks: Hooks, receiver: Receiver
) -> None:
    endpoint, old = await hooks.created(receiver.url)
    made = await hooks.webhooks.rotate(hooks.holder, key(), RotateSecret(endpoint, 0))
    await hooks.delivery.deliver()
    got = receiver.got[0]
    Webhook(made.secret).verify(got.body, dict(got.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(got.body, dict(got.headers))


async def test_a_replay_tells_it_once_more(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created(receiver.url)
    await hooks.delivery.deliver()
    told = list(receiver.positions)
    await hooks.webhooks.replay(hooks.holder, key(), ReplayEndpoint(endpoint, 1))
    await hooks.delivery.deliver()
    assert receiver.positions == [*told, *range(2, await hooks.head() + 1)]
    assert receiver.got[len(told)].event["previousposition"] == "1"
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert ids[len(told)] == ids[1], "an event is the same message, however often it is told"


async def test_a_replay_while_an_event_is_on_its_way(hooks: Hooks, receiver: Receiver) -> None:
    """The answer to what was overtaken moves nothing."""
    endpoint, _ = await hooks.created(receiver.url)

    async def overtake(_got: Got) -> bytes:
        receiver.answering = None
        await hooks.webhooks.replay(hooks.holder, key(), ReplayEndpoint(endpoint, 2))
        return OK

    receiver.answering = overtake
    await hooks.delivery.deliver()
    assert receiver.positions == [1, *range(3, await hooks.head() + 1)]


async def test_of_many_processes_one_delivers(
    hooks: Hooks, database: TestDatabase, receiver: Receiver
) -> None:
    await hooks.created(receiver.url)
    other = Nzc.on(Database(database.api_url, pool_size=2), webhook_networks=LOOPBACK)
    second = delivery_of(other, hooks.clock)
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_got: Got) -> bytes:
        arrived.set()
        await go_on.wait()
        return OK

    receiver.answering = wait
    first = asyncio.create_task(hooks.delivery.deliver())
    await arrived.wait()
    await second.deliver()
    assert receiver.positions == [1]
    go_on.set()
    await first
    assert receiver.positions == list(range(1, await hooks.head() + 1))
    # The lock is free again.
    [new] = await hooks.registered()
    await second.deliver()
    assert receiver.positions[-1] == new
    await other.database.close()


async def test_a_process_that_is_stopped_frees_the_lock(
    hooks: Hooks, database: TestDatabase, receiver: Receiver
) -> None:
    """And the event that was on its way is posted by the next."""
    await hooks.created(receiver.url)
    arrived = asyncio.Event()

    async def hang(_got: Got) -> bytes:
        arrived.set()
        await asyncio.sleep(60)
        return OK

    receiver.answering = hang
    first = asyncio.create_task(hooks.delivery.deliver())
    await arrived.wait()
    first.cancel()
    await asyncio.wait([first])
    receiver.answering = None
    other = Nzc.on(Database(database.api_url, pool_size=2), webhook_networks=LOOPBACK)
    second = delivery_of(other, hooks.clock)
    while len(receiver.got) == 1:
        await second.deliver()
    assert receiver.positions == [1, *range(1, await hooks.head() + 1)]
    await other.database.close()


async def test_one_that_hangs_keeps_no_other_waiting(hooks: Hooks, receiver: Receiver) -> None:
    async with receiving() as slow:
        go_on = asyncio.Event()

        async def wait(_got: Got) -> bytes:
            await go_on.wait()
            return OK

        slow.answering = wait
        await hooks.created(slow.url, after=None)
        await hooks.created(receiver.url, after=None)
        round_ = asyncio.create_task(hooks.delivery.deliver())
        await slow.has(1)
        await receiver.has(1)
        # What comes meanwhile, too.
        [new] = await hooks.registered()
        while receiver.positions[-1] != new:
            await receiver.has(len(receiver.got) + 1)
        assert len(slow.got) == 1
        go_on.set()
        await round_
        assert slow.positions[-1] == new


async def test_what_is_wrong_with_one_keeps_no_other_waiting(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where NZC itself fails of an endpoint, it is tried again later."""
    wrong, _ = await hooks.created(receiver.url)
    by = await principal_of(hooks.nzc, hooks.holder.organisation_id)
    await hooks.created(receiver.url, by=by)
    holders = hooks.nzc.services.access.holders

    async def fail(keys: list[ApiKeyId]) -> object:
        if hooks.holder.api_key_id in keys:
            raise ValueError("a bug")
        return await holders(keys)

    monkeypatch.setattr(hooks.nzc.services.access, "holders", fail)
    await hooks.delivery.deliver()
    assert f"_{wrong}_" not in "".join(got.headers["webhook-id"] for got in receiver.got)
    assert receiver.positions == list(range(1, await hooks.head() + 1))
    late = (await hooks.endpoint(wrong)).cursor
    assert late.due_at - hooks.clock.now() > OWN_FAULT - timedelta(minutes=1)
    assert late.failures == 0


async def test_what_is_posted_to_the_ledger_goes_first(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each event waits a moment where commands wait; and not for ever."""
    monkeypatch.setattr(delivering, "GIVE_WAY_SECONDS", 0.01)
    waited: list[int] = []

    def busy() -> bool:
        waited.append(len(receiver.got))
        return True

    await hooks.created(receiver.url)
    hooks.delivery = delivery_of(hooks.nzc, hooks.clock, busy=busy)
    await hooks.delivery.deliver()
    assert waited == list(range(await hooks.head()))
    assert len(receiver.got) == await hooks.head()


async def test_nothing_is_posted_while_it_is_disabled_or_deleted(
    hooks: Hooks, receiver: Receiver
) -> None:
    resting, _ = await hooks.created(receiver.url)
    gone, _ = await hooks.created(receiver.url)
    await hooks.webhooks.disable(hooks.holder, key(), resting)
    await hooks.webhooks.delete(hooks.holder, key(), gone)
    await hooks.delivery.deliver()
    assert receiver.got == []
    await hooks.webhooks.enable(hooks.holder, key(), resting)
    assert (await hooks.webhooks.enable(hooks.holder, key(), gone)).refusal is not None
    await hooks.delivery.deliver()
    assert receiver.positions == list(range(1, await hooks.head() + 1))


async def changed_meanwhile(hooks: Hooks, receiver: Receiver, change: Any) -> str:
    """Change an endpoint while the first of many events is on its way to it; the secret that it had."""
    await hooks.registered(5)
    endpoint, secret = await hooks.created(receiver.url)

    async def meanwhile(_got: Got) -> bytes:
        receiver.answering = None
        await change(endpoint)
        return OK

    receiver.answering = meanwhile
    await hooks.delivery.deliver()
    return secret


@pytest.mark.parametrize("verb", ["disable", "delete"])
async def test_once_it_is_disabled_or_deleted_nothing_more_is_posted(
    hooks: Hooks, receiver: Receiver, verb: str
) -> None:
    """Not even what was read for it already."""
    endpoints = []

    async def change(endpoint: Any) -> None:
        endpoints.append(endpoint)
        await getattr(hooks.webhooks, verb)(hooks.holder, key(), endpoint)

    await changed_meanwhile(hooks, receiver, change)
    assert receiver.positions == [1]
    assert len(await hooks.deliveries(endpoints[0])) == (verb == "disable")


async def test_once_its_key_was_revoked_nothing_more_is_posted(
    hooks: Hooks, receiver: Receiver
) -> None:
    access = hooks.nzc.services.access
    await changed_meanwhile(
        hooks,
        receiver,
        lambda _: access.revoke_api_key_as(Actor(), key(), hooks.holder.api_key_id),
    )
    assert receiver.positions == [1]


async def test_once_it_has_another_url_nothing_more_goes_to_the_former(
    hooks: Hooks, receiver: Receiver
) -> None:
    async with receiving() as other:
        changes = {"url": other.url}
        await changed_meanwhile(
            hooks,
            receiver,
            lambda endpoint: hooks.webhooks.update(
                hooks.holder, key(), UpdateEndpoint(endpoint, changes)
            ),
        )
        assert receiver.positions == [1]
        assert other.positions == list(range(2, await hooks.head() + 1))


async def test_once_a_secret_was_ended_nothing_more_is_signed_with_it(
    hooks: Hooks, receiver: Receiver
) -> None:
    old = await changed_meanwhile(
        hooks,
        receiver,
        lambda endpoint: hooks.webhooks.rotate(hooks.holder, key(), RotateSecret(endpoint, 0)),
    )
    assert len(receiver.got) == await hooks.head()
    for got in receiver.got[1:]:
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(got.body, dict(got.headers))


async def test_another_url_is_tried_at_once(hooks: Hooks, receiver: Receiver) -> None:
    endpoint, _ = await hooks.created("http://127.0.0.1:1/")
    await hooks.delivery.deliver()
    [failed] = await hooks.deliveries(endpoint)
    assert failed.answer.outcome is DeliveryOutcome.UNREACHED
    await hooks.webhooks.update(
        hooks.holder, key(), UpdateEndpoint(endpoint, {"url": receiver.url})
    )
    await hooks.delivery.deliver()
    assert receiver.positions == list(range(1, await hooks.head() + 1))


MANY_ATTEMPTS = """
    INSERT INTO webhook_delivery (endpoint_id, number, position, at, attempt, outcome, status, milliseconds)
    SELECT $1, n, 1, now(), n, 'REJECTED', 500, 1 FROM generate_series(1, 1000) AS n
"""


async def test_of_many_attempts_the_latest_are_kept(
    hooks: Hooks, receiver: Receiver, database: TestDatabase
) -> None:
    endpoint, _ = await hooks.created(receiver.url, after=await hooks.head())
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(MANY_ATTEMPTS, endpoint)
        await connection.execute("UPDATE webhook_cursor SET attempts = 1000")
    await hooks.delivery.deliver()
    count = await hooks.webhooks.count_deliveries_of([endpoint])
    assert count == {endpoint: 1_000}
    [first, *_] = await hooks.deliveries(endpoint)
    assert first.number == 1 + len(receiver.got)


async def test_facts_are_those_that_it_may_see(
    database: TestDatabase, people: World, receiver: Receiver
) -> None:
    """As the API would show them: an operator's own draft, and nobody else's."""
    async with client_of(database.api_url) as http:
        world = await World.make(http, database.api_url)
        pilot = await world.pilot()
        inventory = await world.inventory(pilot)
        viewer = await world.operator.ask("{ viewer { id } }")
        assert viewer["viewer"]["id"] == world.operator.organisation
    nzc = Nzc.on(Database(database.api_url, pool_size=5), webhook_networks=LOOPBACK)
    hooks = await hooks_on(nzc)
    found = await nzc.services.access.authenticate([str(world.operator.secret)])
    draft = EventFilter(kinds=frozenset({EntryKind.INVENTORY_CREATED, EntryKind.PILOT_REGISTERED}))
    mine, _ = await hooks.created(receiver.url, draft, by=found[str(world.operator.secret)])
    other, _ = await hooks.created(receiver.url, draft)
    await hooks.delivery.deliver()
    told = {
        (got.headers["webhook-id"].split("_")[1], got.event["type"]): got.event
        for got in receiver.got
    }
    shown = told[str(mine), "INVENTORY_CREATED"]
    assert shown["data"]["inventory"] == inventory
    assert shown["subject"] == inventory
    assert shown["dataschema"] == f"{ADDRESS}/schemas/events/INVENTORY_CREATED.v1.json"
    hidden = told[str(other), "INVENTORY_CREATED"]
    assert hidden["dataabsence"] == "NOT_SHOWN"
    assert inventory not in str(hidden)
    assert "data" not in hidden
    # What everybody sees, both are told.
    assert (
        told[str(mine), "PILOT_REGISTERED"]["data"] == told[str(other), "PILOT_REGISTERED"]["data"]
    )
    await nzc.database.close()


ENDPOINTS = """
    INSERT INTO webhook_endpoint SELECT n, n FROM generate_series(1, 400) AS n;
    INSERT INTO webhook_terms (position, endpoint_id, url, label, wanted, key_id, state)
         SELECT n, n, 'https://hooks.example/', 'x', '{}', 1, 'ENABLED' FROM generate_series(1, 400) AS n;
    INSERT INTO webhook_secret (endpoint_id, position, secret)
         SELECT n, n, sha256('x') FROM generate_series(1, 400) AS n;
    UPDATE log_head SET position = 9;
    INSERT INTO webhook_cursor (endpoint_id, position, previous, due_at, attempts, failures)
         SELECT n, CASE WHEN n <= 3 THEN 5 ELSE 9 END, 5, '-infinity', 0, 0 FROM generate_series(1, 400) AS n;
    ANALYZE webhook_endpoint, webhook_terms, webhook_secret, webhook_cursor;
"""


async def test_what_is_due_costs_what_is_due_not_what_was_told_all(database: TestDatabase) -> None:
    """It is asked twice a second."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute(f"SET session_replication_role = replica; {ENDPOINTS}")
        for statement in (DUE, BACKLOG):
            sql = statement.text.replace(":now", "now()").replace(":most", "20")
            sql = sql.replace(sent("busy"), "'{}'::bigint[]")
            plan = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            looked = [
                node["Actual Loops"]
                for node in nodes(json.loads(plan)[0]["Plan"])
                if node.get("Relation Name") == "webhook_terms"
            ]
            assert looked == [3]
    finally:
        await connection.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
