"""What is probably a slip is kept with a warning that has the facts, and a verifier acknowledges it."""

from typing import Any

import pytest

from tests.world import SINK_BASIS, World

WARNINGS = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    opinion { level findings reportHash acknowledged { code reason line { id } } }
    allWarnings { totalCount nodes { code mustBeAcknowledged message { zh en }
        line { label } otherLine { label } acknowledgement { reason } } }
    emissionSources { nodes { id label warnings explainedWarnings { code message { zh en } } } }
    sinks { nodes { id label warnings } } } } }"""

OFFICE = "BUILDING_EXISTING"
ENERGY = "ENERGY_CONSUMPTION"
GRID = "elec.guangdong.avg.2022"


def source(
    value: str,
    unit: str,
    factor: str = GRID,
    *,
    category: str = ENERGY,
    label: str = "用电",
    **more: Any,
) -> dict[str, Any]:
    activity = {"value": value, "unit": unit}
    return {
        "category": category, "label": label, "activity": activity, "factor": factor,
    } | more  # fmt: skip


async def read(world: World, inventory: str) -> Any:
    return (await world.verifier.ask(WARNINGS, id=inventory))["node"]


async def codes(world: World, inventory: str) -> list[list[str]]:
    """The codes of each source, in the order of their recording."""
    found = await read(world, inventory)
    return [line["warnings"] for line in found["emissionSources"]["nodes"]]


async def doubts(world: World, inventory: str) -> list[dict[str, Any]]:
    found = (await read(world, inventory))["allWarnings"]["nodes"]
    return [warning for warning in found if warning["mustBeAcknowledged"]]


@pytest.mark.parametrize("together", [True, False])
async def test_the_same_line_twice(world: World, together: bool) -> None:
    """In one call or in two, in whichever unit: the later one says which it repeats."""
    inventory = await world.inventory(await world.pilot())
    lines = [source("1200", "kWh", label="一层"), source("0.12", "万kWh", label="一层")]
    if together:
        await world.record(inventory, *lines)
    else:
        for line in lines:
            await world.record(inventory, line)
    assert await codes(world, inventory) == [[], ["RECORDED_TWICE"]]
    [warning] = (await read(world, inventory))["allWarnings"]["nodes"]
    assert (warning["line"], warning["otherLine"]) == ({"label": "一层"}, {"label": "一层"})
    assert warning["message"] == {
        "zh": "0.12 万千瓦时（一层，能源消耗）与另一行“一层”（能源消耗，1200 千瓦时）可能是同一活动",
        "en": "0.12 10⁴kWh (“一层”, energy consumption (all carriers)) is probably the same activity as “一层” "
        "(energy consumption (all carriers), 1200 kWh)",
    }


@pytest.mark.parametrize(
    ("variant", "first", "second", "warned"),
    [
        # One amount under a category and under what it is a part of.
        ("ENTERPRISE", source("1000", "kWh", category="PURCHASED_ELECTRICITY", label="甲"),
         source("1000", "kWh", label="乙"), True),
        ("COMMUNITY_URBAN", source("2", "MWh", category="BUILDING_ENERGY", label="甲"),
         source("2000", "kWh", category="PURCHASED_ELECTRICITY", label="乙"), True),
        # A telling amount, by whatever name; a round one is often the same by chance.
        (OFFICE, source("1234", "kWh", label="甲"), source("1234", "kWh", label="乙"), True),
        (OFFICE, source("1200", "kWh", label="甲"), source("1200", "kWh", label="乙"), False),
        # Another amount, or something else of the same amount, is no repetition; nor is nothing.
        (OFFICE, source("1234", "kWh"), source("1235", "kWh"), False),
        (OFFICE, source("1234", "GJ"), source("1234", "GJ", "heat.default"), False),
        (OFFICE, source("0", "kWh"), source("0", "kWh"), False),
    ],
)  # fmt: skip
async def test_what_repeats_another(
    world: World, variant: str, first: dict[str, Any], second: dict[str, Any], warned: bool
) -> None:
    inventory = await world.inventory(await world.pilot(variant))
    await world.record(inventory, first, second)
    assert ["RECORDED_TWICE" in found for found in await codes(world, inventory)] == [False, warned]


async def test_one_forest_under_two_categories(world: World) -> None:
    """By its area and by its stocks: the amounts differ, the label is one."""
    inventory = await world.inventory(await world.pilot("TOWN"))
    area = source("100", "亩", "forest.carbonforest.rule", category="LUCF", label="后山林场")
    stocks = source("80", "tCO2", "measured.co2", category="FORESTRY_SINK", label="后山林场")
    await world.record(inventory, area, stocks | SINK_BASIS, sinks=True)
    sinks = (await read(world, inventory))["sinks"]["nodes"]
    assert ["RECORDED_TWICE" in sink["warnings"] for sink in sinks] == [False, True]


async def test_a_warning_goes_with_the_line_that_it_names(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, source("1234", "kWh"), source("1234", "kWh"))
    first = (await read(world, inventory))["emissionSources"]["nodes"][0]["id"]
    await world.operator.made("removeInventoryLine", "inventory { id }", line=first)
    found = await read(world, inventory)
    assert found["allWarnings"] == {"totalCount": 0, "nodes": []}
    assert [line["warnings"] for line in found["emissionSources"]["nodes"]] == [[]]


@pytest.mark.parametrize(
    ("line", "code", "zh"),
    [
        (source("1", "kWh", "elec.national.fossil.2022"), "FACTOR_NOT_OF_AVERAGE_POWER",
         "仅化石能源发电"),
        (source("1", "kWh", "elec.national.residual.2022"), "FACTOR_NOT_OF_AVERAGE_POWER",
         "扣除市场化交易的非化石能源电量后的剩余电力"),
        (source("1", "GJ", "heat.default", label="区域供冷"), "COOLING_AS_HEAT", "供冷"),
        (source("1", "GJ", "heat.default", label="Chilled water"), "COOLING_AS_HEAT", "chilled"),
        (source("1", "万m³", "prov2025.natural_gas", label="沼气"), "BIOGAS_AS_FOSSIL", "沼气"),
    ],
)  # fmt: skip
async def test_a_factor_that_hardly_fits(
    world: World, line: dict[str, Any], code: str, zh: str
) -> None:
    """It is kept, says why, and is to be acknowledged."""
    lists = {"elec.national.fossil.2022": "prov2025-national-fossil-2022",
             "elec.national.residual.2022": "prov2025-national-residual-2022"}  # fmt: skip
    listed = lists.get(line["factor"], "prov2025-gd-2022")
    inventory = await world.inventory(await world.pilot(), factorList=listed)
    await world.record(inventory, line)
    [warning] = await doubts(world, inventory)
    assert warning["code"] == code
    assert zh in warning["message"]["zh"]


async def test_a_factor_of_another_region_or_year(world: World) -> None:
    """It is said which the closest is, and which the pilot's own region has; nobody need acknowledge it."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    inventory = await world.inventory(pilot, 2024, factorList="prov2025-national-2021")
    await world.record(inventory, source("1", "kWh", "elec.national.avg.2021"))
    found = (await read(world, inventory))["emissionSources"]["nodes"][0]["explainedWarnings"]
    assert [(warning["code"], warning["message"]["en"]) for warning in found] == [
        ("FACTOR_OF_ANOTHER_YEAR",
         "the factor holds for 2021, the inventory is of 2024; the closest that is listed is "
         "elec.national.avg.2023"),
        ("FACTOR_OF_ANOTHER_REGION",
         "the factor holds for CN, the pilot lies in Guangdong; what is listed for Guangdong and the "
         "year: elec.guangdong.avg.2023"),
    ]  # fmt: skip
    assert await doubts(world, inventory) == []


