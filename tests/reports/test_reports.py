"""The report that section 三 asks for: what it says equals what the API states, and its files say the same."""

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import docx
import httpx
import pytest
import pytest_asyncio

from nzc_api.accounting.factors import FACTORS_BY_CODE
from nzc_api.reports import files
from nzc_api.reports.accounts import factor_text
from nzc_api.reports.value_names import VALUE_NAMES
from nzc_api.schema.labels.queries import labels
from tests.measures.planning import analysed
from tests.served import told
from tests.targets.stating import with_target
from tests.world import SINK_BASIS, Caller, World

REPORT = """query ($id: ID!, $language: ReportLanguage!, $asOf: BigInt) { node(id: $id) { ... on Inventory {
    report(language: $language, asOf: $asOf) { documentKind language asOfPosition at title subtitle
        sections { code heading paragraphs tables { caption columns
            rows(first: 100) { totalCount nodes { cells } } } } } } } }"""
STATED = """query ($id: ID!) { node(id: $id) { ... on Inventory { accountingPeriod { id }
    emissionSources { nodes { label co2e factor { code } } }
    pilot { netEmissions(period: {year: 2022}) { netCo2e furtherCreditsToZero
        gross { co2e byCategory { name { zh en } co2e } byGas { gas tonnes co2e } }
        sinks { co2e } purchasedReductions { quantity } } } } } }"""

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest_asyncio.fixture
async def inventory(world: World) -> str:
    """A verified inventory of a building with two sources, an export, a memo item and a sink, and a credit retired."""
    pilot = await world.pilot()
    made = await world.inventory(pilot)
    line = {"category": "ENERGY_CONSUMPTION", "label": "主楼 <b>#1</b>", "factor": "elec.guangdong.avg.2022",
            "activity": {"value": "1234567.8", "unit": "kWh"}}  # fmt: skip
    await world.record(
        made,
        line,
        line | {"label": "柴油", "factor": "measured.co2", "activity": {"value": "12.5", "unit": "tCO2"}},
        line | {"label": "制冷剂", "category": "OTHER", "factor": "measured.co2",
                "activity": {"value": "3", "unit": "tCO2"}},
    )  # fmt: skip
    sink = {"category": "FORESTRY_SINK", "label": "绿地", "factor": "measured.co2",
            "activity": {"value": "7", "unit": "tCO2"}} | SINK_BASIS  # fmt: skip
    await world.record(made, sink, sinks=True)
    await world.submit(made)
    await world.issue(await world.project(), "GD", 1, 100)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD", 1, 30)
    )
    return made


async def report(caller: Caller, inventory: str, language: str = "ZH", **given: Any) -> Any:
    data = await caller.ask(REPORT, id=inventory, language=language, **given)
    return data["node"]["report"]


def tables(found: Any) -> Iterator[tuple[str, list[list[str]]]]:
    """Each table of a report, under its section's code."""
    for section in found["sections"]:
        for table in section["tables"]:
            assert table["rows"]["totalCount"] == len(table["rows"]["nodes"])
            yield section["code"], [row["cells"] for row in table["rows"]["nodes"]]


def cells(found: Any, code: str) -> list[list[str]]:
    return [row for section, rows in tables(found) for row in rows if section == code]


async def download(
    caller: Caller, inventory: str, suffix: str = "pdf", query: str = ""
) -> httpx.Response:
    headers = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
    return await caller.http.get(
        f"/inventories/{inventory}/report.{suffix}{query}", headers=headers
    )


