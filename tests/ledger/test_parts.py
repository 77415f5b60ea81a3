"""A request that is confirmed in parts: what is retired, what is still set aside, and how it ends."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.ledger.posting.verbs import confirming
from tests.world import World, key

REQUEST = """query ($id: ID!) { node(id: $id) { ... on RetirementRequest {
    outcome quantity openQuantity quantityInForce endedPosition retirement { quantity }
    confirmations { quantity retiredOn registryReference request { id }
                  movements { nodes { serials { text } } } } } } }"""
NET = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
    purchasedReductions { quantity } } } }"""


class Asked:
    """A request of 100 t for a pilot, and what becomes of it."""

    def __init__(self, world: World, pilot: dict[str, Any], prefix: str, request: str) -> None:
        self.world, self.pilot, self.prefix, self.id = world, pilot, prefix, request

    @classmethod
    async def of(cls, world: World, prefix: str) -> "Asked":
        pilot = await world.pilot()
        await world.issue(await world.project(), prefix, 1, 200)
        expires = (datetime.now(UTC) + timedelta(days=9)).isoformat()
        given = world.retirement(pilot, prefix, 1, 100) | {"expiresAt": expires}
        del given["retiredOn"]
        made = await world.registry.made("requestRetirement", "request { id }", **given)
        return cls(world, pilot, prefix, made["id"])

    def given(self, **part: Any) -> dict[str, Any]:
        return {
            "request": self.id, "retiredOn": "2024-08-01", "registryReference": f"ZX-1-{self.prefix}",
        } | part  # fmt: skip

    def serials(self, first: int, last: int, prefix: str | None = None) -> dict[str, Any]:
        block = {"prefix": prefix or self.prefix, "first": str(first), "last": str(last)}
        return {"serials": {"programme": "CCER", "block": {"range": block}}}

    async def confirm(self, **part: Any) -> Any:
        return await self.world.registry.do(
            "confirmRetirement", "retirement { id quantity }", **self.given(**part)
        )

    async def now(self) -> Any:
        return (await self.world.anyone.ask(REQUEST, id=self.id))["node"]

    async def retired(self) -> str:
        data = await self.world.anyone.ask(NET, id=self.pilot["id"])
        return str(data["pilot"]["netEmissions"]["purchasedReductions"]["quantity"])


@pytest_asyncio.fixture
async def world(shared_world: World) -> AsyncIterator[World]:
    yield shared_world


async def test_thirty_of_a_hundred(world: World) -> None:
    """30 are retired and 70 still set aside; then 20 of those by their serials; then the rest."""
    asked = await Asked.of(world, "PART-A")
    assert (await asked.now())["openQuantity"] == "100"
    done = await asked.confirm(quantity="30")
    assert done["retirement"]["quantity"] == "30"
    now = await asked.now()
    assert (now["outcome"], now["openQuantity"], now["quantityInForce"]) == ("OPEN", "70", "100")
    assert (now["retirement"], now["endedPosition"]) == (None, None)
    assert await asked.retired() == "30"
    pending = await world.registry.refused(
        "retireCredits", **world.retirement(asked.pilot, "PART-A", 31, 31)
    )
    assert pending["code"] == "SERIALS_PENDING"
    taken = await world.registry.refused(
        "retireCredits", **world.retirement(asked.pilot, "PART-A", 30, 30)
    )
    assert taken["code"] == "SERIALS_ALREADY_RETIRED"

    await asked.confirm(**asked.serials(51, 70), registryReference="ZX-2-PART-A")
    # The lowest that are left: around what was taken out of their midst.
    would = await world.registry.do(
        "confirmRetirement", "} ... on LedgerPreview { movements { nodes { serials { text } } }",
        **asked.given(quantity="25", dryRun=True),
    )  # fmt: skip
    assert [m["serials"]["text"] for m in would["movements"]["nodes"]] == [
        "PART-A-31 to 50", "PART-A-71 to 75",
    ]  # fmt: skip
    await asked.confirm(registryReference="ZX-3-PART-A")
    now = await asked.now()
    assert (now["outcome"], now["openQuantity"], now["quantityInForce"]) == (
        "CONFIRMED", "0", "100",
    )  # fmt: skip
    assert now["retirement"] == {"quantity": "50"}
    assert [
        (
            r["quantity"],
            r["registryReference"],
            [m["serials"]["text"] for m in r["movements"]["nodes"]],
        )
        for r in now["confirmations"]
    ] == [
        ("30", "ZX-1-PART-A", ["PART-A-1 to 30"]),
        ("20", "ZX-2-PART-A", ["PART-A-51 to 70"]),
        ("50", "ZX-3-PART-A", ["PART-A-31 to 50", "PART-A-71 to 100"]),
    ]
    assert {r["request"]["id"] for r in now["confirmations"]} == {asked.id}
    assert await asked.retired() == "100"
    assert (await asked.confirm())["code"] == "REQUEST_ENDED"


async def test_the_rest_is_given_back(world: World) -> None:
    asked = await Asked.of(world, "PART-B")
    await asked.confirm(quantity="30")
    await world.registry.made("cancelRetirementRequest", "posting { quantity }", request=asked.id)
    now = await asked.now()
    assert (now["outcome"], now["openQuantity"], now["quantityInForce"]) == ("CANCELLED", "0", "30")
    assert [r["quantity"] for r in now["confirmations"]] == ["30"]
    assert await asked.retired() == "30"
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(asked.pilot, "PART-B", 31, 100)
    )
    assert await asked.retired() == "100"


