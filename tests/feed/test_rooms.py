"""What events carry that only some are shown: of meters, measures, plans and evaluations; of applications, proposals,
keys and endpoints."""

from collections.abc import AsyncIterator, Collection
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator

from nzc_api.feed import service
from nzc_api.feed.audiences import AUDIENCES, Audience
from nzc_api.feed.payloads.applications import OF_APPLICATIONS
from nzc_api.feed.payloads.keys import OF_KEYS
from nzc_api.feed.payloads.kinds import SCHEMAS
from nzc_api.feed.payloads.programmes import OF_PROGRAMMES
from nzc_api.feed.payloads.rooms import OF_ROOMS
from nzc_api.feed.payloads.shapes import camel
from nzc_api.log.kinds import EntryKind
from tests.conftest import PEOPLED, Server, client_of, fresh_database
from tests.feed.telling import CALLERS, exported, lines, read
from tests.feed.telling_orders import tell_orders
from tests.feed.telling_rooms import tell_rooms
from tests.world import Caller, World

Events = list[dict[str, Any]]


class Told(NamedTuple):
    """A world in which something of every such kind happened, and what was made."""

    world: World
    names: dict[str, str]


@pytest_asyncio.fixture(scope="module")
async def told(server: Server, people: World) -> AsyncIterator[Told]:
    async with fresh_database(server, PEOPLED) as database, client_of(database.api_url) as http:
        made = people.reached_by(http)
        await tell_rooms(made, database.api_url)
        yield Told(made, await tell_orders(made, database.api_url))


@pytest.fixture(scope="module")
def world(told: Told) -> World:
    return told.world


@pytest_asyncio.fixture(scope="module")
async def events(world: World) -> Events:
    return await read(world.administrator)


def facts_of(events: Events, kind: str) -> list[dict[str, Any]]:
    return [e["payload"]["facts"] for e in events if e["event"]["kind"] == kind and e["payload"]]


async def test_every_kind_is_as_its_schema_says(events: Events) -> None:
    carried = set()
    for event in events:
        kind, payload = event["event"]["kind"], event["payload"]
        assert payload is not None, event
        Draft202012Validator(SCHEMAS[payload["schema"]]).validate(payload["facts"])
        carried.add(kind)
    assert {*OF_ROOMS, *OF_APPLICATIONS, *OF_PROGRAMMES, *OF_KEYS} - carried == set()


async def test_facts_are_those_of_the_api(world: World, events: Events) -> None:
    (target,) = facts_of(events, "TARGET_RECORDED")
    asked = """query ($id: ID!) { node(id: $id) { ... on Target { version weakened baseline { year }
        ceilings { year netCo2e grossCo2e creditsQuantity } } } }"""
    shown = (await world.operator.ask(asked, id=target["target"]))["node"]
    assert (shown["version"], shown["weakened"]) == (target["version"], target["weakened"])
    assert [[ceiling["year"], ceiling["net"]] for ceiling in target["ceilings"]] == [
        [ceiling["year"], ceiling["netCo2e"]] for ceiling in shown["ceilings"]
    ]
    (document,) = facts_of(events, "DOCUMENT_ATTACHED")
    assert document["attachedTo"] == target["target"]
    assert document["sha256"] == "a" * 64
    planned = facts_of(events, "MEASURE_PLANNED")
    other = next(measure for measure in planned if measure["excludes"])
    assert other["excludes"] == [planned[0]["measure"]]
    assert [saving["carrier"] for saving in other["savings"]] == ["ELECTRICITY"]


def test_no_text_of_persons_is_carried(events: Events) -> None:
    """Of who holds a post, who judged, why, and by which supply point."""
    for kind, names in {
        "HOLDER_APPOINTED": {"appointment", "post", "startsOn"},
        "HOLDER_NAME_ERASED": {"appointment"},
        "EVALUATION_PANEL_APPOINTED": {"evaluation", "organisations"},
        "FINDING_RECORDED": {"finding", "evaluation", "severity", "due"},
        "TARGET_REVISED": {"target", "pilot", "version", "weakened", "routes", "baseline", "ceilings"},
        "METER_REGISTERED": {"meter", "pilot", "code", "carrier", "flow", "meterKind", "unit"},
    }.items():  # fmt: skip
        for facts in facts_of(events, kind):
            assert set(facts) == names


