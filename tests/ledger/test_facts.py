"""What a flag or a text alone cannot say: what is forestry, when it grew, whose sink is given back, what a
registry's number names, which prefixes are one; and what is warned of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.ledger.methodologies import SERIES, MethodologySeries, is_of_sink
from nzc_api.ledger.programmes import PROGRAMMES, ProgrammeUsage
from nzc_api.log.tables import REFERENCE_KEY
from nzc_api.numbers import NUMBER_KEY, number_key
from tests.conftest import TestDatabase
from tests.database.test_migrations import rows
from tests.world import SINK_BASIS, World, key, of_year

GROUNDS = {"document": "粤环函〔2025〕1号", "reason": "登记有误"}


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


SINKS = """query ($id: ID!, $period: ID!) { pilot(by: {id: $id}) {
    netEmissions(period: {id: $period}) { sinks { measuredCo2e soldCo2e co2e
        issued { nodes { quantity } } } } } }"""


@pytest.mark.parametrize(
    ("text", "of_sink"),
    [
        ("CCER-14-001-V01", True),
        ("CCER—14—002—V01", True),
        ("ｃｃｅｒ 14 003 v01（滨海盐沼植被修复）", True),
        ("CCER-14-001-V01 造林碳汇；林场光伏", True),
        ("AR-CM-003-V01", True),
        ("AR-ACM0003", True),
        ("广东省林业碳普惠方法学", True),
        ("广东省红树林碳普惠方法学（2023年版）", True),
        ("Sustainable grassland management", True),
        ("Afforestation and reforestation of degraded land", True),
        ("海草床植被修复", True),
        ("CCER-01-002-V01", False),
        ("CCER-01-002-V01 并网海上风力发电（红树林保护区外）", False),
        ("CM-001-V02", False),
        ("广东省安装分布式光伏发电系统碳普惠方法学", False),
        ("Power of forest residues", False),
        ("林业剩余物发电", False),
        *(
            (f"CCER{text}", True)
            for text in (
                "·14·001",
                ":14:001",
                "第14-001号",
                "-14-1-V01",
                "（14）001",
                ",14,001",
                "14001",
                "-14001-V01",
                "-014-001-V01",
                " 14 / 001",
            )
        ),
        *(
            (text, True)
            for text in (
                "AR-CM 方法学",
                "AR·CM·001",
                "CCER-01-002 (before: CCER-14-001)",
                "VM0047 ARR",
                "Tree planting",
                "植树",
                "森林增长",
                "林业",
                "Forest growth",
                "Blue-carbon",
                "灌木林地恢复",
                "退化林修复",
            )
        ),
        ("光伏方法学（CCER 14 期）", False),
        ("CCER 14-光伏", False),
        ("CCER01002", False),
        ("CCER-2014-001", None),
        ("湿地公园光伏", None),
        ("某方法学", None),
    ],
)
def test_what_methodologies_are_of(text: str, of_sink: bool | None) -> None:
    assert is_of_sink(text) is of_sink


def test_no_setting_is_without_a_source() -> None:
    usages = [usage for p in PROGRAMMES.values() for usage in p.usages]
    said: list[MethodologySeries | ProgrammeUsage] = [*SERIES, *usages]
    assert all(item.source.zh and item.source.en for item in said)
    # None was read in an official text yet, and each says so.
    assert not any(item.confirmed for item in said)


async def project(world: World, *, forestry: bool, **given: Any) -> str:
    made = await world.registry.made(
        "registerProject", "project { id }", code=f"F-{key()[:8].upper()}", site="Somewhere",
        **{"name": {"zh": "项目", "en": "Project"}, "forestry": forestry} | given,
    )  # fmt: skip
    return str(made["id"])


def enrolment(project_id: str, methodology: str | None) -> dict[str, Any]:
    return {
        "project": project_id, "programme": "CCER", "rule": "CCER_2023", "number": f"N-{key()[:8]}",
        "registeredOn": "2023-11-01", "methodology": methodology,
    }  # fmt: skip


ENROLLED = "project { enrolments { methodology } }"


async def test_the_guard_knows_no_sink_that_the_rule_does_not(database: TestDatabase) -> None:
    """Else it would refuse as a fault of ours what nobody was told of."""
    random = Random(7)
    texts = ["CCER-14-001", "CCER—14—002—V01", "AR-CM-003-V01"]
    parts = [
        "CCER",
        "ccer",
        "ＣＣＥＲ",
        "14",
        "014",
        "01",
        "001",
        "002",
        "AR",
        "CM",
        "-",
        "-",
        "-",
        "—",
        "－",
        "_",
        "·",
        "/",
        "(",
        "）",
        "第",
        "光伏",
        "²",
        "̌",
        "̸",
        "A",
        "V01",
    ]
    texts += ["".join(random.choices([*parts, " "], k=random.randint(3, 9))) for _ in range(20_000)]
    [said] = await rows(
        database.owner_url,
        "SELECT pg_get_expr(conbin, conrelid) AS sql FROM pg_constraint WHERE conname = 'enrolment_sink_check'",
    )
    refused = await rows(
        database.owner_url,
        "SELECT methodology FROM (SELECT unnest($1::text[]), false) AS e (methodology, sink) "
        f"WHERE NOT {said['sql']}",
        texts,
    )
    assert len(refused) >= 3
    assert [
        text for text in (row["methodology"] for row in refused) if is_of_sink(text) is not True
    ] == []


@pytest.mark.parametrize(
    ("forestry", "name", "methodology", "said"),
    [
        (False, "某项目", "CCER-14-001-V01", "CCER-14-001-V01"),
        (False, "某项目", "CCER—14—004—V01", "CCER—14—004—V01"),
        (False, "某项目", "AR-CM-001-V01", "AR-CM-001-V01"),
        (False, "某项目", "CCER第14-001号", "CCER第14-001号"),
        (True, "某项目", "光伏方法学（CCER 14 期）", "光伏方法学（CCER 14 期）"),
        (False, "某项目", "广东省林业碳普惠方法学", "广东省林业碳普惠方法学"),
        (False, "粤北造林碳汇", "某方法学", "粤北造林碳汇"),
        (True, "某项目", "CCER-01-002-V01", "CCER-01-002-V01"),
    ],
)
async def test_forestry_follows_from_the_methodology(
    world: World, forestry: bool, name: str, methodology: str, said: str
) -> None:
    made = await project(world, forestry=forestry, name={"zh": name, "en": "Some project"})
    refused = await world.registry.refused("enrolProject", **enrolment(made, methodology))
    assert (refused["code"], refused["path"]) == ("FORESTRY_MISLABELLED", ["input", "methodology"])
    assert f"“{said}”" in refused["message"]["zh"]
    assert f"forestry: {str(not forestry).lower()}" in refused["message"]["en"]
    # Nothing of it is there: registered as what it is, it has its registration.
    right = await project(world, forestry=not forestry, name={"zh": name, "en": "Some project"})
    enrolled = await world.registry.made("enrolProject", ENROLLED, **enrolment(right, methodology))
    assert enrolled["enrolments"] == [{"methodology": methodology}]


async def test_names_do_not_speak_against_a_methodology(world: World) -> None:
    """Solar power on a forest farm is none, and says so by its methodology."""
    named = {"zh": "造林碳汇林场光伏", "en": "Solar power on a reforestation farm"}
    solar = await project(world, forestry=False, name=named)
    await world.registry.made("enrolProject", ENROLLED, **enrolment(solar, "CCER-01-001-V01"))


async def test_inside_a_pilot_what_is_no_forestry_says_by_which_methodology(world: World) -> None:
    park = await world.pilot("PARK")
    inside = await project(world, forestry=False, pilot=park["id"])
    refused = await world.registry.refused("enrolProject", **enrolment(inside, None))
    assert (refused["code"], refused["path"]) == ("METHODOLOGY_REQUIRED", ["input", "methodology"])
    for nothing in ("-", "无", "n/a", "测试"):
        refused = await world.registry.refused("enrolProject", **enrolment(inside, nothing))
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "methodology"])
    await world.registry.made("enrolProject", ENROLLED, **enrolment(inside, "某方法学"))
    # Elsewhere, and of what is forestry anyhow, it need not be said.
    for given in ({"forestry": False}, {"forestry": True, "pilot": park["id"]}):
        made = await project(world, **given)
        enrolled = await world.registry.made("enrolProject", ENROLLED, **enrolment(made, None))
        assert enrolled["enrolments"] == [{"methodology": None}]


def issue(world: World, project: str, /, prefix: str, tonnes: int, **given: Any) -> dict[str, Any]:
    return {
        "project": project, "programme": "CCER", "serials": {"text": f"{prefix}-1 to {tonnes}"},
        "quantity": str(tonnes), "reductionsRegisteredOn": "2024-01-15",
        "holder": world.holder.organisation,
    } | given  # fmt: skip


async def test_forestry_is_sold_by_the_days_of_its_monitoring_period(world: World) -> None:
    """Three years of growth in one batch: each year's sink is sold, not the last one's alone."""
    pilot = await world.pilot("TOWN", 2021, 2022, 2023)
    for year in (2021, 2022, 2023):
        inventory = await world.inventory(pilot, year)
        grown = {
            "category": "FORESTRY_SINK", "label": "林", "factor": "measured.co2",
            "activity": {"value": "500", "unit": "tCO2"},
        } | SINK_BASIS  # fmt: skip
        await world.record(inventory, grown, sinks=True)
        await world.submit(inventory)
    wood = await world.project(forestry=True, pilot=pilot["id"])
    given = issue(world, wood, "GD-GROWN", 1095)
    refused = await world.registry.refused("issueCredits", **given, production={"vintage": 2023})
    assert refused["code"] == "MONITORING_PERIOD_REQUIRED"
    assert refused["path"] == ["input", "production", "vintage"]
    period = {"monitoringPeriod": {"startsOn": "2021-01-01", "endsOn": "2023-12-31"}}
    wanted = "batch { productionBasis productionDocument producedFrom producedTo }"
    # The same key: what is malformed is not kept.
    batch = await world.registry.made("issueCredits", wanted, **given, production=period)
    assert batch == {
        "productionBasis": "MONITORING_PERIOD", "productionDocument": None,
        "producedFrom": "2021-01-01", "producedTo": "2023-12-31",
    }  # fmt: skip
    for year in (2021, 2022, 2023):
        answer = await world.auditor.ask(SINKS, id=pilot["id"], period=pilot["periods"][year])
        sinks = answer["pilot"]["netEmissions"]["sinks"]
        assert sinks["issued"]["nodes"] == [{"quantity": "365"}]
        assert [Decimal(sinks[name]) for name in ("soldCo2e", "co2e")] == [365, 135]


async def test_an_authority_may_state_that_there_is_no_monitoring_period(world: World) -> None:
    wood = await world.project(forestry=True)
    wanted = "batch { productionBasis productionDocument producedFrom producedTo vintage }"
    for nothing in ("", "无"):
        production = {"vintageByAuthority": {"vintage": 2022, "document": nothing}}
        refused = await world.registry.refused(
            "issueCredits", **issue(world, wood, "GD-AUTH", 10), production=production
        )
        assert refused["path"] == ["input", "production", "vintageByAuthority", "document"]
    production = {"vintageByAuthority": {"vintage": 2022, "document": "粤环函〔2024〕12号"}}
    batch = await world.registry.made(
        "issueCredits", wanted, **issue(world, wood, "GD-AUTH", 10), production=production
    )
    assert batch == {
        "productionBasis": "AUTHORITY", "productionDocument": "粤环函〔2024〕12号",
        "producedFrom": "2022-01-01", "producedTo": "2022-12-31", "vintage": 2022,
    }  # fmt: skip
    # What is no forestry may be of a year.
    batch = await world.registry.made(
        "issueCredits", wanted, **issue(world, await world.project(), "GD-YEAR", 10),
        production={"vintage": 2022},
    )  # fmt: skip
    assert batch["productionBasis"] == "VINTAGE"


async def test_a_sink_is_given_back_to_the_pilot_that_it_lies_in(world: World) -> None:
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    wood = await world.project(forestry=True, pilot=park["id"])
    await world.issue(wood, "GD-OWN", 1, 100)
    other = await world.pilot("PARK")
    below = await world.pilot(surroundingPilot=park["id"])

    def use(pilot: dict[str, Any] | None, year: int = 2022, **given: Any) -> dict[str, Any]:
        whose = {} if pilot is None else {
            "pilot": pilot["id"], "accountingPeriod": pilot["periods"][year]
        }  # fmt: skip
        return {
            "programme": "CCER", "serials": {"text": "GD-OWN-1 to 10"}, "purpose": "OWN_SINK",
            "usedOn": "2024-07-01",
        } | whose | given  # fmt: skip

    for given, code, path in (
        (use(None), "INVALID_INPUT", "pilot"),
        (use(None, beneficiary="某马拉松"), "INVALID_INPUT", "beneficiary"),
        (use(park, beneficiary="某马拉松"), "INVALID_INPUT", "beneficiary"),
        (use(park, accountingPeriod=None), "INVALID_INPUT", "accountingPeriod"),
        (use(park, purpose="EVENT", beneficiary="某马拉松"), "INVALID_INPUT", "pilot"),
        (use(None, purpose="EVENT"), "INVALID_INPUT", "beneficiary"),
        (use(park, accountingPeriod=town["periods"][2022]), "PERIOD_NOT_OF_PILOT",
         "accountingPeriod"),
        (use(other), "NOT_OWN_SINK", "pilot"),
        (use(below), "NOT_OWN_SINK", "pilot"),
        (use(park, 2023), "NOT_OWN_SINK", "accountingPeriod"),
    ):  # fmt: skip
        refused = await world.registry.refused("useCredits", **given)
        assert (refused["code"], refused["path"]) == (code, ["input", path]), given
    wanted = "use { beneficiary pilot { id } accountingPeriod { id } }"
    made = await world.registry.made("useCredits", wanted, **use(park))
    assert made == {
        "beneficiary": park["code"], "pilot": {"id": park["id"]},
        "accountingPeriod": {"id": park["periods"][2022]},
    }  # fmt: skip
    made = await world.registry.made(
        "useCredits", wanted, **use(town, serials={"text": "GD-OWN-11 to 20"})
    )
    assert made["pilot"] == {"id": town["id"]}


async def test_a_registrys_number_names_one_order(world: World) -> None:
    one, other = await world.pilot(), await world.pilot()
    await world.issue(await world.project(), "GD-ORDER", 1, 100)
    await world.issue(await world.project("PHCER"), "GD-ORDER", 1, 100, "PHCER")
    number = f"ZX({key()[:8]})-1"

    async def retire(pilot: dict[str, Any], first: int, **given: Any) -> dict[str, Any]:
        values = world.retirement(pilot, "GD-ORDER", first, first) | {"registryReference": number}
        values |= given
        caller = world.registry_of(str(values["programme"]))
        return await caller.do("retireCredits", "retirement { id position }", **values)

    first = await retire(one, 1)
    for refused in (
        await retire(other, 2),
        await retire(one, 2, accountingPeriod=one["periods"][2023]),
        await retire(one, 2, retiredOn="2024-07-02"),
        await retire(other, 2, registryReference=number.lower().replace("(", "（").replace(")", "）")),
        await retire(other, 2, registryReference=number.replace("-", "_")),
        await retire(other, 2, registryReference=number.replace("-1", "--01")),
        await retire(other, 2, registryReference=number.replace("-1", "1")),
        await retire(other, 2, serials=None, quantity="1", holder=world.holder.organisation),
        await world.registry.do(
            "useCredits", "", programme="CCER", serials={"text": "GD-ORDER-2"}, purpose="EVENT",
            beneficiary=one["code"], usedOn="2024-07-01", registryReference=number,
        ),
    ):  # fmt: skip
        assert (refused["code"], refused["path"]) == (
            "REFERENCE_TAKEN",
            ["input", "registryReference"],
        )
        assert first["retirement"]["position"] in refused["message"]["en"]
        assert one["code"] in refused["message"]["zh"]
    # Another line of the order; the same number in another programme, and none at all.
    again = await retire(one, 3)
    assert again["__typename"] == "RetireCreditsSuccess"
    for pilot, given in ((other, {"programme": "PHCER"}), (other, {"registryReference": None})):
        assert (await retire(pilot, 4, **given))["__typename"] == "RetireCreditsSuccess"
    # What was corrected frees it, once all lines were.
    for made in (first, again):
        assert (await retire(other, 5))["code"] == "REFERENCE_TAKEN"
        posting = made["retirement"]["id"]
        await world.registry.made("correctPosting", "posting { id }", posting=posting, **GROUNDS)
    assert (await retire(other, 5))["__typename"] == "RetireCreditsSuccess"


async def test_items_of_one_request_have_numbers_of_their_own(world: World) -> None:
    one, other = await world.pilot(), await world.pilot()
    await world.issue(await world.project(), "GD-ITEMS", 1, 100)
    number = f"BULK-{key()[:8]}"
    items = [
        world.retirement(pilot, "GD-ITEMS", serial, serial)
        | {"idempotencyKey": key(), "registryReference": number}
        for serial, pilot in enumerate((one, one, other), 1)
    ]
    query = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
        ... on BulkOutcomes { outcomes { status error { code path } } } } }"""
    # Where none is done, no order has the number yet: what is in the way is the request's first item.
    for mode, statuses, code in (
        ("ALL_OR_NOTHING", ["NOT_ATTEMPTED", "NOT_ATTEMPTED", "REJECTED"], "ITEMS_CONFLICT"),
        ("EACH_INDEPENDENT", ["COMMITTED", "COMMITTED", "REJECTED"], "REFERENCE_TAKEN"),
    ):
        given = {"mode": mode, "items": items} | (
            {"idempotencyKey": key()} if mode == "ALL_OR_NOTHING" else {}
        )
        answer = await world.registry.ask(query, input=given)
        outcomes = answer["retireCreditsBulk"]["outcomes"]
        assert [item["status"] for item in outcomes] == statuses
        assert outcomes[2]["error"] == {
            "code": code, "path": ["input", "items", "2", "registryReference"]
        }  # fmt: skip


