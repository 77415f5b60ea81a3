"""A pilot's year in one file, through the command's own ways, against a served NZC."""

import asyncio
import csv
import io
import json
import subprocess
import tracemalloc
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.ids import Position
from nzc_api.overload import Overloaded
from nzc_api.packing.client import Client
from nzc_api.packing.file import write
from nzc_api.packs.archive import Archive
from nzc_api.packs.asking import Asking
from nzc_api.packs.pack import Pack, pack_of_evaluation, pack_of_year
from nzc_api.packs.parts import Packing
from nzc_api.refusal import Failed
from nzc_api.transport import asked
from nzc_api.worker import Worker
from tests.conftest import TestDatabase
from tests.evaluation.evaluating import decided, given_points, opened, ready, scored, stable
from tests.evaluation.evaluating import found as found_of
from tests.evidence.uploading import BILL, Files, headers_of
from tests.ledger.test_verifications import PERIOD, SAID
from tests.management.managing import (
    appointed,
    assigned,
    erased,
    established,
    kept_up,
    published,
    repealed,
)
from tests.measures.planning import analysed, planned
from tests.plans.drafting import approved, completed
from tests.reports.test_reports import STATED
from tests.selection.applying import claimed, decision, judged, submitted
from tests.selection.applying import opened as applied
from tests.served import NZC, Nearby, nearby, told
from tests.targets.stating import ceilings, recorded, stated
from tests.world import Caller, World

HELD = [
    "pilot.json", "application.json", "plan.json", "measures.json", "potential.json", "financings.json",
    "management.json", "evaluations.json", "target.json", "statement.json", "retirements.json",
    "retirements.csv", "inventories/1/inventory.json", "inventories/1/lines.csv",
    "inventories/1/report.pdf", "verification.json", "documents.json",
]  # fmt: skip


@pytest_asyncio.fixture
async def api(database: TestDatabase, tmp_path: Path) -> AsyncIterator[Nearby]:
    async with nearby(database.api_url, documents_folder=tmp_path / "documents") as running:
        yield running


@pytest_asyncio.fixture
async def world(database: TestDatabase, api: Nearby) -> AsyncIterator[World]:
    async with api.client() as http:
        yield await World.make(http, database.api_url)


async def filled(world: World, folder: Path) -> dict[str, Any]:
    """A building that was chosen, with a target, a measure, an analysis, a verified inventory whose bill is here, a
    document whose bytes are not, and a credit."""
    application = await applied(world)
    await claimed(world, application, "BUILDING-2", documents=1)
    await submitted(world, application)
    await judged(world, application, "BUILDING-2")
    chosen = decision(application, "SELECTED", "PACKED")
    made = await world.regulator.made("decideApplication", "application { pilot { id } }", **chosen)
    pilot = {"id": made["pilot"]["id"], "code": "PACKED", "periods": {}}
    for year in (2022, 2023):
        days = {"startsOn": f"{year}-01-01", "endsOn": f"{year}-12-31"}
        period = await world.operator.made(
            "registerAccountingPeriod", "accountingPeriod { id }", pilot=pilot["id"], **days
        )
        pilot["periods"][year] = period["id"]
    await stated(world, pilot, 2022, "1000", "HISTORICAL")
    pilot["target"] = await recorded(world, pilot, ceilings(("2026", "600"), ("2030", "0")))
    pilot["inventory"] = await stated(world, pilot, 2022, "900")
    files = Files(world, folder)
    assert (await files.upload()).status_code == 201
    await files.attach(pilot["inventory"])
    await files.attach(pilot["target"], b"elsewhere", fileName="批复.pdf")
    await planned(world, pilot["id"])
    pilot["plan"] = await approved(world, pilot["id"])
    await analysed(world, pilot)
    pilot["post"] = await established(world, pilot["id"])
    pilot["holder"] = await appointed(world, pilot["post"])
    pilot["rule"] = await published(world, pilot["id"])
    await assigned(world, pilot["id"])
    await files.attach(await kept_up(world, pilot["id"]))
    await world.issue(await world.project(), "GD", 1, 100, production=PERIOD, **SAID)
    given = world.retirement(pilot, "GD", 1, 30)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    return pilot


async def packed(
    api: Nearby, caller: Caller, file: Path, position: int | None = None, year: int = 2022
) -> Archive:
    client = Client(f"{api.address}/graphql", caller.secret or "")
    return await written(lambda: pack_of_year(client, "PACKED", year, position), file)