async def test_an_office_of_ten_billion_kilowatt_hours(world: World) -> None:
    """The line says so at once, and the whole once it is submitted, with both numbers."""
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, source("10000000000", "kWh"))
    [warning] = await doubts(world, inventory)
    message = "365天排放4403000 tCO2e，大于此类试点至多可能的400000 tCO2e"
    assert (warning["code"], warning["message"]["zh"]) == ("IMPLAUSIBLY_LARGE", message)
    await world.submit(inventory, verify=False)
    found = await doubts(world, inventory)
    assert [(w["code"], w["line"]) for w in found] == [
        ("IMPLAUSIBLY_LARGE", {"label": "用电"}),
        ("IMPLAUSIBLY_LARGE", None),
    ]


async def test_a_year_that_is_unlike_the_others(world: World) -> None:
    """More than tenfold either way, reckoned for a year; what both numbers are is said."""
    pilot = await world.pilot("BUILDING_EXISTING", 2021, 2022, 2023, 2024)
    for year, value in (2021, "1000"), (2022, "1000"), (2023, "10001"):
        inventory = await world.inventory(pilot, year, factorList="prov2025-gd-2022")
        await world.record(inventory, source(value, "MWh"))
        await world.submit(inventory)
    [warning] = await doubts(world, inventory)
    assert warning["code"] == "UNLIKE_OTHER_PERIODS"
    assert warning["message"]["zh"] == (
        "按365天折算，本清单为4403.4403 tCO2e，其他核算期（2021-01-01/2021-12-31、2022-01-01/2022-12-31）"
        "平均为440.3 tCO2e，相差10倍以上"
    )


