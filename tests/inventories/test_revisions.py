"""What a revision may change, and what becomes of the lines."""

from typing import Any

import pytest

from tests.world import World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


LINES = """
    query ($id: ID!) { node(id: $id) { ... on Inventory {
        version gwpSet factorList { code version } notOccurring startsOn endsOn
        emissionSources { nodes { id label co2e warnings activity { value unit } factor { code }
            gases { gas gwp } explain { co2e } } }
        sinks { nodes { label co2e } } } } }
"""

REFUSED = """
    mutation ($input: ReviseInventoryInput!) { reviseInventory(input: $input) {
        __typename ... on UserError { code path message { zh en } }
        ... on LinesDoNotFitRevision { count lines { reason { zh en } line { id label } } } } }
"""


def line(
    label: str, category: str, factor: str | None, value: str, unit: str, **more: Any
) -> dict[str, Any]:
    return {
        "category": category,
        "label": label,
        "activity": {"value": value, "unit": unit},
        "factor": factor,
    } | more


async def read(world: World, inventory: str) -> Any:
    return (await world.operator.ask(LINES, id=inventory))["node"]


async def revise(world: World, inventory: str, **given: Any) -> Any:
    made = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=inventory, **given
    )
    return await read(world, made["id"])


async def refused(world: World, inventory: str, **given: Any) -> Any:
    given |= {"inventory": inventory, "idempotencyKey": str(given)[:100].replace(" ", "")}
    before = await world.head()
    answer = await world.operator.ask(REFUSED, input=given)
    assert await world.head() == before, "something was written"
    return answer["reviseInventory"]


async def town(world: World, *lines: dict[str, Any], **given: Any) -> str:
    """A submitted inventory of a town."""
    pilot = await world.pilot("TOWN")
    inventory = await world.inventory(pilot, **given)
    await world.record(inventory, *lines)
    await world.submit(inventory, verify=False)
    return inventory


METHANE = line("methane", "WASTE", "measured.ch4", "1", "tCH4")
DIESEL = line("diesel", "ENERGY_ACTIVITIES", "prov2025.diesel", "10", "t")
POWER = line("power", "ENERGY_ACTIVITIES", "elec.guangdong.avg.2022", "1000", "kWh")


async def test_a_revision_changes_the_potentials(world: World) -> None:
    """Every line is accounted anew; the version before stays what it was."""
    first = await town(world, METHANE, DIESEL, gwpSet="SAR")
    found = await revise(world, first, gwpSet="AR5")
    assert (found["version"], found["gwpSet"]) == (2, "AR5")
    methane, diesel = found["emissionSources"]["nodes"]
    assert methane["co2e"] == methane["explain"]["co2e"] == "28.000000"
    assert methane["gases"] == [{"gas": "CH4", "gwp": "28"}]
    before = await read(world, first)
    assert [item["co2e"] for item in before["emissionSources"]["nodes"]] == [
        "21.000000", diesel["co2e"],
    ]  # fmt: skip


async def test_a_revision_changes_the_list(world: World) -> None:
    """A factor is the new list's of the same code, or else of the same subject."""
    first = await town(world, METHANE, DIESEL, POWER)
    found = await revise(world, first, factorList="prov2011-gd-2023")
    assert found["factorList"]["code"] == "prov2011-gd-2023"
    lines = found["emissionSources"]["nodes"]
    assert [item["factor"]["code"] for item in lines] == [
        "measured.ch4", "prov2011.diesel", "elec.guangdong.avg.2023",
    ]  # fmt: skip
    assert [item["activity"]["value"] for item in lines] == ["1", "10", "1000"]
    before = (await read(world, first))["emissionSources"]["nodes"]
    assert lines[2]["co2e"] == lines[2]["explain"]["co2e"] != before[2]["co2e"]
    assert lines[2]["warnings"] == ["FACTOR_OF_ANOTHER_YEAR"]