WRITTEN = ("A_1", "A-1", "A.1", "A/1", "A1", "A-01", "A--1", "A_-1")


def test_prefixes_that_are_one() -> None:
    assert {number_key(prefix) for prefix in WRITTEN} == {"A1"}
    apart = ("GD-1-12", "GD-11-2", "GD-112", "GD-10-12", "GE-1-12", "粤-1-12")
    assert len({number_key(prefix) for prefix in apart}) == len(apart)


async def test_a_block_is_issued_once_however_its_prefix_is_written(world: World) -> None:
    project = await world.project()
    await world.registry.made("issueCredits", "batch { id }", **issue(
        world, project, "粤A_1", 10, production={"vintage": 2022}))  # fmt: skip
    for written in ("粤A-1", "粤A 1", "粤Ａ－１", "粤a-1", "粤A-01", "粤A_1_", "粤A.1.", "粤A1"):
        given = issue(world, project, "X", 10, production={"vintage": 2022})
        given["serials"] = {"range": {"prefix": written, "first": "5", "last": "14"}}
        payload = await world.registry.do("issueCredits", "batch { id }", **given)
        # A separator at its end is none of a prefix.
        expected = "INVALID_INPUT" if written[-1] in "_." else "SERIAL_BLOCK_OVERLAP"
        assert payload["code"] == expected, written
    # What does not overlap, and numbers that are others, are issued.
    for prefix, first, last in (("粤A-1", 11, 20), ("粤A-1-1", 1, 10), ("粤A-11", 1, 10)):
        given = issue(world, project, "X", 10, production={"vintage": 2022})
        given["serials"] = {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}
        await world.registry.made("issueCredits", "batch { id }", **given)


