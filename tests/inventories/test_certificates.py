"""Power bought through the grid as renewable is at zero by its green certificates, which serve one inventory once; and
of the same power no reductions are issued, whichever comes first."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from time import process_time
from typing import Any

import pytest

from nzc_api.certificates.model import GreenCertificates
from nzc_api.certificates.rules import MOST_CERTIFICATES, check_certificates, first_repeated
from nzc_api.certificates.splits import first_split
from tests.world import World, key, of_year

GROUNDS = {"document": "D-1", "reason": "typed wrongly"}

LINES = """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { id co2e
    zeroFactorBasis { reason certificates { prefix first last mwh producedFrom producedTo plant } } } } } } }"""

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)


def bought(first: int = 1, last: int = 10, **given: Any) -> GreenCertificates:
    facts: dict[str, Any] = {
        "prefix": "GEC-44-2022", "first": first, "last": last, "mwh": Decimal(last - first + 1),
        "produced_from": FIRST, "produced_to": LAST, "plant": "PV-1",
    } | given  # fmt: skip
    return GreenCertificates(**facts)


REFUSED: dict[str, tuple[list[GreenCertificates], str, str]] = {
    "none": ([], "CERTIFICATES_REQUIRED", "certificates"),
    "too few": ([bought(1, 9)], "CERTIFICATES_REQUIRED", "certificates"),
    "a number below zero": ([bought(-1, 9)], "INVALID_INPUT", "certificates.0.last"),
    "numbers the wrong way about": ([bought(10, 1)], "INVALID_INPUT", "certificates.0.last"),
    "other MWh than numbers": ([bought(mwh=Decimal("10.5"))], "INVALID_INPUT", "certificates.0.mwh"),
    "days the wrong way about": (
        [bought(produced_from=LAST, produced_to=FIRST)], "INVALID_INPUT", "certificates.0.produced_to",
    ),
    "a day before": (
        [bought(produced_from=date(2021, 12, 31))], "CERTIFICATES_OUTSIDE_PERIOD", "certificates.0.produced_from",
    ),
    "a day after": (
        [bought(produced_to=date(2023, 1, 1))], "CERTIFICATES_OUTSIDE_PERIOD", "certificates.0.produced_from",
    ),
    "one twice": ([bought(), bought(10, 20)], "CERTIFICATES_USED", "certificates.1.first"),
    "one twice, written otherwise": (
        [bought(), bought(10, 20, prefix="gec_44/2022")], "CERTIFICATES_USED", "certificates.1.first",
    ),
    "a prefix that is none": ([bought(prefix="绿 证")], "INVALID_INPUT", "certificates.0.prefix"),
    "no plant": ([bought(plant="")], "INVALID_INPUT", "certificates.0.plant"),
    "too many": ([bought(n, n) for n in range(MOST_CERTIFICATES + 1)], "INVALID_INPUT", "certificates"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(what: str) -> None:
    given, code, path = REFUSED[what]
    refused = check_certificates(given, FIRST, LAST, Fraction(10))
    assert refused is not None
    assert (refused.code, ".".join(refused.path)) == (code, path)
    assert refused.message.zh
    assert refused.message.en


@pytest.mark.parametrize(
    "given",
    [
        [bought()],
        [bought(1, 4), bought(5, 10)],
        [bought(1, 4), bought(1, 6, prefix="GEC-44-2021")],
        [bought(1, 12)],
    ],
)
def test_what_is_enough(given: list[GreenCertificates]) -> None:
    assert check_certificates(given, FIRST, LAST, Fraction(10)) is None
    assert check_certificates(given, FIRST, LAST, None) is None


@pytest.mark.parametrize("seed", range(50))
def test_the_first_that_is_repeated(seed: int) -> None:
    random = Random(seed)
    items = []
    for _ in range(30):
        first = random.randrange(1000)
        prefix = random.choice(("GEC", "gec", "GEC-2"))
        items.append(bought(first, first + random.randrange(40), prefix=prefix))
    shared = (
        (place, other)
        for place, item in enumerate(items)
        for other in range(place)
        if item.shares_a_number_with(items[other])
    )
    assert first_repeated(items) == next(shared, None)


# A certificate as two may write it, the one with more of its digits in the prefix, or as two are.
SPLITS: dict[str, tuple[tuple[str, int, int], tuple[str, int, int], bool]] = {
    "a year in the number": (("GEC-2024", 1001, 1010), ("GEC", 20241005, 20241005), True),
    "without zeros before it": (("GEC2024", 7, 12), ("GEC", 20249, 20249), True),
    "zeros in the prefix": (("GEC-2024", 1, 10), ("GEC-2024-00", 10, 20), True),
    "a zero more": (("GEC20240", 1, 10), ("GEC2024", 5, 5), True),
    "a code of 32 digits": (
        ("12345678901234567202401", 12, 15), ("12345678901234567", 2024010000012, 2024010000012), True,
    ),
    "the number after": (("GEC2024", 1001, 1010), ("GEC", 20241011, 20241020), False),
    "another year": (("GEC2024", 1, 10), ("GEC2025", 1, 10), False),
    "another letter": (("GEC2024A", 1, 10), ("GEC2024", 1, 10), False),
    "another number": (("GEC2024", 1, 10), ("GEC", 1, 10), False),
}  # fmt: skip


@pytest.mark.parametrize("what", SPLITS)
def test_the_same_with_another_part_of_it_in_the_prefix(what: str) -> None:
    one, other, same = SPLITS[what]
    pair = [bought(first, last, prefix=prefix) for prefix, first, last in (one, other)]
    assert (first_split(pair) is not None) is same
    assert (first_split(pair[::-1]) is not None) is same
    elsewhere = [pair[0], replace(pair[1], plant="PV-2")]
    then = [replace(pair[0], produced_to=FIRST), replace(pair[1], produced_from=LAST)]
    assert first_split(elsewhere) is first_split(then) is None


def test_of_many_certificates_each_is_looked_at_beside_few() -> None:
    """As many as a request has values for: comparing each with each took half a minute, with the head locked."""
    items = [bought(n * 10, n * 10 + 9, prefix=f"GEC-{n % 7}") for n in range(12_000)]
    began = process_time()
    assert first_repeated(items) is None
    assert first_repeated([*items, items[0]]) == (len(items), 0)
    assert first_split(items) is None
    assert process_time() - began < 5


def certificates(prefix: str, first: int = 1, last: int = 10, **given: str) -> dict[str, Any]:
    return {
        "prefix": prefix, "first": str(first), "last": str(last), "mwh": str(last - first + 1),
        "producedFrom": "2022-01-01", "producedTo": "2022-12-31", "plant": "PV-1",
    } | given  # fmt: skip


def green(*given: dict[str, Any], mwh: str = "10", **more: Any) -> dict[str, Any]:
    parts = [{"quantity": "系数", "value": "0", "unit": "kgCO2/kWh"}]
    return {
        "category": "PURCHASED_ELECTRICITY", "label": "绿电", "activity": {"value": mwh, "unit": "MWh"},
        "ownFactor": {"name": "绿电", "source": "合同", "gases": [{"gas": "CO2", "parts": parts}]},
        "zeroFactorBasis": {
            "reason": "GREEN_POWER_CONTRACT", "evidence": "绿电合同2022", "certificates": list(given),
        },
    } | more  # fmt: skip


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


BY_MARKET: dict[str, Any] = {"electricityMethod": "MARKET_BASED"}


async def draft(world: World) -> str:
    return await world.inventory(await world.pilot("ENTERPRISE"), **BY_MARKET)


async def refused(world: World, inventory: str, *lines: dict[str, Any]) -> tuple[str, str]:
    error = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=list(lines)
    )
    return error["code"], ".".join(error["path"])


async def lines_of(world: World, inventory: str) -> Any:
    return (await world.operator.ask(LINES, id=inventory))["node"]["emissionSources"]["nodes"]


async def test_green_power_is_zero_by_its_certificates(world: World) -> None:
    inventory = await draft(world)
    none = green(mwh="10")
    path = "input.sources.0.zeroFactorBasis.certificates"
    assert await refused(world, inventory, none) == ("CERTIFICATES_REQUIRED", path)
    enough = certificates("GEC-A")
    assert await refused(world, inventory, green(enough, mwh="10.001")) == (
        "CERTIFICATES_REQUIRED", path,
    )  # fmt: skip
    await world.record(inventory, green(enough))
    [line] = await lines_of(world, inventory)
    assert line["co2e"] == "0.000000"
    assert line["zeroFactorBasis"] == {
        "reason": "GREEN_POWER_CONTRACT", "certificates": [enough],
    }  # fmt: skip


async def test_other_reasons_have_none(world: World) -> None:
    given = green(certificates("GEC-B"))
    given["zeroFactorBasis"]["reason"] = "RENEWABLE_POWER_SUPPLY"
    code, path = await refused(world, await draft(world), given)
    assert (code, path) == ("INVALID_INPUT", "input.sources.0.zeroFactorBasis.certificates")


async def test_a_certificate_serves_one_inventory_once(world: World) -> None:
    """Of whichever pilot, in one request or in several, and however it is written."""
    first, second = await draft(world), await draft(world)
    await world.record(first, green(certificates("GEC-C")))
    used = "input.sources.0.zeroFactorBasis.certificates.0.first"
    for inventory in (first, second):
        for spelling in ("GEC-C", "gec_c"):
            given = green(certificates(spelling, 10, 19))
            assert await refused(world, inventory, given) == ("CERTIFICATES_USED", used)
    both = [green(certificates("GEC-D")), green(certificates("GEC-D", 10, 19), label="又")]
    code, path = await refused(world, second, *both)
    assert (code, path) == ("CERTIFICATES_USED", used.replace("sources.0", "sources.1"))
    await world.record(second, green(certificates("GEC-C", 11, 20)))


@pytest.mark.parametrize("what", SPLITS)
async def test_it_is_the_same_to_the_database(world: World, what: str) -> None:
    """In another inventory, in another request for the same, and in one request; whichever is first."""
    one, other, same = SPLITS[what]
    for number, pair in enumerate(((one, other), (other, one))):
        plant = f"PV-{what}-{number}".replace(" ", "-")
        first, again = (
            green(
                certificates(*numbers, plant=plant),
                mwh=str(numbers[2] - numbers[1] + 1),
                label=f"{numbers}",
            )
            for numbers in pair
        )
        inventory, elsewhere = await draft(world), await draft(world)
        if same:
            assert (await refused(world, inventory, first, again))[0] == "CERTIFICATES_USED"
        await world.record(inventory, first)
        for second in (inventory, elsewhere) if same else ():
            assert (await refused(world, second, again))[0] == "CERTIFICATES_USED"
        if not same:
            await world.record(elsewhere, again)
            await world.operator.made("discardInventory", "inventory { id }", inventory=elsewhere)
        await world.operator.made("discardInventory", "inventory { id }", inventory=inventory)


async def test_an_inventory_is_created_with_them(world: World) -> None:
    pilot = await world.pilot("ENTERPRISE")
    given = {
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022], "phase": "OPERATION",
        "factorList": "prov2025-gd-2022", "sources": [green(certificates("GEC-E"))],
    } | BY_MARKET  # fmt: skip
    made = await world.operator.made("createInventory", "inventory { id }", **given)
    assert len(await lines_of(world, made["id"])) == 1
    for more in ({}, {"dryRun": True}):
        error = await world.operator.refused("createInventory", **given, **more)
        assert error["code"] == "CERTIFICATES_USED"
        assert error["path"][:3] == ["input", "sources", "0"]


async def test_what_is_taken_out_or_given_up_is_free_again(world: World) -> None:
    inventory, other = await draft(world), await draft(world)
    await world.record(inventory, green(certificates("GEC-F")))
    [line] = await lines_of(world, inventory)
    await world.operator.made("removeInventoryLine", "inventory { id }", line=line["id"])
    await world.record(other, green(certificates("GEC-F")))
    await world.operator.made("discardInventory", "inventory { id }", inventory=other)
    await world.record(inventory, green(certificates("GEC-F")))


async def test_a_line_is_amended(world: World) -> None:
    inventory, other = await draft(world), await draft(world)
    await world.record(inventory, green(certificates("GEC-G")))
    await world.record(other, green(certificates("GEC-H")))
    [line] = await lines_of(world, inventory)
    basis = green(certificates("GEC-H"))["zeroFactorBasis"]
    error = await world.operator.refused(
        "amendInventoryLine", line=line["id"], zeroFactorBasis=basis
    )
    assert (error["code"], error["path"][:2]) == ("CERTIFICATES_USED", ["input", "zeroFactorBasis"])
    basis = green(certificates("GEC-G", 1, 12))["zeroFactorBasis"]
    amended = {"line": line["id"], "zeroFactorBasis": basis}
    await world.operator.made("amendInventoryLine", "inventory { id }", **amended)
    [line] = await lines_of(world, inventory)
    assert line["zeroFactorBasis"]["certificates"] == [certificates("GEC-G", 1, 12)]
    error = await world.operator.refused(
        "amendInventoryLine", line=line["id"], activity={"value": "13", "unit": "MWh"}
    )
    assert error["code"] == "CERTIFICATES_REQUIRED"


async def test_later_versions_keep_them(world: World) -> None:
    """And what an earlier one had, no other inventory gets, though a later one has it no more."""
    inventory, other = await draft(world), await draft(world)
    await world.record(inventory, green(certificates("GEC-I")))
    await world.submit(inventory)
    revise = ("reviseInventory", "inventory { id }")
    revised = await world.operator.made(*revise, inventory=inventory)
    [line] = await lines_of(world, revised["id"])
    assert line["zeroFactorBasis"]["certificates"] == [certificates("GEC-I")]
    await world.operator.made("discardInventory", "inventory { id }", inventory=revised["id"])
    revised = await world.operator.made(*revise, inventory=inventory)
    [line] = await lines_of(world, revised["id"])
    await world.operator.made("removeInventoryLine", "inventory { id }", line=line["id"])
    assert (await refused(world, other, green(certificates("GEC-I"))))[0] == "CERTIFICATES_USED"


async def test_days_that_a_draft_covers_no_more(world: World) -> None:
    inventory = await draft(world)
    await world.record(inventory, green(certificates("GEC-J")))
    covers = {"startsOn": "2022-01-01", "endsOn": "2022-06-30"}
    for more in ({}, {"factorList": "prov2025-gd-2023"}):
        changes = {"covers": covers} | more
        error = await world.operator.refused("amendInventory", inventory=inventory, **changes)
        assert (error["code"], error["path"]) == ("LINES_DO_NOT_FIT_TERMS", ["input", "covers"])
        assert "GEC-J" in error["message"]["en"]


async def plant(world: World, code: str) -> str:
    """A project of power at a plant."""
    return await world.project(forestry=False, siteCode=code)


async def test_power_that_is_credited_is_not_certified(world: World) -> None:
    project = await plant(world, "PV-K")
    batch = await world.issue(project, "GD-K", 1, 10)
    inventory = await draft(world)
    path = "input.sources.0.zeroFactorBasis.certificates.0.plant"
    taken = green(certificates("GEC-K", plant="pv_K"))
    assert await refused(world, inventory, taken) == ("POWER_CREDITED", path)
    await world.record(inventory, green(certificates("GEC-K", plant="PV-L")))
    await world.registry.made("correctPosting", "posting { id }", posting=batch, **GROUNDS)
    await world.record(inventory, green(certificates("GEC-K", 11, 20, plant="PV-K"), label="又"))


async def test_order_does_not_matter(world: World) -> None:
    """A draft holds nothing back: what was issued meanwhile refuses it as it is handed in."""
    project, inventory = await plant(world, "PV-M"), await draft(world)
    await world.record(inventory, green(certificates("GEC-M", plant="PV-M")))
    await world.issue(project, "GD-M", 1, 10)
    for given in ({}, {"dryRun": True}):
        error = await world.operator.refused("submitInventory", inventory=inventory, **given)
        assert (error["code"], error["path"]) == ("POWER_CREDITED", ["input", "inventory"])
        assert "CCER" in error["message"]["en"]


async def test_power_that_is_certified_is_not_credited(world: World) -> None:
    project, inventory = await plant(world, "PV-N"), await draft(world)
    await world.record(inventory, green(certificates("GEC-N", plant="PV-N")))
    await world.submit(inventory, verify=False)
    error = await issued(world, project, "GD-N")
    assert (error["code"], error["path"]) == ("POWER_CREDITED", ["input", "project"])
    await world.issue(project, "GD-N", 1, 10, production=of_year(2021))
    other = await plant(world, "PV-O")
    await world.issue(other, "GD-O", 1, 10)


async def issued(world: World, project: str, prefix: str) -> Any:
    """What refuses to issue a block of 2022."""
    given = {
        "project": project, "programme": "CCER", "quantity": "10", "production": of_year(2022),
        "serials": {"range": {"prefix": prefix, "first": "1", "last": "10"}},
        "reductionsRegisteredOn": "2024-01-15", "holder": world.holder.organisation, "idempotencyKey": key(),
    }  # fmt: skip
    return await world.registry.refused("issueCredits", **given)