async def test_ten_times_as_much_is_not_unlike(world: World) -> None:
    pilot = await world.pilot()
    for year, value in (2022, "1000"), (2023, "10000"):
        inventory = await world.inventory(pilot, year, factorList="prov2025-gd-2022")
        await world.record(inventory, source(value, "MWh"))
        await world.submit(inventory, verify=False)
    assert await doubts(world, inventory) == []


async def test_an_implausibly_small_inventory_says_so(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, source("1", "kWh"))
    await world.submit(inventory, verify=False)
    [warning] = (await read(world, inventory))["allWarnings"]["nodes"]
    assert (warning["code"], warning["mustBeAcknowledged"]) == ("IMPLAUSIBLY_SMALL", False)
    assert warning["message"]["en"] == (
        "0.00044 t CO2e in 365 days is less than the 2 t that a pilot of its kind plausibly emits at least"
    )


async def doubtful(world: World) -> tuple[str, list[str]]:
    """A submitted inventory with two doubts, and the lines that they are of."""
    inventory = await world.inventory(await world.pilot())
    await world.record(
        inventory,
        source("1234", "kWh"),
        source("1234", "kWh"),
        source("1", "GJ", "heat.default", label="供冷"),
    )
    await world.submit(inventory, verify=False)
    lines = (await read(world, inventory))["emissionSources"]["nodes"]
    return inventory, [line["id"] for line in lines]


