"""What is a sink inside the boundary, and what is none: a purchase, CO2e from nowhere, a slip."""

from typing import Any

import pytest

from tests.world import SINK_BASIS, World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


SINKS = """query ($id: ID!) { node(id: $id) { ... on Inventory { sinks { nodes {
    co2e treatment sinkBasis { methodology evidence } } } } } }"""


def sink(
    value: str, unit: str, factor: Any, label: str = "园区林地", category: str = "FORESTRY_SINK"
) -> dict[str, Any]:
    given = {"factor": factor} if isinstance(factor, str) else {"ownFactor": factor}
    activity = {"value": value, "unit": unit}
    return {"category": category, "label": label, "activity": activity} | given


def own(gas: str, value: str, unit: str, **names: str) -> dict[str, Any]:
    parts = [{"quantity": "年生长", "value": value, "unit": unit}]
    return (
        {"name": "样地实测", "source": "报告"} | names | {"gases": [{"gas": gas, "parts": parts}]}
    )


def basis(methodology: str = "LY/T 2988", evidence: str = "样地报告3") -> dict[str, Any]:
    return {"sinkBasis": {"methodology": methodology, "evidence": evidence}}


async def refused(world: World, given: dict[str, Any], variant: str = "PARK") -> Any:
    inventory = await world.inventory(await world.pilot(variant))
    error = """... on UserError { code path message { zh en } }
        ... on NotASink { word belongs { zh en } } ... on SinkImplausible { amount bound unit }"""
    data = await world.operator.ask(
        f"mutation ($input: RecordSinksInput!) {{ recordSinks(input: $input) {{ {error} }} }}",
        input={"idempotencyKey": inventory, "inventory": inventory, "sinks": [given]},
    )
    payload = data["recordSinks"]
    assert payload, "it was recorded"
    return payload | {"path": ".".join(payload["path"][3:])}


@pytest.mark.parametrize("category", ["FORESTRY_SINK", "LUCF"])
@pytest.mark.parametrize("more", [{}, SINK_BASIS])
@pytest.mark.parametrize(
    ("unit", "factor", "path"),
    [
        ("tCO2e", "measured.co2e", "factor"),
        ("ha*yr", own("CO2E", "7", "tCO2e/ha/yr"), "ownFactor.gases.0.gas"),
        ("tCO2", own("CO2E", "1", "tCO2e/tCO2"), "ownFactor.gases.0.gas"),
    ],
)
async def test_co2e_is_no_sink(
    world: World, category: str, more: dict[str, Any], unit: str, factor: Any, path: str
) -> None:
    payload = await refused(world, sink("500", unit, factor, category=category) | more, "TOWN")
    assert (payload["code"], payload["path"]) == ("SINK_GAS_REFUSED", path)
    assert "账簿" in payload["message"]["zh"]
    assert "ledger" in payload["message"]["en"]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("tCO2", "measured.co2"),
        ("tCO2", own("CO2", "1", "tCO2/tCO2")),
        ("tC", own("CO2", "3.6667", "tCO2/tC")),
    ],
)
async def test_a_mass_has_its_methodology_and_evidence(
    world: World, unit: str, factor: Any
) -> None:
    payload = await refused(world, sink("12.5", unit, factor))
    assert (payload["code"], payload["path"]) == ("SINK_BASIS_REQUIRED", "sinkBasis")


@pytest.mark.parametrize("field", ["methodology", "evidence"])
async def test_a_basis_that_says_nothing(world: World, field: str) -> None:
    payload = await refused(world, sink("1", "tCO2", "measured.co2") | basis(**{field: ""}))
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", f"sinkBasis.{field}")


@pytest.mark.parametrize(
    ("given", "co2e", "kept"),
    [
        (sink("12.5", "tCO2", "measured.co2") | basis(), "12.500000", True),
        (sink("3", "tC", own("CO2", "3.6667", "tCO2/tC")) | basis(), "11.000100", True),
        (sink("12.5", "亩", "forest.carbonforest.rule"), "12.500000", False),
        (sink("2", "公顷·年", own("CO2", "7.5", "tCO2/ha/yr")), "15.000000", False),
        (sink("2", "ha", own("CO2", "60", "tCO2/ha")), "120.000000", False),
        (sink("999999", "tCO2", "measured.co2") | basis(), "999999.000000", True),
    ],
)
async def test_a_sink_and_what_it_rests_on(
    world: World, given: dict[str, Any], co2e: str, kept: bool
) -> None:
    """It keeps its basis, in the next version too."""
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, given, sinks=True)
    await world.submit(inventory, verify=False)
    second = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    rests_on = basis()["sinkBasis"] if kept else None
    for version in (inventory, second["id"]):
        nodes = (await world.operator.ask(SINKS, id=version))["node"]["sinks"]["nodes"]
        assert nodes == [{"co2e": co2e, "treatment": "IN_SCOPE", "sinkBasis": rests_on}]


