"""The demo: made up, plausible, and whole, also where an earlier release or somebody else began it."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from nzc_api import demo
from nzc_api.database.engine import Database
from nzc_api.guide.terms import PilotKind
from nzc_api.services import Nzc
from tests.conftest import TestDatabase, client_of, unguarded
from tests.world import Caller

YEARS = """query ($year: Int!) { pilots { nodes { id code kind name { zh en }
    netEmissions(period: {year: $year}) { netCo2e unknown { reason } gross { co2e } assurance
        coverage { status warnings { reason } } } } } }"""

TARGETS = """{ pilots { nodes { code target { zeroYear } trajectory { points { kind year netCo2e } }
    y2022: targetStatus(period: {year: 2022}) { status }
    y2023: targetStatus(period: {year: 2023}) { status }
    y2024: targetStatus(period: {year: 2024}) { status } } } }"""
# How 2022, 2023 and 2024 stand beside each pilot's target.
STANDING = {
    "DEMO-BUILDING": ["ACHIEVED", "ACHIEVED", "ACHIEVED"],
    "DEMO-COMMUNITY": ["ACHIEVED", "ACHIEVED", "ACHIEVED"],
    "DEMO-ENTERPRISE": ["ACHIEVED", "ACHIEVED", "ON_TRACK"],
    "DEMO-PARK": ["ACHIEVED", "ACHIEVED", "ON_TRACK"],
    "DEMO-TOWN": ["ACHIEVED", "ACHIEVED", "ACHIEVED"],
    "DEMO-TRANSPORT": ["ACHIEVED", "NOT_ASSESSABLE", "MISSED"],
}

MONITORED = """query ($code: String!) { pilot(by: {code: $code}) {
    meters { nodes { gateway { role } } }
    monitoring(from: "2024-01-01", to: "2024-12-31") {
        series { unaccountedMeterCount points { quantity co2e cost measuredShare } }
        intensities { points { value unknownBecause } } }
    inventories(first: 5) { nodes { emissionSources(first: 10) { nodes {
        activity { value } explain { meterBasis { meter { code } } } } } } } } }"""

PORTFOLIO = """query ($pilots: [ID!]!, $year: Int!) { portfolioNetEmissions(pilots: $pilots, year: $year) {
    netCo2e unknown { reason } withoutStatement { code } inside { code } } }"""


async def nothing(*_: Any) -> None:
    """What an earlier release did not do."""


async def load(database: TestDatabase, folder: Path) -> dict[str, str]:
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        keys = await demo.load_demo(nzc.services, folder)
    assert keys is not None
    return dict(keys)


@pytest_asyncio.fixture
async def client(database: TestDatabase) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(database.api_url) as http:
        yield http


async def test_each_kind_has_years_that_are_known(
    database: TestDatabase, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    keys = await load(database, tmp_path)
    auditor = Caller(client, keys["AUDITOR"])
    verified = 0
    for year in demo.YEARS:
        pilots = (await auditor.ask(YEARS, year=year))["pilots"]["nodes"]
        assert {pilot["kind"] for pilot in pilots} == set(PilotKind)
        for pilot in pilots:
            found = pilot["netEmissions"]
            assert found["unknown"] == [], (pilot["code"], year)
            assert found["coverage"]["warnings"] == [], (pilot["code"], year)
            assert "虚构" in pilot["name"]["zh"]
            assert "made up" in pilot["name"]["en"]
            verified += found["assurance"] == "VERIFIED"
        whole = [pilot["code"] for pilot in pilots
                 if pilot["netEmissions"]["coverage"]["status"] == "COMPLETE"]  # fmt: skip
        assert len(whole) >= len(pilots) - 1, (year, whole)
        ids = [pilot["id"] for pilot in pilots]
        asked = await auditor.ask(PORTFOLIO, pilots=ids, year=year)
        together = asked["portfolioNetEmissions"]
        assert together["netCo2e"] is not None
        assert (together["unknown"], together["withoutStatement"]) == ([], [])
        assert len(together["inside"]) == 2
    assert verified >= 15
    nodes = (await auditor.ask(TARGETS))["pilots"]["nodes"]
    standing = {p["code"]: [p[f"y{year}"]["status"] for year in demo.YEARS] for p in nodes}
    assert standing == STANDING
    await is_monitored(Caller(client, keys["REGULATOR"]))
    for pilot in nodes:
        assert pilot["target"] == {"zeroYear": 2035}
        kinds = [point["kind"] for point in pilot["trajectory"]["points"]]
        assert kinds == ["BASELINE", *["CEILING"] * 3, *["ACTUAL"] * 4]


async def is_monitored(regulator: Caller) -> None:
    """Of each kind the year's electricity is drafted from its bills, which a gateway posted."""
    for code in STANDING:
        pilot = (await regulator.ask(MONITORED, code=code))["pilot"]
        [series] = pilot["monitoring"]["series"]
        assert (series["unaccountedMeterCount"], len(series["points"])) == (0, 12)
        for point in series["points"]:
            assert point["measuredShare"] == "1"
            assert Decimal(point["co2e"]) > 0
            assert Decimal(point["cost"]) > 0
        for intensity in pilot["monitoring"]["intensities"]:
            assert all(point["unknownBecause"] is None for point in intensity["points"])
        [meter] = pilot["meters"]["nodes"]
        assert meter["gateway"]["role"] == "METER_GATEWAY"
        lines = [
            line
            for inventory in pilot["inventories"]["nodes"]
            for line in inventory["emissionSources"]["nodes"]
            if line["explain"]["meterBasis"] is not None
        ]
        assert [line["explain"]["meterBasis"]["meter"] for line in lines] == [{"code": "DEMO-E"}]
        used = sum(Decimal(point["quantity"]) for point in series["points"])
        assert Decimal(lines[0]["activity"]["value"]) == used


