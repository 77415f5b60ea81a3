"""A pilot's year of which evidence is taken: an inventory, a sink that was sold in part, retirements and what became of
them; and evidence that somebody has changed."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx

from nzc_api.ids import PeriodId, Position
from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Signer
from nzc_api.working_papers.manifest import name_of, note_text, sealed
from nzc_api.working_papers.model import MANIFEST, NOTE, PapersAbout, PapersFile
from nzc_api.working_papers.zipped import packed, unpacked
from tests.ledger.test_verifications import CREDIT_CODE, DAYS, PERIOD, SAID, registered
from tests.plans.drafting import submitted
from tests.proofs.keys import KEY
from tests.retirement_certificates.certifying import GROUNDS, Certifying
from tests.world import SINK_BASIS, Caller

FORMULA = "=cmd|' /C calc'!A1"

LINES = [
    ("ENERGY_CONSUMPTION", FORMULA, "900.125", "tCO2", "measured.co2"),
    ("ENERGY_CONSUMPTION", "电 / electricity", "1000000", "kWh", "elec.guangdong.avg.2022"),
    ("EXPORTED_ELECTRICITY", "光伏外送 / sold", "1234", "kWh", "elec.guangdong.avg.2022"),
    ("WASTE", "废弃物 / waste", "7.5", "tCO2", "measured.co2"),
]
VALIDATED = {
    "body": {"creditCode": CREDIT_CODE},
    "report": {"number": "-SD-1", "dated": "2023-10-01"},
}
LABEL = SAID["labels"][0]
SINK = ("FORESTRY_SINK", "林 / forest", "40.5", "tCO2", "measured.co2")


class Papers(NamedTuple):
    """A pilot, its retirements, a position before what became of them, and the project of which most is said."""

    given: Certifying
    pilot: dict[str, Any]
    retired: list[Any]
    before: int
    verified: str

    async def get(
        self, query: str = "", caller: Caller | None = None, at: str = "", verb: str = "GET"
    ) -> httpx.Response:
        await self.given.verifier()
        caller = caller or self.given.world.auditor
        headers = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
        address = f"/evidence/{at or self.pilot['code'] + '/2022'}.zip{query}"
        return await caller.http.request(verb, address, headers=headers)

    async def evidence(self, query: str = "", caller: Caller | None = None) -> bytes:
        answer = await self.get(query, caller)
        assert answer.status_code == 200, answer.text
        return answer.content


async def papers(given: Certifying) -> Papers:
    world, registry = given.world, given.world.registry
    pilot = await world.pilot()
    inventory = await world.inventory(pilot, 2022)
    await world.record(inventory, *map(_line, LINES))
    await world.record(inventory, _line(SINK) | SINK_BASIS, sinks=True)
    await world.submit(inventory, verify=True)
    await world.issue(await world.project(forestry=True, pilot=pilot["id"]), "F", 1, 10)
    verified = await registered(
        world, creditingPeriod=DAYS, methodologyVersion="V01", validation=VALIDATED
    )
    open_label = LABEL | {"code": "CORSIA", "expiresOn": None}
    said = SAID | {"labels": [open_label, *SAID["labels"]]}
    await world.issue(verified["id"], "A", 1, 100, production=PERIOD, **said)
    for prefix in "BC":
        await given.issued(prefix)
    retired = [
        await given.retired(pilot, "A", 1, 30, registryReference="-R-1"),
        await given.retired(pilot, "A", 41, 50),
        await given.retired(pilot, "B", 1, 20),
        await given.retired(pilot, "C", 1, 5),
    ]
    asked = world.retirement(pilot, "B", 41, 45)
    del asked["retiredOn"]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    request = await registry.made("requestRetirement", "request { id }", **asked, expiresAt=later)
    await registry.made("cancelRetirementRequest", "posting { id }", request=request["id"])
    plan = await submitted(world, pilot["id"])
    await world.regulator.made("returnPlan", "plan { id }", plan=plan, reason=FORMULA)
    before = await world.head()
    block = {"range": {"prefix": "A", "first": "26", "last": "35"}}
    target = {"serials": {"programme": "CCER", "block": block}}
    await registry.made("invalidateCredits", "posting { id }", target=target, **GROUNDS)
    await registry.made("correctPosting", "posting { id }", posting=retired[1]["id"], **GROUNDS)
    found = await world.anyone.ask(
        '{ creditBatch(by: {serial: {programme: CCER, text: "C-1"}}) { id } }'
    )
    await registry.made(
        "recordExport", "posting { id }", batch=found["creditBatch"]["id"], **GROUNDS
    )
    return Papers(given=given, pilot=pilot, retired=retired, before=before, verified=verified["id"])


def _line(row: tuple[str, ...]) -> dict[str, Any]:
    category, label, value, unit, factor = row
    activity = {"value": value, "unit": unit}
    return {"category": category, "label": label, "activity": activity, "factor": factor}


Change = Callable[[dict[str, bytes]], None]


def changed(content: bytes, change: Change) -> bytes:
    """A ZIP of the same form, of files that somebody has changed, and nobody signed."""
    files = dict(unpacked(content))
    change(files)
    return packed([PapersFile(name, content) for name, content in files.items()])


def resealed(content: bytes, change: Change, key: Any = KEY, **told: Any) -> bytes:
    """What the operator of a log that lies would sign: only proofs, certificates and sums stand against it. ``told``:
    what it is said to be of, instead of what it is."""
    files = dict(unpacked(content))
    said, origin = (
        json.loads(files[MANIFEST]),
        TreeHead.read(files["checkpoint.txt"].decode()).origin,
    )
    change(files)
    period = said["period"]
    _, log, period_id = period["certificate"].split("-")
    about = PapersAbout(
        pilot=said["pilot"],
        year=int(said["year"]),
        starts_on=period["from"],
        ends_on=period["to"],
        log=log,
        period_id=PeriodId(int(period_id)),
        position=Position(int(said["asOf"])),
        compared=[Position(int(position)) for position in said["compared"]],
    )
    kept = [
        PapersFile(name, content) for name, content in files.items() if name not in {MANIFEST, NOTE}
    ]
    about = replace(about, **told)
    signer = None if key is None else Signer(origin, key)
    return packed([*kept, *sealed(about, origin, kept, signer)])


def resigned(content: bytes, signer: Callable[[str], Signer]) -> bytes:
    """The same under the signature of somebody else, who signs in the name of the log."""

    def sign(files: dict[str, bytes]) -> None:
        said = json.loads(files[MANIFEST])
        text = note_text(said["log"], said["period"]["certificate"], said["asOf"], files[MANIFEST])
        files[NOTE] = signer(said["log"]).sign(text).encode()

    return changed(content, sign)


def in_the_name_of_evidence(key: Any) -> Callable[[str], Signer]:
    return lambda origin: Signer(name_of(origin), key)


Rows = list[dict[str, str]]


def table(content: bytes, name: str) -> Rows:
    table = dict(unpacked(content))[f"{name}.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(table, newline="")))


def editing(name: str, edit: Callable[[Rows], Iterable[dict[str, str]] | None]) -> Change:
    """A change of a table's rows: in place, or others instead."""

    def change(files: dict[str, bytes]) -> None:
        before = files[f"{name}.csv"].decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(before, newline=""))
        rows = list(reader)
        after = edit(rows)
        text = io.StringIO(newline="")
        written = rows if after is None else list(after)
        writer = csv.DictWriter(text, written[0] if written else reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(written)
        files[f"{name}.csv"] = text.getvalue().encode("utf-8-sig")

    return change


def cell(name: str, row: int, column: str, value: str) -> Change:
    """A change of one cell."""

    def edit(rows: Rows) -> None:
        assert rows[row][column] != value
        rows[row][column] = value

    return editing(name, edit)


def without(name: str, row: int) -> Change:
    """A table without one of its rows."""

    def edit(rows: Rows) -> None:
        del rows[row]

    return editing(name, edit)


def both_of(*changes: Change) -> Change:
    def change(files: dict[str, bytes]) -> None:
        for one in changes:
            one(files)

    return change
