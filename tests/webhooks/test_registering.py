"""Endpoints over the API: whose they are, what is shown of them, and what is refused."""

import re
from typing import Any

import asyncpg
import pytest

from tests.conftest import Server, TestDatabase
from tests.counting import least, reckoned
from tests.webhooks.registering import MADE, endpoint, every_way, hooked
from tests.world import Caller, World, as_kind, key

SHOWN = """id position url label endpointState disabledReason toldPosition previousPosition failures failingSince
    nextAttemptAt organisation { id } apiKey { label } deliveries { totalCount nodes { position at attempt
        deliveryOutcome httpStatus milliseconds } }
    filter { kinds pilots inside programmes organisations }"""
LISTED = f"{{ webhookEndpoints {{ {SHOWN} }} }}"
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on WebhookEndpoint {{ {SHOWN} }} }} }}"
EVERY_EVENT = "{ events(first: 100) { kind subject { __typename id } } }"


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def listed(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.ask(LISTED))["webhookEndpoints"]
    return found


async def test_an_endpoint_as_it_was_registered(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    given = endpoint(
        filter={
            "kinds": ["CREDITS_RETIRED", "CREDITS_ISSUED"], "pilots": [pilot["id"]], "inside": False,
            "programmes": ["PHCER", "CCER"], "organisations": [world.holder.organisation],
        }
    )  # fmt: skip
    payload = await world.holder.do(
        "createWebhookEndpoint", f"secret webhookEndpoint {{ {SHOWN} }}", **given
    )
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", payload["secret"])
    made = payload["webhookEndpoint"]
    assert made["filter"] == {
        "kinds": ["CREDITS_ISSUED", "CREDITS_RETIRED"], "pilots": [pilot["id"]], "inside": False,
        "programmes": ["CCER", "PHCER"], "organisations": [world.holder.organisation],
    }  # fmt: skip
    assert (made["url"], made["label"]) == (given["url"], given["label"])
    assert (made["endpointState"], made["disabledReason"]) == ("ENABLED", None)
    assert made["position"] == str(before + 1)
    assert made["organisation"]["id"] == world.holder.organisation
    assert made["apiKey"] == {"label": "test"}
    assert made["deliveries"] == {"totalCount": 0, "nodes": []}
    assert made["id"] in [one["id"] for one in await listed(world.holder)]
    await world.holder.made("deleteWebhookEndpoint", MADE, webhookEndpoint=made["id"])


async def test_a_secret_is_shown_once(world: World) -> None:
    idempotency = {"idempotencyKey": key()}
    made = "secret webhookEndpoint { id }"
    first = await world.holder.do("createWebhookEndpoint", made, **endpoint(), **idempotency)
    again = await world.holder.do("createWebhookEndpoint", made, **endpoint(), **idempotency)
    assert first["secret"] is not None
    assert (again["secret"], again["replayed"]) == (None, True)
    assert again["webhookEndpoint"] == first["webhookEndpoint"]
    hook = {"webhookEndpoint": first["webhookEndpoint"]["id"]}
    rotated = await world.holder.do("rotateWebhookSecret", made, **hook, idempotencyKey="rotate-1")
    replayed = await world.holder.do("rotateWebhookSecret", made, **hook, idempotencyKey="rotate-1")
    assert rotated["secret"] not in {None, first["secret"]}
    assert replayed["secret"] is None
    await world.holder.made("deleteWebhookEndpoint", MADE, **hook)


async def test_no_secret_and_no_url_is_in_the_log(own_world: World, database: TestDatabase) -> None:
    url = "https://hooks.example/1?token=verysecret"
    payload = await own_world.holder.do("createWebhookEndpoint", "secret", **endpoint(url=url))
    connection = await asyncpg.connect(database.superuser_url)
    try:
        log = await connection.fetchval(
            "SELECT string_agg(e::text, ' ') || (SELECT string_agg(o::text, ' ') FROM outcome AS o) FROM log_entry AS e"
        )
    finally:
        await connection.close()
    assert "WEBHOOK_CREATED" in log
    assert "verysecret" not in log
    assert payload["secret"].removeprefix("whsec_") not in log


async def test_what_can_be_done_with_it(world: World) -> None:
    hook = await every_way(world)
    found = (await world.holder.ask(NODE, id=hook))["node"]
    assert (found["endpointState"], found["toldPosition"]) != ("DELETED", None)
    changes = {"url": "https://hooks.example/2", "label": "新", "filter": None}
    updated = await world.holder.made(
        "updateWebhookEndpoint", f"webhookEndpoint {{ {SHOWN} }}", webhookEndpoint=hook, **changes
    )
    assert (updated["url"], updated["label"]) == ("https://hooks.example/2", "新")
    assert updated["filter"] == dict.fromkeys(
        ("kinds", "pilots", "programmes", "organisations"), None
    ) | {"inside": True}
    state = "webhookEndpoint { endpointState disabledReason }"
    for verb, told in (
        ("disableWebhookEndpoint", ("DISABLED", "ORDERED")),
        ("disableWebhookEndpoint", ("DISABLED", "ORDERED")),
        ("enableWebhookEndpoint", ("ENABLED", None)),
        ("deleteWebhookEndpoint", ("DELETED", None)),
    ):
        made = await world.holder.made(verb, state, webhookEndpoint=hook)
        assert (made["endpointState"], made["disabledReason"]) == told
    assert hook not in [one["id"] for one in await listed(world.holder)]
    for verb in ("enableWebhookEndpoint", "deleteWebhookEndpoint", "rotateWebhookSecret"):
        error = await world.holder.refused(verb, webhookEndpoint=hook)
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "webhookEndpoint"])


