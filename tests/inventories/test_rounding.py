"""Lines of before CO2e was rounded once: they read as they did, and say by which rule."""

import runpy
from pathlib import Path
from typing import Any

from tests.conftest import TestDatabase, unguarded
from tests.world import World

MIGRATION = Path(__file__).parents[2] / "migrations" / "versions" / "0009_rounding.py"

# The tables as the release before had them, with what it made of the two lines: masses to a gram, then × 23,500
# and × 28.
AS_BEFORE = """
    ALTER TABLE inventory_line DROP COLUMN rounding;
    ALTER TABLE line_gas DROP CONSTRAINT line_gas_amount_check, DROP CONSTRAINT line_gas_co2e_check;
    UPDATE line_gas SET tonnes = round(tonnes, 6), co2e = round(tonnes, 6) * gwp;
    ALTER TABLE line_gas
        ADD CONSTRAINT line_gas_grams_check CHECK (tonnes BETWEEN 0 AND 1e12 AND scale(tonnes) <= 6),
        ADD CONSTRAINT line_gas_co2e_check
            CHECK (gwp >= 0 AND gwp < 'Infinity' AND co2e = tonnes * gwp);
"""

LINES = """
    query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes {
        rounding co2e gases { tonnes co2e } explain { co2e gases { tonnes expression } } } } } } }
"""


async def lines(world: World, inventory: str) -> list[dict[str, Any]]:
    data = await world.operator.ask(LINES, id=inventory)
    found: list[dict[str, Any]] = data["node"]["emissionSources"]["nodes"]
    return found


async def test_lines_of_the_release_before_keep_their_figures(
    world: World, database: TestDatabase
) -> None:
    inventory = await world.inventory(await world.pilot("PARK"))
    gas, water = (
        {"category": "INDUSTRIAL_PROCESSES", "label": "SF6", "factor": "measured.sf6",
         "activity": {"value": "0.4", "unit": "gSF6"}},
        {"category": "WASTE", "label": "污水", "factor": "waste.ww.dom.aerobic",
         "activity": {"value": "1", "unit": "m3"}, "density": {"value": "50", "unit": "mgBOD/L"}},
    )  # fmt: skip
    await world.record(inventory, gas, water)
    now = [("CO2E", "0.009400", "0.0000004"), ("CO2E", "0.000042", "0.0000015")]
    assert [
        (line["rounding"], line["co2e"], line["gases"][0]["tonnes"])
        for line in await lines(world, inventory)
    ] == now
    await world.submit(inventory, verify=False)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(AS_BEFORE)
        for statement in runpy.run_path(str(MIGRATION))["STATEMENTS"]:
            await connection.execute(statement)

    kept = await lines(world, inventory)
    assert [(line["rounding"], line["co2e"]) for line in kept] == [
        ("MASS", "0.000000"),
        ("MASS", "0.000056"),
    ]
    for line in kept:
        [told] = line["explain"]["gases"]
        assert (line["explain"]["co2e"], told["tonnes"]) == (
            line["co2e"],
            line["gases"][0]["tonnes"],
        )
    assert kept[1]["explain"]["gases"][0]["expression"].endswith(
        "t CH4 → 0.000002 t CH4 × 28 = 0.000056 t CO2e"
    )
    revision = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    assert await lines(world, revision["id"]) == kept, "what is carried over stands as it is"
    await world.submit(revision["id"], verify=False)
    anew = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=revision["id"], gwpSet="AR6"
    )
    reckoned = await lines(world, anew["id"])
    assert [line["rounding"] for line in reckoned] == ["CO2E", "CO2E"]
