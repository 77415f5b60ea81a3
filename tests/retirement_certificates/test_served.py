"""Certificates as they are served: made of the postings as of a position, superseded by themselves, open to who may."""

import json
import re
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.ids import Position
from nzc_api.inventories.visibility import Sight
from nzc_api.proofs.notes import Verifier
from nzc_api.retirement_certificates import service
from nzc_api.retirement_certificates.rules import check_length
from nzc_api.retirement_certificates.verifying import verify
from nzc_api.transport import certificates as transport
from tests.conftest import Server, unguarded
from tests.retirement_certificates.certifying import GROUNDS, Certifying, certifying
from tests.served import nearby
from tests.world import World, of_year

SHOWN = """number kind asOfPosition status quantity quantityInForce pilot { code } accountingPeriod { startsOn }
    lines(first: 10) { totalCount nodes { position retiredOn registryReference quantity methodology serialsAreLogged
        serials { registryText } batch { id } } }
    notInForce(first: 10) { nodes { position reason quantity } } creditWarnings { code quantity }"""
BY_NUMBER = f"""query ($number: String!, $asOf: BigInt) {{
    retirementCertificate(number: $number, asOf: $asOf) {{ {SHOWN} }} }}"""
OF_PILOT = f"""query ($id: ID!, $year: Int!, $asOf: BigInt) {{ pilot(by: {{id: $id}}) {{
    retirementCertificate(period: {{year: $year}}, asOf: $asOf) {{ {SHOWN} }} }} }}"""


@pytest_asyncio.fixture(scope="module")
async def given(
    server: Server, people: World, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Certifying]:
    async with certifying(server, people, tmp_path_factory.mktemp("key")) as found:
        yield found


async def shown(given: Certifying, number: str, as_of: int | None = None) -> Any:
    asked = None if as_of is None else str(as_of)
    return (await given.world.anyone.ask(BY_NUMBER, number=number, asOf=asked))[
        "retirementCertificate"
    ]


async def invalidate(given: Certifying, prefix: str, first: int, last: int) -> Any:
    block = {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}
    target = {"serials": {"programme": "CCER", "block": block}}
    return await given.world.registry.made(
        "invalidateCredits", "posting { id position }", target=target, **GROUNDS
    )


async def test_its_file_says_what_the_api_says_and_holds(given: Certifying) -> None:
    pilot = await given.world.pilot()
    batch = await given.issued("SAY")
    retired = await given.retired(pilot, "SAY", 1, 30, registryReference="R-SAY-1")
    number = retired["certificate"]["number"]
    content = await given.document(number)
    verified = verify(content, Verifier.read(await given.verifier()))
    assert (verified.number, verified.status, verified.quantity) == (number, "VALID", 30)
    assert verified.unlogged_serials == []
    said, api = json.loads(content)["certificate"], await shown(given, number)
    (line,) = api["lines"]["nodes"]
    (retirement,) = said["retirements"]
    assert (line["position"], line["retiredOn"]) == (
        retirement["position"],
        retirement["retiredOn"],
    )
    assert line["registryReference"] == retirement["registryReference"] == "R-SAY-1"
    assert [line["serials"]["registryText"]] == [
        serials["text"] for serials in retirement["serials"]
    ]
    assert (line["batch"]["id"], line["serialsAreLogged"], line["methodology"]) == (
        batch, True, said["batches"][0]["methodology"],
    )  # fmt: skip
    assert (api["pilot"]["code"], api["quantity"]) == (
        said["beneficiary"]["code"],
        said["quantity"],
    )
    assert said["claimPeriod"] == {"from": "2022-01-01", "to": "2022-12-31"}
    position = json.loads(content)["certificate"]["asOf"]
    assert await given.document(number, f"?asOf={position}") == content


