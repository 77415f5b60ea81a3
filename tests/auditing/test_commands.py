"""`nzc audit` and `nzc reconcile`, as an operator runs them."""

import csv
from pathlib import Path

from tests.auditing.acts import everything
from tests.conftest import TestDatabase, unguarded
from tests.served import Process, run
from tests.world import World

HEADING = "序列号,证书编号,数量,状态,持有者,试点"


async def told(database: TestDatabase, folder: Path, *arguments: str) -> Process:
    """What a command says, and how it ends."""
    return await run(folder, *arguments, NZC_DATABASE_URL=database.api_url)


async def test_an_audit_of_a_sound_ledger(
    world: World, database: TestDatabase, tmp_path: Path
) -> None:
    await everything(world)
    found = await told(database, tmp_path, "audit")
    assert found.returncode == 0, found.out + found.err
    assert "checks hold" in found.out


async def test_an_audit_prints_what_is_wrong(
    world: World, database: TestDatabase, tmp_path: Path
) -> None:
    await everything(world)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("DELETE FROM available_lot WHERE lo = 610")
    found = await told(database, tmp_path, "audit")
    assert found.returncode == 1
    assert "available lots are the lots held" in found.out + found.err
    assert "可用区段即持有区段" in found.out + found.err
    assert "cached=None" in found.out


async def ledger_file(world: World, folder: Path, *more: str) -> Path:
    """The registry's list of a ledger to which everything happened: right, and then ``more``."""
    done = await everything(world)
    await world.issue(
        await world.project(), "C-1", 1, 50, serials=None, certificate="C-1", quantity="50"
    )
    a, b, p = "Test CREDIT_HOLDER", "测试PILOT_OPERATOR", done["pilot"]["code"]
    lines = [
        f"GD-E-1 to 95,,,注销,,{p}", "GD-E-96 to 100,,,作废,,", f"GD-E-101 to 110,,,持有,{a},",
        f"GD-E-111 to 130,,20,注销,{b},{p}", f"GD-E-131 to 300,,,held,{b},",
        f"GD-E-301 to 310,,,cancelled,{b},{p}", f"GD-E-311 to 400,,90,held,{b},",
        f"GD-E-401 to 410,,,retired,{b},", f"GD-E-411 to 500,,,active,{b},",
        f"GD-E-501 to 599,,,held,{a},", "GD-E-600 to 609,,,revoked,,",
        f"GD-E-610 to 1000,,,held,{a},", "GD-E-1 to 1000,,1000,签发,,", f",C-1,30,持有,{a},",
        ",C-1,20,held,,", *more,
    ]  # fmt: skip
    path = folder / "units.csv"
    path.write_bytes(("\r\n".join([HEADING, *lines]) + "\r\n").encode("gb18030"))
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.lstrip("\N{BYTE ORDER MARK}").splitlines()))


async def test_a_list_that_matches(world: World, database: TestDatabase, tmp_path: Path) -> None:
    path = await ledger_file(world, tmp_path)
    found = await told(database, tmp_path, "reconcile", "CCER", str(path))
    rows = rows_of(found.out)
    assert [row for row in rows if row["outcome"] != "MATCHED"] == []
    assert found.returncode == 0
    assert sum(int(row["tonnes"]) for row in rows) == 1050
    assert "matched: " in found.err
    assert "1050 t" in found.err


async def test_a_list_that_does_not(world: World, database: TestDatabase, tmp_path: Path) -> None:
    path = await ledger_file(
        world, tmp_path, "GD-X-1 to 7,,,held,,", "GD-E-600,,,held,,", "?,,,held,,"
    )
    text = path.read_bytes().decode("gb18030")
    text = text.replace("GD-E-401 to 410,,,retired", "GD-E-401 to 410,,,held")
    text = text.replace(
        "GD-E-501 to 599,,,held,Test CREDIT_HOLDER", "GD-E-501 to 599,,,held,Nobody"
    )
    text = text.replace(",C-1,20,held,,\r\n", "")
    text = "\r\n".join(
        line for line in text.split("\r\n") if "610" not in line and "签发" not in line
    )
    path.write_text(text, "utf-8-sig")
    report = tmp_path / "report.csv"
    found = await told(database, tmp_path, "reconcile", "CCER", str(path), "--report", str(report))
    assert found.returncode == 1
    assert found.out == ""
    assert report.read_bytes().startswith("\N{BYTE ORDER MARK}".encode())
    said = {
        (row["outcome"], row["serials"], row["tonnes"], row["why_en"])
        for row in rows_of(report.read_text("utf-8"))
        if row["outcome"] != "MATCHED"
    }
    assert said == {
        ("MISSING_HERE", "GD-X-1 to 7", "7", ""),
        ("MISSING_THERE", "GD-E-610 to 1000", "391", ""),
        ("MISSING_THERE", "C-1", "20", ""),
        ("DIFFERENT", "GD-E-401 to 410", "10", "the status differs"),
        ("DIFFERENT", "GD-E-501 to 599", "99", "the holder differs"),
        ("DIFFERENT", "GD-E-600 to 600", "1", "the registry lists it twice"),
        (
            "UNREADABLE",
            "?",
            "",
            "“?” cannot be used here: a registry's serial block is needed, such as "
            "“GD-2024-1 to 500”",
        ),
    }


async def test_what_cannot_be_compared_is_said_in_a_line(
    database: TestDatabase, tmp_path: Path
) -> None:
    path = tmp_path / "units.csv"
    path.write_text("nothing\n", "utf-8")
    found = await told(database, tmp_path, "reconcile", "CCER", str(path))
    assert found.returncode == 1
    assert len(found.err.splitlines()) == 1
    assert "serials" in found.err
    assert (await told(database, tmp_path, "reconcile", "NONE", str(path))).returncode == 2
    assert (await told(database, tmp_path, "reconcile", "ccer", str(path))).returncode == 1
    assert (
        await told(database, tmp_path, "reconcile", "CCER", str(tmp_path / "no.csv"))
    ).returncode == 2
