"""Bad input: each gets a typed, bilingual error with code and path, and nothing is half-written."""

from typing import Any
from uuid import uuid4

import pytest

from nzc_api.schema.kit.connections import encode_cursor
from tests.world import Caller, World, refused_unchanged


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all: what is refused leaves nothing behind."""
    return shared_world


async def failed_unchanged(world: World, caller: Caller, query: str, **variables: Any) -> Any:
    """The top-level error of a request, after which the log stands where it stood."""
    before = await world.head()
    error = await caller.fail(query, **variables)
    assert await world.head() == before, "something was written"
    assert error["extensions"]["localizedMessage"]["zh"]
    assert error["extensions"]["localizedMessage"]["en"]
    return error


PILOT = "query ($id: ID!) { pilot(by: {id: $id}) { code } }"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "nonsense", id="not base64"),
        pytest.param(lambda good: good + "=", id="padded"),
        pytest.param(lambda good: good + "A", id="trailing bits"),
        pytest.param(lambda good: good[:-1], id="cut"),
        pytest.param(lambda good: " " + good, id="space"),
        pytest.param(lambda _: "UGlsb3Q6MQ", id="Pilot:1"),
        pytest.param(lambda _: "UGlsb3Q6", id="Pilot:"),
        pytest.param(lambda _: "试点", id="not ASCII"),
    ],
)
async def test_a_malformed_id(world: World, spoil: Any) -> None:
    pilot = await world.pilot()
    error = await failed_unchanged(world, world.anyone, PILOT, id=spoil(pilot["id"]))
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["by", "id"]


async def test_an_id_of_another_type(world: World) -> None:
    pilot = await world.pilot()
    error = await failed_unchanged(world, world.anyone, PILOT, id=pilot["periods"][2022])
    assert error["extensions"]["code"] == "INVALID_INPUT"
    payload = await refused_unchanged(
        world, world.operator, "registerAccountingPeriod",
        pilot=pilot["periods"][2022], startsOn="2030-01-01", endsOn="2030-12-31",
    )  # fmt: skip
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "pilot"])


async def test_an_uppercase_uuid_is_not_canonical(world: World) -> None:
    import base64

    pilot = await world.pilot()
    text = base64.urlsafe_b64decode(pilot["id"] + "==").decode()
    kind, uuid = text.split(":")
    shouted = base64.urlsafe_b64encode(f"{kind}:{uuid.upper()}".encode()).rstrip(b"=").decode()
    if shouted == pilot["id"]:
        pytest.skip("this uuid has no letters")
    error = await failed_unchanged(world, world.anyone, PILOT, id=shouted)
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_an_unknown_pilot(world: World) -> None:
    """A well-formed id that names nothing: of another database, or of something that is no pilot."""
    from nzc_api.log.ids import entity_uuid
    from nzc_api.schema.kit.ids import encode_id

    foreign = encode_id("Pilot", entity_uuid(123, 1))
    pilot = await world.pilot()
    payload = await refused_unchanged(
        world, world.registry, "retireCredits",
        **world.retirement(pilot | {"id": foreign}, "GD", 1, 2),
    )  # fmt: skip
    assert (payload["code"], payload["path"]) == ("NOT_FOUND", ["input", "pilot"])
    data = await world.anyone.ask("query ($id: ID!) { node(id: $id) { id } }", id=foreign)
    assert data["node"] is None


async def test_what_is_not_found_is_named_as_the_caller_named_it(world: World) -> None:
    from nzc_api.schema.kit.ids import decode_id, encode_id

    pilot = await world.pilot()
    decoded = decode_id(world.holder.organisation or "")
    assert decoded is not None
    no_pilot = encode_id("Pilot", decoded[1])
    payload = await refused_unchanged(
        world, world.registry, "retireCredits",
        **world.retirement(pilot | {"id": no_pilot}, "GD", 1, 2),
    )  # fmt: skip
    assert payload["code"] == "NOT_FOUND"
    assert no_pilot in payload["message"]["en"]


async def test_a_text_that_no_database_can_keep(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    query = """mutation ($input: RecordEmissionSourcesInput!) {
        recordEmissionSources(input: $input) { __typename } }"""
    line = {
        "category": "ENERGY_CONSUMPTION", "label": "电", "factor": "N\x00UL",
        "activity": {"value": "1", "unit": "kWh"},
    }  # fmt: skip
    given = {"idempotencyKey": "k", "inventory": inventory, "sources": [line]}
    error = await failed_unchanged(world, world.operator, query, input=given)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["input", "sources", "0", "factor"]


@pytest.mark.parametrize(
    "body",
    [
        r'{"query": "query ($c: String!) { pilot(by: {code: $c}) { id } }", "variables": {"c": "\ud83d"}}',
        r'{"query": "{ pilot(by: {code: \"\ud83d\"}) { id } }"}',
        r'{"query": "{ \ud83d }"}',
        r'{"query": "query ($b: ByIdOrCode!) { pilot(by: $b) { id } }", "variables": {"b": {"\ud83d": 1}}}',
    ],
)
async def test_half_a_surrogate_pair(world: World, body: str) -> None:
    answer = await world.http.post(
        "/graphql", content=body, headers={"Content-Type": "application/json"}
    )
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] in {"INVALID_INPUT", "GRAPHQL_PARSE_FAILED"}
    assert error["extensions"]["localizedMessage"]["zh"]


async def test_a_literal_that_no_database_can_keep(world: World) -> None:
    query = r'{ pilot(by: {code: "N\u0000UL"}) { id } }'
    error = await failed_unchanged(world, world.anyone, query)
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_an_unknown_enum_value(world: World) -> None:
    query = """mutation ($input: RegisterPilotInput!) {
        registerPilot(input: $input) { __typename } }"""
    given = {
        "idempotencyKey": "k", "code": "X", "variant": "CASTLE", "name": {"zh": "a", "en": "a"},
        "applicantKind": "OTHER", "applicantName": {"zh": "a", "en": "a"},
        "administrativeDivision": "440100", "establishment": "NEW",
    }  # fmt: skip
    error = await failed_unchanged(world, world.operator, query, input=given)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["input", "variant"]


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "１２", "١", "1e3", " 1", "1_0", "", "0x1", "01", "1."],
)
async def test_a_decimal_that_is_none(world: World, value: str) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    query = """mutation ($input: RecordEmissionSourcesInput!) {
        recordEmissionSources(input: $input) { __typename } }"""
    source = {
        "category": "ENERGY_CONSUMPTION", "label": "x", "factor": "elec.guangdong.avg.2022",
        "activity": {"value": value, "unit": "kWh"},
    }  # fmt: skip
    given = {"idempotencyKey": "k", "inventory": inventory, "sources": [source]}
    error = await failed_unchanged(world, world.operator, query, input=given)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["input", "sources", "0", "activity", "value"]


@pytest.mark.parametrize("value", ["１０", "1.0", "", "-", "9223372036854775808", "1 000", "NaN"])
async def test_a_whole_number_that_is_none(world: World, value: str) -> None:
    pilot = await world.pilot()
    given = world.retirement(pilot, "GD", 1, 2) | {"idempotencyKey": "k"}
    given["serials"]["range"]["first"] = value
    query = """mutation ($input: RetireCreditsInput!) {
        retireCredits(input: $input) { __typename } }"""
    error = await failed_unchanged(world, world.registry, query, input=given)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["input", "serials", "range", "first"]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"activity": {"value": "-1", "unit": "kWh"}}, "ACTIVITY_OUT_OF_RANGE", "activity.value"),
        (
            {"activity": {"value": "999999999999999999", "unit": "kWh"}},
            "ACTIVITY_OUT_OF_RANGE",
            "activity.value",
        ),
        ({"activity": {"value": "1", "unit": "furlong"}}, "UNIT_UNKNOWN", "activity.unit"),
        ({"activity": {"value": "1", "unit": "t"}}, "UNIT_DOES_NOT_FIT", "activity.unit"),
        ({"factor": "elec.south.om.2012"}, "GRID_BASELINE_REFUSED", "factor"),
        ({"factor": "elec.guangdong.avg.1999"}, "FACTOR_NOT_IN_LIST", "factor"),
        ({"factor": "elec.national.avg.2022"}, "FACTOR_NOT_IN_LIST", "factor"),
        ({"factor": "trans.urea"}, "FACTOR_DOES_NOT_FIT_CATEGORY", "factor"),
        (
            {"factor": "prov2025.diesel", "activity": {"value": "1", "unit": "L"}},
            "DENSITY_REQUIRED",
            "density",
        ),
        (
            {
                "factor": "prov2025.diesel",
                "activity": {"value": "1", "unit": "L"},
                "density": {"value": "0", "unit": "kg/L"},
            },
            "INVALID_INPUT",
            "density.value",
        ),
        ({"density": {"value": "1", "unit": "kg/L"}}, "INVALID_INPUT", "density"),
        ({"category": "FORESTRY_SINK"}, "CATEGORY_ROLE_MISMATCH", "category"),
        ({"label": ""}, "INVALID_INPUT", "label"),
        ({"label": "a\u0007b"}, "INVALID_INPUT", "label"),
        ({"factor": None}, "INVALID_INPUT", "factor"),
    ],
)
async def test_a_line_that_cannot_be(
    world: World, change: dict[str, Any], code: str, path: str
) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    good = {
        "category": "ENERGY_CONSUMPTION",
        "label": "电",
        "activity": {"value": "1", "unit": "kWh"},
        "factor": "elec.guangdong.avg.2022",
    }
    payload = await refused_unchanged(
        world, world.operator, "recordEmissionSources",
        inventory=inventory, sources=[good, good | change],
    )  # fmt: skip
    assert payload["code"] == code
    assert payload["path"] == ["input", "sources", "1", *path.split(".")]
    data = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory {
            emissionSources { nodes { id } } } } }""",
        id=inventory,
    )
    assert data["node"]["emissionSources"]["nodes"] == [], "the good line was kept alone"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"code": "small"}, "INVALID_INPUT", "code"),
        ({"code": "Ａ"}, "INVALID_INPUT", "code"),
        ({"name": {"zh": "", "en": "x"}}, "INVALID_INPUT", "name.zh"),
        ({"name": {"zh": "x", "en": " x"}}, "INVALID_INPUT", "name.en"),
        ({"name": {"zh": "x" * 201, "en": "x"}}, "INVALID_INPUT", "name.zh"),
        ({"administrativeDivision": "110000"}, "INVALID_INPUT", "administrativeDivision"),
        ({"applicantKind": "VILLAGERS_COMMITTEE"}, "APPLICANT_NOT_ELIGIBLE", "applicantKind"),
        ({"establishment": "NEW"}, "INVALID_INPUT", "establishment"),
        ({"operationStartsOn": None}, "INVALID_INPUT", "operationStartsOn"),
        ({"operationStartsOn": "2999-01-01"}, "INVALID_INPUT", "operationStartsOn"),
        (
            {"accountingPeriods": [{"startsOn": "2022-12-31", "endsOn": "2022-01-01"}]},
            "DATES_OUT_OF_ORDER",
            "accountingPeriods.0.endsOn",
        ),
        (
            {"accountingPeriods": [{"startsOn": "2022-01-01", "endsOn": "2023-12-31"}]},
            "INVALID_INPUT",
            "accountingPeriods.0.endsOn",
        ),
        (
            {
                "accountingPeriods": [
                    {"startsOn": "2022-01-01", "endsOn": "2022-12-31"},
                    {"startsOn": "2022-12-31", "endsOn": "2023-06-30"},
                ]
            },
            "ACCOUNTING_PERIOD_OVERLAP",
            "accountingPeriods.1.startsOn",
        ),
    ],
)
async def test_a_pilot_that_cannot_be(
    world: World, change: dict[str, Any], code: str, path: str
) -> None:
    given = {
        "code": f"P-{uuid4().hex[:6].upper()}",
        "variant": "BUILDING_EXISTING",
        "name": {"zh": "楼", "en": "Building"},
        "applicantKind": "BUILDING_OPERATOR",
        "applicantName": {"zh": "某", "en": "Some"},
        "administrativeDivision": "440100",
        "establishment": "EXISTING",
        "operationStartsOn": "2015-01-01",
    }
    payload = await refused_unchanged(world, world.operator, "registerPilot", **given | change)
    assert payload["code"] == code
    assert payload["path"] == ["input", *path.split(".")]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"first": "5", "last": "4"}, "SERIAL_RANGE_INVALID", "serials"),
        ({"first": "-1", "last": "4"}, "SERIAL_RANGE_INVALID", "serials"),
        ({"first": "1", "last": "9000000000000000000"}, "SERIAL_RANGE_INVALID", "serials"),
        ({"first": "1001", "last": "1002"}, "SERIALS_NOT_ISSUED", "serials"),
        ({"first": "1000", "last": "1002"}, "SERIALS_NOT_ISSUED", "serials"),
        ({"prefix": "--"}, "INVALID_INPUT", "serials.range.prefix"),
        ({"prefix": "NOBODY"}, "SERIALS_NOT_ISSUED", "serials"),
    ],
)
async def test_a_range_that_cannot_be_retired(
    world: World, change: dict[str, Any], code: str, path: str
) -> None:
    pilot = await world.pilot()
    prefix = f"GD-{uuid4().hex[:8].upper()}"
    await world.issue(await world.project(), prefix, 1, 1000)
    given = world.retirement(pilot, prefix, 1, 2)
    given["serials"]["range"] |= change
    payload = await refused_unchanged(world, world.registry, "retireCredits", **given)
    assert payload["code"] == code
    assert payload["path"] == ["input", *path.split(".")]


