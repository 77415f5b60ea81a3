"""An issuance that was withdrawn, as whoever asks later sees it; and its serials, issued again."""

from typing import Any

from tests.conftest import TestDatabase, client_of
from tests.world import World, key, of_year

GROUNDS = {"document": "D-1", "reason": "typed wrongly"}
BATCH = """query ($id: ID!) { creditBatch(by: {id: $id}) { correction { position corrects grounds { document }
    batch { id } correction { position } } } }"""
SERIAL = """query ($at: AsOfInput) { creditSerial(by: {programme: CCER, text: "GD-1"}, asOf: $at) {
    batch { id vintage correction { position } } account { kind organisation { id } }
    life(first: 10) { nodes { kind } } } }"""
STATE = "batch { invalidatedQuantity invalidated { correction { position } } exported { correction { position } } }"
LATER = f"""query ($at: AsOfInput, $then: BigInt, $id: ID!) {{
    creditSerial(by: {{programme: CCER, text: "GD-1"}}, asOf: $at) {{
        {STATE} invalidated {{ correction {{ position }} }} exported {{ correction {{ position }} }} }}
    pilot(by: {{id: $id}}) {{ netEmissions(period: {{year: 2022}}, asOf: $then) {{ purchasedReductions {{
        byBatch(first: 5) {{ nodes {{ {STATE} }} }}
        invalidated(first: 5) {{ nodes {{ {STATE} posting {{ correction {{ position }} }} }} }}
        retirements(first: 5) {{ nodes {{
            movements(first: 5) {{ nodes {{ {STATE} }} }}
            withdrawn(first: 5) {{ nodes {{ {STATE} posting {{ correction {{ position }} }} }} }} }} }} }} }} }} }}"""
FROZEN = "batch { frozen { position } }"
BESIDE = f"""query ($at: AsOfInput, $then: BigInt, $id: ID!) {{
    creditSerial(by: {{programme: CCER, text: "GD-1"}}, asOf: $at) {{
        batch {{ suspectedDoubles(first: 5) {{ nodes {{ other {{ frozen {{ position }} }} }} }} }}
        life(first: 5) {{ nodes {{ movement {{ {FROZEN} }} }} }} }}
    node(id: $id) {{ ... on Organisation {{
        holdings(first: 5, asOf: $then) {{ nodes {{ {FROZEN} }} }}
        creditStatement(programme: CCER, first: 5, asOf: $then) {{ nodes {{ movement {{ {FROZEN} }} }} }} }} }} }}"""
LISTED = """query ($status: BatchStatus!) { creditBatches(filter: {status: $status}, first: 10) {
    totalCount nodes { id } } }"""


async def withdraw(world: World, batch: str, **given: Any) -> Any:
    return await world.registry.do(
        "correctPosting", "posting { id position }", posting=batch, **GROUNDS, **given
    )


async def test_it_is_told_as_it_was_and_as_it_is(world: World) -> None:
    project, before = await world.project(), await world.head()
    wrong = await world.issue(project, "GD", 1, 10)
    issued = await world.head()
    posting = (await withdraw(world, wrong))["posting"]
    taken_back = await world.head()
    right = await world.issue(project, "GD", 1, 12, production=of_year(2021))

    told = (await world.anyone.ask(BATCH, id=wrong))["creditBatch"]["correction"]
    assert told["position"] == posting["position"] == str(taken_back)
    assert told["corrects"] == str(issued)
    assert told["batch"] == {"id": wrong}
    assert told["correction"] is None
    assert (await world.anyone.ask(BATCH, id=right))["creditBatch"] == {"correction": None}

    async def at(position: int | None) -> Any:
        asked = None if position is None else {"position": str(position)}
        return (await world.anyone.ask(SERIAL, at=asked))["creditSerial"]

    assert await at(before) is None
    assert (await at(issued))["batch"] == {"id": wrong, "vintage": 2022, "correction": None}
    assert (await at(issued))["account"]["kind"] == "HOLDING"
    assert await at(taken_back) is None
    now = await at(None)
    assert now["batch"] == {"id": right, "vintage": 2021, "correction": None}
    assert [step["kind"] for step in now["life"]["nodes"]] == ["CREDITS_ISSUED"]


async def test_as_of_a_position_nothing_is_told_of_later(world: World) -> None:
    """Of a serial and of a statement: neither that its batch was withdrawn, invalidated or exported later, nor that
    what had invalidated it was corrected later."""
    pilot, project = await world.pilot(), await world.project()
    batch = await world.issue(project, "GD", 1, 10)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD", 1, 4)
    )
    target = {"target": {"batch": batch}, **GROUNDS}

    async def told(at: int) -> tuple[Any, ...]:
        given = {"at": {"position": str(at)}, "then": str(at), "id": pilot["id"]}
        data = await world.anyone.ask(LATER, **given)
        serial, net = data["creditSerial"], data["pilot"]["netEmissions"]["purchasedReductions"]
        [retired] = net["retirements"]["nodes"]
        [moved] = retired["movements"]["nodes"]
        [share] = net["byBatch"]["nodes"] or [{"batch": serial["batch"]}]
        assert share["batch"] == moved["batch"] == serial["batch"]
        by = [serial["invalidated"], serial["invalidated"] or serial["exported"]]
        for found, why in zip((net["invalidated"], retired["withdrawn"]), by, strict=True):
            shown = [(node["batch"], node["posting"]) for node in found["nodes"]]
            assert shown == [(serial["batch"], why)] * (why is not None)
        return serial["batch"]["invalidatedQuantity"], serial["invalidated"], serial["exported"]

    heads = [await world.head()]
    wrong = await world.registry.made("invalidateCredits", "posting { id }", **target)
    heads.append(await world.head())
    await world.registry.made("correctPosting", "posting { id }", posting=wrong["id"], **GROUNDS)
    heads.append(await world.head())
    await world.registry.made("recordExport", "posting { id }", batch=batch, **GROUNDS)
    heads.append(await world.head())
    stands = {"correction": None}
    assert [await told(head) for head in heads] == [
        ("0", None, None), ("10", stands, None), ("0", None, None), ("0", None, stands),
    ]  # fmt: skip


