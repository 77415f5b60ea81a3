"""A served NZC with a log's key, and retirements to certify."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from cryptography.hazmat.primitives import serialization

from nzc_api.database.engine import Database
from nzc_api.services import Nzc
from tests.conftest import PEOPLED, Server, TestDatabase, fresh_database
from tests.proofs.keys import KEY, with_key
from tests.served import nearby
from tests.world import Caller, World

GROUNDS = {"document": "粤环函〔2025〕1号", "reason": "登记有误"}


class Certifying(NamedTuple):
    """Who certifies: over HTTP, and another process that lets the tree grow at once."""

    world: World
    nzc: Nzc
    database: TestDatabase

    async def get(self, path: str, caller: Caller | None = None) -> httpx.Response:
        caller = caller or self.world.anyone
        headers = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
        return await caller.http.get(f"/certificates/{path}", headers=headers)

    async def verifier(self) -> str:
        """The log's verifier key, once all entries have their leaves."""
        return (await with_key(self.nzc)).verifier

    async def document(self, number: str, query: str = "", caller: Caller | None = None) -> bytes:
        await self.verifier()
        answer = await self.get(f"{number}.json{query}", caller)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def said(self, number: str, query: str = "", caller: Caller | None = None) -> Any:
        return json.loads(await self.document(number, query, caller))["certificate"]

    async def issued(self, prefix: str, tonnes: int = 100, **given: Any) -> str:
        """A batch of a new project: its id."""
        return await self.world.issue(await self.world.project(), prefix, 1, tonnes, **given)

    async def retired(self, pilot: Any, prefix: str, first: int, last: int, **given: Any) -> Any:
        """A retirement: id, position, and its certificate's number."""
        values = self.world.retirement(pilot, prefix, first, last, **given)
        return await self.world.registry.made(
            "retireCredits", "retirement { id position certificate { number } }", **values
        )


@asynccontextmanager
async def certifying(server: Server, people: World, folder: Path) -> AsyncIterator[Certifying]:
    key = folder / "log.pem"
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key.write_bytes(KEY.private_bytes(*pem, serialization.NoEncryption()))
    async with fresh_database(server, PEOPLED) as database:
        nzc = Nzc.on(Database(database.api_url), log_key=KEY)
        address = "https://nzc.example"
        served = nearby(database.api_url, log_key_file=key, public_url=address)
        async with served as api, api.client() as http:
            yield Certifying(people.reached_by(http), nzc, database)
        await nzc.database.close()