async def test_a_range_across_two_batches(world: World) -> None:
    pilot = await world.pilot()
    project = await world.project()
    await world.issue(project, "GD-T", 1, 10)
    await world.issue(project, "GD-T", 11, 20)
    payload = await refused_unchanged(
        world, world.registry, "retireCredits", **world.retirement(pilot, "GD-T", 5, 15)
    )
    assert payload["code"] == "SERIAL_RANGE_SPANS_BATCHES"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-5"}, "quantity"),
        ({"quantity": "1000000001"}, "quantity"),
        ({}, "serials"),
        ({"quantity": "1", "holder": None}, "holder"),
    ],
)
async def test_a_quantity_that_cannot_be_retired(
    world: World, given: dict[str, Any], path: str
) -> None:
    pilot = await world.pilot()
    base = {
        "programme": "CCER", "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
        "retiredOn": "2024-07-01", "holder": world.holder.organisation,
    }  # fmt: skip
    payload = await refused_unchanged(world, world.registry, "retireCredits", **base | given)
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", path])


@pytest.mark.parametrize("day", ["2999-01-01", "1899-01-01"])
async def test_a_retirement_on_an_impossible_day(world: World, day: str) -> None:
    pilot = await world.pilot()
    prefix = f"GD-{uuid4().hex[:8].upper()}"
    await world.issue(await world.project(), prefix, 1, 10)
    payload = await refused_unchanged(
        world, world.registry, "retireCredits",
        **world.retirement(pilot, prefix, 1, 2, retiredOn=day),
    )  # fmt: skip
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "retiredOn"])


