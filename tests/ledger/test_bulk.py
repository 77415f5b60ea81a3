"""Many commands in one request, over HTTP: their order, their keys, what stands and falls together."""

import json
from typing import Any

from tests.conftest import TestDatabase, unguarded
from tests.ledger.conservation import check_conserved
from tests.world import World, key

BULK = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
    ... on BulkOutcomes { accepted outcomes { index status position
        error { code path } result { ... on Retirement { id quantity } } } }
    ... on UserError { code path message { zh en } } } }"""

KEPT = "SELECT refusal FROM outcome WHERE key = $1"
FORMER = "UPDATE outcome SET refusal = refusal - 'item_number' || jsonb_build_object('path', $1::jsonb) WHERE key = $2"


async def bulk(world: World, mode: str, *items: dict[str, Any], **given: Any) -> dict[str, Any]:
    value = {"mode": mode, "items": list(items)} | given
    data = await world.registry.ask(BULK, input=value)
    payload: dict[str, Any] = data["retireCreditsBulk"]
    return payload


def statuses(payload: dict[str, Any]) -> list[str]:
    assert [item["index"] for item in payload["outcomes"]] == list(range(len(payload["outcomes"])))
    return [item["status"] for item in payload["outcomes"]]


async def stage(world: World) -> tuple[dict[str, Any], Any]:
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD", 1, 100)

    def item(first: int, last: int, **given: Any) -> dict[str, Any]:
        return world.retirement(pilot, "GD", first, last) | {"idempotencyKey": key()} | given

    return pilot, item


async def test_each_by_itself(world: World, database: TestDatabase) -> None:
    """Items see each other's effects; one that is refused or malformed stops no other."""
    _, item = await stage(world)
    items = [
        item(1, 10),
        item(10, 20),  # 10 is retired by the item before
        item(20, 11),  # reversed
        item(11, 20, pilot="nonsense"),
        item(11, 20, idempotencyKey="with a space"),
        item(11, 20),
    ]
    head = await world.head()
    payload = await bulk(world, "EACH_INDEPENDENT", *items)
    assert statuses(payload) == ["COMMITTED", *["REJECTED"] * 4, "COMMITTED"]
    assert payload["accepted"] == 2
    errors = [outcome["error"] for outcome in payload["outcomes"]]
    assert errors[0] is None
    assert errors[1] == {
        "code": "SERIALS_ALREADY_RETIRED",
        "path": ["input", "items", "1", "serials"],
    }
    assert errors[2]["path"] == ["input", "items", "2", "serials"]
    assert errors[3] == {"code": "INVALID_INPUT", "path": ["input", "items", "3", "pilot"]}
    assert errors[4]["path"] == ["input", "items", "4", "idempotencyKey"]
    assert [o["position"] for o in payload["outcomes"]] == [
        str(head + 1), None, None, None, None, str(head + 2),
    ]  # fmt: skip
    assert payload["outcomes"][5]["result"]["quantity"] == "10"

    again = await bulk(world, "EACH_INDEPENDENT", *items)
    assert statuses(again) == ["REPLAYED", *["REJECTED"] * 4, "REPLAYED"]
    assert [o["error"] for o in again["outcomes"]] == errors
    assert await world.head() == head + 2
    # An item's key is the same as that of a single request.
    alone = await world.registry.do("retireCredits", "retirement { id }", **items[5])
    assert alone["replayed"]
    await check_conserved(database.owner_url)


async def test_all_or_nothing(world: World, database: TestDatabase) -> None:
    _, item = await stage(world)
    head = await world.head()
    items = [item(1, 10), item(11, 20), item(15, 30), item(31, 40)]
    refused = await bulk(world, "ALL_OR_NOTHING", *items, idempotencyKey="one")
    assert statuses(refused) == ["NOT_ATTEMPTED", "NOT_ATTEMPTED", "REJECTED", "NOT_ATTEMPTED"]
    assert refused["outcomes"][2]["error"] == {
        "code": "ITEMS_CONFLICT",
        "path": ["input", "items", "2", "serials"],
    }
    assert await world.head() == head
    # The refusal is kept under the request's key, and the items' keys are unused.
    assert await bulk(world, "ALL_OR_NOTHING", *items, idempotencyKey="one") == refused
    reused = await bulk(world, "ALL_OR_NOTHING", items[0], idempotencyKey="one")
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"

    good = [items[0], items[1], item(21, 30), items[3]]
    done = await bulk(world, "ALL_OR_NOTHING", *good, idempotencyKey="two")
    assert statuses(done) == ["COMMITTED"] * 4
    positions = [int(outcome["position"]) for outcome in done["outcomes"]]
    assert positions == list(range(head + 1, head + 5))
    again = await bulk(world, "ALL_OR_NOTHING", *good, idempotencyKey="two")
    assert statuses(again) == ["REPLAYED"] * 4
    assert [o["result"] for o in again["outcomes"]] == [o["result"] for o in done["outcomes"]]
    unused = await world.registry.refused("retireCredits", **items[0])
    assert unused["code"] == "SERIALS_ALREADY_RETIRED"
    await check_conserved(database.owner_url)