async def test_nothing_changes_where_it_is_so_already(world: World) -> None:
    hook = await hooked(world)
    before = await world.head()
    for verb in ("enableWebhookEndpoint", "updateWebhookEndpoint"):
        await world.holder.made(verb, MADE, webhookEndpoint=hook)
    assert await world.head() == before
    await world.holder.made("deleteWebhookEndpoint", MADE, webhookEndpoint=hook)


async def test_it_is_nobody_elses_business(world: World) -> None:
    hook = await hooked(world)
    for caller in (world.operator, world.auditor, world.regulator, world.registry, world.anyone):
        assert (await caller.ask(NODE, id=hook))["node"] is None
        assert hook not in [one["id"] for one in await listed(caller)]
        subjects = (await caller.ask(EVERY_EVENT))["events"]
        assert {
            e["subject"] and e["subject"]["id"]
            for e in subjects
            if e["kind"].startswith("WEBHOOK_")
        } == {None}
    # Administrators see it; that they write it would let it tell what they see.
    assert (await world.administrator.ask(NODE, id=hook))["node"]["id"] == hook
    for verb, more in (
        ("updateWebhookEndpoint", {"url": "https://thief.example/"}),
        ("enableWebhookEndpoint", {}), ("disableWebhookEndpoint", {}), ("deleteWebhookEndpoint", {}),
        ("rotateWebhookSecret", {}), ("replayWebhookEndpoint", {"after": "0"}),
    ):  # fmt: skip
        for caller in (world.administrator, world.registry):
            error = await caller.refused(verb, webhookEndpoint=hook, **more)
            assert error["code"] == "NOT_FOUND"
    await world.holder.made("deleteWebhookEndpoint", MADE, webhookEndpoint=hook)


async def test_an_eleventh_is_refused(own_world: World) -> None:
    hooks = [await hooked(own_world) for _ in range(10)]
    error = await own_world.holder.refused("createWebhookEndpoint", **endpoint())
    assert error["code"] == "WEBHOOK_ENDPOINTS_FULL"
    # Of its own: another organisation may, and so may it when one is deleted.
    await own_world.operator.made("createWebhookEndpoint", MADE, **endpoint())
    await own_world.holder.made("deleteWebhookEndpoint", MADE, webhookEndpoint=hooks[0])
    await hooked(own_world)
    one = await least(lambda: own_world.operator.ask(LISTED))
    ten = await least(lambda: own_world.holder.ask(LISTED))
    assert ten <= one + 1
    assert ten <= reckoned(LISTED, {}).statements


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"url": "http://hooks.example/"}, ["input", "url"]),
        ({"url": "https://10.0.0.1/"}, ["input", "url"]),
        ({"label": ""}, ["input", "label"]),
        ({"after": "99999999"}, ["input", "after"]),
        ({"after": "-1"}, ["input", "after"]),
        ({"filter": {"pilots": ["nonsense"]}}, ["input", "filter", "pilots", "0"]),
        ({"filter": {"organisations": ["x"] * 101}}, ["input", "filter", "organisations"]),
    ],
)
async def test_bad_input(world: World, given: dict[str, Any], path: list[str]) -> None:
    error = await world.holder.refused("createWebhookEndpoint", **endpoint(**given))
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)


async def test_bad_input_of_the_others(world: World) -> None:
    hook = await hooked(world)
    for verb, given, field in (
        ("replayWebhookEndpoint", {"after": "99999999"}, "after"),
        ("rotateWebhookSecret", {"overlapHours": 169}, "overlapHours"),
        ("updateWebhookEndpoint", {"url": "ftp://x"}, "url"),
        ("updateWebhookEndpoint", {"label": None}, "label"),
    ):
        error = await world.holder.refused(verb, webhookEndpoint=hook, **given)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", field])
    other = as_kind("WebhookEndpoint", world.holder.organisation)
    error = await world.holder.refused("enableWebhookEndpoint", webhookEndpoint=other)
    assert error["code"] == "NOT_FOUND"
    await world.holder.made("deleteWebhookEndpoint", MADE, webhookEndpoint=hook)


async def test_without_a_key_nothing_is_registered(world: World, server: Server) -> None:
    query = "mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { __typename } }"
    given = endpoint() | {"idempotencyKey": key()}
    error = await world.anyone.fail(query, input=given)
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert await listed(world.anyone) == []