@pytest.mark.parametrize("text", ["", "GD", "GD-1 to", "GD-5 bis 7", "GD-１-to"])
async def test_a_block_text_that_is_none(world: World, text: str) -> None:
    pilot = await world.pilot()
    given = world.retirement(pilot, "GD", 1, 2) | {"serials": {"text": text}}
    payload = await refused_unchanged(world, world.registry, "retireCredits", **given)
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "serials", "text"])


async def test_one_of_means_exactly_one(world: World) -> None:
    pilot = await world.pilot()
    query = """mutation ($input: RetireCreditsInput!) {
        retireCredits(input: $input) { __typename } }"""
    both = {"text": "GD-1 to 2", "range": {"prefix": "GD", "first": "1", "last": "2"}}
    for serials in (both, {}):
        given = world.retirement(pilot, "GD", 1, 2) | {"idempotencyKey": "k", "serials": serials}
        error = await failed_unchanged(world, world.registry, query, input=given)
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert error["extensions"]["inputPath"] == ["input", "serials"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "键", "a\n"])
async def test_an_idempotency_key_that_is_none(world: World, key: str) -> None:
    pilot = await world.pilot()
    payload = await refused_unchanged(
        world, world.operator, "registerAccountingPeriod", idempotencyKey=key,
        pilot=pilot["id"], startsOn="2030-01-01", endsOn="2030-12-31",
    )  # fmt: skip
    assert payload["path"] == ["input", "idempotencyKey"]


