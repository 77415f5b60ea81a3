"""Handing in a registry's list over HTTP."""

from typing import Any

import httpx

from tests.world import Caller
from tests.world import key as new_key


async def hand_in(
    caller: Caller,
    listed: str | bytes,
    programme: str = "CCER",
    media_type: str = "text/csv",
    key: str | None = None,
) -> httpx.Response:
    headers = {"Content-Type": media_type, "Idempotency-Key": new_key() if key is None else key}
    if caller.secret is not None:
        headers["Authorization"] = f"Bearer {caller.secret}"
    body = listed.encode() if isinstance(listed, str) else listed
    return await caller.http.post(
        "/reconciliations",
        params={"programme": programme},
        content=body,
        headers=headers,
    )


async def handed_in(caller: Caller, listed: str | bytes, **given: str) -> dict[str, Any]:
    """What is told of a list that was compared."""
    answer = await hand_in(caller, listed, **given)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told