@pytest.mark.parametrize(
    ("who", "audiences"),
    [
        ("anyone", {Audience.STATEMENTS}),
        ("registry", {Audience.STATEMENTS}),
        ("other_operator", {Audience.STATEMENTS}),
        ("auditor", {Audience.STATEMENTS, Audience.SUBMITTED, Audience.WATCHERS}),
        ("regulator", {Audience.STATEMENTS, Audience.SUBMITTED, Audience.WATCHERS}),
        ("operator", {Audience.STATEMENTS, Audience.DRAFT, Audience.SUBMITTED, Audience.WATCHERS}),
    ],
)
async def test_facts_are_for_who_would_be_shown_them(
    world: World, who: str, audiences: set[Audience]
) -> None:
    told = {Audience.STATEMENTS, Audience.DRAFT, Audience.SUBMITTED, Audience.WATCHERS}
    for event in await read(getattr(world, who)):
        kind = EntryKind(event["event"]["kind"])
        if kind in OF_ROOMS:
            assert AUDIENCES[kind] in told
            assert (event["payload"] is not None) == (AUDIENCES[kind] in audiences), event
            absent = None if event["payload"] else "NOT_SHOWN"
            assert event["payloadAbsence"] == absent


@pytest.mark.parametrize("who", CALLERS)
async def test_an_export_tells_to_the_byte_what_events_tell(told: Told, who: str) -> None:
    caller = getattr(told.world, who)
    assert await exported(caller) == await lines(caller)


async def test_what_is_of_a_pilot_passes_a_filter_by_pilots(world: World, events: Events) -> None:
    """Of every kind: an event that filters do not know to be a pilot's would be lost to who follows that one."""
    named = "{ pilots(first: 100) { nodes { id } } }"
    pilots = [pilot["id"] for pilot in (await world.administrator.ask(named))["pilots"]["nodes"]]
    passed = await read(world.administrator, filter={"pilots": pilots})
    assert positions(passed) == positions(events)


def positions(events: Events) -> list[tuple[str, str]]:
    """Where events of pilots' rooms are, and of which kinds."""
    found = (event["event"] for event in events)
    return [(e["position"], e["kind"]) for e in found if EntryKind(e["kind"]) in OF_ROOMS]


