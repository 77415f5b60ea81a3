"""Bought electricity counts by location or by market, and shows both (GHG Protocol, Scope 2 Guidance)."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from nzc_api.accounting.line import Measurement
from nzc_api.certificates.model import GreenCertificates
from nzc_api.certificates.power import uncertified_share
from nzc_api.certificates.rules import check_part
from nzc_api.inventories.electricity_method import ElectricityMethod, counted_share
from tests.inventories.test_certificates import BY_MARKET, FIRST, LAST, bought, certificates, green
from tests.statements.test_net_emissions import line, statement
from tests.world import World, key

GRID = "elec.guangdong.avg.2022"

FIGURES = "electricity { locationBased marketBased certifiedMwh lines linesWithoutGridAverage }"
ASKED = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Inventory {{ electricityMethod {FIGURES}
    emissionSources {{ nodes {{ id co2e {FIGURES} certificates {{ first last }}
        explain {{ co2e gases {{ expression }} }} }} }} }} }} }}"""

PREVIEWED = """mutation ($input: ReviseInventoryInput!) { reviseInventory(input: $input) {
    ... on InventoryPreview { electricityMethod previewedLines { nodes { co2e } } } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


def power(mwh: str, *held: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = line("PURCHASED_ELECTRICITY", GRID, mwh, "MWh")
    return given | {"certificates": list(held)} | more


async def shown(world: World, inventory: str) -> Any:
    return (await world.operator.ask(ASKED, id=inventory))["node"]


async def drafted(world: World, *lines: dict[str, Any], **given: Any) -> tuple[Any, str]:
    pilot = await world.pilot("ENTERPRISE")
    inventory = await world.inventory(pilot, **given)
    await world.record(inventory, *lines)
    return pilot, inventory


def figures(found: Any) -> tuple[str | None, str, str]:
    said = found["electricity"]
    return said["locationBased"], said["marketBased"], said["certifiedMwh"]


@pytest.mark.parametrize(("given", "co2e"), [({}, "440.300000"), (BY_MARKET, "264.180000")])
async def test_both_are_shown_and_one_counts(
    world: World, given: dict[str, str], co2e: str
) -> None:
    """1,000 MWh × 0.4403 t/MWh = 440.3 t by location; less 400 MWh with certificates 264.18 t by market."""
    prefix = f"GEC-EL-{co2e}"
    pilot, inventory = await drafted(world, power("1000", certificates(prefix, 1, 400)), **given)
    found = await shown(world, inventory)
    both = ("440.300000", "264.180000", "400")
    [of_line] = found["emissionSources"]["nodes"]
    assert (of_line["co2e"], of_line["explain"]["co2e"]) == (co2e, co2e)
    assert figures(of_line) == figures(found) == both
    assert ("3/5" in of_line["explain"]["gases"][0]["expression"]) is bool(given)
    await world.submit(inventory)
    stated = await statement(world, pilot)
    assert stated["netCo2e"] == co2e


async def test_an_inventory_adds_up_its_lines(world: World) -> None:
    """100 MWh without certificates, 10 of 20 with them, 5 sold, and heat, which is no electricity."""
    _, inventory = await drafted(
        world,
        power("100", label="甲"),
        power("20", certificates("GEC-ADD"), label="乙"),
        line("EXPORTED_ELECTRICITY", GRID, "5", "MWh"),
        line("PURCHASED_HEAT", "heat.default", "50", "GJ"),
        **BY_MARKET,
    )
    found = await shown(world, inventory)
    # 120 × 0.4403 and 110 × 0.4403.
    assert figures(found) == ("52.836000", "48.433000", "10")
    assert found["electricity"]["lines"] == 2
    none = [of_line["electricity"] for of_line in found["emissionSources"]["nodes"][2:]]
    assert none == [None, None]


async def test_green_power_at_zero_names_no_grid(world: World) -> None:
    """So what it comes to by location is not known: not of it, and not of the inventory."""
    lines = power("100"), green(certificates("GEC-ZERO"))
    _, inventory = await drafted(world, *lines, **BY_MARKET)
    found = await shown(world, inventory)
    assert figures(found) == (None, "44.030000", "10")
    assert found["electricity"]["linesWithoutGridAverage"] == 1
    assert figures(found["emissionSources"]["nodes"][1]) == (None, "0.000000", "10")


async def test_what_is_left_of_a_grids_power_is_no_average(world: World) -> None:
    factor = "elec.national.residual.2022"
    given = power("1") | {"factor": factor}
    _, inventory = await drafted(
        world, given, factorList="prov2025-national-residual-2022", **BY_MARKET
    )
    located, marketed, _ = figures(await shown(world, inventory))
    assert located is None
    assert Decimal(marketed) > 0


async def test_by_location_green_power_is_not_at_zero(world: World) -> None:
    inventory = await world.inventory(await world.pilot("ENTERPRISE"))
    error = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[green(certificates("GEC-LOC"))]
    )
    assert error["code"] == "GREEN_POWER_NOT_BY_LOCATION"
    assert error["path"] == ["input", "sources", "0", "zeroFactorBasis", "reason"]


async def test_a_draft_may_count_by_the_other(world: World) -> None:
    """And then its lines are accounted anew; green power at zero forbids it."""
    _, inventory = await drafted(world, power("1000", certificates("GEC-TURN", 1, 400)))
    turn = ("amendInventory", "inventory { id }")
    await world.operator.made(*turn, inventory=inventory, **BY_MARKET)
    [of_line] = (await shown(world, inventory))["emissionSources"]["nodes"]
    assert of_line["co2e"] == "264.180000"
    back = {"electricityMethod": "LOCATION_BASED"}
    await world.operator.made(*turn, inventory=inventory, **back)
    [of_line] = (await shown(world, inventory))["emissionSources"]["nodes"]
    assert of_line["co2e"] == "440.300000"
    _, other = await drafted(world, green(certificates("GEC-STAY")), **BY_MARKET)
    error = await world.operator.refused("amendInventory", inventory=other, **back)
    assert error["code"] == "LINES_DO_NOT_FIT_TERMS"
    assert error["path"] == ["input", "electricityMethod"]
    await world.submit(other)
    error = await world.operator.refused("reviseInventory", inventory=other, **back)
    assert error["code"] == "LINES_DO_NOT_FIT_REVISION"
    assert error["path"] == ["input", "electricityMethod"]


async def test_a_version_keeps_the_method_and_the_certificates_or_takes_the_other(
    world: World,
) -> None:
    _, inventory = await drafted(
        world, power("1000", certificates("GEC-KEEP", 1, 400)), **BY_MARKET
    )
    await world.submit(inventory)
    for given, method, co2e in (
        ({}, "MARKET_BASED", "264.180000"),
        ({"electricityMethod": "LOCATION_BASED"}, "LOCATION_BASED", "440.300000"),
    ):
        asked = {"inventory": inventory, "dryRun": True, "idempotencyKey": key()} | given
        found = (await world.operator.ask(PREVIEWED, input=asked))["reviseInventory"]
        assert found["electricityMethod"] == method
        assert [of_line["co2e"] for of_line in found["previewedLines"]["nodes"]] == [co2e]


async def test_certificates_of_a_line_are_amended_and_serve_once(world: World) -> None:
    _, inventory = await drafted(world, power("20", certificates("GEC-ONCE")), **BY_MARKET)
    sources = [power("20", certificates("gec_once", 10, 12), label="又")]
    error = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=sources
    )
    assert error["code"] == "CERTIFICATES_USED"
    assert error["path"] == ["input", "sources", "0", "certificates", "0", "first"]
    [of_line] = (await shown(world, inventory))["emissionSources"]["nodes"]
    amend = ("amendInventoryLine", "inventory { id }")
    for held, co2e in (([certificates("GEC-ONCE", 1, 20)], "0.000000"), ([], "8.806000")):
        await world.operator.made(*amend, line=of_line["id"], certificates=held)
        [found] = (await shown(world, inventory))["emissionSources"]["nodes"]
        assert found["co2e"] == co2e


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a MWh more than there is": (
        power("9", certificates("GEC-MORE")), "CERTIFICATES_EXCEED_POWER", "certificates",
    ),
    "of another year": (
        power("10", certificates("GEC-DAYS", producedFrom="2021-12-31")),
        "CERTIFICATES_OUTSIDE_PERIOD", "certificates.0.producedFrom",
    ),
    "of power that is sold": (
        power("10", certificates("GEC-SOLD"), category="EXPORTED_ELECTRICITY"), "INVALID_INPUT", "certificates",
    ),
    "of heat": (
        line("PURCHASED_HEAT", "heat.default", "50", "GJ") | {"certificates": [certificates("GEC-HEAT")]},
        "INVALID_INPUT", "certificates",
    ),
    "beside those of green power at zero": (
        green(certificates("GEC-TWO"), certificates=[certificates("GEC-TOO")]), "INVALID_INPUT", "certificates",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused(world: World, what: str) -> None:
    given, code, path = REFUSED[what]
    inventory = await world.inventory(await world.pilot("ENTERPRISE"), **BY_MARKET)
    error = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[given]
    )
    assert (error["code"], ".".join(error["path"])) == (code, f"input.sources.0.{path}")
    assert error["message"]["zh"]
    assert error["message"]["en"]


def held(*mwh: int) -> list[GreenCertificates]:
    return [bought(1, count, prefix=f"GEC-{place}") for place, count in enumerate(mwh)]


def test_the_last_certificate_may_be_of_more_than_is_left() -> None:
    given = held(5, 5)
    assert check_part(given, FIRST, LAST, Fraction("9.001")) is None
    refused = check_part(given, FIRST, LAST, Fraction(9))
    assert refused is not None
    assert refused.code == "CERTIFICATES_EXCEED_POWER"
    assert uncertified_share(Measurement(Decimal("9.001"), "MWh"), given) == 0


@pytest.mark.parametrize("seed", range(50))
def test_the_two_methods_differ_by_what_is_certified(seed: int) -> None:
    """In whichever unit: by location all of it counts, by market less the MWh of the certificates, exactly."""
    random = Random(seed)
    given = held(*(random.randrange(1, 9) for _ in range(random.randrange(4))))
    kwh = random.randrange(40_000, 90_000)
    activity = Measurement(Decimal(kwh), "kWh")
    located, marketed = (
        counted_share(method, activity, given)
        for method in (ElectricityMethod.LOCATION_BASED, ElectricityMethod.MARKET_BASED)
    )
    assert located == 1
    assert (located - marketed) * kwh == 1000 * sum(item.mwh for item in given)
    by_heat = Measurement(Decimal(kwh) * Decimal("3.6"), "MJ")
    assert counted_share(ElectricityMethod.MARKET_BASED, by_heat, given) == marketed