async def test_keys_are_the_same_in_sql(database: TestDatabase) -> None:
    prefixes = [
        *WRITTEN,
        "GD-1-12",
        "粤环函〔2024〕012号",
        "GD_2024-001.7",
        "0007",
        "A-0-B",
        "〔2024〕-1",
    ]
    found = await rows(
        database.owner_url, f"SELECT {NUMBER_KEY.format(text='t')} AS key FROM unnest($1::text[]) AS p (t)", prefixes
    )  # fmt: skip
    assert [row["key"] for row in found] == [number_key(prefix) for prefix in prefixes]
    references = [
        "zx-1",
        "ZX_1",
        "粤环函〔2024〕12号",
        "a.b/c#d",
        "（1）【2】[3](4)",
        "ÄX-1",
        "ZK--007#",
    ]
    found = await rows(
        database.owner_url,
        f"SELECT {REFERENCE_KEY} AS key FROM unnest($1::text[]) WITH ORDINALITY AS b (t, n) "
        "CROSS JOIN LATERAL (SELECT jsonb_build_object('reference', t) AS body) AS j ORDER BY n",
        references,
    )
    assert [row["key"] for row in found] == [number_key(reference) for reference in references]


WARNED = (
    "creditWarnings { code message { zh en } quantity producedFrom producedTo mostYearsBefore }"
)
STATEMENT = f"""query ($id: ID!, $period: ID!) {{ pilot(by: {{id: $id}}) {{
    netEmissions(period: {{id: $period}}) {{ purchasedReductions {{ quantity {WARNED} }} }} }} }}"""