async def test_nor_of_the_batches_of_what_is_beside_it(world: World) -> None:
    """Of what moved, what is held, and what a batch seems to double."""
    project, holder = await world.project(), world.holder.organisation
    batches = [await world.issue(project, prefix, 1, 10) for prefix in ("GD", "GE")]
    before = await world.head()
    for batch in batches:
        order = {"target": {"batch": batch}, **GROUNDS}
        await world.registry.made("freezeCredits", "posting { id }", **order)

    async def told(at: int) -> list[bool]:
        given = {"at": {"position": str(at)}, "then": str(at), "id": holder}
        data = await world.anyone.ask(BESIDE, **given)
        serial, of_holder = data["creditSerial"], data["node"]
        moved = serial["life"]["nodes"] + of_holder["creditStatement"]["nodes"]
        shown = [step["movement"]["batch"] for step in moved if step["movement"] is not None]
        shown += [held["batch"] for held in of_holder["holdings"]["nodes"]]
        shown += [double["other"] for double in serial["batch"]["suspectedDoubles"]["nodes"]]
        return [batch["frozen"] is not None for batch in shown]

    assert await told(before) == [False] * 6
    assert await told(await world.head()) == [True] * 6


async def test_it_is_found_by_its_status(world: World) -> None:
    project = await world.project()
    wrong = await world.issue(project, "GD", 1, 10)
    kept = await world.issue(project, "GE", 1, 10, production=of_year(2021))
    await withdraw(world, wrong)
    for status, found in {"WITHDRAWN": wrong, "IN_FORCE": kept}.items():
        listed = (await world.anyone.ask(LISTED, status=status))["creditBatches"]
        assert listed == {"totalCount": 1, "nodes": [{"id": found}]}, status


async def test_whoever_else_serves_notices(world: World, database: TestDatabase) -> None:
    """Another process has read the batch, and knows nothing of its withdrawal."""
    pilot, project = await world.pilot(), await world.project()
    wrong = await world.issue(project, "GD", 1, 10)
    async with client_of(database.api_url) as other:
        elsewhere = world.reached_by(other)
        retired = world.retirement(pilot, "GD", 1, 2)
        made = await elsewhere.registry.made("retireCredits", "retirement { id }", **retired)
        await world.registry.made("correctPosting", "posting { id }", posting=made["id"], **GROUNDS)
        await withdraw(world, wrong)
        gone = await elsewhere.registry.refused(
            "retireCredits", **retired | {"idempotencyKey": key()}
        )
        assert gone["code"] == "SERIALS_NOT_ISSUED"
        right = await world.issue(project, "GD", 1, 12)
        await elsewhere.registry.made(
            "retireCredits", "retirement { id }", **retired | {"idempotencyKey": key()}
        )
        found = (await world.anyone.ask(SERIAL, at=None))["creditSerial"]
    assert found["batch"]["id"] == right
    assert found["account"]["kind"] == "RETIREMENT"


async def test_it_would_be_as_it_is_then(world: World) -> None:
    batch = await world.issue(await world.project(), "GD", 1, 10)
    head = await world.head()
    given = {"dryRun": True, **GROUNDS, "posting": batch}
    query = """mutation ($input: CorrectPostingInput!) { correctPosting(input: $input) { ... on LedgerPreview {
        entryKind quantity movements { nodes { debit { kind } credit { kind } } } } } }"""
    told = await world.registry.ask(query, input=given | {"idempotencyKey": key()})
    assert told["correctPosting"] == {
        "entryKind": "POSTING_CORRECTED",
        "quantity": "10",
        "movements": {"nodes": [{"debit": {"kind": "HOLDING"}, "credit": {"kind": "ISSUANCE"}}]},
    }
    assert await world.head() == head


DOUBLES = """query ($id: ID!) { creditBatch(by: {id: $id}) { suspectedDoubles(first: 5) {
    totalCount nodes { other { id } } } } }"""


async def test_what_it_seemed_to_double_is_suspected_no_more(world: World) -> None:
    project = await world.project()
    kept, wrong = [await world.issue(project, prefix, 1, 10) for prefix in ("GD", "GE")]

    async def doubles(batch: str) -> Any:
        return (await world.anyone.ask(DOUBLES, id=batch))["creditBatch"]["suspectedDoubles"]

    assert await doubles(kept) == {"totalCount": 1, "nodes": [{"other": {"id": wrong}}]}
    await withdraw(world, wrong)
    for batch in (kept, wrong):
        assert await doubles(batch) == {"totalCount": 0, "nodes": []}


async def test_a_refusal_names_what_was_given(world: World) -> None:
    batch = await world.issue(await world.project(), "GD", 1, 10)
    await world.registry.made("freezeCredits", "posting { id }", target={"batch": batch}, **GROUNDS)
    refused = await world.registry.refused("correctPosting", posting=batch, **GROUNDS)
    assert (refused["code"], refused["path"]) == ("CREDITS_FROZEN", ["input", "posting"])
    exported = ("recordExport", {"batch": batch, **GROUNDS})
    await world.registry.made(exported[0], "posting { id }", **exported[1])
    refused = await world.registry.refused(exported[0], **exported[1])
    assert (refused["code"], refused["path"]) == ("CREDITS_EXPORTED", ["input", "batch"])