@pytest.mark.parametrize(
    ("text", "word", "where"),
    [
        ("购买CCER 500吨", "购买", "retireCredits"),
        ("外购林业碳汇", "外购", "retireCredits"),
        ("采购的减排量", "采购", "retireCredits"),
        ("ＣＣＥＲ 500 t", "ccer", "retireCredits"),
        ("PHCER 2022", "phcer", "retireCredits"),
        ("碳信用", "碳信用", "retireCredits"),
        ("Purchased forest credits", "purchased", "retireCredits"),
        ("carbon offset", "offset", "retireCredits"),
        ("绿证1000张", "绿证", "electricity"),
        ("绿色电力证书", "绿色电力证书", "electricity"),
        ("GEC 1000", "gec", "electricity"),
        ("I-REC", "i-rec", "electricity"),
        ("CCUS示范", "ccus", "captures"),
        ("燃煤电厂碳捕集", "碳捕集", "captures"),
    ],
)
@pytest.mark.parametrize("field", ["label", "methodology", "evidence", "name", "source"])
async def test_a_text_that_speaks_of_something_else(
    shared_world: World, text: str, word: str, where: str, field: str
) -> None:
    given = sink("500", "tCO2", "measured.co2") | basis()
    path = field
    if field == "label":
        given["label"] = text
    elif field in given["sinkBasis"]:
        given["sinkBasis"][field], path = text, f"sinkBasis.{field}"
    else:
        given = sink("1", "ha", own("CO2", "7", "tCO2/ha", **{field: text}))
        path = f"ownFactor.{field}"
    payload = await refused(shared_world, given)
    assert (payload["code"], payload["path"], payload["word"]) == ("NOT_A_SINK", path, word)
    assert where in payload["belongs"]["en"]
    assert payload["belongs"]["zh"] in payload["message"]["zh"]


@pytest.mark.parametrize(
    "text",
    [
        "CCER-14-001-V01 造林碳汇",
        "CCER造林碳汇项目方法学",
        "Accredited surveyors",
        "recovered land",
    ],
)
async def test_a_text_that_only_sounds_so(world: World, text: str) -> None:
    inventory = await world.inventory(await world.pilot("PARK"))
    given = sink("1", "tCO2", "measured.co2", text) | basis(text, text)
    await world.record(inventory, given, sinks=True)


async def test_a_purchase_of_power_is_a_source(world: World) -> None:
    """The words are of sinks only: what is bought from outside is a source."""
    inventory = await world.inventory(await world.pilot("PARK"))
    given = sink("1", "kWh", "elec.guangdong.avg.2022", "外购电力", "PURCHASED_ELECTRICITY")
    await world.record(inventory, given)


@pytest.mark.parametrize(
    ("given", "value", "most", "unit"),
    [
        (sink("1", "ha*yr", own("CO2", "61", "tCO2/ha/yr")), "61", "60", "tCO2/ha/yr"),
        (sink("1", "ha", own("CO2", "17", "tC/ha")), "62.3333", "60", "tCO2/ha/yr"),
        (sink("1", "亩·年", own("CO2", "5", "tCO2/亩/yr")), "75", "60", "tCO2/ha/yr"),
        (sink("1000000", "tCO2", "measured.co2") | basis(), "1000000", "1000000", "tCO2"),
        (sink("1000000", "亩", "forest.carbonforest.rule"), "1000000", "1000000", "tCO2"),
    ],
)
async def test_a_sink_larger_than_forests_grow(
    world: World, given: dict[str, Any], value: str, most: str, unit: str
) -> None:
    payload = await refused(world, given)
    assert payload["code"] == "SINK_IMPLAUSIBLE"
    assert (payload["amount"], payload["bound"], payload["unit"]) == (value, most, unit)


async def test_a_source_has_no_basis_of_a_sink(world: World) -> None:
    inventory = await world.inventory(await world.pilot("TOWN"))
    given = sink("1", "tCO2", "measured.co2", category="LUCF") | basis()
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[given]
    )
    assert payload["code"] == "INVALID_INPUT"
    assert payload["path"] == ["input", "sources", "0", "sinkBasis"]