@pytest_asyncio.fixture
async def legacy(world: World) -> str:
    """Batches of 2014, 2018 and 2023, held by the holder: the tag of their prefixes."""
    tag = key()[:8].upper()
    old = await project(world, forestry=False)
    given = {"rule": "CCER_LEGACY", "registeredOn": "2015-05-05", "number": tag}
    await world.registry.made("enrolProject", ENROLLED, **enrolment(old, "CM-001-V01") | given)
    for year in (2014, 2017, 2018):
        await world.issue(
            old,
            f"{tag}-{year}",
            1,
            100,
            production=of_year(year),
            reductionsRegisteredOn="2019-06-06",
        )
    await world.issue(await world.project(), f"{tag}-2023", 1, 100, production=of_year(2023))
    return tag


def in_a_month() -> str:
    return (datetime.now(UTC) + timedelta(days=30)).isoformat(timespec="seconds")


async def warned(world: World, **given: Any) -> list[dict[str, Any]]:
    made = await world.registry.made("retireCredits", f"retirement {{ {WARNED} }}", **given)
    found: list[dict[str, Any]] = made["creditWarnings"]
    return found


async def test_production_far_from_the_period_is_warned_of(world: World, legacy: str) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2019, 2023)
    [after] = await warned(world, **world.retirement(pilot, f"{legacy}-2023", 1, 7, year=2019))
    assert after.pop("message")["en"].startswith("7 t of the reductions were produced only after")
    assert after == {
        "code": "PRODUCED_AFTER_PERIOD", "quantity": "7", "producedFrom": "2023-01-01",
        "producedTo": "2023-12-31", "mostYearsBefore": None,
    }  # fmt: skip
    [before] = await warned(world, **world.retirement(pilot, f"{legacy}-2014", 1, 3, year=2023))
    message = before.pop("message")
    assert "5年以上" in message["zh"]
    assert "NZC" in message["en"]  # whose bound it is
    assert before == {
        "code": "PRODUCED_LONG_BEFORE", "quantity": "3", "producedFrom": "2014-01-01",
        "producedTo": "2014-12-31", "mostYearsBefore": 5,
    }  # fmt: skip
    # The bound is exact: production that ended five years before the first day is not warned of.
    [year_more] = await warned(world, **world.retirement(pilot, f"{legacy}-2017", 1, 4, year=2023))
    assert year_more["code"] == "PRODUCED_LONG_BEFORE"
    assert await warned(world, **world.retirement(pilot, f"{legacy}-2018", 1, 4, year=2023)) == []
    assert await warned(world, **world.retirement(pilot, f"{legacy}-2023", 8, 9, year=2023)) == []
    answer = await world.auditor.ask(STATEMENT, id=pilot["id"], period=pilot["periods"][2023])
    bought = answer["pilot"]["netEmissions"]["purchasedReductions"]
    assert bought["quantity"] == "13"
    [told] = bought["creditWarnings"]
    assert (told["code"], told["quantity"]) == ("PRODUCED_LONG_BEFORE", "7")
    assert (told["producedFrom"], told["producedTo"]) == ("2014-01-01", "2017-12-31")
    answer = await world.auditor.ask(STATEMENT, id=pilot["id"], period=pilot["periods"][2019])
    [told] = answer["pilot"]["netEmissions"]["purchasedReductions"]["creditWarnings"]
    assert (told["code"], told["quantity"]) == ("PRODUCED_AFTER_PERIOD", "7")


