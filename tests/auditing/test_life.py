"""The life of a serial, and who has it as of any position or time."""

from datetime import datetime, timedelta
from typing import Any

from tests.auditing.acts import Acts
from tests.world import World

LIFE = """query ($text: String!, $asOf: AsOfInput, $first: Int! = 100, $after: String) {
    creditSerial(by: {programme: CCER, text: $text}, asOf: $asOf) {
        serial sincePosition asOfPosition
        account { kind organisation { id } pilot { code } purpose }
        life(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes {
            position at kind event { position kind } debit { kind } credit { kind }
            movement { serials { text } } } } } }"""


Step = tuple[int, str, str | None, str | None]  # position, kind, from, to


async def lived(world: World) -> tuple[dict[str, Any], list[Step]]:
    """A pilot, and the life of serial GD-L-7."""
    pilot = await world.pilot()
    batch = await world.issue(await world.project(), "GD-L", 1, 100)
    acts = Acts(world, "GD-L")
    a, b = world.holder.organisation, world.other_operator.organisation
    life: list[Step] = []

    async def live(kind: str, debit: str | None = None, credit: str | None = None) -> None:
        life.append((await world.head(), kind, debit, credit))

    await live("CREDITS_ISSUED", "ISSUANCE", "HOLDING")
    await acts.transfer(1, 50, a, b)
    await live("CREDITS_TRANSFERRED", "HOLDING", "HOLDING")
    await acts.transfer(10, 20, b, a)  # other serials
    await acts.order("freeze", 7, 8)
    await live("CREDITS_FROZEN", "HOLDING", "FROZEN")
    await acts.order("unfreeze", 7, 7)
    await live("CREDITS_UNFROZEN", "FROZEN", "HOLDING")
    await acts.order_batch("freeze", batch)
    await live("BATCH_FROZEN")
    await acts.order_batch("unfreeze", batch)
    await live("BATCH_UNFROZEN")
    retired = await acts.retire(pilot, 5, 7)
    await live("CREDITS_RETIRED", "HOLDING", "RETIREMENT")
    await acts.correct(retired)
    await live("POSTING_CORRECTED", "RETIREMENT", "HOLDING")
    await acts.request(pilot, 7, 7)
    await live("RETIREMENT_REQUESTED", "HOLDING", "PENDING")
    return pilot, life


async def ask(world: World, **variables: Any) -> Any:
    return (await world.anyone.ask(LIFE, text="GD-L-7", **variables))["creditSerial"]


async def test_the_whole_life_of_a_serial(world: World) -> None:
    pilot, life = await lived(world)
    found = await ask(world)
    steps = found["life"]["nodes"]
    assert [
        (
            int(step["position"]),
            step["kind"],
            step["debit"] and step["debit"]["kind"],
            step["credit"] and step["credit"]["kind"],
        )
        for step in steps
    ] == life
    assert [step["event"]["position"] for step in steps] == [step["position"] for step in steps]
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
    assert [step["movement"] and step["movement"]["serials"]["text"] for step in steps] == [
        "GD-L-1 to 100", "GD-L-1 to 50", "GD-L-7 to 8", "GD-L-7 to 7", None, None, "GD-L-5 to 7",
        "GD-L-5 to 7", "GD-L-7 to 7",
    ]  # fmt: skip
    assert found["account"]["kind"] == "PENDING"
    assert found["account"]["pilot"] == {"code": pilot["code"]}
    assert int(found["sincePosition"]) == life[-1][0]


async def test_a_life_is_read_page_by_page(world: World) -> None:
    _, life = await lived(world)
    seen: list[int] = []
    after = None
    while True:
        page = (await ask(world, first=2, after=after))["life"]
        seen += [int(step["position"]) for step in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == [position for position, *_ in life]


async def test_the_owner_as_of_every_position_and_time(world: World) -> None:
    _, life = await lived(world)
    head = await world.head()
    moves = [(position, kind) for position, _, _, kind in life if kind]
    for position in range(head + 1):
        found = await ask(world, asOf={"position": str(position)})
        past = [(since, kind) for since, kind in moves if since <= position]
        if not past:
            assert found is None
            continue
        assert (int(found["sincePosition"]), found["account"]["kind"]) == past[-1]
        assert [int(s["position"]) for s in found["life"]["nodes"]] == [
            since for since, *_ in life if since <= position
        ]
    events = (await world.anyone.ask("{ events(first: 100) { position at } }"))["events"]
    for index, event in enumerate(events):
        at = datetime.fromisoformat(event["at"])
        last = [e for e in events if datetime.fromisoformat(e["at"]) <= at][-1]
        found = await ask(world, asOf={"at": event["at"]})
        if found is not None:
            assert found["asOfPosition"] == last["position"]
        before = (at - timedelta(microseconds=1)).isoformat()
        answer = await world.anyone.ask("query ($at: DateTime!) { positionAt(at: $at) }", at=before)
        earlier = [e for e in events[:index] if datetime.fromisoformat(e["at"]) < at]
        assert answer["positionAt"] == (earlier[-1]["position"] if earlier else "0")


async def test_a_time_to_come_means_now(world: World) -> None:
    await lived(world)
    found = await ask(world, asOf={"at": "2999-01-01T00:00:00+08:00"})
    assert int(found["asOfPosition"]) == await world.head()
    assert await ask(world, asOf={"at": "1999-01-01T00:00:00Z"}) is None


async def test_what_cannot_be_asked_is_refused(world: World) -> None:
    await lived(world)
    for as_of in ({"position": "99999"}, {"position": "-1"}):
        error = await world.anyone.fail(LIFE, text="GD-L-7", asOf=as_of)
        assert error["extensions"]["code"] == "INVALID_INPUT"
    both = {"position": "1", "at": "2024-01-01T00:00:00Z"}
    assert await world.anyone.fail(LIFE, text="GD-L-7", asOf=both)
    assert (await world.anyone.ask(LIFE, text="GD-L-101"))["creditSerial"] is None
    assert (await world.anyone.ask(LIFE, text="GD-NONE-7"))["creditSerial"] is None