async def written(begin: Callable[[], Awaitable[Pack]], file: Path) -> Archive:
    """A pack as the command makes it: in a thread, for it waits, and the API is served by this one."""
    made = await asyncio.to_thread(lambda: asyncio.run(write(begin, file)))
    return made.archive


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as made:
        assert made.testzip() is None
        return {name: made.read(name) for name in made.namelist()}


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_a_pack_has_everything_and_says_what_is_missing(
    world: World, api: Nearby, tmp_path: Path
) -> None:
    pilot = await filled(world, tmp_path / "documents")
    file = tmp_path / "pack.zip"
    await packed(api, world.auditor, file)
    found = parts(file)
    manifest = json.loads(found.pop("manifest.json"))
    assert list(found) == [*HELD, f"documents/{sha256(BILL).hexdigest()}"]
    assert [(part["path"], part["sha256"], part["size"]) for part in manifest["parts"]] == [
        (path, sha256(content).hexdigest(), len(content)) for path, content in found.items()
    ]
    [missing] = manifest["missing"]
    assert missing["part"] == f"documents/{sha256(b'elsewhere').hexdigest()}"
    assert "批复.pdf" in missing["why"]["zh"]
    assert not manifest["complete"]
    assert found[f"documents/{sha256(BILL).hexdigest()}"] == BILL
    # The numbers are the statement's, character by character.
    net = (await world.auditor.ask(STATED, id=pilot["inventory"]))["node"]["pilot"]["netEmissions"]
    statement = json.loads(found["statement.json"])
    assert statement["netCo2e"] == net["netCo2e"] == "870.000000"
    assert statement["gross"]["co2e"] == net["gross"]["co2e"]
    [inventory] = [json.loads(found["inventories/1/inventory.json"])]
    [line] = inventory["emissionSources"]
    assert line["explain"]["gases"][0]["expression"]
    [_, row] = csv.reader(io.StringIO(found["inventories/1/lines.csv"].decode("utf-8-sig")))
    assert row[7] == line["co2e"] == "900.000000"
    [retirement] = json.loads(found["retirements.json"])
    assert retirement["quantity"] == "30"
    batch = retirement["movements"][0]["batch"]
    assert {name: batch[name] for name in SAID} == SAID
    [certain] = csv.DictReader(io.StringIO(found["retirements.csv"].decode("utf-8-sig")))
    assert (certain["verifiedBy"], certain["labels"], certain["creditedTo"]) == (
        "某核查公司", "CCP 2024-01-01/2026-12-31", "",
    )  # fmt: skip
    managed = json.loads(found["management.json"])
    [post], [duty], [rule], [upkeep] = (
        managed[kind] for kind in ("posts", "duties", "rules", "upkeep")
    )
    assert post["appointments"] == [
        {"position": post["appointments"][0]["position"], "startsOn": "2024-01-01", "vacant": False,
         "documentName": "任命书3"}
    ]  # fmt: skip
    assert (duty["unit"], duty["actualCo2e"], rule["title"]) == ("U-1", None, "碳排放管理办法")
    assert [document["sha256"] for document in upkeep["documents"]] == [sha256(BILL).hexdigest()]
    # A name can be erased; a file that was handed on cannot.
    assert "张三丰" not in "".join(c.decode() for name, c in found.items() if name[-5:] == ".json")
    application = json.loads(found["application.json"])
    assert [claim["criterion"] for claim in application["claims"]] == ["BUILDING-2"]
    assert application["steps"][-1]["applicationState"] == "SELECTED"


async def test_it_is_the_same_bytes_each_time(world: World, api: Nearby, tmp_path: Path) -> None:
    """Whatever happened since: a document, a measure, a retirement, another verification."""
    pilot = await filled(world, tmp_path / "documents")
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    made = await packed(api, world.auditor, one)
    position = int(json.loads(parts(one)["manifest.json"])["asOfPosition"])
    files = Files(world, tmp_path / "documents")
    await files.upload(b"another")
    await files.attach(pilot["inventory"], b"another")
    await planned(world, pilot["id"])
    await completed(world, pilot["plan"])
    await erased(world, pilot["holder"])
    await appointed(world, pilot["post"], None, "2024-06-01")
    await repealed(world, pilot["rule"], "2024-06-30")
    await assigned(world, pilot["id"], ceiling="100")
    await kept_up(world, pilot["id"])
    await analysed(world, pilot)
    await world.issue(await world.project(), "GD-2", 1, 100)
    given = world.retirement(pilot, "GD-2", 1, 5)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    assert (await packed(api, world.auditor, other, position)).entries == made.entries
    assert other.read_bytes() == one.read_bytes()
    assert (await packed(api, world.auditor, other)).entries != made.entries