async def test_the_same_key_with_other_content(world: World) -> None:
    pilot = await world.pilot()
    given = {"pilot": pilot["id"], "startsOn": "2030-01-01", "endsOn": "2030-12-31"}
    made = await world.operator.do(
        "registerAccountingPeriod", "accountingPeriod { id }", idempotencyKey="once", **given
    )
    again = await world.operator.do(
        "registerAccountingPeriod", "accountingPeriod { id }", idempotencyKey="once", **given
    )
    assert (made["replayed"], again["replayed"]) == (False, True)
    assert made["accountingPeriod"] == again["accountingPeriod"]
    payload = await refused_unchanged(
        world, world.operator, "registerAccountingPeriod", idempotencyKey="once",
        **given | {"endsOn": "2030-12-30"},
    )  # fmt: skip
    assert payload["code"] == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("first", [0, -1, 101, 2_000_000])
async def test_a_page_that_is_too_large(world: World, first: int) -> None:
    query = "query ($n: Int!) { pilots(first: $n) { nodes { id } } }"
    error = await failed_unchanged(world, world.anyone, query, n=first)
    assert error["extensions"]["inputPath"] == ["first"]


@pytest.mark.parametrize("after", ["x", "YWZ0ZXI6eA", "MQ", "试"])
async def test_a_cursor_that_is_none(world: World, after: str) -> None:
    query = "query ($a: String!) { inventories(after: $a) { nodes { id } } }"
    error = await failed_unchanged(world, world.anyone, query, a=after)
    assert error["extensions"]["inputPath"] == ["after"]


