"""Files of utilities and building systems: readings, intervals and bills."""

from pathlib import Path
from typing import Any

import pytest

from tests.importing.test_retirements import api, outcomes, run, world
from tests.metering.test_meters import meter
from tests.served import Nearby
from tests.world import World

__all__ = ["api", "world"]

TOLD = """query ($id: ID!) { node(id: $id) { ... on Meter { readings(first: 100) { nodes {
    startsAt endsAt value estimated cost } } } } }"""


async def told(world: World, metered: Any) -> list[dict[str, Any]]:
    found = await world.operator.ask(TOLD, id=metered["id"])
    nodes: list[dict[str, Any]] = found["node"]["readings"]["nodes"]
    return nodes


async def imported(
    server: Nearby, world: World, file: Path, *options: str, secret: str | None = None
) -> tuple[int, str, list[dict[str, str]]]:
    """The command's exit code, what it said, and the outcomes."""
    key = secret or world.operator.secret
    code, said = await run(server, key, str(file), *options, kind="readings")
    return code, said, outcomes(file.with_name(f"{file.name}.result.csv"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
async def test_bills_of_a_utility(api: Nearby, world: World, tmp_path: Path, encoding: str) -> None:
    """Headings after a title, months, thousands, 万kWh, yuan; what cannot be read is refused by itself."""
    pilot = await world.pilot()
    metered = await meter(world, pilot, "E-1", meterKind="BILL", supplyPoint="粤-0300 1234567")
    file = tmp_path / "bills.csv"
    file.write_text(
        "广州供电局电费清单\n"
        "用户编号,电费年月,用电量（万千瓦时）,电费（元）,抄表方式\n"
        '粤03001234567,2024年1月,1.25,"8,125.50",实抄\n'
        '粤03001234567,202402,"10,000.5kWh",6500.33元,估抄\n'
        "粤03001234567,2024/3/1至2024/3/20,0.5,,\n"
        "粤03001234567,2024年13月,0.5,,\n"
        "粤03001234567,2024.04.01-2024.04.30,一万,,\n"
        "粤03009999999,2024年5月,1,,\n"
        "粤03001234567,2024年1月15日至2024年2月14日,1,,\n"
        "粤03001234567,2024年6月,100000,,\n"
        "粤03001234567,2024年7月,1 t,,\n",
        encoding,
    )
    head = await world.head()
    code, said, lines = await imported(api, world, file, "--pilot", pilot["code"], "--dry-run")
    assert (code, "3 READY, 6 REJECTED" in said) == (1, True), said
    assert await world.head() == head
    code, said, lines = await imported(api, world, file, "--pilot", pilot["code"])
    assert (code, "3 COMMITTED, 6 REJECTED" in said) == (1, True), said
    assert [line["row"] for line in lines] == [str(n) for n in range(3, 12)]
    assert [line["code"] for line in lines] == [
        "", "", "", "INVALID_INPUT", "INVALID_INPUT", "NOT_FOUND", "CONSUMPTION_OVERLAPS",
        "READING_IMPLAUSIBLE", "READING_IN_ANOTHER_UNIT",
    ]  # fmt: skip
    assert "2024年13月" in lines[3]["message_zh"]
    assert "粤03009999999" in lines[5]["message_en"]
    assert lines[0]["read_as"] == "E-1 2024-01-01 – 2024-01-31: 12500 kWh, 8125.5 CNY"
    assert [(one["startsAt"][:10], one["value"], one["cost"], one["estimated"])
            for one in await told(world, metered)] == [
        ("2023-12-31", "12500", "8125.5", False), ("2024-01-31", "10000.5", "6500.33", True),
        ("2024-02-29", "5000", None, False),
    ]  # fmt: skip


async def test_readings_of_a_building_system(api: Nearby, world: World, tmp_path: Path) -> None:
    """Registers and intervals side by side, the newest first; a gateway's key records its own meters only."""
    pilot = await world.pilot()
    register = await meter(world, pilot, "E-1", multiplier="10")
    interval = await meter(world, pilot, "E-2", meterKind="INTERVAL")
    await meter(world, pilot, "E-3")
    for one in (register, interval):
        gateway = world.gateway.organisation
        await world.operator.made("assignGateway", "meter { id }", meter=one["id"], gateway=gateway)
    file = tmp_path / "system.csv"
    code = pilot["code"]
    file.write_text(
        "试点;表号;采集时间;读数;开始时间;结束时间;用量;单位\n"
        f"{code};E-1;2024-01-03 24:00;130.5;;;;kWh\n"
        f"{code};E-1;2024年1月3日8时30分;120;;;;\n"
        f"{code};E-1;2024/1/2;1,10;;;;\n"
        f"{code};E-1;2024/1/2;100;;;;度\n"
        f"{code};E-1;2024-01-02T09:00:00Z;99;;;;\n"
        f"{code};E-2;;;2024/1/1 0:00;2024/1/1 1:00;0.0125;万kWh\n"
        f"{code};E-2;;;2024/1/1 25:00;2024/1/2 1:00;1;\n"
        f"{code};E-3;2024/1/2;1;;;;\n"
        f"{code};;2024/1/2;1;;;;\n",
        "utf-8",
    )
    code_, said, lines = await imported(api, world, file, secret=world.gateway.secret)
    assert (code_, "4 COMMITTED, 5 REJECTED" in said) == (1, True), said
    assert [line["code"] for line in lines] == [
        "", "", "INVALID_INPUT", "", "READING_RUNS_BACKWARDS", "", "INVALID_INPUT", "NOT_FOUND",
        "INVALID_INPUT",
    ]  # fmt: skip
    assert "没有这一时刻" in lines[6]["message_zh"]
    assert "no meter or supply_point" in lines[8]["message_en"]
    assert [(one["startsAt"], one["value"]) for one in await told(world, register)] == [
        ("2024-01-01T16:00:00Z", "100"), ("2024-01-03T00:30:00Z", "120"),
        ("2024-01-03T16:00:00Z", "130.5"),
    ]  # fmt: skip
    [told_of] = await told(world, interval)
    assert (told_of["startsAt"], told_of["endsAt"], told_of["value"]) == (
        "2023-12-31T16:00:00Z", "2023-12-31T17:00:00Z", "125",
    )  # fmt: skip


async def test_what_would_be_lost_is_told(api: Nearby, world: World, tmp_path: Path) -> None:
    """Another multiplier than the meter's, a bill's cost or quality that is recorded otherwise, and a credit note."""
    pilot = await world.pilot()
    register = await meter(world, pilot, "E-1", multiplier="40")
    metered = await meter(world, pilot, "E-2", meterKind="BILL", supplyPoint="2")
    exchange = {"at": "2024-02-01T00:00:00+08:00", "finalValue": "5", "firstValue": "0"}
    facts = {"maximumPerHour": "1000", "multiplier": "60"}
    await world.operator.made(
        "replaceMeter", "meter { id }", meter=register["id"], **exchange, **facts
    )
    file = tmp_path / "read.csv"
    file.write_text(
        "表号,抄表日期,示数,倍率\nE-1,2024-01-01,1,40倍\nE-1,2024-01-02,2,1\nE-1,2024-02-02,3,60.0\n",
        "utf-8",
    )
    _, said, lines = await imported(api, world, file, "--pilot", pilot["code"])
    assert "2 COMMITTED, 1 REJECTED" in said
    assert "计量点“E-1”登记的倍率为40" in lines[1]["message_zh"]

    bills = tmp_path / "bills.csv"
    heading = "表号,账期,用电量,电费,抄表方式\n"
    bills.write_text(heading + "E-2,2024年1月,100,70,估抄\nE-2,2024年2月,100,70,\n", "utf-8")
    assert (await imported(api, world, bills, "--pilot", pilot["code"]))[0] == 0
    bills.write_text(
        heading + "E-2,2024年1月,100,70,实抄\nE-2,2024年2月,100,70.5,\nE-2,2024年2月,100.0,70.0,\n"
        "E-2,2024年1月,100,,估抄\nE-2,2024年2月,-5,-3.5,\n", "utf-8",
    )  # fmt: skip
    _, said, lines = await imported(api, world, bills, "--pilot", pilot["code"])
    assert "3 REJECTED, 2 REPLAYED" in said
    assert [line["status"] for line in lines] == [
        "REJECTED",
        "REJECTED",
        "REPLAYED",
        "REPLAYED",
        "REJECTED",
    ]
    assert "费用（70元）或性质（估算）不同" in lines[0]["message_zh"]
    assert "another cost (70 CNY) or quality (actual)" in lines[1]["message_en"]
    assert "退补、红字账单更正其所针对的账单" in lines[4]["message_zh"]
    assert [(one["value"], one["cost"]) for one in await told(world, metered)] == [
        ("100", "70"),
        ("100", "70"),
    ]


async def test_a_file_is_imported_again(api: Nearby, world: World, tmp_path: Path) -> None:
    """Nothing is recorded twice, wherever rows were added; what was refused is asked anew."""
    pilot = await world.pilot()
    metered = await meter(world, pilot, "E-1", meterKind="BILL", maximumPerHour="1")
    file = tmp_path / "bills.csv"
    header = "meter,bill_period,used"
    rows = ["E-1,2024-01,100", "E-1,2024-02,9000", "E-1,2024-03,300"]
    file.write_text("\n".join([header, *rows]), "utf-8")
    options = ("--pilot", pilot["code"])
    code, said, _ = await imported(api, world, file, *options)
    assert (code, "2 COMMITTED, 1 REJECTED" in said) == (1, True), said
    head = await world.head()
    for dry in ((), ("--dry-run",)):
        code, said, lines = await imported(api, world, file, *options, *dry)
        assert (code, "1 REJECTED, 2 REPLAYED" in said) == (1, True), said
        assert lines[1]["code"] == "READING_IMPLAUSIBLE"
    assert await world.head() == head
    file.write_text("\n".join([header, "E-1,2024-04,1", *rows[::2], "E-1,2024-01,101"]), "utf-8")
    code, said, lines = await imported(api, world, file, *options)
    assert (code, "1 COMMITTED, 1 REJECTED, 2 REPLAYED" in said) == (1, True), said
    assert lines[3]["code"] == "READING_ALREADY_RECORDED"
    assert [one["value"] for one in await told(world, metered)] == ["100", "300", "1"]


async def test_what_was_refused_then_may_be_recorded_now(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await world.pilot()
    metered = await meter(world, pilot, "E-1", maximumPerHour="1")
    file = tmp_path / "readings.csv"
    file.write_text("meter,date,reading\nE-1,2024-01-01,1\nE-1,2024-01-02,1000\n", "utf-8")
    options = ("--pilot", pilot["code"])
    code, said, _ = await imported(api, world, file, *options)
    assert (code, "1 COMMITTED, 1 REJECTED" in said) == (1, True), said
    exchange = {"at": "2024-01-01T12:00:00+08:00", "finalValue": "2", "firstValue": "2"}
    await world.operator.made(
        "replaceMeter", "meter { id }", meter=metered["id"], maximumPerHour="1000", **exchange
    )
    for expected in ("1 COMMITTED, 1 REPLAYED", "2 REPLAYED"):
        code, said, _ = await imported(api, world, file, *options)
        assert (code, expected in said) == (0, True), said


async def test_one_supply_point_of_two_meters(api: Nearby, world: World, tmp_path: Path) -> None:
    """The day says which; where it does not, the row has to."""
    pilot = await world.pilot()
    given = {"meterKind": "BILL", "supplyPoint": "SP-1"}
    old = await meter(world, pilot, "OLD", validTo="2023-12-31", **given)
    new = await meter(world, pilot, "NEW", validFrom="2024-01-01", **given)
    water = {"carrier": "WATER", "unit": "m3", "validFrom": "2024-06-01"}
    await meter(world, pilot, "WATER", **given | water)
    file = tmp_path / "bills.csv"
    file.write_text(
        "户号,首日,末日,用量\nSP1,2023-12-01,2023-12-31,1\nsp-1,2024-01-01,2024-01-31,2\n"
        "SP-1,2024-07-01,2024-07-31,3\n",
        "utf-8",
    )
    code, said, lines = await imported(api, world, file, "--pilot", pilot["code"])
    assert (code, "2 COMMITTED, 1 REJECTED" in said) == (1, True), said
    assert "NEW, WATER" in lines[2]["message_zh"]
    assert [one["value"] for metered in (old, new) for one in await told(world, metered)] == [
        "1",
        "2",
    ]


async def test_a_file_that_is_none_of_meters(api: Nearby, world: World, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    for content, lacking in (
        ("户号,用量,账期\n1,1,2024-01\n", "“pilot”"),
        ("试点,户号,账期\nP,1,2024-01\n", "“reading” or “used”"),
    ):
        file.write_text(content, "utf-8")
        code, said = await run(api, world.operator.secret, str(file), kind="readings")
        assert (code, lacking in said) == (1, True), said
