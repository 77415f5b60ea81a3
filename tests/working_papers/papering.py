"""A pilot's year of which evidence is taken: inventories, sinks that were sold, retirements and what became of them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import httpx

from nzc_api.proofs.notes import Signer
from nzc_api.working_papers.manifest import name_of, note_text
from nzc_api.working_papers.model import MANIFEST, NOTE, File
from nzc_api.working_papers.zipped import packed, unpacked
from tests.proofs.keys import KEY
from tests.retirement_certificates.certifying import GROUNDS, Certifying
from tests.targets.stating import stated
from tests.world import SINK_BASIS, Caller, of_year


class Papers(NamedTuple):
    """A pilot, its retirements, and a position before the last of what happened."""

    given: Certifying
    pilot: dict[str, Any]
    retired: list[Any]
    before: int

    @property
    def code(self) -> str:
        return str(self.pilot["code"])

    async def get(self, query: str = "", caller: Caller | None = None, code: str = "", year: Any = 2022) -> httpx.Response:  # fmt: skip
        await self.given.verifier()
        caller = caller or self.given.world.auditor
        headers = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
        return await caller.http.get(f"/evidence/{code or self.code}/{year}.zip{query}", headers=headers)  # fmt: skip

    async def evidence(self, query: str = "", caller: Caller | None = None) -> bytes:
        answer = await self.get(query, caller)
        assert answer.status_code == 200, answer.text
        return answer.content


async def papers(given: Certifying) -> Papers:
    world = given.world
    pilot = await world.pilot()
    inventory = await world.inventory(pilot, 2022)
    for label, value in (("=cmd|' /C calc'!A1", "900.125"), ("冷机 / chillers", "0.000001")):
        line = {"category": "ENERGY_CONSUMPTION", "label": label, "activity": {"value": value, "unit": "tCO2"},
                "factor": "measured.co2"}  # fmt: skip
        await world.record(inventory, line)
    await world.submit(inventory, verify=True)
    await given.issued("A", production=of_year(2022))
    await given.issued("B", production=of_year(2022))
    retired = [
        await given.retired(pilot, "A", 1, 30, registryReference="-R-1"),
        await given.retired(pilot, "A", 41, 50),
        await given.retired(pilot, "B", 1, 20),
    ]
    before = await world.head()
    block = {"range": {"prefix": "A", "first": "26", "last": "35"}}
    target = {"serials": {"programme": "CCER", "block": block}}
    await world.registry.made("invalidateCredits", "posting { id }", target=target, **GROUNDS)
    await world.registry.made("correctPosting", "posting { id }", posting=retired[1]["id"], **GROUNDS)  # fmt: skip
    return Papers(given, pilot, retired, before)
