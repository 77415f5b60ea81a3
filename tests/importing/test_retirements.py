"""A registry's file, through the command, against a served NZC."""

import asyncio
import csv
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import TestDatabase
from tests.ledger.conservation import check_conserved
from tests.served import NZC, Served, served
from tests.world import World

ROOT = Path(__file__).parents[2]

HEADER = "programme,serials,pilot,year,retired_on,registry_reference,quantity"


async def run(server: Served, secret: str | None, *arguments: str) -> tuple[int, str]:
    """The command's exit code and what it said."""
    command = [str(NZC), "import", "retirements", *arguments]
    options = ["--url", f"{server.address}/graphql", "--key", secret or ""]

    def call() -> tuple[int, str]:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, cwd=ROOT, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return await asyncio.to_thread(call)


def outcomes(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest_asyncio.fixture
async def api(database: TestDatabase) -> AsyncIterator[Served]:
    async with served(database.api_url) as running:
        yield running


@pytest_asyncio.fixture
async def world(database: TestDatabase, api: Served) -> AsyncIterator[World]:
    async with api.client() as http:
        yield await World.make(http, database.api_url)


async def stage(world: World) -> dict[str, Any]:
    pilot = await world.pilot(name={"zh": "示范园", "en": "Park"})
    await world.issue(await world.project(), "GD", 1, 5000)
    return pilot


def line(of: dict[str, Any], serials: str, **given: str) -> str:
    values = {
        "programme": "CCER", "serials": serials, "pilot": of["code"], "year": "2022",
        "retired_on": "2024-07-01", "registry_reference": "", "quantity": "",
    } | given  # fmt: skip
    return ",".join(values[name] for name in HEADER.split(","))


async def test_a_file_is_retired_and_run_again(
    database: TestDatabase, api: Served, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    lines = [line(pilot, f"GD-{n} to {n}") for n in range(1, 2401)]
    lines[1500] = line(pilot, "GD-1 to 1")  # retired by the first row
    lines[1501] = line(pilot, "GD-1502 to 1502", pilot="NOBODY")
    lines[1502] = line(pilot, "GD-1503 to 1503", quantity="2")
    lines[1503] = line(pilot, "GD-1504 to 1504", registry_reference="〔2024〕7")
    file = tmp_path / "retired.csv"
    file.write_text("\n".join([HEADER, *lines]), "gb18030")
    code, said = await run(api, world.registry.secret, str(file))
    assert code == 1, said
    assert "2397 COMMITTED, 3 REJECTED" in said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert len(told) == 2400
    assert [t["code"] for t in told if t["status"] == "REJECTED"] == [
        "SERIALS_ALREADY_RETIRED", "NOT_FOUND", "QUANTITY_MISMATCH",
    ]  # fmt: skip
    assert all(t["message_zh"] for t in told if t["status"] == "REJECTED")
    head = await world.head()
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "3 REJECTED, 2397 REPLAYED" in said) == (1, True), said
    again = outcomes(tmp_path / "retired.csv.result.csv")
    assert [(t["row"], t["position"], t["code"]) for t in again] == [
        (t["row"], t["position"], t["code"]) for t in told
    ]
    assert await world.head() == head
    await check_conserved(database.owner_url)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
async def test_json_lines_and_csv_in_utf8(
    api: Served, world: World, tmp_path: Path, encoding: str
) -> None:
    pilot = await stage(world)
    row = {
        "programme": "CCER", "serials": "GD-1 to 10", "pilot": pilot["code"], "year": 2022,
        "retired_on": "2024-07-01", "idempotency_key": "mine", "quantity": 10,
    }  # fmt: skip
    lines = tmp_path / "retired.jsonl"
    lines.write_text(f"{json.dumps(row)}\n\n", encoding)
    assert (await run(api, world.registry.secret, str(lines)))[0] == 0
    assert outcomes(tmp_path / "retired.jsonl.result.csv")[0]["idempotency_key"] == "mine"
    file = tmp_path / "retired.csv"
    file.write_text(f"{HEADER}\r\n{line(pilot, 'GD-11 to 20')}\r\n", encoding)
    assert (await run(api, world.registry.secret, str(file)))[0] == 0


def of_certificate(of: dict[str, Any], first: int, last: int) -> dict[str, Any]:
    return {
        "programme": "CCER", "certificate": "ZS-2024-9", "first": first, "last": last,
        "pilot": of["code"], "year": 2022, "retired_on": "2024-07-01",
    }  # fmt: skip


async def test_tonnes_of_a_certificate(
    database: TestDatabase, api: Served, world: World, tmp_path: Path
) -> None:
    pilot = await world.pilot()
    await world.issue(await world.project(), "", 1, 50, serials=None, certificate="ZS-2024-9")
    rows = [
        of_certificate(pilot, 1, 10),
        of_certificate(pilot, 10, 20),
        of_certificate(pilot, 21, 50),
    ]
    lines = tmp_path / "retired.jsonl"
    lines.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    code, said = await run(api, world.registry.secret, str(lines))
    assert (code, "2 COMMITTED, 1 REJECTED" in said) == (1, True), said
    file = tmp_path / "rest.csv"
    cells = [",".join(map(str, row.values())) for row in (rows[0] | {"first": 11, "last": 20},)]
    file.write_text("\n".join([",".join(rows[0]), *cells]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "1 COMMITTED" in said) == (0, True), said
    await check_conserved(database.owner_url)


async def test_rows_that_cannot_be_read_are_rejected_by_themselves(
    api: Served, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    wrong = {
        "retired_on": "01/07/2024", "quantity": "ten", "programme": "CCERS", "serials": "one",
    }  # fmt: skip
    lines = [line(pilot, "GD-1 to 1")]
    for number, (name, value) in enumerate(wrong.items(), start=2):
        lines += [line(pilot, **({"serials": f"GD-{number} to {number}"} | {name: value}))]
    lines += [line(pilot, "GD-9 to 9")]
    file = tmp_path / "retired.csv"
    file.write_text("\n".join([HEADER, *lines]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "2 COMMITTED, 4 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [t["status"] for t in told] == ["COMMITTED", *["REJECTED"] * 4, "COMMITTED"]
    for (name, value), t in zip(wrong.items(), told[1:-1], strict=True):
        assert t["code"] == "INVALID_INPUT", name
        assert value in t["message_zh"] or value.upper() in t["message_zh"], t
        assert t["message_en"], name
        assert "items" not in t["message_zh"] + t["message_en"], t


async def test_what_cannot_be_imported_is_told_in_a_line(
    api: Served, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    head = await world.head()
    for name, content, said in (
        ("a.csv", "a,b\n1,2\n", "must name the columns"),
        ("b.csv", f"{HEADER}\n1,2\n", "as many cells"),
        (
            "c.csv",
            f"{HEADER}\n{line(pilot, '')}\n",
            "row 1 must have either serials, or certificate, first, last; it has neither",
        ),
        ("d.jsonl", "[1]\n", "is no object"),
        (
            "f.jsonl",
            json.dumps(of_certificate(pilot, 1, 2) | {"serials": "GD-1 to 1"}),
            "it has serials, certificate, first, last",
        ),
        ("g.csv", f"{HEADER},first\n{line(pilot, 'GD-1 to 1')},1\n", "it has serials, first"),
        ("h.csv", "programme,pilot,year,retired_on,first,last\n", "must name the columns"),
        ("e.jsonl", "{\n", "is not JSON"),
    ):
        file = tmp_path / name
        file.write_text(content, "utf-8")
        code, told = await run(api, world.registry.secret, str(file))
        assert code == 1
        assert said in told
        assert "Traceback" not in told
    good = tmp_path / "good.csv"
    good.write_text(f"{HEADER}\n{line(pilot, 'GD-1 to 1')}\n", "utf-8")
    code, told = await run(api, world.verifier.secret, str(good))
    assert (code, "REGISTRY" in told, "Traceback" in told) == (1, True, False)
    assert await world.head() == head
