"""Sheets of a year's activity data, through the command: inventories drafted, all rows of one or none."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nzc_api.importing import command, drafting_command
from tests.importing.test_retirements import api, outcomes, world
from tests.served import Nearby
from tests.world import World

__all__ = ["api", "world"]

INVENTORIES = """query ($id: ID!) { inventories(filter: {pilot: $id}, first: 10) { nodes {
    id status phase basis gwpSet startsOn endsOn factorList { code }
    emissionSources(first: 100) { nodes { id label category co2e dataQuality factor { code } activity { value unit }
        density { value unit } zeroFactorBasis { reason evidence } } }
    sinks { nodes { label co2e sinkBasis { methodology evidence } } } } } }"""

HEADINGS = "试点,年度,类别,排放源,活动数据,单位,因子,数据质量,凭证号,备注"

Outcomes = list[dict[str, str]]


async def imported(
    server: Nearby, world: World, file: Path, *options: str, secret: str | None = None
) -> tuple[int, str, Outcomes]:
    """The command's exit code, what it said, and the outcomes."""
    result = file.with_name(f"{file.name}.result.csv")
    result.unlink(missing_ok=True)
    given = ["lines", str(file), "--url", f"{server.address}/graphql"]
    given += ["--key", secret or world.operator.secret or "", *options]
    done = await asyncio.to_thread(CliRunner().invoke, command.imports, given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output, outcomes(result) if result.exists() else []


async def inventories(world: World, pilot: dict[str, Any]) -> list[Any]:
    found = await world.operator.ask(INVENTORIES, id=pilot["id"])
    nodes: list[Any] = found["inventories"]["nodes"]
    return nodes


def told(lines: Outcomes, *names: str) -> list[tuple[str, ...]]:
    return [tuple(line[name] for name in names) for line in lines]


LIST = ("--factor-list", "prov2025-gd-2022")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
async def test_a_years_sheet(api: Nearby, world: World, tmp_path: Path, encoding: str) -> None:
    """As people keep it: titles, full width, thousands, units as on the bill, factors by name."""
    pilot = await world.pilot()
    code = pilot["code"]
    file = tmp_path / "2022.csv"
    file.write_text(
        "某办公楼2022年活动数据,,,,,,,,,\n"
        f"{HEADINGS}\n"
        f"{code},2022年,能源消耗,外购电力 上半年,６１．２,万kWh,电力,发票,发票 0001,上半年\n"
        f'{code},2022,能源消耗,外购电力 下半年,"748,000",千瓦时,elec.guangdong.avg.2022,账单,0002,=1+1\n'
        f"{code},2022.0,ENERGY_CONSUMPTION,食堂天然气,1.26万Nm³,,天然气,,,\n"
        f"{code},2022,能源消耗,锅炉烟煤,10,吨,烟煤,估算,-,\n",
        encoding,
    )
    head = await world.head()
    exit_code, said, lines = await imported(api, world, file, *LIST, "--dry-run")
    assert (exit_code, "4 READY" in said) == (0, True), said
    co2e = ["269.463600", "329.344400", "27.243579", "17.417496"]
    assert told(lines, "row", "co2e_t", "inventory", "treatment") == [
        (str(row), tonnes, "", "IN_SCOPE") for row, tonnes in zip(range(3, 7), co2e, strict=True)
    ]
    assert await world.head() == head
    assert await inventories(world, pilot) == []
    exit_code, said, lines = await imported(api, world, file, *LIST)
    assert (exit_code, "4 COMMITTED" in said) == (0, True), said
    (draft,) = await inventories(world, pilot)
    assert (draft["status"], draft["phase"], draft["basis"]) == (
        "DRAFT", "OPERATION_MAINTENANCE", "OPERATIONAL",
    )  # fmt: skip
    assert (draft["startsOn"], draft["endsOn"]) == ("2022-01-01", "2022-12-31")
    sources = draft["emissionSources"]["nodes"]
    assert [(s["label"], s["factor"]["code"], s["dataQuality"]) for s in sources] == [
        ("外购电力 上半年（发票 0001）", "elec.guangdong.avg.2022", "BILLED"),
        ("外购电力 下半年（0002）", "elec.guangdong.avg.2022", "BILLED"),
        ("锅炉烟煤", "prov2025.bituminous", "ESTIMATED"),
        ("食堂天然气", "prov2025.natural_gas", None),
    ]
    assert [s["activity"] for s in sources] == [
        {"value": "61.2", "unit": "10^4kWh"}, {"value": "748000", "unit": "kWh"},
        {"value": "10", "unit": "t"}, {"value": "1.26", "unit": "10^4Nm3"},
    ]  # fmt: skip
    sources[2:] = reversed(sources[2:])  # As the sheet has them.
    assert [s["co2e"] for s in sources] == co2e
    assert told(lines, "inventory", "line", "co2e_t") == [
        (draft["id"], s["id"], s["co2e"]) for s in sources
    ]
    assert lines[1]["备注"] == "'=1+1", "no formula"
    assert lines[0]["read_as"] == "SOURCE ENERGY_CONSUMPTION: 61.2 万kWh × elec.guangdong.avg.2022"
    head = await world.head()
    for options in ([], ["--dry-run"]):
        exit_code, said, again = await imported(api, world, file, *LIST, *options)
        assert (exit_code, "4 REPLAYED" in said) == (0, True), said
        same = ("row", "idempotency_key", "position", "inventory", "line", "co2e_t", "message_en")
        assert told(again, *same) == told(lines, *same)
    assert await world.head() == head


async def test_rows_that_were_sorted_anew_are_the_same_inventory(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    """Each is told of its own line; the draft has them by label, the tenth month last."""
    pilot = await world.pilot()
    file = tmp_path / "months.csv"
    rows = [f"{pilot['code']},2022,能源消耗,{n}月,{n}000,kWh,电力,,," for n in (10, 2, 1, 2)]
    file.write_text("\n".join([HEADINGS, *rows]), "utf-8")
    _, said, first = await imported(api, world, file, *LIST)
    assert "4 COMMITTED" in said
    head = await world.head()
    file.write_text("\n".join([HEADINGS, *rows[::-1]]), "utf-8")
    exit_code, said, again = await imported(api, world, file, *LIST)
    assert (exit_code, "4 REPLAYED" in said) == (0, True), said
    assert {(line["line"], line["co2e_t"]) for line in again} == {
        (line["line"], line["co2e_t"]) for line in first
    }
    assert (again[3]["line"], again[3]["co2e_t"]) == (first[0]["line"], first[0]["co2e_t"])
    assert await world.head() == head
    (draft,) = await inventories(world, pilot)
    labels = [source["label"] for source in draft["emissionSources"]["nodes"]]
    assert labels == ["1月", "2月", "2月", "10月"]


async def test_a_row_that_cannot_stand_keeps_its_inventory_from_being_drafted(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    """The others of the same inventory are shown what they would come to; other inventories go on."""
    wrong, right = await world.pilot(), await world.pilot()
    rows = [
        (wrong, "能源消耗", "10", "kWh", "电力", "NOT_ATTEMPTED", "INVENTORY_NOT_DRAFTED", "rows 4, 5, 6, 7, 8, 9 "),
        (right, "能源消耗", "20", "kWh", "电力", "COMMITTED", "", ""),
        (wrong, "能源消耗", "1500", "L", "柴油", "REJECTED", "DENSITY_REQUIRED", "kg/L"),
        (wrong, "能源消耗", "一百", "kWh", "电力", "REJECTED", "INVALID_INPUT", "一百"),
        (wrong, "无此类", "1", "kWh", "电力", "REJECTED", "INVALID_INPUT", "PURCHASED_ELECTRICITY"),
        (wrong, "能源消耗", "1", "", "电力", "REJECTED", "INVALID_INPUT", "its unit is needed"),
        (wrong, "能源消耗", "1", "kWh", "0.5", "REJECTED", "INVALID_INPUT", "own_factor"),
        (wrong, "能源消耗", "1", "kWh", "elec.guangdong.avg.1999", "REJECTED", "FACTOR_NOT_IN_LIST", "elec"),
        (right, "能源消耗", "30", "度", "电力", "COMMITTED", "", ""),
    ]  # fmt: skip
    file = tmp_path / "both.csv"
    lines = [
        f"{pilot['code']},2022,{category},x{n},{value},{unit},{factor},,,"
        for n, (pilot, category, value, unit, factor, *_) in enumerate(rows)
    ]
    file.write_text("\n".join([HEADINGS, *lines]), "utf-8")
    head = await world.head()
    exit_code, said, found = await imported(api, world, file, *LIST, "--dry-run")
    assert (exit_code, "1 NOT_ATTEMPTED, 2 READY, 6 REJECTED" in said) == (1, True), said
    assert found[0]["co2e_t"] == "0.004403", "of what can be read it is shown"
    assert await world.head() == head
    exit_code, said, found = await imported(api, world, file, *LIST)
    assert (exit_code, "2 COMMITTED, 1 NOT_ATTEMPTED, 6 REJECTED" in said) == (1, True), said
    for line, (*_, status, code, why) in zip(found, rows, strict=True):
        assert (line["status"], line["code"]) == (status, code), line
        assert why in line["message_en"], line
        assert bool(line["message_zh"]) == bool(code), line
        assert bool(line["inventory"]) == (status == "COMMITTED"), line
        assert "sources" not in line["message_en"], line
    assert await inventories(world, wrong) == []
    assert len(await inventories(world, right)) == 1
    file.write_text("\n".join([HEADINGS, *lines[:2], lines[8]]), "utf-8")
    exit_code, said, _ = await imported(api, world, file, *LIST)
    assert (exit_code, "1 COMMITTED, 2 REPLAYED" in said) == (0, True), said


async def test_a_row_that_may_be_of_any_inventory_holds_all_of_them_back(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    one, other = await world.pilot(), await world.pilot()
    row = "{},{},能源消耗,x,1,kWh,电力,,,"
    file = tmp_path / "sheet.csv"
    good = [row.format(one["code"], 2022), row.format(other["code"], 2022)]
    head = await world.head()
    for bad, statuses in (
        (row.format("", 2022), ["NOT_ATTEMPTED", "NOT_ATTEMPTED", "REJECTED"]),
        (f"{good[0]},,,1", ["NOT_ATTEMPTED", "READY", "REJECTED"]),
        (row.format(one["code"], "去年"), ["NOT_ATTEMPTED", "READY", "REJECTED"]),
        (row.format(one["code"], 2019), ["READY", "READY", "REJECTED"]),
        (row.format("NOBODY", 2022), ["READY", "READY", "REJECTED"]),
        (",,,合 计：,2,,,,", ["NOT_ATTEMPTED", "NOT_ATTEMPTED", "REJECTED"]),
    ):
        file.write_text("\n".join([HEADINGS, *good, bad]), "utf-8")
        exit_code, said, lines = await imported(api, world, file, *LIST, "--dry-run")
        assert (exit_code, [line["status"] for line in lines]) == (1, statuses), (bad, said)
        assert ("totals" in lines[2]["message_en"]) == ("合" in bad)
        held = [line for line in lines if line["status"] == "NOT_ATTEMPTED"]
        assert all("rows 4 " in line["message_en"] for line in held)
    assert await world.head() == head


async def test_a_draft_that_is_there_is_not_overwritten(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    pilot = await world.pilot()
    file = tmp_path / "sheet.csv"

    async def sheet(value: str, key: str = "") -> Outcomes:
        row = f"{pilot['code']},2022,能源消耗,x,{value},kWh,电力,{key}"
        file.write_text(f"试点,年度,类别,排放源,活动数据,单位,因子,幂等键\n{row}\n", "utf-8")
        return (await imported(api, world, file, *LIST))[2]

    (first,) = await sheet("1000")
    assert first["status"] == "COMMITTED"
    head = await world.head()
    (changed,) = await sheet("2000")
    assert (changed["status"], changed["code"]) == ("REJECTED", "INVENTORY_EXISTS")
    assert first["inventory"] in changed["message_en"]
    assert "discardInventory" in changed["message_zh"]
    assert changed["co2e_t"] == "0.880600"
    assert await world.head() == head
    # Its line is amended by hand: the same file says so, and changes nothing.
    made = ("amendInventoryLine", "inventory { id }")
    activity = {"value": "3000", "unit": "kWh"}
    await world.operator.made(*made, line=first["line"], activity=activity)
    (again,) = await sheet("1000")
    assert (again["status"], again["co2e_t"], again["line"]) == (
        "REPLAYED",
        "1.320900",
        first["line"],
    )
    assert "amended" in again["message_en"]
    made = ("removeInventoryLine", "inventory { id }")
    await world.operator.made(*made, line=first["line"])
    (again,) = await sheet("1000")
    assert (again["status"], again["co2e_t"], again["line"]) == ("REPLAYED", "", "")
    assert "taken out" in again["message_en"]
    made = ("discardInventory", "inventory { id }")
    await world.operator.made(*made, inventory=first["inventory"])
    (again,) = await sheet("1000")
    assert (again["status"], again["code"]) == ("NOT_IN_FORCE", "NOT_IN_FORCE")
    assert "idempotency_key" in again["message_zh"]
    (anew,) = await sheet("1000", "mine")
    assert (anew["status"], anew["idempotency_key"]) == ("COMMITTED", "mine")
    assert anew["inventory"] != first["inventory"]
    await world.submit(anew["inventory"], verify=False)
    (again,) = await sheet("1000", "mine")
    assert again["status"] == "REPLAYED", "a line that is frozen stands"
    (changed,) = await sheet("2000")
    assert (changed["code"], "reviseInventory" in changed["message_en"]) == (
        "INVENTORY_EXISTS",
        True,
    )


async def test_what_was_refused_under_the_key_says_so(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    """It was ready, and what came between kept it from being drafted: by now it could be."""
    pilot = await world.pilot(operationStartsOn="2023-01-01")
    file = tmp_path / "sheet.csv"
    row = f"{pilot['code']},2022,能源消耗,x,1,kWh,elec.guangdong.avg.2022,,"
    file.write_text("\n".join([HEADINGS.replace(",单位", ",unit"), row]), "utf-8")
    _, _, (line,) = await imported(api, world, file, *LIST)
    assert (line["code"], "earlier answer" in line["message_en"]) == ("BEFORE_OPERATION", False)
    activity = {"value": "1", "unit": "kWh"}
    source = {"category": "ENERGY_CONSUMPTION", "label": "x", "activity": activity}
    refused = await world.operator.refused(
        "createInventory", idempotencyKey=line["idempotency_key"], pilot=pilot["id"],
        accountingPeriod=pilot["periods"][2022], phase="OPERATION_MAINTENANCE",
        factorList="prov2025-gd-2022", sources=[source | {"factor": "elec.guangdong.avg.2022"}],
    )  # fmt: skip
    assert refused["code"] == "BEFORE_OPERATION"
    made = ("amendPilot", "pilot { id }")
    await world.operator.made(*made, pilot=pilot["id"], operationStartsOn="2015-01-01")
    _, _, (line,) = await imported(api, world, file, *LIST)
    assert (line["status"], line["code"]) == ("REJECTED", "BEFORE_OPERATION")
    assert "now it would be done" in line["message_en"]
    assert "idempotency_key" in line["message_zh"]


async def test_periods_that_are_no_calendar_years(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    fiscal = [
        {"startsOn": "2021-07-01", "endsOn": "2022-06-30"},
        {"startsOn": "2022-07-01", "endsOn": "2023-06-30"},
    ]
    pilot = await world.pilot(accountingPeriods=fiscal, operationStartsOn="2021-10-01")
    code = pilot["code"]
    file = tmp_path / "fiscal.csv"
    file.write_text(
        "pilot,period_from,period_to,category,label,activity data (kWh),carrier,covers\n"
        f"{code},2022/7/1,2023年6月30日,ENERGY_CONSUMPTION,a,1000,electricity,\n"
        f"{code},20210701,20220630,ENERGY_CONSUMPTION,b,2000,electricity,2021-10-01至2022-06-30\n"
        f"{code},20220701,20230630,energy consumption (all carriers),c,3000,electricity,\n"
        f"{code},20220701,20230629,ENERGY_CONSUMPTION,d,4000,electricity,\n",
        "utf-8",
    )
    exit_code, said, lines = await imported(api, world, file, *LIST)
    assert (exit_code, "3 COMMITTED, 1 REJECTED" in said) == (1, True), said
    assert (lines[3]["code"], "2022-07-01 – 2023-06-29" in lines[3]["message_en"]) == (
        "NOT_FOUND",
        True,
    )
    assert "registerAccountingPeriod" in lines[3]["message_zh"]
    found = {inventory["startsOn"]: inventory for inventory in await inventories(world, pilot)}
    assert [(start, inventory["endsOn"], [s["label"] for s in inventory["emissionSources"]["nodes"]])
            for start, inventory in sorted(found.items())] == [
        ("2021-10-01", "2022-06-30", ["b"]), ("2022-07-01", "2023-06-30", ["a", "c"]),
    ]  # fmt: skip
    assert lines[0]["inventory"] == lines[2]["inventory"] != lines[1]["inventory"]


async def test_gases_own_factors_sinks_and_zero_factors(
    api: Nearby, world: World, tmp_path: Path
) -> None:
    """JSON Lines; what a line rests on, each with its document."""
    pilot = await world.pilot("ENTERPRISE")
    rows: list[dict[str, str]] = [
        {"类别": "工业生产过程", "排放源": "开关柜泄漏", "活动数据": "2kg", "气体": "SF₆"},
        {"类别": "工业生产过程", "排放源": "空调", "活动数据": "5 kg", "气体": "Ｒ４１０Ａ"},
        {"类别": "外购电力", "排放源": "市电", "活动数据": "1,000 度"},
        {"类别": "外购热力消耗", "排放源": "蒸汽", "活动数据": "100 GJ", "自有因子": "0.1 tCO2/GJ",
         "自有因子来源": "供热站实测报告"},
        {"类别": "外购电力", "排放源": "绿电", "活动数据": "5000 kWh", "自有因子": "0", "自有因子单位": "kgCO2/kWh",
         "零因子理由": "绿电直供", "凭证号": "直供协议1"},
        {"类别": "移动燃烧", "排放源": "叉车", "活动数据": "1.5 t", "能源品种": "柴油", "凭证号": "0007"},
        {"类别": "固定燃烧", "排放源": "锅炉", "活动数据": "100 L", "能源品种": "柴油", "密度": "0.84 kg/L"},
        {"类别": "林业碳汇", "排放源": "厂区林", "活动数据": "12.5 tCO2", "因子": "measured.co2",
         "方法学": "CCER-14-001-V01 造林碳汇", "凭证号": "监测报告2022-07"},
    ]  # fmt: skip
    file = tmp_path / "sheet.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    options = ("--pilot", pilot["code"], "--period", "2022", *LIST)
    exit_code, said, lines = await imported(api, world, file, *options)
    assert (exit_code, "8 COMMITTED" in said) == (0, True), [
        (line["code"], line["message_en"], line["read_as"]) for line in lines
    ]
    assert [line["co2e_t"] for line in lines] == [
        "47.000000", "9.617500", "0.440300", "10.000000", "0.000000", "4.643864", "0.260056", "12.500000",
    ]  # fmt: skip

    (draft,) = await inventories(world, pilot)
    sources, (sink,) = draft["emissionSources"]["nodes"], draft["sinks"]["nodes"]
    by_label = {source["label"]: source for source in sources}
    labels = ("开关柜泄漏", "空调", "市电", "蒸汽", "绿电", "叉车（0007）", "锅炉")
    assert by_label.keys() == set(labels)
    sources = [by_label[label] for label in labels]
    assert [source["category"] for source in sources[4:6]] == [
        "PURCHASED_ELECTRICITY", "FUEL_TRANSPORT_MEANS",
    ]  # fmt: skip
    assert [source["factor"]["code"] for source in sources[:3]] == [
        "measured.sf6", "blend.r410a", "elec.guangdong.avg.2022",
    ]  # fmt: skip
    assert sources[0]["activity"] == {"value": "2", "unit": "kgSF6"}
    assert sources[4]["zeroFactorBasis"] == {
        "reason": "RENEWABLE_POWER_SUPPLY", "evidence": "直供协议1",
    }  # fmt: skip
    assert sources[6]["density"] == {"value": "0.84", "unit": "kg/L"}
    assert sink["sinkBasis"] == {
        "methodology": "CCER-14-001-V01 造林碳汇", "evidence": "监测报告2022-07",
    }  # fmt: skip


async def test_green_certificates(api: Nearby, world: World, tmp_path: Path) -> None:
    """Of a part of a line at the grid's factor, or of all of one at zero; half of what names them is told."""
    pilot = await world.pilot("ENTERPRISE")
    file = tmp_path / "sheet.csv"
    file.write_text(
        "类别,排放源,活动数据,自有因子,自有因子单位,零因子理由,凭证号,绿证前缀,绿证首号,绿证末号,绿证电量,绿证发电期间,电站代码,电力核算方法\n"
        "外购电力,市电,10 MWh,,,,,GEC-A,1,4,4张,2022-01-01至2022-03-31,GD-PV-1,市场法\n"
        "外购电力,绿电,5000 kWh,0,kgCO2/kWh,绿电交易,交易单1,GEC-B,11,15,5,2022年,GD-PV-1,\n",
        "utf-8",
    )
    options = ("--pilot", pilot["code"], "--period", "2022", *LIST)
    exit_code, said, lines = await imported(api, world, file, *options)
    assert (exit_code, "2 COMMITTED" in said) == (0, True), lines
    # 6 of 10 MWh at the province's average of 2022; and none of 5.
    assert [line["co2e_t"] for line in lines] == ["2.641800", "0.000000"]
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "年度,类别,排放源,活动数据,绿证前缀,绿证首号,绿证末号,绿证电量,绿证发电期间,电站代码\n"
        "2022,外购电力,缺,10 MWh,GEC-A,21,24,,2022-01-01至2022-03-31,GD-PV-1\n"
        "2022,外购电力,单位,10 MWh,GEC-A,21,24,4 GWh,2022-01-01至2022-03-31,GD-PV-1\n"
        "2022,外购电力,多,10 MWh,GEC-A,21,24,5,2022-01-01至2022-03-31,GD-PV-1\n",
        "utf-8",
    )
    other = await world.pilot("ENTERPRISE")
    exit_code, said, lines = await imported(api, world, bad, "--pilot", other["code"], *LIST)
    assert (exit_code, [line["code"] for line in lines]) == (1, ["INVALID_INPUT"] * 3), lines
    assert "certificate_mwh" in lines[0]["message_zh"]
    assert "MWh" in lines[1]["message_en"]
    assert "4: a certificate is 1 MWh" in lines[2]["message_en"]


async def test_what_a_row_says_of_its_factor(api: Nearby, world: World, tmp_path: Path) -> None:
    """Each that cannot be read is told what would be right, in both languages."""
    pilot = await world.pilot("ENTERPRISE")
    base = {"类别": "固定燃烧", "排放源": "锅炉", "活动数据": "1 t"}
    rows: list[tuple[dict[str, str], str]] = [
        ({}, "write its code or name (factor), the fuel (carrier)"),
        ({"能源品种": "煤"}, "“煤” cannot be used here: the list has no factor of that name"),
        ({"因子": "prov2025.diesel", "自有因子": "1 tCO2/t"}, "either a factor or an own_factor"),
        ({"自有因子": "1", "自有因子来源": "报告"}, "no own_factor_unit"),
        ({"自有因子": "1 tCO2/t"}, "no own_factor_source"),
        ({"自有因子": "1 t/t", "自有因子来源": "报告"}, "no gas of the own factor"),
        ({"因子": "柴油", "气体": "氡"}, "HFC134A"),
        ({"类别": "外购电力", "活动数据": "1 kWh", "零因子理由": "绿电"}, "no document"),
        ({"因子": "柴油", "数据质量": "很好"}, "BILLED (账单)"),
        ({"因子": "柴油", "密度": "0.84"}, "its unit is needed"),
        ({"因子": "柴油", "排放源": "x" * 700}, "at most 600 characters"),
        ({"因子": "柴油", "活动数据": "1.2E+05 t"}, "a spreadsheet made the number"),
    ]  # fmt: skip
    file = tmp_path / "sheet.jsonl"
    file.write_text("\n".join(json.dumps(base | row) for row, _ in rows), "utf-8")
    options = ("--pilot", pilot["code"], "--period", "2022年", *LIST, "--dry-run")
    exit_code, _, lines = await imported(api, world, file, *options)
    assert exit_code == 1
    for line, (row, why) in zip(lines, rows, strict=True):
        assert (line["status"], line["code"]) == ("REJECTED", "INVALID_INPUT"), (row, line)
        assert why in line["message_en"], (row, line)
        assert line["message_zh"], row


async def test_what_one_inventory_has_one_of(api: Nearby, world: World, tmp_path: Path) -> None:
    pilot = await world.pilot()
    head = "pilot,year,category,label,activity,unit,factor,factor_list,gwp_set"
    row = f"{pilot['code']},2022,ENERGY_CONSUMPTION,{{}},1,kWh,电力,{{}},{{}}"
    file = tmp_path / "sheet.csv"

    async def sheet(*rows: tuple[str, str, str]) -> Outcomes:
        file.write_text("\n".join([head, *(row.format(*cells) for cells in rows)]), "utf-8")
        return (await imported(api, world, file, "--dry-run"))[2]

    lists = ("prov2025-gd-2022", "prov2025-gd-2021")
    found = await sheet(("a", lists[0], ""), ("b", lists[1], ""), ("c", "", ""))
    assert [line["status"] for line in found] == ["NOT_ATTEMPTED", "REJECTED", "NOT_ATTEMPTED"]
    assert lists[1] in found[1]["message_en"]
    found = await sheet(("a", "", ""), ("b", lists[0], "ar6"))
    assert [line["status"] for line in found] == ["READY", "READY"], "one says it for all"
    found = await sheet(("a", "", ""))
    assert (found[0]["code"], "--factor-list" in found[0]["message_en"]) == ("INVALID_INPUT", True)
    found = await sheet(("a", "no-such-list", ""))
    assert (found[0]["code"], lists[0] in found[0]["message_en"]) == ("INVALID_INPUT", True)


async def test_what_is_too_much_and_whose_pilot_it_is_not(
    api: Nearby, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = await world.pilot()
    head = await world.head()
    file = tmp_path / "sheet.csv"
    rows = [f"{pilot['code']},2022,能源消耗,表{n},{n + 1},kWh,电力,,," for n in range(1001)]
    file.write_text("\n".join([HEADINGS, *rows]), "utf-8")
    exit_code, said, lines = await imported(api, world, file, *LIST)
    assert (exit_code, "1001 REJECTED" in said) == (1, True), said
    assert "1000" in lines[-1]["message_en"]
    file.write_text("\n".join([HEADINGS, *rows[:2], rows[2].replace("表2", "\u202e")]), "utf-8")
    exit_code, said, lines = await imported(api, world, file, *LIST)
    assert told(lines, "status", "code") == [
        ("NOT_ATTEMPTED", "INVENTORY_NOT_DRAFTED")] * 2 + [("REJECTED", "INVALID_INPUT")]  # fmt: skip
    file.write_text("\n".join([HEADINGS, rows[0]]), "utf-8")
    key = world.other_operator.secret
    exit_code, said, lines = await imported(api, world, file, *LIST, secret=key)
    assert (exit_code, told(lines, "status", "code")) == (1, [("REJECTED", "FORBIDDEN")])
    monkeypatch.setattr(drafting_command, "MOST_ROWS", 1)
    file.write_text("\n".join([HEADINGS, *rows[:2]]), "utf-8")
    exit_code, said, lines = await imported(api, world, file, *LIST)
    assert (exit_code, lines, "2 rows" in said) == (1, [], True), said
    assert await world.head() == head