async def test_what_was_kept_with_graphqls_paths_is_answered_the_same(
    world: World, database: TestDatabase
) -> None:
    """Before December 2026 what was kept with a key said where in the arguments it was, as GraphQL spells it."""
    _, item = await stage(world)
    await world.registry.made("retireCredits", "retirement { id }", **item(1, 10))
    early = item(11, 20, retiredOn="2020-01-01")
    alone = await world.registry.refused("retireCredits", **early)
    assert alone["path"] == ["input", "retiredOn"]
    items = [item(21, 30), item(1, 5)]
    together = await bulk(world, "ALL_OR_NOTHING", *items, idempotencyKey="kept")
    assert together["outcomes"][1]["error"]["path"] == ["input", "items", "1", "serials"]
    async with unguarded(database.superuser_url) as connection:
        for own, now, former in (
            (early["idempotencyKey"], (["retired_on"], None), ["input", "retiredOn"]),
            ("kept", (["serials"], 1), ["input", "items", "1", "serials"]),
        ):
            kept = json.loads(await connection.fetchval(KEPT, own))
            assert (kept["path"], kept.get("item_number")) == now
            assert await connection.execute(FORMER, json.dumps(former), own) == "UPDATE 1"
    again = await world.registry.refused("retireCredits", **early)
    assert again == alone
    assert await bulk(world, "ALL_OR_NOTHING", *items, idempotencyKey="kept") == together


async def test_a_malformed_item_stops_all(world: World) -> None:
    _, item = await stage(world)
    head = await world.head()
    payload = await bulk(
        world, "ALL_OR_NOTHING", item(1, 10), item(2, 1), item(3, 3), idempotencyKey="one"
    )
    assert statuses(payload) == ["NOT_ATTEMPTED", "REJECTED", "NOT_ATTEMPTED"]
    assert await world.head() == head
    # It was malformed: the key may be used again.
    payload = await bulk(world, "ALL_OR_NOTHING", item(1, 10), idempotencyKey="one")
    assert statuses(payload) == ["COMMITTED"]


async def test_where_every_item_is_malformed_each_is_told_so(world: World) -> None:
    _, item = await stage(world)
    head = await world.head()
    for malformed in ({"pilot": "nonsense"}, {"idempotencyKey": "with a space"}, {}):
        items = [item(5, 4 if not malformed else 5, **malformed) for _ in range(2)]
        assert statuses(await bulk(world, "EACH_INDEPENDENT", *items)) == ["REJECTED"] * 2
    assert await world.head() == head


async def test_how_many(world: World) -> None:
    _, item = await stage(world)
    for items in ([], [item(1, 1)] * 1001):
        payload = await bulk(world, "EACH_INDEPENDENT", *items)
        assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "items"])
    payload = await bulk(world, "ALL_OR_NOTHING", item(1, 1))
    assert payload["path"] == ["input", "idempotencyKey"]


async def test_one_key_twice_in_a_request(world: World) -> None:
    _, item = await stage(world)
    one = item(1, 1, idempotencyKey="same")
    payload = await bulk(
        world, "EACH_INDEPENDENT", one, one, item(2, 2, idempotencyKey="same"), item(3, 3)
    )
    assert statuses(payload) == ["COMMITTED", "REPLAYED", "REJECTED", "COMMITTED"]
    assert payload["outcomes"][2]["error"]["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_issue_and_transfer_in_bulk(world: World, database: TestDatabase) -> None:
    project = await world.project()
    blocks = [
        {
            "idempotencyKey": key(),
            "project": project,
            "programme": "CCER",
            "serials": {"range": {"prefix": f"GD-{n}", "first": "1", "last": "10"}},
            "quantity": "10",
            "production": {"vintage": 2022},
            "reductionsRegisteredOn": "2024-01-15",
            "holder": world.holder.organisation,
        }
        for n in range(3)
    ]
    data = await world.registry.ask(
        """mutation ($input: IssueCreditsBulkInput!) { issueCreditsBulk(input: $input) {
            ... on BulkOutcomes { outcomes { status result { ... on CreditBatch { quantity } } } } } }""",
        input={"mode": "ALL_OR_NOTHING", "idempotencyKey": "all", "items": blocks},
    )
    assert (
        data["issueCreditsBulk"]["outcomes"]
        == [{"status": "COMMITTED", "result": {"quantity": "10"}}] * 3
    )
    transfers = [
        {
            "idempotencyKey": key(),
            "programme": "CCER",
            "serials": {"range": {"prefix": f"GD-{n}", "first": "1", "last": "5"}},
            "from": world.holder.organisation,
            "to": world.other_operator.organisation,
        }
        for n in range(4)  # the last block was never issued
    ]
    data = await world.registry.ask(
        """mutation ($input: TransferCreditsBulkInput!) { transferCreditsBulk(input: $input) {
            ... on BulkOutcomes { outcomes { status error { code } } } } }""",
        input={"mode": "EACH_INDEPENDENT", "items": transfers},
    )
    told = data["transferCreditsBulk"]["outcomes"]
    assert [outcome["status"] for outcome in told] == ["COMMITTED"] * 3 + ["REJECTED"]
    assert told[3]["error"]["code"] == "SERIALS_NOT_ISSUED"
    await check_conserved(database.owner_url)