@pytest.mark.parametrize("language", ["ZH", "EN"])
async def test_its_numbers_are_the_statements(world: World, inventory: str, language: str) -> None:
    """Character by character."""
    found = await report(world.operator, inventory, language)
    stated = (await world.operator.ask(STATED, id=inventory))["node"]
    net = stated["pilot"]["netEmissions"]
    results = cells(found, "RESULTS")
    for category in net["gross"]["byCategory"]:
        assert [category["name"][language.lower()], category["co2e"]] in results
    for gas in net["gross"]["byGas"]:
        assert [gas["gas"], gas["tonnes"], gas["co2e"]] in results
    period = [row[1] for row in results[-5:]]
    assert period == [
        net["gross"]["co2e"], net["sinks"]["co2e"], net["purchasedReductions"]["quantity"], net["netCo2e"],
        net["furtherCreditsToZero"],
    ]  # fmt: skip
    activity = {row[1]: (row[3], row[4]) for row in cells(found, "ACTIVITY_DATA")}
    assert activity == {
        line["label"]: (line["factor"]["code"], line["co2e"])
        for line in stated["emissionSources"]["nodes"]
    }


async def test_it_has_what_the_guide_asks_for(world: World, inventory: str) -> None:
    found = await report(world.operator, inventory)
    assert found["documentKind"] == "ACCOUNTING_REPORT"
    assert found["title"].endswith("碳排放核算报告")
    assert [section["code"] for section in found["sections"]] == [
        "BOUNDARY", "METHOD", "ACTIVITY_DATA", "FACTORS", "RESULTS", "SINKS", "MEMO_ITEMS", "DATA_QUALITY",
        "POTENTIAL",
    ]  # fmt: skip
    assert ["其他（指南未列出）", "3.000000"] in cells(found, "MEMO_ITEMS")
    assert ["绿地", *SINK_BASIS["sinkBasis"].values()] in cells(found, "SINKS")
    [elec] = [row for row in cells(found, "FACTORS") if row[0] == "elec.guangdong.avg.2022"]
    assert elec[2] == "CO2: 0.4403 kgCO2/kWh"
    quality = next(s for s in found["sections"] if s["code"] == "DATA_QUALITY")
    assert any("共2行" in paragraph for paragraph in quality["paragraphs"])


def test_a_factor_that_is_a_product_shows_its_parts() -> None:
    """By hand: 42.652 GJ/t × 20.2 tC/TJ × 0.98 × 44/12 = 3.0959… tCO2/t."""
    diesel = FACTORS_BY_CODE["prov2025.diesel"]
    shown = factor_text(diesel, diesel.gases[0])
    product = Decimal("42.652") * Decimal("20.2") / 1000 * Decimal("0.98") * 44 / 12
    value = shown.removeprefix("CO2: ").partition(" ")[0]
    assert abs(Decimal(value) - product) < Decimal("1e-9")
    assert shown.endswith(" = 42.652 GJ/t × 20.2 tC/TJ × 0.98 × 44/12")


async def test_it_is_as_of_a_position(world: World, inventory: str) -> None:
    then = await report(world.operator, inventory)
    await world.issue(await world.project(), "GD-2", 1, 100)
    position = then["asOfPosition"]
    assert await report(world.operator, inventory, asOf=position) == then
    assert (await report(world.operator, inventory))["asOfPosition"] > position


async def test_a_draft_has_none(world: World) -> None:
    made = await world.inventory(await world.pilot())
    assert await report(world.operator, made) is None
    refused = await download(world.operator, made)
    assert refused.status_code == 404
    [error] = refused.json()["errors"]
    told(error, "REPORT_OF_DRAFT")


async def test_lines_that_are_not_shown_are_not_told(world: World, inventory: str) -> None:
    """The public sees what is stated, and no line: neither in the structure nor in a file."""
    found = await report(world.anyone, inventory)
    assert cells(found, "ACTIVITY_DATA") == cells(found, "FACTORS") == []
    assert ["净排放，t CO2e"] in [row[:1] for row in cells(found, "RESULTS")]
    assert "主楼" not in str(found)
    assert "主楼" in str(await report(world.auditor, inventory))
    made = await download(world.anyone, inventory, "docx")
    assert "主楼" not in text_of(made.content)


def text_of(content: bytes) -> str:
    """All that a DOCX says."""
    made = docx.Document(io.BytesIO(content))
    rows = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in made.paragraphs), *rows])


