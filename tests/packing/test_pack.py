"""A pilot's year in one file, through the command's own ways, against a served NZC."""

import asyncio
import csv
import io
import json
import subprocess
import tracemalloc
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.packing.archive import Archive, archived
from nzc_api.packing.asking import Asking
from nzc_api.packing.pack import pack
from nzc_api.refusal import Failed
from tests.conftest import TestDatabase
from tests.evidence.uploading import BILL, Files
from tests.measures.planning import analysed, planned
from tests.plans.drafting import approved, completed
from tests.reports.test_reports import STATED
from tests.selection.applying import claimed, decision, judged, opened, submitted
from tests.served import NZC, Nearby, nearby
from tests.targets.stating import ceilings, recorded, stated
from tests.world import Caller, World

HELD = [
    "pilot.json", "application.json", "target.json", "plan.json", "measures.json", "potential.json", "statement.json",
    "retirements.json", "retirements.csv", "inventories/1/inventory.json", "inventories/1/lines.csv",
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
    application = await opened(world)
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
    await world.issue(await world.project(), "GD", 1, 100)
    given = world.retirement(pilot, "GD", 1, 30)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    return pilot


async def packed(
    api: Nearby, caller: Caller, file: Path, position: int | None = None, year: int = 2022
) -> Archive:
    asking = Asking(f"{api.address}/graphql", caller.secret or "", position)
    return await asyncio.to_thread(pack, asking, "PACKED", year, file)


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
    assert [(of["path"], of["sha256"], of["size"]) for of in manifest["parts"]] == [
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
        "application", "plan", "measures", "potential", "inventories/1/lines",
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
    asking = Asking(f"{api.address}/graphql", world.auditor.secret or "", position)
    with pytest.raises(Failed):
        await asyncio.to_thread(pack, asking, code, year, file)
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
def answering(*answers: tuple[int, int, bytes]) -> Iterator[Asking]:
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
            yield Asking(f"http://127.0.0.1:{server.server_port}/graphql", "nzc_", 1)
        finally:
            server.shutdown()
            thread.join()


def test_a_file_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has too much to do for the moment is asked again, as for everything else."""
    monkeypatch.setattr("nzc_api.importing.api.PAUSE_SECONDS", 0)
    with answering((429, 0, b""), (503, 0, b""), (200, 8, b"the bill")) as asking:
        assert b"".join(asking.download("/documents/1") or ()) == b"the bill"


def test_a_file_that_is_cut_off_is_none() -> None:
    with answering((200, 8, b"the")) as asking, pytest.raises(Failed, match="/documents/1"):
        list(asking.download("/documents/1") or ())


def test_bytes_are_never_held_together(tmp_path: Path) -> None:
    """A thousand documents of 64 KiB: no more than a few of them are in memory at once."""

    def document() -> Iterator[bytes]:
        for _ in range(4):
            yield bytes(1 << 14)

    tracemalloc.start()
    try:
        with archived(tmp_path / "pack.zip") as archive:
            for number in range(1000):
                archive.add_parts(f"documents/{number}", document())
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
    assert (tmp_path / "pack.zip").stat().st_size > 1000 << 16


def test_half_a_pack_is_none(tmp_path: Path) -> None:
    def cut() -> Iterator[bytes]:
        yield b"half"
        raise Failed("断开", "cut off")

    with pytest.raises(Failed), archived(tmp_path / "pack.zip") as archive:
        archive.add_parts("documents/1", cut())
    assert not list(tmp_path.iterdir())