async def test_the_demo_of_an_earlier_release_is_completed(
    database: TestDatabase,
    client: httpx.AsyncClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that had fewer inventories, recorded the building's sink otherwise, and was tried out:
    what was handed in meanwhile stands."""
    none = tmp_path / "none.json"
    none.write_text(json.dumps([]))
    with monkeypatch.context() as earlier:
        earlier.setattr(demo, "INVENTORIES", none)
        earlier.setattr(demo, "evaluate", nothing)
        keys = await load(database, tmp_path)
    async with unguarded(database.superuser_url) as connection:
        changed = "UPDATE outcome SET fingerprint = sha256('another') WHERE key = 'demo-9'"
        assert await connection.execute(changed) == "UPDATE 1"
    operator = Caller(client, keys["PILOT_OPERATOR"])
    inventory = await handed_in(operator, "DEMO-PARK", 2022)
    await load(database, tmp_path)
    pilots = (await operator.ask(YEARS, year=2022))["pilots"]["nodes"]
    found = {pilot["code"]: pilot["netEmissions"] for pilot in pilots}
    assert found["DEMO-PARK"]["gross"] == {"co2e": "440.300000"}
    assert found["DEMO-PARK"]["assurance"] == "SUBMITTED"
    assert found["DEMO-BUILDING"]["netCo2e"] == "35.909440"
    assert all(figures["unknown"] == [] for figures in found.values())
    assert inventory


async def test_everybody_sees_the_demos_lines(
    database: TestDatabase, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await load(database, tmp_path)
    query = """{ pilots { nodes { code statementVisibility lineVisibility
        inventories(first: 100) { nodes { status emissionSources { totalCount } } } } } }"""
    for pilot in (await Caller(client).ask(query))["pilots"]["nodes"]:
        assert (pilot["statementVisibility"], pilot["lineVisibility"]) == ("PUBLIC", "PUBLIC")
        for inventory in pilot["inventories"]["nodes"]:
            assert inventory["status"] == "VERIFIED", "of what is verified"
            assert inventory["emissionSources"]["totalCount"] > 0


def keep(folder: Path, keys: dict[str, str]) -> None:
    """Keep these keys only, as a release did that knew no others."""
    [file] = folder.glob("demo-keys-*.json")
    file.write_text(json.dumps(keys))


async def test_keys_of_new_roles_are_issued_to_an_earlier_demo(
    database: TestDatabase, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """The others stay as they are."""
    keys = await load(database, tmp_path)
    new = {"AUDITOR", "REGULATOR", "METER_GATEWAY"}
    keep(tmp_path, {name: keys[name] for name in keys.keys() - new})
    again = await load(database, tmp_path)
    assert again.keys() == keys.keys()
    assert {name for name in keys if keys[name] != again[name]} == new
    for name in new:
        viewer = await Caller(client, again[name]).ask("{ viewer { role } }")
        assert viewer["viewer"]["role"] == name
    assert await load(database, tmp_path) == again


async def handed_in(operator: Caller, code: str, year: int) -> str:
    """An inventory of somebody who tries the demo."""
    query = """query ($code: String!, $year: Int!) { pilot(by: {code: $code}) {
        id accountingPeriod(by: {year: $year}) { id } } }"""
    pilot: Any = (await operator.ask(query, code=code, year=year))["pilot"]
    made = await operator.made(
        "createInventory",
        "inventory { id }",
        pilot=pilot["id"],
        accountingPeriod=pilot["accountingPeriod"]["id"],
        phase="OPERATION",
        factorList=f"prov2025-gd-{year}",
    )
    line = {
        "category": "BUILDING_ENERGY", "label": "电", "factor": f"elec.guangdong.avg.{year}",
        "activity": {"value": "1000", "unit": "MWh"},
    }  # fmt: skip
    given = {"inventory": made["id"]}
    await operator.made("recordEmissionSources", "inventory { id }", sources=[line], **given)
    await operator.made("submitInventory", "inventory { id }", **given)
    return str(made["id"])
