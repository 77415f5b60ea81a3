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
from tests.served import NZC, Nearby, nearby
from tests.world import World

ROOT = Path(__file__).parents[2]

HEADER = "programme,serials,pilot,year,retired_on,registry_reference,quantity"


async def run(
    server: Nearby, secret: str | None, *arguments: str, kind: str = "retirements"
) -> tuple[int, str]:
    """The command's exit code and what it said."""
    command = [str(NZC), "import", kind, *arguments]
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
async def api(database: TestDatabase) -> AsyncIterator[Nearby]:
    async with nearby(database.api_url) as running:
        yield running


@pytest_asyncio.fixture
async def world(database: TestDatabase, api: Nearby) -> AsyncIterator[World]:
    async with api.client() as http:
        yield await World.make(http, database.api_url)


async def stage(world: World) -> dict[str, Any]:
    pilot = await world.pilot(name={"zh": "示范园", "en": "Park"})
    await world.issue(await world.project(), "GD", 1, 5000)
    return pilot


def line(pilot: dict[str, Any], /, serials: str, **given: str) -> str:
    values = {
        "programme": "CCER", "serials": serials, "pilot": pilot["code"], "year": "2022",
        "retired_on": "2024-07-01", "registry_reference": "", "quantity": "",
    } | given  # fmt: skip
    return ",".join(values[name] for name in HEADER.split(","))