async def test_it_has_what_the_key_sees(world: World, api: Nearby, tmp_path: Path) -> None:
    """A holder of credits is the public: no lines, no measures, no application."""
    await filled(world, tmp_path / "documents")
    file = tmp_path / "pack.zip"
    made = await packed(api, world.holder, file)
    assert {part for part, _ in made.missing} >= {
        "application", "plan", "measures", "potential", "management", "inventories/1/lines",
    }  # fmt: skip
    assert "emissionSources" not in json.loads(parts(file)["inventories/1/inventory.json"])


@pytest.mark.parametrize(
    ("code", "year", "position"),
    [("NOBODY", 2022, None), ("PACKED", 1999, None), ("PACKED", 2022, 10**6)],
)
async def test_what_is_wrong_is_told_and_nothing_is_written(
    world: World, api: Nearby, tmp_path: Path, code: str, year: int, position: int | None
) -> None:
    await filled(world, tmp_path / "documents")
    file = tmp_path / "pack.zip"
    client = Client(f"{api.address}/graphql", world.auditor.secret or "")
    with pytest.raises(Failed):
        await written(lambda: pack_of_year(client, code, year, position), file)
    assert not {"pack.zip", "pack.zip.unfinished"} & names(tmp_path)


async def test_the_command(world: World, api: Nearby, tmp_path: Path) -> None:
    await filled(world, tmp_path / "documents")
    command = [str(NZC), "pack", "--pilot", "PACKED", "--year", "2022", "--key", world.auditor.secret or "",
               "--url", f"{api.address}/graphql"]  # fmt: skip

    def call() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    done = await asyncio.to_thread(call)
    assert done.returncode == 0, done.stderr
    assert "1 missing" in done.stdout
    assert "PACKED-2022.zip" in names(tmp_path)


async def test_long_lists_are_whole(world: World, api: Nearby, tmp_path: Path) -> None:
    """A line with more documents than a page of them begins with."""
    pilot = await filled(world, tmp_path / "documents")
    data = await world.operator.ask(
        "query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { id } } } } }",
        id=pilot["inventory"],
    )
    [line] = data["node"]["emissionSources"]["nodes"]
    files = Files(world, tmp_path / "documents")
    for number in range(22):
        await files.attach(line["id"], b"%d" % number)
    file = tmp_path / "pack.zip"
    made = await packed(api, world.auditor, file)
    inventory = json.loads(parts(file)["inventories/1/inventory.json"])
    assert len(inventory["emissionSources"][0]["evidence"]) == 22
    assert len([part for part, _ in made.missing if part.startswith("documents/")]) == 23


@contextmanager
def server_answering(*answers: tuple[int, int, bytes]) -> Iterator[Client]:
    """A server that answers with these in turn: a status, a length, and bytes."""
    left = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, length, content = next(left)
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Client(f"http://127.0.0.1:{server.server_port}/graphql", "nzc_")
        finally:
            server.shutdown()
            thread.join()


async def bytes_of(client: Client) -> bytes:
    parts = await client.document("1")
    assert parts is not None
    return b"".join([part async for part in parts])