@pytest.mark.parametrize(
    ("listed", "key"),
    [
        ("pilots(after: $a, orderBy: {field: NAME_ZH})", f"{'9' * 19}.试点"),
        ("applications(after: $a)", f"{'9' * 19}.1"),
        ("applications(after: $a)", f"1.{'9' * 19}"),
    ],
)
async def test_a_cursor_of_no_position(world: World, listed: str, key: str) -> None:
    """19 digits, as positions may have, and more than the database's numbers hold."""
    query = f"query ($a: String!) {{ {listed} {{ nodes {{ id }} }} }}"
    error = await failed_unchanged(world, world.regulator, query, a=encode_cursor(key))
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["after"]


@pytest.mark.parametrize("position", ["-1", "999999999"])
async def test_an_as_of_that_the_log_does_not_have(world: World, position: str) -> None:
    pilot = await world.pilot()
    query = """query ($id: ID!, $p: BigInt!) { pilot(by: {id: $id}) {
        netEmissions(period: {year: 2022}, asOf: $p) { netCo2e } } }"""
    error = await failed_unchanged(world, world.anyone, query, id=pilot["id"], p=position)
    assert error["extensions"]["inputPath"] == ["asOf"]


async def test_an_inventory_outside_its_period(world: World) -> None:
    pilot = await world.pilot()
    base = {
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
        "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2022",
    }  # fmt: skip
    cases: list[tuple[dict[str, Any], str]] = [
        (
            {"covers": {"startsOn": "2022-12-01", "endsOn": "2023-01-31"}},
            "INVENTORY_OUTSIDE_PERIOD",
        ),
        ({"covers": {"startsOn": "2022-12-01", "endsOn": "2022-01-31"}}, "DATES_OUT_OF_ORDER"),
        ({"phase": "CONSTRUCTION"}, "PHASE_NOT_OF_VARIANT"),
        ({"factorList": "nobody"}, "INVALID_INPUT"),
        ({"notOccurring": ["LIVESTOCK"]}, "INVALID_INPUT"),
    ]
    for change, code in cases:
        payload = await refused_unchanged(world, world.operator, "createInventory", **base | change)
        assert payload["code"] == code
    other = await world.pilot()
    payload = await refused_unchanged(
        world, world.operator, "createInventory",
        **base | {"accountingPeriod": other["periods"][2022]},
    )  # fmt: skip
    assert payload["code"] == "PERIOD_NOT_OF_PILOT"
