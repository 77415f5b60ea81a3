"""Who calls, where many call at the same time: they are looked up together, and never mixed up."""

import asyncio

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
    known = [world.administrator, world.registry, world.operator, world.verifier, world.anyone]
    stranger = Caller(world.http, "nzc_nobody")
    callers = [*known, stranger] * 10
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


async def test_a_header_of_another_scheme_is_told_what_it_should_be(world: World) -> None:
    headers = {"Authorization": "Basic bnpjOm56Yw=="}
    answer = (await world.http.post("/graphql", json={"query": VIEWER}, headers=headers)).json()
    told = answer["errors"][0]["extensions"]
    assert told["code"] == "UNAUTHENTICATED"
    assert "“Bearer <密钥>”" in told["localizedMessage"]["zh"]
    assert "must be “Bearer <key>”" in told["localizedMessage"]["en"]