async def test_what_is_not_acknowledged_is_not_verified(world: World) -> None:
    inventory, lines = await doubtful(world)
    query = """mutation ($input: InventoryInput!) { verifyInventory(input: $input) {
        ... on UserError { code path message { zh } }
        ... on WarningsNotAcknowledged { count codes lines { id } } } }"""
    given = {"idempotencyKey": "k-1", "inventory": inventory}
    payload = (await world.verifier.ask(query, input=given))["verifyInventory"]
    assert payload["code"] == "WARNINGS_NOT_ACKNOWLEDGED"
    assert payload["path"] == ["input", "opinion", "acknowledged"]
    assert (payload["count"], payload["codes"]) == (2, ["RECORDED_TWICE", "COOLING_AS_HEAT"])
    assert payload["lines"] == [{"id": lines[1]}, {"id": lines[2]}]
    assert "可能填报了两次" in payload["message"]["zh"]

    said = [{"code": "RECORDED_TWICE", "line": lines[1], "reason": "两台同型号空调"}]
    opinion = {"level": "REASONABLE", "acknowledged": said}
    payload = await world.verifier.refused("verifyInventory", inventory=inventory, opinion=opinion)
    assert payload["code"] == "WARNINGS_NOT_ACKNOWLEDGED"

    said.append({"code": "COOLING_AS_HEAT", "reason": "供冷方出具的因子"})
    opinion |= {"findings": ["热量表未检定"], "reportHash": "ab" * 32}
    key = {"idempotencyKey": "k-2", "inventory": inventory, "opinion": opinion}
    await world.verifier.made("verifyInventory", "inventory { id }", **key)
    found = await read(world, inventory)
    assert found["opinion"] == {
        "level": "REASONABLE",
        "findings": ["热量表未检定"],
        "reportHash": "ab" * 32,
        "acknowledged": [
            {"code": "RECORDED_TWICE", "reason": "两台同型号空调", "line": {"id": lines[1]}},
            {"code": "COOLING_AS_HEAT", "reason": "供冷方出具的因子", "line": None},
        ],
    }
    answered = {w["code"]: w["acknowledgement"] for w in found["allWarnings"]["nodes"]}
    assert answered["RECORDED_TWICE"] == {"reason": "两台同型号空调"}
    assert answered["COOLING_AS_HEAT"] == {"reason": "供冷方出具的因子"}
    assert answered["IMPLAUSIBLY_SMALL"] is None
    again = await world.verifier.do("verifyInventory", "inventory { id }", **key)
    assert again["replayed"]


@pytest.mark.parametrize(
    ("spoilt", "path"),
    [
        ({"acknowledged": [{"code": "FACTOR_OWN", "reason": "x"}]}, "acknowledged.0"),
        ({"acknowledged": [{"code": "RECORDED_TWICE", "reason": ""}]}, "acknowledged.0.reason"),
        ({"acknowledged": [{"code": "RECORDED_TWICE", "reason": "x" * 1001}]},
         "acknowledged.0.reason"),
        ({"acknowledged": [{"code": "RECORDED_TWICE", "reason": "x"}] * 201}, "acknowledged"),
        ({"findings": ["x"] * 51}, "findings"),
        ({"findings": ["x", "x" * 2001]}, "findings.1"),
        ({"reportHash": "AB" * 32}, "reportHash"),
        ({"reportHash": "ab"}, "reportHash"),
    ],
)  # fmt: skip
async def test_an_opinion_that_is_none(world: World, spoilt: dict[str, Any], path: str) -> None:
    inventory, _ = await doubtful(world)
    opinion = {"level": "LIMITED"} | spoilt
    payload = await world.verifier.refused("verifyInventory", inventory=inventory, opinion=opinion)
    assert (payload["code"], payload["path"]) == (
        "INVALID_INPUT", ["input", "opinion", *path.split(".")],
    )  # fmt: skip
    assert (await read(world, inventory))["opinion"] is None


async def test_whoever_submits_has_no_opinion(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, source("1", "kWh"))
    opinion = {"level": "LIMITED"}
    payload = await world.operator.refused("submitInventory", inventory=inventory, opinion=opinion)
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "opinion"])


async def test_the_public_sees_no_warning_of_lines_that_it_does_not_see(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, source("1234", "kWh"), source("1234", "kWh"))
    await world.submit(inventory)
    query = """query ($id: ID!) { node(id: $id) { ... on Inventory {
        allWarnings { totalCount nodes { code line { id } } }
        opinion { acknowledged { code line { id } } } } } }"""
    seen = (await world.anyone.ask(query, id=inventory))["node"]
    assert seen["allWarnings"] == {
        "totalCount": 1, "nodes": [{"code": "IMPLAUSIBLY_SMALL", "line": None}],
    }  # fmt: skip
    assert seen["opinion"]["acknowledged"] == [{"code": "RECORDED_TWICE", "line": None}]


async def test_a_revision_is_warned_of_anew(world: World) -> None:
    """What was acknowledged of one version is not of the next."""
    inventory, _ = await doubtful(world)
    revision = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    assert [w["code"] for w in await doubts(world, revision["id"])] == [
        "RECORDED_TWICE", "COOLING_AS_HEAT",
    ]  # fmt: skip
