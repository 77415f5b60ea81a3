"""What is probably a slip is kept with a warning that has the facts, and a verifier acknowledges it."""

from typing import Any

import pytest

from tests.world import SINK_BASIS, World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


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
    message = "365天合计4403000 tCO2e，大于此类试点至多可能的400000 tCO2e"
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
        await world.submit(inventory)
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


def own(gas: str, value: str, unit: str) -> dict[str, Any]:
    parts = [{"quantity": "factor", "value": value, "unit": unit}]
    return {
        "factor": None,
        "ownFactor": {"name": "自测", "source": "报告", "gases": [{"gas": gas, "parts": parts}]},
    }


@pytest.mark.parametrize(
    ("variant", "line", "code", "zh"),
    [
        # A slip of a thousand, of ten, of a gas; heat that is nearly nothing by the tonne.
        ("PARK", source("1", "GWh", category="BUILDING_ENERGY", **own("CO2", "441.9", "kgCO2/kWh")),
         "OWN_FACTOR_IMPLAUSIBLE", "相当于122.75 tCO2e/GJ，通常在0.028至0.42之间"),
        ("PARK", source("1", "GWh", category="BUILDING_ENERGY", **own("CO2", "0.04419", "kgCO2/kWh")),
         "OWN_FACTOR_IMPLAUSIBLE", "相当于0.012275 tCO2e/GJ"),
        ("PARK", source("1", "GWh", category="BUILDING_ENERGY", **own("SF6", "0.4419", "kgSF6/kWh")),
         "OWN_FACTOR_IMPLAUSIBLE", "tCO2e/GJ"),
        ("ENTERPRISE", source("1", "GJ", category="EXPORTED_HEAT", **own("CO2", "10", "tCO2/GJ")),
         "OWN_FACTOR_IMPLAUSIBLE", "相当于10 tCO2e/GJ"),
        ("ENTERPRISE", source("1000", "t", category="PURCHASED_HEAT", **own("CO2", "0.001", "kgCO2/t")),
         "OWN_FACTOR_IMPLAUSIBLE", "相当于0.000001 tCO2e/t，通常在0.02至1.5之间"),
        (OFFICE, source("1000", "t", label="柴油", **own("CO2", "0", "tCO2/t")),
         "OWN_FACTOR_IS_NOTHING", "自有因子为零"),
        # Power that the guide's list would count, under a name that it does not.
        ("TRANSPORT", source("5", "GWh", category="BUILDING_ENERGY"), "COUNTS_ELSEWHERE", "外购电力消耗"),
        ("PARK", source("900", "GWh", "own.pv", category="OWN_GENERATION", label="外购市电"),
         "BOUGHT_AS_OWN_GENERATION", "外购"),
        ("PARK", source("3", "GWh", category="EXPORTED_ELECTRICITY", label="余电上网"),
         "OWN_GENERATION_AT_GRID_FACTOR", "余电"),
        (OFFICE, source("1000", "t", "heat.default", label="外购蒸汽",
                        density={"value": "0.276", "unit": "GJ/t"}), "STEAM_AS_WATER", "0.276"),
        (OFFICE, source("1", "t", "prov2025.diesel", label="生物柴油B100"), "BIOFUEL_AS_FOSSIL", "生物柴油"),
    ],
)  # fmt: skip
async def test_what_is_hardly_so(
    world: World, variant: str, line: dict[str, Any], code: str, zh: str
) -> None:
    inventory = await world.inventory(await world.pilot(variant))
    await world.record(inventory, line)
    [warning] = await doubts(world, inventory)
    assert warning["code"] == code
    assert zh in warning["message"]["zh"]


async def test_an_own_factor_that_is_plausible(world: World) -> None:
    """From hydropower's share to fossil power alone; and the CH4 of a fuel may be as little as it is."""
    inventory = await world.inventory(await world.pilot())
    for gas, value, unit in (
        ("CO2", "0.11", "kgCO2/kWh"), ("CO2", "1.4", "kgCO2/kWh"), ("CH4", "0.0002", "tCH4/GJ"),
    ):  # fmt: skip
        await world.record(inventory, source("1", "GJ", label=value, **own(gas, value, unit)))
    assert await doubts(world, inventory) == []


async def test_kilometres_are_no_fuel(world: World) -> None:
    """Their CH4 and N2O are 31.86 t where the petrol's CO2 would be some 1,730."""
    inventory = await world.inventory(await world.pilot("TRANSPORT"))
    driven = source("10000000", "km", "trans.car.gasoline.cn4_up", category="VEHICLE_FUEL")
    await world.record(inventory, driven)
    assert await codes(world, inventory) == [["FACTOR_WITHOUT_CO2"]]
    await world.submit(inventory, verify=False)
    [warning] = await doubts(world, inventory)
    assert (warning["code"], warning["line"]) == ("CO2_MISSING", None)
    assert "车辆燃料燃烧" in warning["message"]["zh"]
    other = await world.inventory(await world.pilot("TRANSPORT"))
    fuel = source("800", "t", "prov2025.gasoline", category="VEHICLE_FUEL")
    await world.record(other, driven, fuel)
    await world.submit(other, verify=False)
    assert await doubts(world, other) == []