async def test_a_file_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has too much to do for the moment is asked again, as for everything else."""
    monkeypatch.setattr("nzc_api.importing.api.PAUSE_SECONDS", 0)
    with server_answering((429, 0, b""), (503, 0, b""), (200, 8, b"the bill")) as client:
        assert await bytes_of(client) == b"the bill"


async def test_a_file_that_is_cut_off_is_none() -> None:
    with server_answering((200, 8, b"the")) as client, pytest.raises(Failed, match="/documents/1"):
        await bytes_of(client)


async def test_bytes_are_never_held_together() -> None:
    """A thousand documents of 64 KiB: no more than a few of them are in memory at once."""

    async def document() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield bytes(1 << 14)

    size = 0
    tracemalloc.start()
    try:
        archive = Archive()
        for number in range(1000):
            async for part in archive.adding(f"documents/{number}", document()):
                size += len(part)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
    await archive.close({})
    assert size > 1000 << 16
    assert len(archive.entries) == 1001


async def test_half_a_pack_is_none(tmp_path: Path) -> None:
    """What breaks off while it is written leaves nothing."""
    packing = Packing(Asking(Client("http://nowhere", "nzc_"), Position(1)), Archive())

    async def whole() -> None:
        await packing.archive.add_json("one.json", {})

    async def cut() -> None:
        raise Failed("断开", "cut off")

    async def begin() -> Pack:
        return Pack(packing, {}, [whole, cut])

    with pytest.raises(Failed, match="cut off"):
        await write(begin, tmp_path / "pack.zip")
    assert not names(tmp_path)


OF_EVALUATION = (
    "query ($id: ID!) { node(id: $id) { ... on Evaluation { pack { url asOfPosition } } } }"
)


async def test_an_evaluation_has_its_pack(
    world: World, api: Nearby, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP it is the same bytes as by the command, and the same later on, however much the server has to do."""
    pilot = await stable(world)
    files = Files(world, tmp_path / "documents")
    assert (await files.upload()).status_code == 201
    evaluated = await ready(world, pilot, **scored("SZ_ROUTINE"))
    await files.attach(await found_of(world, evaluated, "MINOR"))
    await given_points(world, evaluated, *["90"] * 5)
    await decided(world, evaluated)
    named = (await world.regulator.ask(OF_EVALUATION, id=evaluated))["node"]["pack"]
    served = await world.http.get(f"/{named['url']}", headers=headers_of(world.regulator))
    assert served.headers["content-type"] == "application/zip", served.text
    file, position = tmp_path / "pack.zip", int(named["asOfPosition"])
    client = Client(f"{api.address}/graphql", world.regulator.secret or "")
    await planned(world, pilot["id"])
    await written(lambda: pack_of_evaluation(client, evaluated, Position(position)), file)
    assert file.read_bytes() == served.content
    found = parts(file)
    evaluation = json.loads(found["evaluation.json"])
    assert evaluation["decision"]["resultCo2e"] == evaluation["result"]["resultCo2e"] == "1000"
    assert evaluation["disturbedBy"] == []
    folder, days = pilot["code"], "2022-01-01_2022-12-31"
    assert json.loads(found[f"{folder}/{days}/statement.json"])["netCo2e"] == "1000.000000"
    assert {f"{folder}/plan.json", f"{folder}/financings.json", f"{folder}/{days}/inventories/1/report.pdf",
            f"documents/{sha256(BILL).hexdigest()}"} <= found.keys()  # fmt: skip
    assert f"{folder}/2023-01-01_2023-12-31/statement.json" not in found
    # A name can be erased; a file that was handed on cannot.
    assert "张一" not in "".join(c.decode() for name, c in found.items() if name[-5:] == ".json")
    manifest = json.loads(found["manifest.json"])
    assert {part["part"] for part in manifest["missing"]} == {
        f"{folder}/application", f"{folder}/measures", f"{folder}/potential", f"{folder}/{days}/target",
    }  # fmt: skip
    run, times = Worker.run, count()

    async def busy(self: Worker, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        if next(times) % 2 == 0:
            raise Overloaded
        return await run(self, work)

    monkeypatch.setattr(Worker, "run", busy)
    monkeypatch.setattr(asked, "RETRY_SECONDS", 0)
    again = await world.http.get(f"/{named['url']}", headers=headers_of(world.regulator))
    assert again.content == served.content, again.text
    assert next(times) > 2


async def test_who_has_no_pack_is_told_why(world: World, api: Nearby) -> None:
    before = await world.head()
    evaluation = await opened(world, await stable(world))
    for caller, query, status, code in (
        (world.holder, "", 404, "NOT_FOUND"),
        (world.regulator, f"?asOf={before}", 404, "EVALUATION_NOT_OPENED"),
        (world.regulator, "?asOf=999999", 400, "INVALID_INPUT"),
        (world.regulator, "?asOf=now", 400, "INVALID_INPUT"),
    ):
        address = f"/evaluations/{evaluation}/pack.zip{query}"
        answer = await world.http.get(address, headers=headers_of(caller))
        assert answer.status_code == status
        told(answer.json()["errors"][0], code)
    head = await world.http.head(
        f"/evaluations/{evaluation}/pack.zip", headers=headers_of(world.regulator)
    )
    assert (head.status_code, head.content) == (200, b"")
    client = Client(f"{api.address}/graphql", world.holder.secret or "")
    with pytest.raises(Failed, match="no evaluation"):
        await asyncio.to_thread(lambda: asyncio.run(pack_of_evaluation(client, evaluation)))
