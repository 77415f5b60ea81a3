"""Evidence as it is served: all that is known of a pilot's year, signed, for who sees what the pilot states."""

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path

import httpx
import openpyxl
import pytest
from typer.testing import CliRunner, Result

from nzc_api.cli import app
from nzc_api.ids import Position
from nzc_api.proofs.notes import Signer, Verifier
from nzc_api.retirement_certificates import service
from nzc_api.retirement_certificates.verifying import verify as verify_certificate
from nzc_api.transport.evidence import MOST_MADE_FOR_ONE
from nzc_api.working_papers.model import MANIFEST, Sizes
from nzc_api.working_papers.papers import TOLD
from nzc_api.working_papers.rules import check_compared, check_sizes
from nzc_api.working_papers.sheets import SHEETS
from nzc_api.working_papers.verifying import verify
from nzc_api.working_papers.zipped import unpacked
from tests.ledger.test_verifications import CREDIT_CODE, DAYS, HASH, SAID
from tests.proofs.keys import KEY
from tests.retirement_certificates.certifying import GROUNDS
from tests.working_papers.papering import FORMULA, Papers, table

STATED = """query ($id: ID!, $asOf: BigInt) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}, asOf: $asOf) {
    netCo2e gross { co2e } sinks { co2e soldCo2e } purchasedReductions { quantity retirements { nodes { id position
        quantity quantityInForce certificate { number } } } }
    inventories { nodes { emissionSources { nodes { label co2e explain { gases { expression } } } } } } } } }"""


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


def files_in(content: bytes) -> dict[str, bytes]:
    return dict(unpacked(content))


async def test_it_says_what_the_api_says(pilot_papers: Papers, good: bytes) -> None:
    world = pilot_papers.given.world
    position = json.loads(files_in(good)[MANIFEST])["asOf"]
    data = await world.auditor.ask(STATED, id=pilot_papers.pilot["id"], asOf=position)
    api = data["pilot"]["netEmissions"]
    then, now = table(good, "statements")
    assert (now["asOfPosition"], now["netCo2e"]) == (position, api["netCo2e"])
    assert now["grossCo2e"] == api["gross"]["co2e"]
    assert (now["sinksCo2e"], now["sinksSoldCo2e"]) == ("30.500000", "10.000000")
    assert (then["asOfPosition"], then["purchasedQuantity"]) == (str(pilot_papers.before), "65")
    assert now["purchasedQuantity"] == api["purchasedReductions"]["quantity"] == "45"
    [inventory] = api["inventories"]["nodes"]
    shown = inventory["emissionSources"]["nodes"]
    lines = [
        (line["label"], line["co2e"], line["explain"]["gases"][0]["expression"]) for line in shown
    ]
    rows = [row for row in table(good, "lines") if row["role"] == "SOURCE"]
    assert [(row["label"].removeprefix("'"), row["co2e"], row["working"]) for row in rows] == lines
    assert [row["treatment"] for row in rows] == ["IN_SCOPE", "IN_SCOPE", "DEDUCTED", "MEMO"]
    electricity = rows[1]
    assert (electricity["activity"], electricity["unit"]) == ("1000000", "kWh")
    assert electricity["factorSource"]
    assert electricity["rounding"] == "CO2E"
    retired = api["purchasedReductions"]["retirements"]["nodes"]
    names = ("position", "quantity", "quantityInForce")
    rows = table(good, "retirements")
    assert [[row[n] for n in names] for row in rows] == [[one[n] for n in names] for one in retired]
    assert [
        (row["kind"], row["quantity"], row["document"]) for row in table(good, "withdrawn")
    ] == [
        ("CREDITS_INVALIDATED", "5", "粤环函〔2025〕1号"),
        ("POSTING_CORRECTED", "10", "粤环函〔2025〕1号"),
        ("BATCH_EXPORTED", "5", "粤环函〔2025〕1号"),
    ]
    changes = [row["purchasedCo2e"] for row in table(good, "changes")]
    assert changes == ["-5.000000", "-10.000000", "-5.000000"]
    [difference] = table(good, "differences")
    assert (difference["purchasedCo2e"], difference["netCo2e"]) == ("-20.000000", "20.000000")