async def test_exports_beside_own_generation(world: World) -> None:
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(
        inventory,
        source("10", "GWh", category="BUILDING_ENERGY"),
        source("5", "GWh", "own.pv", category="OWN_GENERATION", label="自用"),
        source("3", "GWh", category="EXPORTED_ELECTRICITY", label="售电"),
    )
    await world.submit(inventory, verify=False)
    [warning] = await doubts(world, inventory)
    assert warning["code"] == "EXPORTS_BESIDE_OWN_GENERATION"
    assert "1320.9 tCO2e" in warning["message"]["zh"]


async def test_days_that_are_not_over(world: World) -> None:
    """What is not over yet is not measured; what is projected may be."""
    pilot = await world.pilot("BUILDING_EXISTING", 2099)
    for basis, warned in ("OPERATIONAL", ["NOT_OVER_YET"]), ("PROJECTED", []):
        inventory = await world.inventory(pilot, 2099, factorList="prov2025-gd-2022", basis=basis)
        await world.record(inventory, source("1000", "MWh"))
        await world.submit(inventory, verify=False)
        assert [warning["code"] for warning in await doubts(world, inventory)] == warned


async def test_a_sink_by_mass_is_looked_at(world: World) -> None:
    """And many of them together are as implausible as one."""
    inventory = await world.inventory(await world.pilot())
    for label in ("东林", "西林"):
        stocks = source("300000", "tCO2", "measured.co2", category="FORESTRY_SINK", label=label)
        await world.record(inventory, stocks | SINK_BASIS, sinks=True)
    await world.record(inventory, source("1000", "MWh"))
    await world.submit(inventory, verify=False)
    found = [(w["code"], w["line"] and w["line"]["label"]) for w in await doubts(world, inventory)]
    assert found == [
        ("SINK_BY_MASS", "东林"), ("SINK_BY_MASS", "西林"), ("IMPLAUSIBLY_LARGE", None),
    ]  # fmt: skip


async def test_one_forest_by_area_and_by_stocks_under_one_category(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    area = source(
        "750", "亩·年", "forest.carbonforest.rule", category="FORESTRY_SINK", label="南山林"
    )
    stocks = source("250", "tCO2", "measured.co2", category="FORESTRY_SINK", label="南山林")
    await world.record(inventory, area, stocks | SINK_BASIS, sinks=True)
    sinks = (await read(world, inventory))["sinks"]["nodes"]
    assert ["RECORDED_TWICE" in sink["warnings"] for sink in sinks] == [False, True]


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
        ({"acknowledged": [{"code": "FACTOR_OWN", "reason": "已核对报告"}]}, "acknowledged.0"),
        ({"acknowledged": [{"code": "RECORDED_TWICE", "reason": ""}]}, "acknowledged.0.reason"),
        ({"acknowledged": [{"code": "RECORDED_TWICE", "reason": "-"}]}, "acknowledged.0.reason"),
        ({"acknowledged": [{"code": "RECORDED_TWICE", "reason": "N/A"}]}, "acknowledged.0.reason"),
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


# Amounts that are probably of something else.

GAS = "prov2025.natural_gas"
COW = "live.ipcc.enteric.dairy"


def found_of(answer: Any) -> list[dict[str, Any]]:
    return [w for line in answer["emissionSources"]["nodes"] for w in line["explainedWarnings"]]


async def test_gas_without_its_temperature_is_shown_with_what_it_would_be_at_20_degrees(
    world: World,
) -> None:
    """10,000 m³ × 21.62188809 t/10⁴ Nm³, and × 273.15/293.15. It is on most bills: no doubt of a verifier."""
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, source("1", "万m³", GAS, label="燃气"))
    assert "VOLUME_CONDITION_UNSTATED" not in [w["code"] for w in await doubts(world, inventory)]
    found = found_of(await read(world, inventory))
    [warning] = [w for w in found if w["code"] == "VOLUME_CONDITION_UNSTATED"]
    assert warning["message"] == {
        "zh": "1 万立方米未注明温度，已按0 °C、101.325 kPa核算为21.621888 tCO2e；若按GB/T 19205在20 °C下计量，"
        "则高估7.3%，应为20.146746 tCO2e：请以m³(20℃)填报",
        "en": "1 10⁴m³ does not say its temperature and is taken at 0 °C and 101.325 kPa: 21.621888 t CO2e; where "
        "it is measured at 20 °C, by GB/T 19205, that is 7.3 % too much, and 20.146746 t would be right: state "
        "m³(20°C)",
    }