async def test_what_no_part_can_be(world: World) -> None:
    asked = await Asked.of(world, "PART-C")
    await asked.confirm(quantity="30")
    head = await world.head()
    for part, code, path in (
        ({"quantity": "71"}, "INSUFFICIENT_CREDITS", "quantity"),
        ({"quantity": "0"}, "INVALID_INPUT", "quantity"),
        (asked.serials(30, 31), "SERIALS_NOT_SET_ASIDE", "serials"),
        (asked.serials(100, 101), "SERIALS_NOT_SET_ASIDE", "serials"),
        (asked.serials(31, 40, "PART-A"), "SERIALS_NOT_SET_ASIDE", "serials"),
        (asked.serials(40, 31), "SERIAL_RANGE_INVALID", "serials"),
        (asked.serials(31, 40) | {"quantity": "9"}, "QUANTITY_MISMATCH", "quantity"),
    ):
        refused = await asked.confirm(**part)
        assert (refused["code"], refused["path"]) == (code, ["input", path]), part
    assert await world.head() == head
    assert (await asked.now())["openQuantity"] == "70"


async def test_two_parts_in_one_request(world: World) -> None:
    """They see each other; two over the same serials are refused for one another."""
    asked = await Asked.of(world, "PART-D")
    items = [asked.given(idempotencyKey=key(), quantity="60") for _ in range(2)]
    query = """mutation ($input: ConfirmRetirementBulkInput!) { confirmRetirementBulk(input: $input) {
        ... on BulkOutcomes { outcomes { status error { code ... on ItemsConflict { item refusedWith } } } } } }"""
    given = {"mode": "ALL_OR_NOTHING", "idempotencyKey": key(), "items": items}
    told = await world.registry.ask(query, input=given)
    assert told["confirmRetirementBulk"]["outcomes"][1]["error"] == {
        "code": "ITEMS_CONFLICT", "item": 0, "refusedWith": "INSUFFICIENT_CREDITS",
    }  # fmt: skip
    items[1]["quantity"] = "40"
    given |= {"idempotencyKey": key()}
    told = await world.registry.ask(query, input=given)
    assert [o["status"] for o in told["confirmRetirementBulk"]["outcomes"]] == ["COMMITTED"] * 2
    now = await asked.now()
    assert (now["outcome"], [r["quantity"] for r in now["confirmations"]]) == (
        "CONFIRMED", ["60", "40"],
    )  # fmt: skip


async def test_what_is_taken_back_of_parts(world: World) -> None:
    """A part that is corrected goes to its holder, and one that is invalidated counts no more."""
    asked = await Asked.of(world, "PART-E")
    grounds = {"document": "X", "reason": "Y"}
    first = await asked.confirm(quantity="30")
    await asked.confirm(quantity="20")
    await world.registry.made(
        "correctPosting", "posting { id }", posting=first["retirement"]["id"], **grounds
    )
    now = await asked.now()
    assert (now["outcome"], now["openQuantity"], now["quantityInForce"]) == ("OPEN", "50", "70")
    target = asked.serials(41, 45)
    target = {"serials": {"programme": "CCER", "block": target["serials"]["block"]}}
    await world.registry.made("invalidateCredits", "posting { id }", target=target, **grounds)
    assert (await asked.now())["quantityInForce"] == "65"
    assert await asked.retired() == "15"
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(asked.pilot, "PART-E", 1, 30)
    )
    batch = await world.anyone.ask(
        '{ creditSerial(by: {programme: CCER, text: "PART-E-1"}) { batch { id } } }'
    )
    await world.registry.made(
        "invalidateCredits", "posting { id }",
        target={"batch": batch["creditSerial"]["batch"]["id"]}, **grounds,
    )  # fmt: skip
    assert (await asked.now())["quantityInForce"] == "0"
    refused = await asked.confirm()
    assert refused["code"] == "CREDITS_INVALIDATED"


async def test_in_how_many_parts(world: World) -> None:
    asked = await Asked.of(world, "PART-F")
    parts_before, confirming.MOST_PARTS = confirming.MOST_PARTS, 2
    try:
        for _ in range(2):
            await asked.confirm(quantity="1")
        refused = await asked.confirm(quantity="1")
        assert (refused["code"], refused["path"]) == ("TOO_MANY_PARTS", ["input", "request"])
        assert (await asked.confirm())["retirement"]["quantity"] == "98"
    finally:
        confirming.MOST_PARTS = parts_before


async def test_what_parts_left_is_known_however_fragmented_the_rest_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In more lots than one command may touch: what is still set aside, and what a part was and is again."""
    for module in ("posting.state", "posting.load", "store", "posting.kit.pieces"):
        monkeypatch.setattr(f"nzc_api.ledger.{module}.MOST_LOTS", 3)
    asked = await Asked.of(world, "PART-H")
    part = await asked.confirm(**asked.serials(11, 20))
    correction = {"posting": part["retirement"]["id"], "document": "D", "reason": "r"}
    await world.registry.made("correctPosting", "posting { quantity }", **correction)
    for serial in (12, 14, 16):
        given = world.retirement(asked.pilot, "PART-H", serial, serial)
        await world.registry.made("retireCredits", "retirement { id }", **given)
    for number, serial in enumerate((31, 41, 51)):
        done = await asked.confirm(
            **asked.serials(serial, serial), registryReference=f"ZX-2-{number}-PART-H"
        )
        assert done["retirement"]["quantity"] == "1"
    would = await world.registry.do(
        "cancelRetirementRequest",
        "} ... on LedgerPreview { quantity",
        request=asked.id,
        dryRun=True,
    )
    assert would["quantity"] == "87"
    done = await asked.confirm(registryReference="ZX-3-PART-H")
    assert done["retirement"]["quantity"] == "87"
    now = await asked.now()
    assert (now["outcome"], now["openQuantity"]) == ("CONFIRMED", "0")