async def test_it_says_who_verified_what(pilot_papers: Papers, good: bytes) -> None:
    told = {row["batch"]: row for row in table(good, "movements")}
    assert len(told) == 3
    said, *unsaid = [told[batch] for batch in sorted(told, key=int)]
    names = (
        "methodology", "methodologyVersion", "creditedFrom", "creditedTo", "validatedBy", "validatedByCode",
        "validationReport", "verifiedBy", "verificationReport", "verificationReportSha256", "labels", "labelsTo",
    )  # fmt: skip
    assert [said[name] for name in names] == [
        "CCER-01-002-V01", "V01", DAYS["startsOn"], DAYS["endsOn"], "", CREDIT_CODE, "'-SD-1",
        SAID["verification"]["body"]["name"], "HC-2023-1", HASH, "CORSIA; CCP", "; 2026-12-31",
    ]  # fmt: skip
    assert all(row[name] == "" for row in unsaid for name in names[1:])
    [sold] = table(good, "sold")
    assert set(names) < set(sold)
    assert sold["methodology"]


async def test_it_says_what_came_to_nothing(pilot_papers: Papers, good: bytes) -> None:
    """What the log has of that, of what is seen: a plan that was returned is not public."""
    names = ("kind", "askedKind", "code", "codeZh", "reason")
    request, plan = [[row[name] for name in names] for row in table(good, "refusals")]
    assert request == [
        "RETIREMENT_REQUEST_CANCELLED", "RETIREMENT_REQUESTED", "CANCELLED", "未经确认，已取消", "",
    ]  # fmt: skip
    assert plan == ["PLAN_RETURNED", "PLAN_SUBMITTED", "RETURNED", "已退回", f"'{FORMULA}"]
    entries = {row["position"]: row for row in table(good, "entries")}
    for row in table(good, "refusals"):
        assert entries[row["asked"]]["at"] == row["askedAt"]
        assert int(row["asked"]) < int(row["position"])
    public = await pilot_papers.evidence(caller=pilot_papers.given.world.anyone)
    assert [row["code"] for row in table(public, "refusals")] == ["CANCELLED"]
    earlier = int(table(good, "refusals")[0]["position"]) - 1
    assert table(await pilot_papers.evidence(f"?asOf={earlier}"), "refusals") == []


async def test_each_certificate_is_as_when_it_is_asked_for_alone(
    pilot_papers: Papers, good: bytes
) -> None:
    files = files_in(good)
    position = json.loads(files[MANIFEST])["asOf"]
    numbers = [row["certificate"] for row in table(good, "retirements")]
    numbers.append(json.loads(files[MANIFEST])["period"]["certificate"])
    key = Verifier.read(await pilot_papers.given.verifier())
    for number in numbers:
        content = files[f"certificates/{number}.json"]
        alone = await pilot_papers.given.document(
            number, f"?asOf={position}", pilot_papers.given.world.auditor
        )
        assert content == alone
        assert verify_certificate(content, key).number == number
    assert len([name for name in files if name.startswith("certificates/")]) == len(numbers) == 5


async def test_it_is_the_same_bytes_each_time(pilot_papers: Papers) -> None:
    """Whatever happened since, and to whatever was asked of the same position before."""
    await pilot_papers.given.verifier()
    position = await pilot_papers.given.world.head()
    query = f"?asOf={position}&compared={pilot_papers.before - 3},{pilot_papers.before}"
    before = await pilot_papers.evidence(query)
    renewed = {"programme": "CCER", "days": DAYS | {"endsOn": "2041-12-31"}}
    await pilot_papers.given.world.registry.made(
        "amendProject",
        "project { id }",
        project=pilot_papers.verified,
        creditingPeriod=renewed,
        **GROUNDS,
    )
    await pilot_papers.given.issued("S")
    await pilot_papers.given.retired(pilot_papers.pilot, "S", 1, 7)
    assert await pilot_papers.evidence(query) == before
    assert len(table(before, "differences")) == 2
    later = await pilot_papers.evidence()
    assert later != before
    assert table(later, "statements")[0]["purchasedQuantity"] == "52"


async def test_the_workbook_has_the_same_tables_and_no_formula(good: bytes) -> None:
    content = files_in(good)
    book = openpyxl.load_workbook(io.BytesIO(content["working-papers.xlsx"]))
    assert book.sheetnames == [sheet.name for sheet in SHEETS]
    for sheet in SHEETS:
        text = content[sheet.file].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert rows[0] == [column.name for column in sheet.columns]
        cells = [list(row) for row in book[sheet.name].iter_rows()]
        assert len(cells) == len(rows)
        for row, shown in zip(rows, cells, strict=True):
            for text, cell in zip(row, shown, strict=True):
                assert cell.data_type != "f"
                number = cell.data_type == "n" and text
                assert cell.value == (float(text) if number else text or None)
    assert f"'{FORMULA}" in {row["label"] for row in table(good, "lines")}
    # Numbers keep their digits, and nothing has the time at which it was made.
    with zipfile.ZipFile(io.BytesIO(content["working-papers.xlsx"])) as made:
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        lines = made.read("xl/worksheets/sheet6.xml").decode()
    assert "<v>900.125000</v>" in lines