@pytest.mark.parametrize(
    ("line", "warned"),
    [
        (source("1", "万m³(20℃)", GAS), False),
        (source("1", "万Nm³", GAS), False),
        (source("1", "ft3", GAS), True),
        (source("1", "t", "prov2025.lng"), False),
        (source("1", "m3", "prov2025.lng", density={"value": "0.72", "unit": "kg/m3"}), False),
        (source("1", "m3", "prov2025.lng", density={"value": "0.72", "unit": "kg/Nm3"}), True),
        (source("1", "Nm3", "prov2025.lng", density={"value": "0.72", "unit": "kg/m3"}), False),
        (source("1", "m3", "prov2025.diesel", density={"value": "0.84", "unit": "t/m3"}), False),
    ],
)
async def test_which_volumes_do_not_say_their_temperature(
    world: World, line: dict[str, Any], warned: bool
) -> None:
    """Where both say nothing, the density is of the volume, whatever its temperature."""
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, line)
    [found] = await codes(world, inventory)
    assert ("VOLUME_CONDITION_UNSTATED" in found) is warned


@pytest.mark.parametrize(
    ("label", "unit", "warned"),
    [
        ("LNG", "m3", True),
        ("液化天然气（锅炉）", "万m³", True),
        ("LNG气化站", "Nm3", False),
        ("LNG气化站", "m³(20℃)", False),
        ("天然气", "m3", False),
    ],
)
async def test_a_liquefied_gas_by_the_cubic_metre_of_gas(
    world: World, label: str, unit: str, warned: bool
) -> None:
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, source("1", unit, GAS, label=label))
    found = [w["code"] for w in await doubts(world, inventory)]
    assert ("LIQUEFIED_AS_GAS" in found) is warned


@pytest.mark.parametrize(
    ("label", "factor", "warned"),
    [
        ("AdBlue", "trans.urea", "adblue"),
        ("车用尿素溶液", "trans.urea", "溶液"),
        ("尿素水", "trans.urea", "尿素水"),
        ("DEF 32.5%", "trans.urea", "def"),
        ("AUS 32", "trans.urea", "aus 32"),
        ("颗粒尿素", "trans.urea", None),
        ("default", "trans.urea", None),
        ("AdBlue", "trans.urea_solution", None),
    ],
)
async def test_a_solution_by_the_factor_of_solid_urea(
    world: World, label: str, factor: str, warned: str | None
) -> None:
    inventory = await world.inventory(await world.pilot("TRANSPORT"))
    line = source("1", "kg", factor, label=label, category="EXHAUST_TREATMENT")
    await world.record(inventory, line)
    found = [w for w in await doubts(world, inventory) if w["code"] == "SOLUTION_AS_SOLID"]
    assert bool(found) is (warned is not None)
    for warning in found:
        assert f"“{warned}”" in warning["message"]["zh"]
        assert "trans.urea_solution" in warning["message"]["en"]


async def test_a_herd_over_a_year_in_a_quarter(world: World) -> None:
    """100 头·年 in 92 days are 100 × 365/92 all the time; 100 all the time are 9,200 头·天."""
    covers = {"startsOn": "2022-10-01", "endsOn": "2022-12-31"}
    inventory = await world.inventory(await world.pilot("COMMUNITY_RURAL"), covers=covers)
    herd = {"category": "LIVESTOCK", "label": "奶牛"}
    await world.record(inventory, source("0.01", "万头·年", COW, **herd))
    await world.record(inventory, source("9200", "头·天", COW, **herd | {"label": "乳牛"}))
    assert [["STOCK_OVER_YEARS" in found for found in await codes(world, inventory)]] == [
        [True, False]
    ]
    [warning] = [w for w in await doubts(world, inventory) if w["code"] == "STOCK_OVER_YEARS"]
    assert warning["message"] == {
        "zh": "清单为92天，0.01 万头·年相当于这92天内始终有0.039674 万头；若这92天内有0.01 万头，应填报0.92 万头·天",
        "en": "the inventory is of 92 days: 0.01 10⁴head·yr are 0.039674 10⁴head throughout them; 0.01 10⁴head "
        "throughout them are 0.92 10⁴head·d",
    }


async def test_a_herd_over_a_year_in_a_year_is_right(world: World) -> None:
    pilot = await world.pilot("COMMUNITY_RURAL")
    inventory = await world.inventory(pilot)
    await world.record(inventory, source("100", "头·年", COW, category="LIVESTOCK", label="奶牛"))
    assert "STOCK_OVER_YEARS" not in (await codes(world, inventory))[0]