async def test_it_is_put_together_where_it_keeps_nobody_waiting(
    given: Certifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of thousands of ranges is a megabyte."""
    threads = set[int]()
    for room, name in ((service, "document_of"), (transport, "page_of")):
        make = getattr(room, name)

        def watched(*given: Any, make: Any = make) -> Any:
            threads.add(threading.get_ident())
            return make(*given)

        monkeypatch.setattr(room, name, watched)
    await given.issued("OFF")
    retired = await given.retired(await given.world.pilot(), "OFF", 1, 2)
    number = retired["certificate"]["number"]
    assert verify(await given.document(number)).quantity == 2
    assert (await given.get(number)).status_code == 200
    assert threads
    assert threading.get_ident() not in threads


async def test_it_is_superseded_by_what_becomes_of_it(given: Certifying) -> None:
    pilot = await given.world.pilot()
    await given.issued("SUP")
    retired = await given.retired(pilot, "SUP", 1, 30)
    number, at = retired["certificate"]["number"], int(retired["position"])
    before = await given.document(number, f"?asOf={at}")
    gone = await invalidate(given, "SUP", 26, 35)
    now, then = await shown(given, number), await shown(given, number, at)
    assert (now["status"], now["quantity"], now["quantityInForce"]) == (
        "PARTLY_INVALIDATED",
        "30",
        "25",
    )
    assert (then["status"], then["quantityInForce"]) == ("SUPERSEDED", "30")
    (withdrawn,) = now["notInForce"]["nodes"]
    assert withdrawn == {"position": gone["position"], "reason": "INVALIDATED", "quantity": "5"}
    verified = verify(await given.document(number))
    assert (verified.status, verified.in_force) == ("PARTLY_INVALIDATED", 25)
    # What it said as of then, it says for ever; and its page says that this is over.
    assert await given.document(number, f"?asOf={at}") == before
    page = (await given.get(f"{number}?asOf={at}")).text
    assert "已被新的内容取代" in page
    assert f'href="{number}.pdf?asOf={at}"' in page
    page = (await given.get(number)).text
    assert "部分失效" in page
    assert "已被新的内容取代" not in page
    await invalidate(given, "SUP", 1, 25)
    assert (await shown(given, number))["status"] == "INVALIDATED"
    assert verify(await given.document(number)).status == "INVALIDATED"


async def test_what_was_corrected_never_was(given: Certifying) -> None:
    pilot = await given.world.pilot()
    await given.issued("COR")
    retired = await given.retired(pilot, "COR", 1, 30)
    await given.world.registry.made(
        "correctPosting", "posting { id }", posting=retired["id"], **GROUNDS
    )
    number = retired["certificate"]["number"]
    assert (await shown(given, number))["status"] == "CORRECTED"
    verified = verify(await given.document(number))
    assert (verified.status, verified.quantity, verified.in_force) == ("CORRECTED", 30, 0)


async def test_of_a_pilot_and_a_period_it_has_all(given: Certifying) -> None:
    world, pilot = given.world, await given.world.pilot()

    async def certificate_of(year: int, as_of: str | None = None) -> Any:
        found = await world.anyone.ask(OF_PILOT, id=pilot["id"], year=year, asOf=as_of)
        return found["pilot"]["retirementCertificate"]

    await given.issued("ALL", production=of_year(2023))
    assert await certificate_of(2022) is None
    first = await given.retired(pilot, "ALL", 1, 10)
    alone = await certificate_of(2022)
    await given.retired(pilot, "ALL", 21, 30)
    await given.retired(pilot, "ALL", 41, 45, year=2023)
    every = await certificate_of(2022)
    assert (every["kind"], every["quantity"], every["lines"]["totalCount"]) == (
        "PILOT_AND_PERIOD",
        "20",
        2,
    )
    assert (alone["kind"], alone["number"]) == ("PILOT_AND_PERIOD", every["number"])
    # Another retirement for the period supersedes what it said before.
    assert (await certificate_of(2022, first["position"]))["status"] == "SUPERSEDED"
    assert await certificate_of(2020) is None
    assert await certificate_of(2022, str(int(first["position"]) - 1)) is None
    verified = verify(await given.document(every["number"]))
    assert (verified.quantity, verified.status) == (20, "VALID")
    said = await given.said(every["number"])
    assert [warning["code"] for warning in said["warnings"]] == ["PRODUCED_AFTER_PERIOD"]
    assert [warning["code"] for warning in said["warnings"]] == [
        warning["code"] for warning in every["creditWarnings"]
    ]


async def test_the_beneficiary_is_told_to_who_may_know_it(given: Certifying) -> None:
    world = given.world
    pilot = await world.pilot(statementVisibility="ROLES")
    await given.issued("PRI")
    number = (await given.retired(pilot, "PRI", 1, 30))["certificate"]["number"]
    asked = {"number": number, "asOf": None}
    for caller in (world.anyone, world.registry, world.operator, world.auditor):
        open_ = caller in (world.operator, world.auditor)
        content = await given.document(number, caller=caller)
        assert verify(content).quantity == 30
        said = json.loads(content)["certificate"]
        assert (said["beneficiary"] is not None) is open_
        page = (await given.get(number, caller)).text
        names = [pilot["code"], "Some body", "Test CREDIT_HOLDER"]
        assert [name in page for name in names] == [open_] * 3
        assert [name in content.decode() for name in names] == [open_] * 3
        api = (await caller.ask(BY_NUMBER, **asked))["retirementCertificate"]
        assert (api["pilot"] is not None, api["accountingPeriod"] is not None) == (open_, open_)


async def test_what_people_wrote_is_no_markup(given: Certifying) -> None:
    evil = '<script>alert("1")</script>&\'x'
    pilot = await given.world.pilot(
        name={"zh": evil, "en": evil}, applicantName={"zh": evil, "en": evil}
    )
    await given.issued("EVIL")
    retired = await given.retired(pilot, "EVIL", 1, 30)
    answer = await given.get(retired["certificate"]["number"])
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#x27;x" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(r"https?://", answer.text)
    await given.verifier()
    document = await given.get(f"{retired['certificate']['number']}.pdf")
    assert document.content.startswith(b"%PDF-")


async def test_a_document_is_the_same_bytes_each_time(
    given: Certifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = await given.world.pilot()
    await given.issued("PDF")
    number = (await given.retired(pilot, "PDF", 1, 30))["certificate"]["number"]
    await given.verifier()
    position = await given.world.head()
    one, other = [await given.get(f"{number}.pdf?asOf={position}") for _ in range(2)]
    assert one.content == other.content
    assert one.headers["content-type"] == "application/pdf"
    assert one.headers["nzc-as-of-position"] == str(position)
    told = await given.world.http.head(f"/certificates/{number}.pdf")
    assert (told.status_code, told.content) == (200, b"")
    monkeypatch.setattr(transport, "NEEDS", ("no_such_module",))
    refused = await given.get(f"{number}.pdf")
    assert (refused.status_code, code_of(refused)) == (501, "REPORTS_NOT_INSTALLED")


async def test_no_code_holds_an_address_that_is_too_long(given: Certifying) -> None:
    """Where the operator names none, it is the one that whoever asks says to have asked."""
    pilot = await given.world.pilot()
    await given.issued("HOST")
    number = (await given.retired(pilot, "HOST", 1, 30))["certificate"]["number"]
    await given.verifier()
    async with nearby(given.database.api_url) as api, api.client() as http:
        for host, status in (("nzc.example", 200), ("x" * 3_000, 400)):
            answer = await http.get(f"/certificates/{number}.pdf", headers={"Host": host})
            assert answer.status_code == status
    assert code_of(answer) == "INVALID_INPUT"
    assert answer.json()["errors"][0]["extensions"]["inputPath"] == ["host"]


def code_of(answer: Any) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


async def test_a_number_that_names_nothing_is_told(given: Certifying) -> None:
    pilot = await given.world.pilot()
    await given.issued("NUM")
    number = (await given.retired(pilot, "NUM", 1, 30))["certificate"]["number"]
    log, _, _ = number.rpartition("-")
    await given.verifier()
    for wrong in (
        f"{log}-1",
        f"{log}-999999",
        f"{log}-0",
        f"{log}-01",
        f"{log}-{2**63 - 1}",
        f"{log}-{2**63}",
        f"{log}-{'9' * 19}",
        "NZC-000000000000001-1",
        "x",
        "%3Cb%3E",
        "1" * 500,
    ):
        page, file = await given.get(wrong), await given.get(f"{wrong}.json")
        assert (page.status_code, file.status_code) == (404, 404)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "没有编号为" in page.text
        assert "<b>" not in page.text
        assert code_of(file) == "CERTIFICATE_NOT_FOUND"
        assert await shown(given, wrong) is None
    for as_of in ("x", "-1", "999999", "9" * 30):
        page, file = (
            await given.get(f"{number}?asOf={as_of}"),
            await given.get(f"{number}.json?asOf={as_of}"),
        )
        assert (page.status_code, file.status_code, code_of(file)) == (400, 400, "INVALID_INPUT")
        assert "text/html" in page.headers["content-type"]


async def test_what_the_log_has_not_committed_to_yet_is_told(
    given: Certifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = await given.world.pilot()
    await given.issued("YET")
    number = (await given.retired(pilot, "YET", 1, 30))["certificate"]["number"]

    async def before(_self: object) -> int:
        return 1

    monkeypatch.setattr(service.CertificateService, "provable", before)
    answer = await given.get(f"{number}.json")
    assert (answer.status_code, code_of(answer)) == (404, "CERTIFICATE_NOT_PROVEN_YET")
    assert answer.headers["retry-after"] == "1"
    assert (await given.get("x.json")).status_code == 404


async def test_one_that_would_be_too_long_is_refused(
    given: Certifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_length("x", 200, 2_000) is None
    pilot = await given.world.pilot()
    await given.issued("LONG")
    for first in (1, 11, 21):
        await given.retired(pilot, "LONG", first, first + 1)
    api = await given.world.anyone.ask(OF_PILOT, id=pilot["id"], year=2022, asOf=None)
    number = api["pilot"]["retirementCertificate"]["number"]
    for name in ("MOST_RETIREMENTS", "MOST_RANGES"):
        monkeypatch.setattr(f"nzc_api.retirement_certificates.rules.{name}", 2)
        error = await given.world.anyone.fail(OF_PILOT, id=pilot["id"], year=2022, asOf=None)
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert (await given.get(number)).status_code == 400
        monkeypatch.undo()


async def test_what_was_retired_before_entries_named_serials(given: Certifying) -> None:
    """Its certificate says so, and proves the rest."""
    pilot = await given.world.pilot()
    await given.issued("OLD")
    retired = await given.retired(pilot, "OLD", 1, 30)
    number, position = retired["certificate"]["number"], int(retired["position"])
    await given.verifier()
    async with unguarded(given.database.superuser_url) as connection:
        await connection.execute(
            "UPDATE log_entry SET body = body - 'serials' WHERE position = $1", position
        )
    found = await given.nzc.services.certificates.certificate(
        Position(position), Position(position), Sight()
    )
    assert found is not None
    assert not found.retired[0].names_serials
    assert "†" in (await given.get(number)).text
    async with unguarded(given.database.superuser_url) as connection:
        serials = json.dumps(
            [
                {
                    "batch": found.retired[0].moved[0].batch_id,
                    "first": 1,
                    "last": 30,
                    "text": "OLD-1 to 30",
                }
            ]
        )
        await connection.execute(
            "UPDATE log_entry SET body = body || jsonb_build_object('serials', $2::jsonb) WHERE position = $1",
            position, serials,
        )  # fmt: skip
    assert verify(await given.document(number)).unlogged_serials == []


async def test_names_are_those_of_its_position(given: Certifying) -> None:
    world, pilot = given.world, await given.world.pilot()
    await given.issued("WAS")
    retired = await given.retired(pilot, "WAS", 1, 30)
    number, at = retired["certificate"]["number"], retired["position"]
    before = await given.document(number, f"?asOf={at}")
    changes = {"name": {"zh": "改名", "en": "Renamed"}}
    await world.operator.made("amendPilot", "pilot { id }", pilot=pilot["id"], **changes)
    assert await given.document(number, f"?asOf={at}") == before
    assert (await given.said(number))["beneficiary"]["name"] == changes["name"]
    # It says nothing else, so it is not superseded.
    assert (await shown(given, number, int(at)))["status"] == "VALID"


async def test_who_verified_it_is_said_with_the_labels_of_its_day(given: Certifying) -> None:
    """2024-07-01 is the day of the retirement."""
    label = {"name": {"zh": "核心碳原则", "en": "Core Carbon Principles"}, "issuedBy": "ICVCM"}
    labels = [
        label | {"code": "CCP", "validFrom": "2024-01-01", "expiresOn": "2024-07-01"},
        label | {"code": "OLD", "validFrom": "2024-01-01", "expiresOn": "2024-06-30"},
    ]
    report = {"number": "HC-9", "dated": "2024-01-10"}
    await given.issued(
        "VER", verification={"body": {"name": "某核查公司"}, "report": report}, labels=labels
    )
    retired = await given.retired(await given.world.pilot(), "VER", 1, 10)
    number = retired["certificate"]["number"]
    content = await given.document(number)
    verify(content, Verifier.read(await given.verifier()))
    (batch,) = json.loads(content)["certificate"]["batches"]
    assert batch["verification"]["body"] == {"name": "某核查公司", "credit_code": None}
    assert [label["code"] for label in batch["labels"]] == ["CCP", "OLD"]
    asked = """query ($number: String!) { retirementCertificate(number: $number) { lines(first: 1) { nodes {
        methodologyVersion verification { body { name } report { number } } labels { code } } } } }"""
    found = (await given.world.anyone.ask(asked, number=number))["retirementCertificate"]
    assert found["lines"]["nodes"] == [
        {
            "methodologyVersion": None, "labels": [{"code": "CCP"}],
            "verification": {"body": {"name": "某核查公司"}, "report": {"number": "HC-9"}},
        }
    ]  # fmt: skip
    page = (await given.get(number)).text
    assert "HC-9 (2024-01-10)" in page
    assert "(OLD, 2024-01-01 to 2024-06-30, expired)" in page