async def test_it_says_what_it_is(pilot_papers: Papers, good: bytes) -> None:
    files = files_in(good)
    for name in ("README.md", "README.zh.md"):
        said = files[name].decode()
        assert pilot_papers.pilot["code"] in said
        for held in files:
            assert held.startswith(("README", "certificates/")) or f"`{held}`" in said, held
    assert "by no pilot" in files["README.md"].decode()
    assert "不按试点记录" in files["README.zh.md"].decode()


async def test_it_has_what_the_asker_sees(pilot_papers: Papers) -> None:
    """Of a public statement everybody has evidence, without the lines; what entries say is for who may know it."""
    world = pilot_papers.given.world
    public = await pilot_papers.evidence(caller=world.anyone)
    assert not verify(public).has_lines
    assert table(public, "lines") == []
    assert table(public, "categories")
    own = await pilot_papers.evidence(caller=world.operator)
    assert verify(own).has_lines
    opened = [
        {
            (json.loads(entry["leaf"])["kind"], opening["name"])
            for entry in json.loads(files_in(content)["proofs.json"])["entries"]
            for opening in entry["openings"]
        }
        for content in (public, own)
    ]
    # Everybody: what the tables tell everybody.
    told = {(str(kind), name) for kind, names in TOLD.items() for name in names}
    assert opened[0] <= told
    assert ("INVENTORY_SUBMITTED", "body.lines") in opened[1] - told
    assert "api_key" not in files_in(own)["proofs.json"].decode()


async def test_what_is_closed_is_not_there(pilot_papers: Papers) -> None:
    world = pilot_papers.given.world
    closed = pilot_papers._replace(pilot=await world.pilot(statementVisibility="ROLES"))
    answer = await closed.get(caller=world.anyone)
    assert (answer.status_code, code_of(answer)) == (404, "EVIDENCE_NOT_SHOWN")
    assert (await closed.get(caller=world.auditor)).status_code == 200


async def test_a_year_of_which_nothing_is_known_has_evidence_of_that(pilot_papers: Papers) -> None:
    empty = pilot_papers._replace(pilot=await pilot_papers.given.world.pilot())
    found = verify(await empty.evidence())
    assert (found.statement["netCo2e"], found.certificates) == ("", 0)
    assert found.statement["unknown"]


async def test_before_there_was_a_period_there_is_none(pilot_papers: Papers) -> None:
    later = pilot_papers._replace(pilot=await pilot_papers.given.world.pilot())
    for position in (0, 1):
        answer = await later.get(f"?asOf={position}")
        assert (answer.status_code, code_of(answer)) == (404, "EVIDENCE_NOT_SHOWN")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?asOf=x", "asOf"), ("?asOf=99999999", "asOf"), ("?asof=5", "asof"),
        ("?asOf=5&asOf=5", "asOf"),
        ("?compared=", "compared"), ("?compared=x", "compared"), ("?compared=0", "compared"),
        ("?compared=5,5", "compared"),
        ("?compared=6,5", "compared"), ("?compared=1,2,3,4,5,6", "compared"), ("?compared=99999999", "compared"),
        ("?compared=" + "9" * 500, "compared"), ("?year=2022", "year"),
    ],
)  # fmt: skip
async def test_what_is_asked_wrongly_is_told(pilot_papers: Papers, query: str, path: str) -> None:
    answer = await pilot_papers.get(query)
    assert (answer.status_code, code_of(answer)) == (400, "INVALID_INPUT")
    error = answer.json()["errors"][0]
    assert error["extensions"]["inputPath"] == [path]
    assert error["extensions"]["localizedMessage"]["zh"]


@pytest.mark.parametrize("at", ["NOBODY/2022", "NOBODY/20x2", "P-1/02022", "P-1/%C2%B2"])
async def test_what_is_not_there_is_told(pilot_papers: Papers, at: str) -> None:
    answer = await pilot_papers.get(at=at)
    assert (answer.status_code, code_of(answer)) in {(404, "NOT_FOUND"), (400, "INVALID_INPUT")}