async def test_a_period_that_is_not_over_is_warned_of(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2024, 2100)
    await world.issue(await world.project(), "GD-SOON", 1, 100, production=of_year(2023))
    # In 2100 the credits will be old, too.
    _, coming = await warned(world, **world.retirement(pilot, "GD-SOON", 1, 5, year=2100))
    assert (coming["code"], coming["quantity"]) == ("PERIOD_NOT_OVER", "5")
    [running] = await warned(world, **world.retirement(pilot, "GD-SOON", 6, 7, year=2024))
    assert running["code"] == "PERIOD_NOT_OVER"
    given = world.retirement(pilot, "GD-SOON", 8, 9, year=2024) | {"retiredOn": "2025-01-01"}
    assert await warned(world, **given) == []
    answer = await world.auditor.ask(STATEMENT, id=pilot["id"], period=pilot["periods"][2100])
    _, told = answer["pilot"]["netEmissions"]["purchasedReductions"]["creditWarnings"]
    assert (told["code"], told["quantity"]) == ("PERIOD_NOT_OVER", "5")
    # What a request would be warned of, it is.
    asked = world.retirement(pilot, "GD-SOON", 10, 10, year=2100)
    del asked["retiredOn"]
    request = await world.registry.made(
        "requestRetirement", "request { creditWarnings { code } }", expiresAt=in_a_month(), **asked
    )
    assert [item["code"] for item in request["creditWarnings"]] == [
        "PRODUCED_LONG_BEFORE", "PERIOD_NOT_OVER"
    ]  # fmt: skip


async def test_programmes_tell_their_settings(world: World) -> None:
    answer = await world.anyone.ask(
        "{ programmes { code usages { appliesFrom mostYearsBefore confirmed source { zh en } } } }"
    )
    for programme in answer["programmes"]:
        [usage] = programme["usages"]
        assert (usage["mostYearsBefore"], usage["confirmed"]) == (5, False)
        assert "NZC" in usage["source"]["zh"]