@pytest.mark.parametrize(("suffix", "media_type"), [("pdf", PDF), ("docx", DOCX)])
async def test_a_file_is_the_same_bytes_each_time(
    world: World, inventory: str, suffix: str, media_type: str
) -> None:
    first = await download(world.operator, inventory, suffix)
    assert first.status_code == 200, first.text
    assert first.headers["content-type"] == media_type
    assert first.headers["content-disposition"].startswith("attachment; ")
    assert first.headers["x-content-type-options"] == "nosniff"
    position = first.headers["nzc-as-of-position"]
    assert f'2022-12-31-{position}-zh.{suffix}"' in first.headers["content-disposition"]
    await world.issue(await world.project(), "GD-3", 1, 100)
    again = await download(world.operator, inventory, suffix, f"?asOf={position}")
    assert again.content == first.content
    other = await download(world.operator, inventory, suffix, f"?asOf={position}&language=en")
    assert other.content != first.content


async def test_who_asks_for_no_bytes_lets_none_be_made(
    world: World, inventory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await download(world.operator, inventory)
    monkeypatch.delattr(files.ReportFile, "made_of")
    headers = {"Authorization": f"Bearer {world.operator.secret}"}
    head = await world.http.head(f"/inventories/{inventory}/report.pdf", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    told_of_it = ("content-type", "content-disposition", "nzc-as-of-position", "cache-control")
    assert all(head.headers[name] == whole.headers[name] for name in told_of_it)
    assert "content-length" not in head.headers


async def test_a_docx_says_what_the_report_does(world: World, inventory: str) -> None:
    made = await download(world.operator, inventory, "docx")
    said = text_of(made.content)
    found = await report(world.operator, inventory)
    for section in found["sections"]:
        assert section["heading"] in said
    for _, rows in tables(found):
        for row in rows:
            for cell in row:
                assert cell in said
    times = {info.date_time for info in zipfile.ZipFile(io.BytesIO(made.content)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


async def test_the_potential_is_told_to_who_sees_it(world: World) -> None:
    pilot = await with_target(world)
    data = await world.operator.ask(
        "query ($id: ID!) { pilot(by: {id: $id}) { inventories { nodes { id } } } }", id=pilot["id"]
    )
    [inventory] = data["pilot"]["inventories"]["nodes"]
    before = await report(world.operator, inventory["id"])
    assert "至此未撰写潜力分析。" in before["sections"][-1]["paragraphs"]
    await analysed(world, pilot)
    found = await report(world.operator, inventory["id"])
    assert found["sections"][-1]["paragraphs"][0] != "至此未撰写潜力分析。"
    assert cells(found, "POTENTIAL")
    hidden = await report(world.anyone, inventory["id"])
    assert hidden["sections"][-1]["paragraphs"] == ["潜力分析不对您公开。"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?language=fr", "INVALID_INPUT"),
        ("?asOf=x", "INVALID_INPUT"),
        ("?asOf=99999999", "INVALID_INPUT"),
    ],
)
async def test_bad_input(world: World, inventory: str, query: str, code: str) -> None:
    refused = await download(world.operator, inventory, "pdf", query)
    assert refused.status_code == 400
    [error] = refused.json()["errors"]
    assert error["extensions"]["code"] == code


async def test_what_is_not_there_is_not_found(world: World) -> None:
    pilot = await world.pilot()
    made = await world.inventory(pilot)
    for caller, inventory in ((world.anyone, made), (world.operator, pilot["id"])):
        refused = await download(caller, inventory)
        assert refused.status_code == 404
        [error] = refused.json()["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"


async def test_where_nothing_makes_files_that_is_told(
    world: World, inventory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "find_spec", lambda _module: None)
    refused = await download(world.operator, inventory)
    assert refused.status_code == 501
    [error] = refused.json()["errors"]
    told(error, "REPORTS_NOT_INSTALLED")
    assert await report(world.operator, inventory)


def test_words_are_those_of_the_labels() -> None:
    for enum, words in VALUE_NAMES.items():
        assert words == labels()[enum.__name__]
