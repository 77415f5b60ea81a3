"""What events carry: the facts as they were, for those who would have been shown them, by published schemas."""

import hashlib
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator

from nzc_api.database.arrays import array
from nzc_api.database.engine import Database
from nzc_api.feed import facts_store, service
from nzc_api.feed.audiences import AUDIENCES, Audience
from nzc_api.feed.payloads.credits import OF_CREDITS
from nzc_api.feed.payloads.inventories import OF_INVENTORIES
from nzc_api.feed.payloads.kinds import PAYLOADS, SCHEMAS
from nzc_api.feed.payloads.pilots import OF_PILOTS
from nzc_api.log.kinds import EntryKind
from nzc_api.log.store import read_entries
from tests.conftest import Server
from tests.counting import counted
from tests.feed.telling import PAGE, Told, read, telling
from tests.world import World


@pytest_asyncio.fixture(scope="module")
async def told(server: Server, people: World) -> AsyncIterator[Told]:
    async with telling(server, people) as made:
        yield made


def of_kind(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The facts that events of a kind carry."""
    return [e["payload"]["facts"] for e in events if e["event"]["kind"] == kind and e["payload"]]


async def test_every_kind_is_as_its_schema_says(told: Told) -> None:
    events = await read(told.world.administrator)
    carried = set()
    for event in events:
        kind, payload = event["event"]["kind"], event["payload"]
        assert payload is not None, event
        assert event["payloadAbsence"] is None
        Draft202012Validator(SCHEMAS[payload["schema"]]).validate(payload["facts"])
        carried.add(kind)
    assert {*OF_PILOTS, *OF_INVENTORIES, *OF_CREDITS} - carried == set()


def test_events_of_every_kind_carry_facts() -> None:
    assert set(PAYLOADS) == set(EntryKind)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


def shape(schema: Any) -> Any:
    """A schema without what may grow: words of enums, and what is said of things."""
    if isinstance(schema, list):
        return [shape(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: "…"
        if name in {"description", "enum"} and not isinstance(described, dict)
        else shape(described)
        for name, described in schema.items()
    }


def test_a_published_schema_never_changes() -> None:
    """A payload that is to say more is a new version (`FORMERLY`), and so a new name here."""
    assert {
        name: hashlib.sha256(json.dumps(shape(schema), sort_keys=True).encode()).hexdigest()[:16]
        for name, schema in SCHEMAS.items()
    } == json.loads(Path(__file__).with_name("published.json").read_text("utf-8"))


async def test_schemas_are_served(told: Told) -> None:
    http = told.world.http
    names = (await http.get("/schemas/events.json")).json()["schemas"]
    assert set(names) == set(SCHEMAS)
    found = await http.get(f"/schemas/events/{names[0]}.json")
    assert found.json() == SCHEMAS[names[0]]
    assert found.headers["content-type"] == "application/schema+json"
    for name in ("CREDITS_RETIRED", "CREDITS_RETIRED.v99", "credits_retired.v1", "x" * 500):
        missing = await http.get(f"/schemas/events/{name}.json")
        assert missing.status_code == 404
        assert missing.json()["errors"][0]["extensions"]["code"] == "SCHEMA_NOT_FOUND"


# As they were.


async def test_what_was_amended_later_is_told_as_it_was(told: Told) -> None:
    events = await read(told.world.anyone)
    park, project = told.names["park"]["id"], told.names["project"]
    before = next(f for f in of_kind(events, "PILOT_REGISTERED") if f["pilot"] == park)
    (after,) = of_kind(events, "PILOT_AMENDED")
    assert before["nameEn"].startswith("Pilot ")
    assert after["nameEn"] == "New park"
    assert before["site"]["address"] == "Road 7"
    before = next(f for f in of_kind(events, "PROJECT_REGISTERED") if f["project"] == project)
    after = next(f for f in of_kind(events, "PROJECT_AMENDED") if f["project"] == project)
    assert before["nameEn"].startswith("Project ")
    assert after["nameEn"] == "Another name"
    holder = told.world.holder.organisation
    before = next(
        f for f in of_kind(events, "ORGANISATION_REGISTERED") if f["organisation"] == holder
    )
    (after,) = of_kind(events, "ORGANISATION_AMENDED")
    assert before["nameEn"] == "Test CREDIT_HOLDER"
    assert after["nameEn"] == "The holder"


async def test_lines_are_told_as_the_api_shows_them(told: Told) -> None:
    lines = """category label activity { value unit } factor { code version } treatment rounding
               gases { gas tonnes gwp co2e } id"""
    answer = await told.world.operator.ask(
        f"""query ($id: ID!) {{ node(id: $id) {{ ... on Inventory {{ gwpSet version
            emissionSources {{ nodes {{ {lines} }} }} sinks {{ nodes {{ {lines} }} }} }} }} }}""",
        id=told.names["inventory"],
    )
    shown = answer["node"]
    (facts,) = of_kind(await read(told.world.operator), "INVENTORY_VERIFIED")
    assert (facts["gwpSet"], facts["version"]) == ("AR6", 1) == (shown["gwpSet"], shown["version"])
    for name in ("emissionSources", "sinks"):
        expected = [
            {name: value for name, value in line.items() if name != "factor"}
            | {"density": None, "factorCode": line["factor"]["code"]}
            | {"factorVersion": line["factor"]["version"]}
            for line in shown[name]["nodes"]
        ]
        for line in expected:
            line["gases"].sort(key=lambda gas: gas["gas"])
        assert facts[name] == expected
    assert [line["label"] for line in facts["emissionSources"]] == ["天然气"]
    for amounts, name in (("emissions", "emissionSources"), ("removals", "sinks")):
        gases = [gas for line in facts[name] for gas in line["gases"]]
        assert sum(Decimal(a["co2e"]) for a in facts[amounts]) == sum(
            Decimal(gas["co2e"]) for gas in gases
        )


async def test_movements_alone_say_where_every_serial_is(told: Told) -> None:
    """From the movements of the events follows what the API says of a batch."""
    where: dict[int, str] = {}
    for event in await read(told.world.anyone):
        for moved in (event["payload"] or {"facts": {}})["facts"].get("movements", ()):
            if moved["batch"] == told.names["batch"]:
                serials = range(int(moved["first"]), int(moved["last"]) + 1)
                if moved["from"]["kind"] != "ISSUANCE":
                    assert {where[serial] for serial in serials} == {moved["from"]["kind"]}
                where |= dict.fromkeys(serials, moved["to"]["kind"])
    answer = await told.world.anyone.ask(
        """query ($id: ID!) { creditBatch(by: {id: $id}) { tiling(first: 100) { nodes {
            account { kind } serials { first last } } } } }""",
        id=told.names["batch"],
    )
    expected = {
        serial: run["account"]["kind"]
        for run in answer["creditBatch"]["tiling"]["nodes"]
        for serial in range(int(run["serials"]["first"]), int(run["serials"]["last"]) + 1)
    }
    assert where == expected


async def test_what_is_not_asked_of_rows_would_not_be_found_there(told: Told) -> None:
    """Of most entries it is known without looking what their rows say, and how many they are."""
    database = Database(told.url, pool_size=1)
    try:
        async with database.read() as connection:
            entries = {e.position: e for e in await read_entries(connection, 0, 1000)}
            numbers = {"numbers": array(entries)}
            rows = await facts_store.FACTS.rows(connection, numbers)
            weights = dict(await facts_store.WEIGHTS.rows(connection, numbers))
            serials = {at: facts_store.serials_named(entry) for at, entry in entries.items()}
            assert await facts_store.read_weights(connection, serials) == [
                weights[at] for at in serials
            ]
    finally:
        await database.close()
    kinds = {EntryKind(entry.kind) for entry in entries.values()}
    assert kinds >= facts_store.SAID_BY_THEMSELVES
    assert {entries[at].kind for at, _ in rows}.isdisjoint(facts_store.SAID_BY_THEMSELVES)


# Who sees what.

DRAFT, SUBMITTED, VERIFIED = "INVENTORY_CREATED", "INVENTORY_SUBMITTED", "INVENTORY_VERIFIED"


@pytest.mark.parametrize(
    ("who", "kinds", "lines"),
    [
        ("anyone", {VERIFIED}, False),
        ("registry", {VERIFIED}, False),
        ("other_operator", {VERIFIED}, False),
        ("auditor", {SUBMITTED, VERIFIED}, True),
        ("regulator", {SUBMITTED, VERIFIED}, True),
        ("verifier", {DRAFT, SUBMITTED, VERIFIED}, True),
        ("operator", {DRAFT, SUBMITTED, VERIFIED}, True),
        ("administrator", {DRAFT, SUBMITTED, VERIFIED}, True),
    ],
)
async def test_an_inventory_is_told_to_those_who_saw_it_then(
    told: Told, who: str, kinds: set[str], lines: bool
) -> None:
    events = [e for e in await read(getattr(told.world, who)) if "INVENTORY" in e["event"]["kind"]]
    assert {e["event"]["kind"] for e in events if e["payload"]} & {
        DRAFT,
        SUBMITTED,
        VERIFIED,
    } == kinds
    assert all((e["payload"] is None) == (e["payloadAbsence"] == "NOT_SHOWN") for e in events)
    (facts,) = of_kind(events, VERIFIED)
    assert (facts["emissionSources"] is not None) == (facts["sinks"] is not None) == lines
    assert facts["emissions"]


async def test_what_is_closed_is_closed(told: Told) -> None:
    """Settings count as they are now, for what happened before, too."""
    world, park = told.world, told.names["park"]["id"]
    await world.operator.made("amendPilot", "pilot { id }", pilot=park, statementVisibility="ROLES")
    try:
        assert not of_kind(await read(world.anyone), VERIFIED)
        assert of_kind(await read(world.auditor), VERIFIED)
    finally:
        await world.operator.made(
            "amendPilot", "pilot { id }", pilot=park, statementVisibility="PUBLIC"
        )


def test_every_kind_is_for_somebody() -> None:
    assert set(AUDIENCES) == set(EntryKind)
    assert Audience.NOBODY not in AUDIENCES.values()
    everybody = {kind for kind, audience in AUDIENCES.items() if audience is Audience.EVERYBODY}
    assert everybody <= set(PAYLOADS)


# How much at once.


async def test_a_page_takes_as_many_statements_however_much_is_on_it(told: Told) -> None:
    counts = []
    for first in (50, 1000):
        with counted() as statements:
            await told.world.anyone.ask(PAGE, after="0", first=first)
        counts.append(len(statements))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 5


async def test_a_page_ends_before_its_facts_are_too_many(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await read(told.world.administrator)
    monkeypatch.setattr(service, "MOST_ROWS", 1)
    assert await read(told.world.administrator) == whole
    page = (await told.world.administrator.ask(PAGE, after="0"))["eventPage"]
    assert 0 < len(page["events"]) < len(whole)


@pytest.mark.parametrize("first", [0, -1, 1001])
async def test_a_page_has_a_size(told: Told, first: int) -> None:
    error = await told.world.anyone.fail(PAGE, after="0", first=first)
    assert error["extensions"]["inputPath"][-1] == "first"
    assert "1,000" in error["message"] or "1000" in error["message"]
