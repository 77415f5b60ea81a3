"""Serials and numbers as authorities write them: read, kept for showing, and one thing to the ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import TestDatabase
from tests.ledger.conservation import check_conserved
from tests.world import World

BATCH = "batch { id serials { prefix first last text registryText } }"

# A number of the department, in the brackets that people have on their keyboards.
DOCUMENT = "粤环函〔2024〕12号"
TYPED = [DOCUMENT, "粤环函（2024）12号", "粤环函[2024]12号", "粤环函【２０２４】12号"]


async def issue(world: World, text: str, quantity: int, **given: Any) -> dict[str, Any]:
    values = {
        "project": await world.project(), "programme": "CCER", "serials": {"text": text},
        "quantity": str(quantity), "production": {"vintage": 2022},
        "reductionsRegisteredOn": "2024-01-15", "holder": world.holder.organisation,
    } | given  # fmt: skip
    made: dict[str, Any] = await world.registry.made("issueCredits", BATCH, **values)
    return made


@pytest.mark.parametrize(
    ("text", "prefix", "shown", "part"),
    [
        ("GD-PAD-2023-000001 to 000500", "GD-PAD-2023",
         "GD-PAD-2023-000001 to GD-PAD-2023-000500", "GD-PAD-2023-000011 to GD-PAD-2023-000020"),
        ("CR0000000001-CR0000000500", "CR",
         "CR0000000001 to CR0000000500", "CR0000000011 to CR0000000020"),
        ("GD-N-1 to 500", "GD-N", "GD-N-1 to 500", "GD-N-11 to 20"),
    ],
)  # fmt: skip
async def test_a_block_is_shown_as_its_registry_writes_it(
    world: World, database: TestDatabase, text: str, prefix: str, shown: str, part: str
) -> None:
    serials = (await issue(world, text, 500))["serials"]
    assert (serials["prefix"], serials["first"], serials["last"]) == (prefix, "1", "500")
    assert (serials["text"], serials["registryText"]) == (f"{prefix}-1 to 500", shown)
    retired = await world.registry.made(
        "retireCredits",
        "retirement { movements { nodes { serials { text registryText } } } }",
        **world.retirement(await world.pilot(), prefix, 11, 20),
    )
    (moved,) = retired["movements"]["nodes"]
    assert moved["serials"] == {"text": f"{prefix}-11 to 20", "registryText": part}
    await check_conserved(database.owner_url)


async def test_one_block_has_one_name_however_it_is_written(world: World) -> None:
    first = await issue(world, "CR0000000001-CR0000000500", 500)
    project = await world.project()
    for text in ("CR-1 to 500", "cr0000000100 ~ CR0000000120", "CR0000000500"):
        given = {
            "project": project, "programme": "CCER", "serials": {"text": text},
            "quantity": "500" if "-" in text else "21" if "~" in text else "1",
            "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
            "holder": world.holder.organisation,
        }  # fmt: skip
        payload = await world.registry.refused("issueCredits", **given)
        assert payload["code"] == "SERIAL_BLOCK_OVERLAP", text
    assert first["serials"]["text"] == "CR-1 to 500"


async def test_a_request_is_the_same_however_its_block_is_written(world: World) -> None:
    values = {
        "project": await world.project(), "programme": "CCER", "quantity": "9",
        "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
        "holder": world.holder.organisation, "idempotencyKey": "one-block",
    }  # fmt: skip
    made = await world.registry.do(
        "issueCredits", BATCH, serials={"text": "W-001 to 009"}, **values
    )
    again = await world.registry.do("issueCredits", BATCH, serials={"text": "W-1~9"}, **values)
    assert (made["replayed"], again["replayed"]) == (False, True)
    assert again["batch"] == made["batch"]
    assert again["batch"]["serials"]["registryText"] == "W-001 to W-009"


async def test_a_text_that_may_mean_two_blocks_is_refused_with_both(world: World) -> None:
    await issue(world, "GD-WIND-2023-1 to 1000", 1000)
    given = world.retirement(await world.pilot(), "x", 1, 1)
    text = "GD-WIND-2023-301-400"
    payload = await world.registry.refused("retireCredits", **given | {"serials": {"text": text}})
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "serials", "text"])
    for told in payload["message"].values():
        assert "“GD-WIND-2023-301 to 400”" in told
        assert "“GD-WIND-2023-301-400 to 400”" in told
    retired = await world.registry.made(
        "retireCredits", "retirement { quantity }",
        **given | {"serials": {"text": text}, "quantity": "100"},
    )  # fmt: skip
    assert retired["quantity"] == "100"


async def test_one_serial_needs_no_range(world: World) -> None:
    await issue(world, "GD-S-1 to 10", 10)
    given = world.retirement(await world.pilot(), "x", 1, 1)
    retired = await world.registry.made(
        "retireCredits", "retirement { quantity }", **given | {"serials": {"text": "GD-S-7"}}
    )
    assert retired["quantity"] == "1"


async def test_a_list_of_blocks_is_read(world: World) -> None:
    query = """query ($text: String!) { serialBlocks(text: $text) {
        quantity blocks { format prefix first last registryText } } }"""
    data = await world.anyone.ask(query, text="GD-001至100、201至300；CR07")
    assert data["serialBlocks"] == {
        "quantity": "201",
        "blocks": [
            {"format": "CAR_OR_ACR", "prefix": "GD", "first": "1", "last": "100",
             "registryText": "GD-001 to GD-100"},
            {"format": "CAR_OR_ACR", "prefix": "GD", "first": "201", "last": "300",
             "registryText": "GD-201 to 300"},
            {"format": "SINGLE", "prefix": "CR", "first": "7", "last": "7",
             "registryText": "CR07 to CR07"},
        ],
    }  # fmt: skip
    for text, told in (
        ("GD-1 to 5; GD-7-9", "GD-7 to 9"),
        ("GD-1 to 5; x", "a registry's serial block"),
        ("GD-9 to 5", "range 9 to 5 is invalid"),
        ("GD-1;" * 1001, "at most 1000"),
    ):
        error = await world.anyone.fail(query, text=text)
        assert told in error["message"], error


@pytest.mark.parametrize("typed", TYPED)
async def test_a_certificates_number_in_chinese(
    world: World, database: TestDatabase, typed: str
) -> None:
    batch = await issue(world, "", 50, serials=None, certificate=typed)
    assert batch["serials"]["prefix"] == DOCUMENT
    shown = f"{DOCUMENT}-1 to 50" if typed == DOCUMENT else f"{typed}-1 to {typed}-50"
    assert batch["serials"]["registryText"] == shown
    pilot = await world.pilot()
    for number, other in enumerate(TYPED, start=1):
        tonnes = {"number": other, "first": str(number), "last": str(number)}
        given = world.retirement(pilot, "x", 1, 1) | {"serials": {"certificate": tonnes}}
        await world.registry.made("retireCredits", "retirement { id }", **given)
    found = await world.anyone.ask(
        """query ($text: String!) { creditSerial(by: {programme: CCER, text: $text, ofCertificate: true})
        { account { kind } } }""",
        text=f"{typed}-50",
    )
    assert found["creditSerial"]["account"]["kind"] == "HOLDING"
    await check_conserved(database.owner_url)


@pytest.mark.parametrize("text", ["7-1-10-VCS-" + "长" * 300, "7-1-10-VCS-#-#-😀"])
async def test_a_writing_that_cannot_be_kept_is_not(world: World, text: str) -> None:
    batch = await issue(world, text, 10)
    assert batch["serials"]["text"] == batch["serials"]["registryText"] == "VCS-1 to 10"


async def test_a_certificates_number_with_many_spaces(world: World) -> None:
    batch = await issue(world, "", 10, serials=None, certificate="ZS " + " " * 500 + "\n9")
    assert (batch["serials"]["prefix"], batch["serials"]["text"]) == ("ZS9", "ZS9-1 to 10")
    assert batch["serials"]["registryText"] == "ZS 9-1 to ZS 9-10"


async def test_a_prefix_in_chinese(world: World) -> None:
    batch = await issue(world, "粤碳普惠〔2024〕-0001至0100", 100)
    assert batch["serials"]["text"] == "粤碳普惠〔2024〕-1 to 100"
    assert batch["serials"]["registryText"] == "粤碳普惠〔2024〕-0001 to 粤碳普惠〔2024〕-0100"


async def test_numbers_in_chinese_wherever_an_authority_gives_one(world: World) -> None:
    project = await world.registry.made(
        "registerProject", "project { id siteCode }", code="HAN",
        name={"zh": "某", "en": "Some"}, forestry=False, site="Somewhere", siteCode="粤（2024）001号",
    )  # fmt: skip
    assert project["siteCode"] == "粤（2024）001号"
    enrolled = await world.registry.made(
        "enrolProject", "project { enrolments { number } }", project=project["id"],
        programme="CCER", rule="CCER_2023", number=DOCUMENT, registeredOn="2023-11-01",
    )  # fmt: skip
    assert [e["number"] for e in enrolled["enrolments"]] == [DOCUMENT]
    await issue(world, "HAN-1 to 10", 10, project=project["id"])
    pilot = await world.pilot()
    given = world.retirement(pilot, "HAN", 1, 2) | {"registryReference": DOCUMENT}
    retired = await world.registry.made(
        "retireCredits", "retirement { registryReference }", **given
    )
    assert retired["registryReference"] == DOCUMENT
    used = await world.registry.made(
        "useCredits", "use { registryReference }", programme="CCER",
        serials={"text": "HAN-3 to 4"}, purpose="EVENT", beneficiary="somebody",
        usedOn="2024-07-01", registryReference="粤环函〔2024〕13号",
    )  # fmt: skip
    assert used["registryReference"] == "粤环函〔2024〕13号"
    expires = datetime.now(UTC) + timedelta(days=30)
    asked = {k: v for k, v in world.retirement(pilot, "HAN", 5, 6).items() if k != "retiredOn"}
    request = await world.registry.made(
        "requestRetirement", "request { id }", expiresAt=expires.isoformat(), **asked
    )
    await world.registry.made(
        "confirmRetirement", "retirement { id }", request=request["id"], retiredOn="2024-07-01",
        registryReference=DOCUMENT,
    )  # fmt: skip
