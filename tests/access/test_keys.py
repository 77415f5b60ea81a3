"""Who calls, where many call at the same time: they are looked up together, and never mixed up."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.served import PATIENCE, told
from tests.world import Caller, World, key

VIEWER = "{ viewer { id } }"

UNKNOWN = {
    "code": "UNAUTHENTICATED",
    "localizedMessage": {
        "zh": "该API密钥未知或已被吊销；请核对，或向管理员申请新的密钥",
        "en": "The API key is unknown or revoked: check it, or ask an administrator for a new one",
    },
}


async def test_many_callers_at_once_are_told_apart(world: World) -> None:
    people = [world.administrator, world.registry, world.operator, world.verifier, world.anyone]
    stranger = Caller(world.http, "nzc_nobody")
    callers = [*people, stranger] * 10
    answers = await asyncio.gather(*(caller.post(VIEWER) for caller in callers))
    for caller, response in zip(callers, answers, strict=True):
        answer = response.json()
        if caller is stranger:
            assert answer["errors"][0]["extensions"] == UNKNOWN
        elif caller is world.anyone:
            assert answer["data"] == {"viewer": None}
        else:
            assert answer["data"] == {"viewer": {"id": caller.organisation}}


async def test_a_revoked_key_is_worth_nothing_from_then_on(world: World) -> None:
    issued = await world.administrator.do(
        "issueApiKey", "secret apiKey { id }", organisation=world.registry.organisation,
        label="lost", idempotencyKey=key(),
    )  # fmt: skip
    lost = Caller(world.http, issued["secret"])
    assert (await lost.ask(VIEWER))["viewer"]["id"] == world.registry.organisation
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=issued["apiKey"]["id"])
    callers = [lost, world.registry] * 5
    answers = await asyncio.gather(*(caller.post(VIEWER) for caller in callers))
    for caller, response in zip(callers, answers, strict=True):
        answer = response.json()
        if caller is lost:
            assert answer["errors"][0]["extensions"] == UNKNOWN
        else:
            assert answer["data"]["viewer"]["id"] == world.registry.organisation


# Keys that expire.

KEY_OF = "query ($id: ID!) { node(id: $id) { id ... on ApiKey { label revoked validUntil } } }"


def later(**by: float) -> str:
    return (datetime.now(UTC) + timedelta(**by)).isoformat(timespec="milliseconds")


async def issued(world: World, to: Caller, **given: str) -> tuple[str, Caller]:
    """A key of somebody's: its id, and who holds it."""
    made = await world.administrator.do(
        "issueApiKey",
        "secret apiKey { id }",
        organisation=to.organisation,
        label="another",
        **given,
    )
    return made["apiKey"]["id"], Caller(world.http, made["secret"], to.organisation)


async def test_a_key_that_expires_is_refused_in_its_own_words(world: World) -> None:
    _, holder = await issued(world, world.verifier, expiresAt=later(seconds=1.5))
    assert (await holder.ask(VIEWER))["viewer"]["id"] == world.verifier.organisation
    async with asyncio.timeout(PATIENCE):
        while "errors" not in (answer := (await holder.post(VIEWER)).json()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    error = answer["errors"][0]
    assert told(error, "UNAUTHENTICATED")["localizedMessage"]["zh"].count("过期") == 1
    assert "expired at 2" in error["message"]
    assert (await world.verifier.ask(VIEWER))["viewer"]


async def test_a_key_that_has_expired_already_is_not_issued(world: World) -> None:
    refused = await world.administrator.refused(
        "issueApiKey", organisation=world.verifier.organisation, label="old",
        expiresAt=later(seconds=-60),
    )  # fmt: skip
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "expiresAt"])


async def test_an_expiry_is_part_of_the_request(world: World) -> None:
    given = {
        "organisation": world.verifier.organisation, "label": "x", "idempotencyKey": key(),
        "expiresAt": later(days=1),
    }  # fmt: skip
    first = await world.administrator.do("issueApiKey", "apiKey { id validUntil }", **given)
    again = await world.administrator.do("issueApiKey", "apiKey { id validUntil }", **given)
    assert again["apiKey"] == first["apiKey"]
    assert first["apiKey"]["validUntil"]
    other = await world.administrator.do(
        "issueApiKey", "", **(given | {"expiresAt": later(days=2)})
    )
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


# Who may see keys.


async def test_a_key_is_seen_by_its_organisation_and_administrators_only(world: World) -> None:
    found, holder = await issued(world, world.verifier, expiresAt=later(days=1))
    for caller in (holder, world.verifier, world.administrator):
        node = (await caller.ask(KEY_OF, id=found))["node"]
        assert (node["id"], node["label"], node["revoked"]) == (found, "another", False)
    strangers = (
        world.anyone, world.registry, world.other_operator, Caller(world.http, "nzc_wrong"),
    )  # fmt: skip
    for caller in strangers:
        assert (await caller.ask(KEY_OF, id=found)) == {"node": None}


async def test_the_feed_shows_keys_to_whom_they_concern_only(world: World) -> None:
    before = await world.head()
    found, _ = await issued(world, world.verifier)
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=found)
    events = """query ($after: BigInt!) { events(after: $after) {
        kind subject { id ... on ApiKey { label revoked organisation { id } } } } }"""
    for caller, seen in ((world.anyone, False), (world.holder, False), (world.verifier, True)):
        told_of = (await caller.ask(events, after=str(before)))["events"]
        assert [e["kind"] for e in told_of] == ["API_KEY_ISSUED", "API_KEY_REVOKED"]
        assert [e["subject"] is not None for e in told_of] == [seen, seen]


async def test_a_header_of_another_scheme_is_told_what_it_should_be(world: World) -> None:
    headers = {"Authorization": "Basic bnpjOm56Yw=="}
    answer = (await world.http.post("/graphql", json={"query": VIEWER}, headers=headers)).json()
    told = answer["errors"][0]["extensions"]
    assert told["code"] == "UNAUTHENTICATED"
    assert "“Bearer <密钥>”" in told["localizedMessage"]["zh"]
    assert "must be “Bearer <key>”" in told["localizedMessage"]["en"]