async def test_a_page_ends_before_readings_are_too_many(
    world: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose they are takes a look at each."""
    monkeypatch.setattr(service, "MOST_ROWS", 2)
    assert await read(world.administrator) == events


async def shown_to(caller: Caller, kinds: Collection[EntryKind]) -> Events:
    """The events of some kinds that carry facts for somebody."""
    found = await read(caller, filter={"kinds": sorted(kinds)})
    assert all((e["payload"] is None) == (e["payloadAbsence"] == "NOT_SHOWN") for e in found)
    return [e["payload"]["facts"] | {"kind": e["event"]["kind"]} for e in found if e["payload"]]


async def test_an_application_is_told_to_who_saw_it_then(told: Told) -> None:
    """Who decides and who audits, from its submission on; what was never submitted, to nobody else."""
    world, chosen = told.world, told.names["selected"]
    every = await shown_to(world.operator, OF_APPLICATIONS)
    assert every == await shown_to(world.administrator, OF_APPLICATIONS)
    assert [fact["kind"] for fact in every if fact["application"] == chosen] == [
        "APPLICATION_OPENED", "CRITERION_CLAIMED", "APPLICATION_SUBMITTED", "APPLICATION_DECIDED",
        "CRITERION_CLAIMED", "APPLICATION_SUBMITTED", "CRITERION_JUDGED", "CRITERION_JUDGED", "APPLICATION_DECIDED",
    ]  # fmt: skip
    for caller in (world.regulator, world.auditor):
        seen = await shown_to(caller, OF_APPLICATIONS)
        # The second claim was made when it had been handed in, and returned.
        assert [fact["kind"] for fact in seen if fact["application"] == chosen] == [
            fact["kind"] for fact in every if fact["application"] == chosen
        ][2:]
        assert not [fact for fact in seen if fact["application"] == told.names["unseen"]]
        assert [fact["state"] for fact in seen if fact["kind"] == "APPLICATION_WITHDRAWN"] == [
            "WITHDRAWN"
        ]
    for caller in (world.anyone, world.verifier, world.registry, world.other_operator):
        assert await shown_to(caller, OF_APPLICATIONS) == []


async def test_an_application_is_told_as_the_api_shows_it(told: Told) -> None:
    every = await shown_to(told.world.operator, OF_APPLICATIONS)
    asked = """query ($id: ID!) { node(id: $id) { ... on Application { variant name { zh en } applicantKind
        establishment boundary { hectares } claims { nodes { documents { sha256 } } } pilot { id } } } }"""
    shown = (await told.world.operator.ask(asked, id=told.names["selected"]))["node"]
    begun = every[0]
    assert [begun[name] for name in ("variant", "nameZh", "applicantKind", "establishment", "hectares")] == [
        shown["variant"], shown["name"]["zh"], shown["applicantKind"], shown["establishment"],
        shown["boundary"]["hectares"],
    ]  # fmt: skip
    hashes = [
        [document["sha256"] for document in claim["documents"]]
        for claim in shown["claims"]["nodes"]
    ]
    claimed = [fact for fact in every if fact["kind"] == "CRITERION_CLAIMED"]
    assert [fact["documents"] for fact in claimed] == hashes
    decided = [fact for fact in every if fact["kind"] == "APPLICATION_DECIDED"]
    assert [fact["pilot"] for fact in decided] == [None, told.names["chosen"]]
    assert told.names["chosen"] == shown["pilot"]["id"]


async def test_a_filter_by_the_pilot_that_was_chosen_tells_who_sees_applications(
    told: Told,
) -> None:
    wanted = {"pilots": [told.names["chosen"]], "kinds": ["APPLICATION_DECIDED"]}
    for name, count in (("regulator", 1), ("operator", 1), ("other_operator", 0), ("anyone", 0)):
        assert len(await read(getattr(told.world, name), filter=wanted)) == count


async def test_proposals_and_lists_are_for_a_programmes_registries_and_who_oversees(
    told: Told,
) -> None:
    world = told.world
    every = await shown_to(world.registry, OF_PROGRAMMES)
    assert [fact["kind"] for fact in every] == [
        "ORDER_PROPOSED", "ORDER_PROPOSED", "PROPOSAL_WITHDRAWN", "REGISTRY_LIST_RECONCILED",
    ]  # fmt: skip
    for caller in (world.administrator, world.auditor, world.regulator):
        assert await shown_to(caller, OF_PROGRAMMES) == every
    for caller in (world.anyone, world.phcer_registry, world.operator, world.holder):
        assert await shown_to(caller, OF_PROGRAMMES) == []
    first, second, withdrawn, compared = every
    assert (first["order"], first["first"], first["last"], first["quantity"]) == (
        "CREDITS_INVALIDATED", "10", "19", "10",
    )  # fmt: skip
    assert (second["proposal"], first["corrects"]) == (withdrawn["proposal"], None)
    assert compared["reconciliation"] == told.names["reconciliation"]
    asked = """query ($id: ID!) { node(id: $id) { ... on Reconciliation { asOfPosition listSha256 listSize reportSha256
        outcomes { outcome rows quantity } } } }"""
    shown = (await world.registry.ask(asked, id=compared["reconciliation"]))["node"]
    assert [compared[name] for name in ("asOf", "listSha256", "listSize", "reportSha256")] == [
        shown[name] for name in ("asOfPosition", "listSha256", "listSize", "reportSha256")
    ]
    sums = {camel(row["outcome"].lower()): row for row in shown["outcomes"]}
    assert {name: row["quantity"] for name, row in compared["outcomes"].items() if row} == {
        name: row["quantity"] for name, row in sums.items()
    }


async def test_an_order_names_the_proposal_to_who_sees_that(told: Told) -> None:
    invalidated = {EntryKind.CREDITS_INVALIDATED}
    for name, proposal in (
        ("registry", told.names["approved"]), ("auditor", told.names["approved"]),
        ("anyone", None), ("holder", None), ("phcer_registry", None),
    ):  # fmt: skip
        (order,) = await shown_to(getattr(told.world, name), invalidated)
        assert order["proposal"] == proposal


async def test_keys_and_endpoints_are_for_who_has_them_and_administrators(told: Told) -> None:
    world = told.world
    every = await shown_to(world.administrator, OF_KEYS)
    for caller in (world.registry, world.holder, world.auditor, world.anyone):
        own = [fact for fact in every if fact["organisation"] == caller.organisation]
        assert await shown_to(caller, OF_KEYS) == own
    assert {
        fact["kind"] for fact in every if fact["organisation"] == world.holder.organisation
    } == {kind for kind in OF_KEYS if kind.startswith("WEBHOOK_")} | {"API_KEY_ISSUED"}
    of_key = [fact for fact in every if fact.get("apiKey") == told.names["key"]]
    assert [fact["kind"] for fact in of_key] == ["API_KEY_ISSUED", "API_KEY_EXPIRY_SET", "API_KEY_REVOKED"]  # fmt: skip
    assert of_key[0]["expiresAt"] < of_key[1]["expiresAt"]


async def test_no_secret_label_or_url_is_carried(told: Told) -> None:
    said = str(await shown_to(told.world.administrator, OF_KEYS))
    assert "hooks.example" not in said
    for hidden in ("张三", "对账", "nzc_", "whsec"):
        assert hidden not in said