async def test_lines_that_the_new_list_has_nothing_for(world: World) -> None:
    """They are refused by name, and left out where that is asked for."""
    gas = line("gas", "ENERGY_ACTIVITIES", "prov2025.natural_gas", "1", "万m³")
    coal = line("coal", "ENERGY_ACTIVITIES", "prov2025.coke_oven_gas", "1", "万m³")
    first = await town(world, gas, DIESEL, coal)
    payload = await refused(world, first, factorList="prov2011-gd-2022")
    assert payload["code"] == "LINES_DO_NOT_FIT_REVISION"
    assert payload["path"] == ["input", "factorList"]
    assert payload["count"] == 1
    (unfit,) = payload["lines"]
    assert unfit["line"]["label"] == "coal"
    assert "prov2025.coke_oven_gas" in unfit["reason"]["en"]
    assert "coal" in payload["message"]["zh"]
    found = await revise(
        world, first, factorList="prov2011-gd-2022", leaveOut=[unfit["line"]["id"]]
    )
    assert [item["label"] for item in found["emissionSources"]["nodes"]] == ["gas", "diesel"]


async def test_potentials_that_lack_a_gas(world: World) -> None:
    nf3 = line("nf3", "INDUSTRIAL_PROCESSES", "measured.nf3", "1", "kgNF3")
    first = await town(world, METHANE, nf3)
    payload = await refused(world, first, gwpSet="SAR")
    assert payload["code"] == "LINES_DO_NOT_FIT_REVISION"
    assert payload["path"] == ["input", "gwpSet"]
    assert [item["line"]["label"] for item in payload["lines"]] == ["nf3"]


async def test_a_factor_of_ones_own_stays(world: World) -> None:
    own = {
        "name": "实测", "source": "报告",
        "gases": [{"gas": "CH4", "parts": [{"quantity": "x", "value": "2", "unit": "kgCH4/t"}]}],
    }  # fmt: skip
    first = await town(world, line("own", "WASTE", None, "500", "t", ownFactor=own), gwpSet="SAR")
    found = await revise(world, first, gwpSet="AR6", factorList="ent-gd-2022")
    (kept,) = found["emissionSources"]["nodes"]
    assert kept["warnings"] == ["FACTOR_OWN"]
    assert kept["co2e"] == kept["explain"]["co2e"]
    assert float(kept["co2e"]) == 27.9


async def test_a_revision_changes_what_does_not_occur(world: World) -> None:
    first = await town(world, METHANE, DIESEL, notOccurring=["LUCF"])
    payload = await refused(world, first, notOccurring=["AGRICULTURE", "WASTE"])
    assert payload["code"] == "LINES_DO_NOT_FIT_REVISION"
    assert payload["path"] == ["input", "notOccurring"]
    assert [item["line"]["label"] for item in payload["lines"]] == ["methane"]
    found = await revise(
        world,
        first,
        notOccurring=["AGRICULTURE", "WASTE"],
        leaveOut=[payload["lines"][0]["line"]["id"]],
    )
    assert found["notOccurring"] == ["AGRICULTURE", "WASTE"]
    assert [item["label"] for item in found["emissionSources"]["nodes"]] == ["diesel"]


async def test_what_is_not_given_stays(world: World) -> None:
    first = await town(world, METHANE, gwpSet="SAR", notOccurring=["LUCF"])
    before, after = await read(world, first), await revise(world, first)
    for side in (before, after):
        for item in side["emissionSources"]["nodes"]:
            item.pop("id")
    assert after == before | {"version": 2}
    await world.submit(
        (await world.operator.ask(
            "query ($id: ID!) { node(id: $id) { ... on Inventory { versions { nodes { id } } } } }", id=first
        ))["node"]["versions"]["nodes"][1]["id"]
    )  # fmt: skip


async def test_a_version_may_be_empty_but_for_what_does_not_occur(world: World) -> None:
    first = await town(world, METHANE)
    lines = (await read(world, first))["emissionSources"]["nodes"]
    made = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=first, leaveOut=[lines[0]["id"]],
        notOccurring=["WASTE"],
    )  # fmt: skip
    await world.submit(made["id"])


async def test_a_revision_that_cannot_be(world: World) -> None:
    first = await town(world, METHANE)
    other = await town(world, METHANE)
    of_other = (await read(world, other))["emissionSources"]["nodes"][0]["id"]
    cases: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"factorList": "nobody"}, "INVALID_INPUT", ["factorList"]),
        ({"notOccurring": ["LIVESTOCK"]}, "INVALID_INPUT", ["notOccurring", "0"]),
        ({"leaveOut": [of_other]}, "NOT_FOUND", ["leaveOut", "0"]),
    ]
    for given, code, path in cases:
        payload = await refused(world, first, **given)
        assert (payload["code"], payload["path"]) == (code, ["input", *path])