async def test_a_year_without_a_period_is_told(pilot_papers: Papers) -> None:
    answer = await pilot_papers.get(at=f"{pilot_papers.pilot['code']}/1999")
    assert (answer.status_code, code_of(answer)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("bound", "most"),
    [("MOST_RETIREMENTS", 3), ("MOST_RANGES", 3), ("MOST_LINES", 2), ("MOST_ENTRIES_COMPARED", 2), ("MOST_CHANGES", 2),
     ("MOST_REFUSALS", 0), ("MOST_REFUSALS", 1)],
)  # fmt: skip
async def test_too_much_is_told_before_it_is_made(
    pilot_papers: Papers, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(f"nzc_api.working_papers.model.{bound}", most)
    answer = await pilot_papers.get(f"?compared={pilot_papers.before}")
    assert (answer.status_code, code_of(answer)) == (413, "EVIDENCE_TOO_LARGE")


def test_bounds() -> None:
    assert (
        check_sizes(
            Sizes(
                retirements=200,
                ranges=2_000,
                lines=10_000,
                entries=200_000,
                changes=1_000,
                refusals=1_000,
            )
        )
        is None
    )
    for beyond in (
        Sizes(retirements=201), Sizes(ranges=2_001), Sizes(lines=10_001), Sizes(entries=200_001), Sizes(changes=1_001),
        Sizes(refusals=1_001),
    ):  # fmt: skip
        why = check_sizes(beyond)
        assert why is not None
        assert "may have" in why.en
    assert check_compared([Position(at) for at in range(1, 6)], Position(6), "1,2,3,4,5") is None
    assert check_compared((), Position(1), "") is None
    assert check_compared((Position(6),), Position(6), "6") is not None


async def test_what_the_log_has_not_committed_to_yet_is_told(
    pilot_papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = await pilot_papers.given.world.head()

    async def before(_self: object) -> int:
        return pilot_papers.before

    pilot = await pilot_papers.given.world.pilot()
    monkeypatch.setattr(service.CertificateService, "provable", before)
    for answer in (
        await pilot_papers.get(f"?asOf={head}"),
        await pilot_papers._replace(pilot=pilot).get(),
    ):
        assert (answer.status_code, code_of(answer)) == (404, "EVIDENCE_NOT_PROVEN_YET")
        assert answer.headers["retry-after"] == "1"


async def test_its_head_is_answered_without_making_it(pilot_papers: Papers) -> None:
    answer = await pilot_papers.get(verb="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/zip"
    assert "content-length" not in answer.headers


async def test_one_organisation_has_one_made_at_a_time(pilot_papers: Papers) -> None:
    assert MOST_MADE_FOR_ONE == 1
    two = await asyncio.gather(
        pilot_papers.get(), pilot_papers.get(caller=pilot_papers.given.world.operator)
    )
    assert [answer.status_code for answer in two] == [200, 200]
    own = await asyncio.gather(*(pilot_papers.get() for _ in range(3)))
    assert sorted({answer.status_code for answer in own}) == [200, 503]


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_the_command(pilot_papers: Papers, tmp_path: Path) -> None:
    """It is checked before it is written; what the server says is told as it says it."""
    key, auditor = await pilot_papers.given.verifier(), pilot_papers.given.world.auditor

    async def run(**given: str) -> Result:
        options = {
            "pilot": pilot_papers.pilot["code"], "year": "2022", "output": str(tmp_path / "evidence.zip"),
            "url": f"{auditor.http.base_url}/graphql", "key": auditor.secret or "", "log-key": key,
        } | given  # fmt: skip
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return await asyncio.to_thread(CliRunner().invoke, app, ["evidence", *arguments])

    foreign = str(Signer("nzc/000000000000001", KEY).verifier)
    for given, told in (
        ({"pilot": "NOBODY"}, "试点“NOBODY”"),
        ({"compared": "5,5"}, "at most 5 positions before"),
        ({"log-key": foreign}, foreign),
    ):
        done = await run(**given)
        assert (done.exit_code, done.stdout) == (1, "")
        assert told in done.stderr
        assert names(tmp_path) == []
    assert (await run(**{"log-key": "x"})).exit_code == 2
    done = await run(compared=str(pilot_papers.before))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Signed by the given key" in done.stdout
    assert names(tmp_path) == ["evidence.zip"]
    found = verify((tmp_path / "evidence.zip").read_bytes(), Verifier.read(key))
    assert found.pilot == pilot_papers.pilot["code"]
