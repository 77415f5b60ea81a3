"""Handing in a registry's list over HTTP."""

from typing import Any

import httpx

from tests.world import Caller


async def hand_in(
    caller: Caller, listed: str | bytes, programme: str = "CCER", media_type: str = "text/csv"
) -> httpx.Response:
    key = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
    body = listed.encode() if isinstance(listed, str) else listed
    return await caller.http.post(
        "/reconciliations",
        params={"programme": programme},
        content=body,
        headers=key | {"Content-Type": media_type},
    )


async def handed_in(caller: Caller, listed: str | bytes, **given: str) -> dict[str, Any]:
    """What is told of a list that was compared."""
    answer = await hand_in(caller, listed, **given)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told