async def test_a_file_is_retired_and_run_again(
    database: TestDatabase, api: Nearby, world: World, tmp_path: Path
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
    api: Nearby, world: World, tmp_path: Path, encoding: str
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


def of_certificate(pilot: dict[str, Any], first: int, last: int) -> dict[str, Any]:
    return {
        "programme": "CCER", "certificate": "ZS-2024-9", "first": first, "last": last,
        "pilot": pilot["code"], "year": 2022, "retired_on": "2024-07-01",
    }  # fmt: skip


async def test_tonnes_of_a_certificate(
    database: TestDatabase, api: Nearby, world: World, tmp_path: Path
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
    api: Nearby, world: World, tmp_path: Path
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
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    head = await world.head()
    for name, content, said in (
        ("a.csv", "a,b\n1,2\n", "must name the columns"),
        ("h.csv", "programme,pilot,year,retired_on\n", "must name the columns “serials” or"),
        ("i.csv", f'{HEADER}\n"{line(pilot, "GD-1 to 1")}\n', "line 2"),
        ("j.csv", "PK\x03\x04", "an Excel workbook"),
    ):
        file = tmp_path / name
        file.write_text(content, "utf-8")
        code, told = await run(api, world.registry.secret, str(file))
        assert code == 1
        assert said in told
        assert "Traceback" not in told
        assert not (tmp_path / f"{name}.result.csv").exists()
    good = tmp_path / "good.csv"
    good.write_text(f"{HEADER}\n{line(pilot, 'GD-1 to 1')}\n", "utf-8")
    code, told = await run(api, world.verifier.secret, str(good))
    assert (code, "REGISTRY" in told, "Traceback" in told) == (1, True, False)
    assert await world.head() == head


async def test_a_row_that_cannot_be_read_stops_no_other(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    """Rows as a registry's people write them; each that is wrong has its row number and why."""
    pilot = await stage(world)
    code = pilot["code"]
    rows = [
        (f"ccer,GD-1,{code},2022,2024/8/15,1.00,粤环函〔2024〕12号", "COMMITTED", ""),
        (f"CCER,1.23E+18,{code},2022,2024-07-01,,", "INVALID_INPUT", "lost"),
        (f"PHCER,GD-2,{code},2022,2024-07-01,,", "FORBIDDEN", "PHCER"),
        (f"碳普惠,GD-2,{code},2022,2024-07-01,,", "FORBIDDEN", "PHCER"),
        (f"CCER,GD-2-3,{code},2022,2024-07-01,,", "INVALID_INPUT", "“GD-2 to 3”"),
        ("1,2", "INVALID_INPUT", "no pilot, year, retired_on"),
        (f"CCER,,{code},2022,2024-07-01,,", "INVALID_INPUT", "no serials"),
        (f"CCER,GD-2,{code},2022,2024-07-01,,,1", "INVALID_INPUT", "more cells"),
        (f"CCER,GD-2,{code},MMXXII,2024-07-01,,", "INVALID_INPUT", "MMXXII"),
        (f"CCER,GD-2,{code},2019,2024-07-01,,", "NOT_FOUND", "2019"),
        (f"CCER,GD-9 to 2,{code},2022,2024-07-01,,", "INVALID_INPUT", "9 to 2"),
        (f"CCER,GD-2,{code},2022,2024-07-01,,号 码", "INVALID_INPUT", "号 码"),
        (f"CCER,GD-2至GD-3,{code},2022年,45519,２.00,", "COMMITTED", ""),
        (f"国家核证自愿减排量,GD-4-5,{code},2022.0,2024年8月15日,2,", "COMMITTED", ""),
        (",,,,,,", "", ""),
    ]
    file = tmp_path / "retired.csv"
    header = "机制,序列号,试点,核算年度,注销日期,数量（吨）,登记编号"
    file.write_text(
        "\n".join(["某登记机构,,", "", header, *(row for row, _, _ in rows)]), "gb18030"
    )
    exit_code, said = await run(api, world.registry.secret, str(file))
    assert (exit_code, "3 COMMITTED, 11 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [int(t["row"]) for t in told] == list(range(4, 18))
    for t, (row, code, why) in zip(told, rows, strict=False):
        assert (t["code"] or t["status"]) == code, (row, t)
        assert why in t["message_en"], (row, t)
        assert bool(t["message_zh"]) == bool(why), (row, t)
        cells = row.split(",")
        assert [t[name] for name in header.split(",")][: len(cells)] == cells[:7], "repeated"
    assert told[0]["read_as"] == "GD-1 to 1"
    assert told[-1]["read_as"] == "GD-4 to 5"
    statement = await world.anyone.ask(
        "query ($id: ID!) { pilot(by: {id: $id}) { accountingPeriod(by: {year: 2022}) { retirements "
        "{ nodes { quantity retiredOn registryReference } } } } }",
        id=pilot["id"],
    )
    found = statement["pilot"]["accountingPeriod"]["retirements"]["nodes"]
    assert sorted((n["quantity"], n["retiredOn"], n["registryReference"]) for n in found) == [
        ("1", "2024-08-15", "粤环函〔2024〕12号"),
        ("2", "2024-08-15", None),
        ("2", "2024-08-15", None),
    ]


async def test_json_that_is_no_row_stops_no_other(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    good = {"programme": "CCER", "serials": "GD-7", "pilot": pilot["code"], "year": 2022,
            "retired_on": "2024-07-01"}  # fmt: skip
    both = of_certificate(pilot, 1, 2) | {"serials": "GD-1 to 1"}
    file = tmp_path / "retired.jsonl"
    file.write_text("\n".join([json.dumps(both), "[1]", "{", json.dumps(good)]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "1 COMMITTED, 3 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.jsonl.result.csv")
    assert [t["row"] for t in told] == ["1", "2", "3", "4"]
    assert "serials, certificate, first, last" in told[0]["message_en"]


async def test_a_rows_key_is_its_content(
    database: TestDatabase, api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    file = tmp_path / "retired.csv"
    rows = [line(pilot, f"GD-{n}") for n in range(1, 6)]

    async def imported(text: str, encoding: str = "utf-8") -> list[tuple[str, str]]:
        file.write_text(text, encoding)
        await run(api, world.registry.secret, str(file))
        told = outcomes(tmp_path / "retired.csv.result.csv")
        return [(t["status"], t["position"] or t["code"]) for t in told]

    first = await imported("\n".join([HEADER, *rows, rows[0]]))
    assert [status for status, _ in first] == ["COMMITTED"] * 5 + ["REJECTED"]
    assert first[5][1] == "SERIALS_ALREADY_RETIRED", "an equal row is a retirement of its own"
    head = await world.head()
    added = [line(pilot, "GD-6"), *rows[:2], "", *rows[2:], rows[0]]
    again = await imported("\n".join(["title", HEADER, *added]), "utf-16")
    assert again[0] == ("COMMITTED", str(head + 1))
    assert again[1:6] == [("REPLAYED", position) for _, position in first[:5]]
    assert again[6] == first[5]
    written = [row.replace("2024-07-01", "2024年7月1日").replace("CCER", "ccer") for row in rows]
    replayed = await imported("\n".join([HEADER, *written]), "gb18030")
    assert replayed == [("REPLAYED", position) for _, position in first[:5]]
    assert await world.head() == head + 1
    await check_conserved(database.owner_url)


async def test_a_dry_run_reads_all_and_posts_nothing(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    head = await world.head()
    file = tmp_path / "retired.csv"
    good = [line(pilot, "GD-1至GD-9", quantity="9"), line(pilot, '"GD-11、GD-21 to 30"')]
    file.write_text("\n".join([HEADER, *good]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file), "--dry-run")
    assert (code, "3 READY" in said) == (0, True), said
    assert await world.head() == head
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [(t["row"], t["read_as"]) for t in told] == [
        ("2", "GD-1 to 9"), ("3", "GD-11 to 11"), ("3", "GD-21 to 30"),
    ]  # fmt: skip
    keys = [t["idempotency_key"] for t in told]
    file.write_text("\n".join([HEADER, *good, line(pilot, "one"), line(pilot, "GD-1", pilot="X")]))
    code, said = await run(api, world.registry.secret, str(file), "--dry-run")
    assert (code, "3 READY, 2 REJECTED" in said) == (1, True), said
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "3 COMMITTED, 2 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [t["idempotency_key"] for t in told[:3]] == keys, "the key was unused"


async def test_a_period_that_is_no_calendar_year(api: Nearby, world: World, tmp_path: Path) -> None:
    fiscal = [{"startsOn": "2022-07-01", "endsOn": "2023-06-30"}]
    pilot = await world.pilot(accountingPeriods=fiscal)
    await world.issue(await world.project(), "GD", 1, 100)
    code = pilot["code"]
    file = tmp_path / "retired.csv"
    file.write_text(
        "\n".join([
            "序列号,试点,核算期,注销日期",
            f"GD-1,{code},2022-07-01 to 2023-06-30,2024-07-01",
            f"GD-2,{code},2022年7月至2023年6月,2024-07-01",
            f"GD-3,{code},2022年7月1日—2023年6月30日,2024-07-01",
            f"GD-4,{code},2022,2024-07-01",
            f"GD-5,{code},2022-07-01 to 2023-06-29,2024-07-01",
        ]), "utf-8",
    )  # fmt: skip
    exit_code, said = await run(api, world.registry.secret, str(file))
    assert (exit_code, "3 COMMITTED, 2 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [t["code"] for t in told] == ["", "", "", "NOT_FOUND", "NOT_FOUND"]
    assert "2022-07-01 – 2023-06-29" in told[4]["message_en"]
    file.write_text(
        f"serials,pilot,period_from,period_to,retired_on\nGD-6,{code},2022/7/1,,20240701\n"
    )
    exit_code, said = await run(api, world.registry.secret, str(file))
    assert (exit_code, "1 REJECTED" in said) == (1, True), said
    file.write_text(
        f"serials,pilot,period_from,period_to,retired_on\nGD-6,{code},2022/7/1,2023/6/30,20240701\n"
    )
    exit_code, said = await run(api, world.registry.secret, str(file))
    assert (exit_code, "1 COMMITTED" in said) == (0, True), said


async def test_a_row_that_says_it_is_no_retirement(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await stage(world)
    words = ["自愿注销", "已核销", "冻结", "履约注销", "可交易", "已办结"]
    rows = [f"GD-{n},{pilot['code']},2022,2024-07-01,{word}" for n, word in enumerate(words, 1)]
    file = tmp_path / "retired.csv"
    file.write_text("\n".join(["serials,pilot,year,retired_on,状态", *rows]), "utf-8")
    code, said = await run(api, world.registry.secret, str(file))
    assert (code, "3 COMMITTED, 3 REJECTED" in said) == (1, True), said
    told = outcomes(tmp_path / "retired.csv.result.csv")
    assert [t["status"] for t in told] == ["COMMITTED"] * 2 + ["REJECTED"] * 3 + ["COMMITTED"]
    assert [t["状态"] for t in told] == words
