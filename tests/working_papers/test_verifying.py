"""Evidence without a server: every byte that is changed, and every number that does not follow, is refused by NZC's own
verifier and by the script that is handed out."""

import io
import json
import random
import runpy
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.proofs.cosignatures import read_witness
from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Signer, Verifier
from nzc_api.retirement_certificates.verifying import NotVerified
from nzc_api.working_papers.model import LONGEST_FILE, MANIFEST, NOTE, PapersFile
from nzc_api.working_papers.saying import lines_of
from nzc_api.working_papers.verifying import verify
from nzc_api.working_papers.zipped import packed, unpacked
from tests.proofs.keys import KEY
from tests.proofs.witness import TIME, cosigned_line, key_of, verifier_of
from tests.served import nearby
from tests.working_papers.papering import (
    Change,
    Papers,
    both_of,
    cell,
    changed,
    editing,
    in_the_name_of_evidence,
    resealed,
    resigned,
    table,
    without,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE = runpy.run_path(str(EXAMPLES / "verify_evidence.py"))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


REFUSED = (NotVerified, EXAMPLE["Wrong"], *EXAMPLE["MALFORMED"])


def both(content: bytes, key: str | None = None, *witnesses: str) -> tuple[str | None, str | None]:
    """What NZC's own verifier and the script say is wrong; None: nothing."""
    wrongs: list[str | None] = []
    given = list(map(read_witness, witnesses))
    for check in (
        lambda: verify(content, None if key is None else Verifier.read(key), given),
        lambda: EXAMPLE["verify_evidence"](content, key, witnesses),
    ):
        try:
            check()
        except REFUSED as error:
            wrongs.append(str(error))
        else:
            wrongs.append(None)
    return wrongs[0], wrongs[1]


def refused(content: bytes, told: str, key: str | None = None) -> None:
    """Both refuse it, and both tell this of it (one of what a bar parts)."""
    wrongs = both(content, key)
    for wrong in wrongs:
        assert wrong is not None, wrongs
        assert any(part in wrong for part in told.split("|")), wrongs


async def test_it_holds(pilot_papers: Papers, good: bytes) -> None:
    key = await pilot_papers.given.verifier()
    assert both(good) == both(good, key) == (None, None)
    found = verify(good, Verifier.read(key))
    [_, now] = table(good, "statements")
    assert (found.pilot, found.year, found.key) == (pilot_papers.pilot["code"], "2022", key)
    assert (found.statement, found.certificates, found.has_lines) == (now, 5, True)
    assert found.entries == len(table(good, "entries"))


WITNESS, STRANGER = ("w.example/1", key_of(1)), ("w.example/2", key_of(2))


def test_a_witness_can_be_asked_for(good: bytes) -> None:
    def cosigned(files: dict[str, bytes]) -> None:
        note = files["checkpoint.txt"].decode()
        longer = note + cosigned_line(*WITNESS, TreeHead.read(note).text, TIME)
        proofs = json.loads(files["proofs.json"]) | {"checkpoint": longer}
        files["checkpoint.txt"], files["proofs.json"] = longer.encode(), json.dumps(proofs).encode()

    content = resealed(good, cosigned)
    assert both(content, None, verifier_of(*WITNESS)) == (None, None)
    [one] = verify(content, witnesses=[read_witness(verifier_of(*WITNESS))]).cosigned
    assert one.witness.name == "w.example/1"
    for wrong in both(content, None, verifier_of(*WITNESS), verifier_of(*STRANGER)):
        assert wrong is not None
        assert "has no cosignature of the witness" in wrong or "is not cosigned by" in wrong


# Whatever is done to the file without the log's key: and which file is named.


def added(files: dict[str, bytes]) -> None:
    files["extra.csv"] = b"a,b\r\n"


def removed(files: dict[str, bytes]) -> None:
    del files["lines.csv"]


def renamed(files: dict[str, bytes]) -> None:
    files["rows.csv"] = files.pop("lines.csv")


def altered(files: dict[str, bytes]) -> None:
    files["working-papers.xlsx"] += b" "


def swapped(files: dict[str, bytes]) -> None:
    files["README.md"] = files.pop("README.md")


def of_another_year(files: dict[str, bytes]) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b'"2022"', b'"2023"')


def written_otherwise(files: dict[str, bytes]) -> None:
    files[MANIFEST] = json.dumps(json.loads(files[MANIFEST])).encode()


def of_another_form(files: dict[str, bytes]) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b"nzc-evidence-1", b"nzc-evidence-2")


def listed(files: dict[str, bytes]) -> None:
    """Who changes a file and its hash, but cannot sign."""
    altered(files)
    files[MANIFEST] = files[MANIFEST].replace(b'"size":"', b'"size":"1', 1)


def forgotten(name: str) -> Change:
    def change(files: dict[str, bytes]) -> None:
        del files[name]

    return change


TAMPERED: dict[str, tuple[Change, str]] = {
    "a file added": (added, "extra.csv"),
    "a file removed": (removed, "lines.csv"),
    "a file renamed": (renamed, "rows.csv"),
    "a file changed": (altered, "working-papers.xlsx"),
    "files in another order": (swapped, "order"),
    "another year": (of_another_year, "manifest.json is not what was signed"),
    "a manifest written otherwise": (written_otherwise, "manifest.json is not written"),
    "another form": (of_another_form, "form|manifest.json"),
    "a file and its hash": (listed, "manifest.json is not what was signed"),
    "no manifest": (forgotten(MANIFEST), "manifest.json"),
    "no note": (forgotten(NOTE), "manifest.note"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_named(good: bytes, name: str) -> None:
    change, told = TAMPERED[name]
    refused(changed(good, change), told)


def zipped(
    content: bytes, name: str, held: bytes = b"x", method: int = zipfile.ZIP_STORED
) -> bytes:
    """The ZIP with a file added as any program does."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), held, method)
    return made.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_told(good: bytes) -> None:
    """Programs disagree about which of them is the one."""
    again = zipped(good, "lines.csv", dict(unpacked(good))["lines.csv"])
    refused(again, "“lines.csv” is in the ZIP twice")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_bomb_is_not_unpacked(good: bytes, method: int) -> None:
    bomb = zipped(good, "bomb.csv", bytes(64 << 20), method)
    assert len(bomb) < len(good) + (1 << 20)
    refused(bomb, "“bomb.csv” is compressed")


def test_a_size_that_is_not_there_is_told(good: bytes) -> None:
    """A header that promises four gigabytes."""
    sizes = good.index(b"\x09\0\0\0lines.csv") - 8
    swollen = bytearray(good)
    swollen[sizes : sizes + 8] = b"\xf0\xff\xff\xff" * 2
    refused(bytes(swollen), "cut off in “lines.csv”|manifest.json")


@pytest.mark.parametrize(
    "name", ["../evil.csv", "certificates/../../evil", "/etc/passwd", "a\\b", "C:evil", ".profile", "a/b/c", "x" * 200]
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_told(good: bytes, name: str) -> None:
    refused(zipped(good, name), f"“{name[:80]}")


def test_no_byte_belongs_to_no_file(good: bytes) -> None:
    """Before, between, after; a comment, a time, a directory that says something else than the files."""
    assert None not in both(b"\0" + good)
    refused(good + b"\0", "belong to no file")
    commented = io.BytesIO(good)
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"hidden"
    refused(commented.getvalue(), "belong to no file")
    place = good.rindex(b"PK\x01\x02")
    refused(good[:place] + good[place:].replace(NOTE.encode(), b"manifest.n0te"), "belong to no file")  # fmt: skip


def test_any_bit_that_is_flipped_is_refused(good: bytes) -> None:
    chance = random.Random(17)
    for place in sorted(chance.sample(range(len(good)), 120)):
        flipped = bytearray(good)
        flipped[place] ^= 1 << chance.randrange(8)
        assert None not in both(bytes(flipped)), place


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"{}"])
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    assert None not in both(content)


def test_what_is_cut_off_is_refused(good: bytes) -> None:
    chance = random.Random(17)
    for length in chance.sample(range(len(good)), 30):
        assert None not in both(good[:length]), length


def test_a_file_that_is_too_long_is_not_read() -> None:
    with pytest.raises(NotVerified, match="more than"):
        verify(b"P" * (LONGEST_FILE + 1))


# Who signed it.


def test_a_foreign_key_signs_nothing_of_the_log(good: bytes) -> None:
    refused(resigned(good, in_the_name_of_evidence(OTHER)), "no signature|not signed by that key")


def test_evidence_that_another_signed_whole_is_told_by_the_key(good: bytes) -> None:
    """Its own key holds its manifest, and not the checkpoint; whoever has the log's key is told at once."""
    foreign = resealed(good, lambda files: None, OTHER)
    refused(foreign, "signature|not signed by that key")
    own = json.loads(dict(unpacked(good))[MANIFEST])["key"]
    refused(foreign, "signed by the key", own)


@pytest.mark.parametrize("name", ["", "/certificates"])
def test_no_signature_of_the_log_stands_for_another(good: bytes, name: str) -> None:
    """Who has it sign a checkpoint, or a certificate, has no evidence by that."""
    signed = resigned(good, lambda origin: Signer(f"{origin}{name}", KEY))
    refused(signed, "no signature|not signed by that key")


def test_evidence_that_nobody_signed_says_so(good: bytes) -> None:
    """Of a log without a key its certificates are unsigned, too; those of this one are not."""
    refused(resealed(good, lambda files: None, None), "certificates|signed by")


async def test_evidence_of_a_log_without_a_key_holds_and_says_so(pilot_papers: Papers) -> None:
    key = await pilot_papers.given.verifier()
    async with nearby(pilot_papers.given.database.api_url) as api, api.client() as http:
        content = (await http.get(f"/evidence/{pilot_papers.pilot['code']}/2022.zip")).content
    assert both(content) == (None, None)
    assert "NOBODY SIGNED IT" in EXAMPLE["verify_evidence"](content, None)
    said = " ".join(line.en for line in lines_of(verify(content), pinned=False))
    assert "It is not signed" in said
    refused(content, "signed by the key", key)
    refused(changed(content, of_another_year), "manifest.json is not what was signed")


def test_a_signature_is_not_left_out(good: bytes) -> None:
    def unsign(files: dict[str, bytes]) -> None:
        files[NOTE] = files[NOTE].partition(b"\n\n")[0] + b"\n"

    refused(changed(good, unsign), "no signature|not what was signed")


# What a log that signs whatever it likes could not say.


def twenty_more(rows: list[dict[str, str]]) -> None:
    """What follows from 20 t more that were retired."""
    for row in rows:
        for name, tonnes in {
            "retiredQuantity": 20,
            "purchasedQuantity": 20,
            "netCo2e": -20,
        }.items():
            row[name] = str(Decimal(row[name]) + tonnes)


def retired_twice(files: dict[str, bytes]) -> None:
    editing("retirements", lambda rows: [*rows, rows[2]])(files)
    editing("statements", twenty_more)(files)


def retired_as_another(files: dict[str, bytes]) -> None:
    """A retirement once more at the position of some other entry, under the certificate that it has."""
    positions: list[str] = []
    editing("inventories", lambda rows: positions.extend(row["submittedPosition"] for row in rows))(
        files
    )
    [other, *_] = positions
    editing("retirements", lambda rows: [*rows[:2], rows[2] | {"position": other}, *rows[2:]])(
        files
    )
    editing("movements", lambda rows: [*rows, rows[2] | {"retirement": other}])(files)
    editing("statements", twenty_more)(files)


def short_row(files: dict[str, bytes]) -> None:
    files["sold.csv"] += b"1,2\r\n"


def another_certificate(files: dict[str, bytes]) -> None:
    one, other = [name for name in files if name.startswith("certificates/")][1:3]
    files[one] = files[other]


def no_certificate(files: dict[str, bytes]) -> None:
    del files[next(name for name in files if name.startswith("certificates/"))]


def a_certificate_more(files: dict[str, bytes]) -> None:
    content = files[next(name for name in files if name.startswith("certificates/"))]
    files["certificates/NZC-0.json"] = content


def a_broken_certificate(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.startswith("certificates/"))
    files[name] = files[name].replace(b'"quantity":"', b'"quantity":"1', 1)


def proofs(edit: Any) -> Change:
    def change(files: dict[str, bytes]) -> None:
        said = json.loads(files["proofs.json"])
        edit(said)
        files["proofs.json"] = json.dumps(said).encode()

    return change


def another_leaf(said: Any) -> None:
    said["entries"][1]["leaf"] = said["entries"][2]["leaf"]


def another_opening(said: Any) -> None:
    said["entries"][0]["openings"][0]["value"] = '"2"'


def another_checkpoint(files: dict[str, bytes]) -> None:
    files["checkpoint.txt"] = b"nzc/0\n1\n\n"


def deducted(rows: list[dict[str, str]]) -> None:
    rows[0]["treatment"] = "DEDUCTED"


def more_lines(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """A line that nobody handed in, and another that takes it off: the sums are right."""
    more = rows[0] | {"position": "2", "co2e": "5.000000"}
    return [*rows, more, more | {"position": "3", "treatment": "DEDUCTED"}]


def less_and_more(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """A change that is told twice, and once more the other way: the sum is right."""
    back = {name: str(-Decimal(rows[1][name])) for name in ("purchasedCo2e", "netCo2e")}
    return [*rows, rows[1] | {"netAfterCo2e": "1274.381670"}, rows[1] | back]


def earlier(rows: list[dict[str, str]]) -> None:
    """A change by an entry that had been there before."""
    rows[0] |= {"position": "45", "kind": "CREDITS_RETIRED"}


def with_a_sign(rows: list[dict[str, str]]) -> None:
    rows[1]["netCo2e"] = f"+{rows[1]['netCo2e']}"


def other_steps(rows: list[dict[str, str]]) -> None:
    """Two changes, of which each takes what the other did: the sum is right."""
    for row, tonnes in zip(rows, (-3, 3), strict=False):
        row["purchasedCo2e"] = str(Decimal(row["purchasedCo2e"]) + tonnes)
        row["netCo2e"] = str(Decimal(row["netCo2e"]) - tonnes)


def then_more() -> Change:
    """What follows from 5 t more that had been retired by the position before."""
    more = {"retiredQuantity": 5, "purchasedQuantity": 5, "netCo2e": -5}
    less = {"purchasedCo2e": -5, "netCo2e": 5}

    def pilot_papers(given: dict[str, int]) -> Callable[[list[dict[str, str]]], None]:
        def edit(rows: list[dict[str, str]]) -> None:
            for column, tonnes in given.items():
                rows[0][column] = str(Decimal(rows[0][column]) + tonnes)

        return edit

    changes = {"statements": more, "differences": less, "changes": less}
    return both_of(*(editing(table, pilot_papers(given)) for table, given in changes.items()))


def swapped_inventories(rows: list[dict[str, str]]) -> None:
    """Handed in by the entry that verified it, and the other way about."""
    row = rows[0]
    row["submittedPosition"], row["verifiedPosition"] = row["verifiedPosition"], row["submittedPosition"]  # fmt: skip


def another_number(files: dict[str, bytes]) -> None:
    """Of a retirement, the certificate of all."""
    rows: list[str] = []
    editing("retirements", lambda found: rows.extend(row["certificate"] for row in found))(files)
    whole = json.loads(files[MANIFEST])["period"]["certificate"]
    cell("retirements", 0, "certificate", whole)(files)
    del files[f"certificates/{rows[0]}.json"]


def openings_of(kind: str, *names: str) -> Change:
    """Proofs of which some facts are not opened any more."""

    def edit(said: Any) -> None:
        for entry in said["entries"]:
            if json.loads(entry["leaf"])["kind"] == kind:
                entry["openings"] = [one for one in entry["openings"] if one["name"] not in names]

    return proofs(edit)


def without_entry(kind: str) -> Change:
    """An entry that is neither proven nor listed."""

    def edit(said: Any) -> None:
        said["entries"] = [
            one for one in said["entries"] if json.loads(one["leaf"])["kind"] != kind
        ]

    def listed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row for row in rows if row["kind"] != kind]

    return both_of(proofs(edit), editing("entries", listed))


def two_columns_of_a_name(files: dict[str, bytes]) -> None:
    """Of which people read the first."""
    text = files["statements.csv"].decode("utf-8-sig")
    lines = [f"{name},{line}" for name, line in zip(("netCo2e", 0, 0), text.split("\r\n"), strict=False)]  # fmt: skip
    files["statements.csv"] = "\r\n".join([*lines, ""]).encode("utf-8-sig")


def quoted_otherwise(files: dict[str, bytes]) -> None:
    files["statements.csv"] = files["statements.csv"].replace(b"OPERATIONAL", b'"OPERATIONAL"')


LIES: dict[str, tuple[Change, str]] = {
    "two columns of one name": (two_columns_of_a_name, "statements.csv is not written"),
    "a table written otherwise": (quoted_otherwise, "statements.csv is not written"),
    "a line told twice": (editing("lines", lambda rows: [*rows, rows[3]]), "lines.csv tells a row twice"),
    "lines that nobody handed in": (editing("lines", more_lines), "lines.csv has not"),
    "a memo line left out": (without("lines", 3), "lines.csv has not"),
    "a line that came later": (cell("lines", 0, "position", "33"), "lines.csv has not|later than"),
    "a line of no inventory": (cell("lines", 3, "inventory", "2"), "lines.csv"),
    "a line more of no inventory": (
        editing("lines", lambda rows: [*rows, rows[3] | {"position": "2", "inventory": "9"}]), "lines.csv"
    ),
    "an inventory told twice": (editing("inventories", lambda rows: [*rows, rows[0]]), "inventories.csv tells"),
    "one handed in twice": (
        editing("inventories", lambda rows: [*rows, rows[0] | {"inventory": "2", "id": "x"}]), "inventories.csv tells"
    ),
    "an inventory under two numbers": (
        editing("inventories", lambda rows: [*rows, rows[0] | {"inventory": "2", "submittedPosition": "2"}]),
        "inventories.csv tells",
    ),
    "an inventory of another version": (cell("inventories", 0, "version", "2"), "version is not what"),
    "an inventory verified by what handed it in": (editing("inventories", swapped_inventories), "entry at"),
    "one that was not verified": (cell("inventories", 0, "verifiedPosition", ""), "inventories.csv"),
    "one that is said to be submitted": (cell("inventories", 0, "status", "SUBMITTED"), "inventories.csv"),
    "what handed it in not opened": (openings_of("INVENTORY_SUBMITTED", "body.lines"), "missing, or is|lines"),
    "whose inventory it is not proven": (without_entry("INVENTORY_CREATED"), "no proof|missing, or is"),
    "an inventory of other days": (cell("inventories", 0, "endsOn", "2023-12-31"), "inventories.csv"),
    "an inventory on another basis": (cell("inventories", 0, "basis", "HISTORICAL"), "basis"),
    "a refusal that was granted": (cell("refusals", 0, "code", "GRANTED"), "refusals.csv"),
    "a refusal in other words": (cell("refusals", 0, "codeEn", "granted"), "refusals.csv"),
    "another assurance": (cell("statements", 1, "assurance", "MIXED"), "assurance"),
    "another method": (cell("statements", 1, "electricityMethod", "MARKET_BASED"), "electricityMethod"),
    "no shortfall": (cell("statements", 1, "shortfallQuantity", "0"), "shortfallQuantity"),
    "days of a leap year": (cell("statements", 0, "daysInPeriod", "366"), "daysInPeriod"),
    "more retired then": (then_more(), "retired"),
    "another net after a change": (cell("changes", 0, "netAfterCo2e", "1244.381670"), "netAfterCo2e"),
    "another net after the last": (cell("changes", 2, "netAfterCo2e", "1244.381670"), "netAfterCo2e"),
    "changes that took each other's tonnes": (editing("changes", other_steps), "netAfterCo2e"),
    "a difference and its change": (
        both_of(cell("differences", 0, "grossCo2e", "1.000000"), cell("changes", 0, "grossCo2e", "1.000000")),
        "differences.csv",
    ),
    "a change of before": (editing("changes", earlier), "changes.csv"),
    "a net with a sign": (editing("statements", with_a_sign), "is no number"),
    "a change told twice": (editing("changes", less_and_more), "changes.csv tells a row twice"),
    "a sale told twice": (editing("sold", lambda rows: [*rows, rows[0]]), "sold.csv tells a row twice"),
    "a sale of another batch": (cell("sold", 0, "batch", "2"), "at 2|at position 2"),
    "a sale of what was retired": (cell("sold", 0, "batch", "38"), "entry at|sold.csv"),
    "more sold than issued": (cell("sold", 0, "quantity", "11"), "sold.csv"),
    "a sale of nothing": (cell("sold", 0, "quantity", "0"), "sold.csv"),
    "a sale of another programme": (cell("sold", 0, "programme", "PHCER"), "sold.csv"),
    "a sale of another project": (cell("sold", 0, "project", "J-0"), "sold.csv"),
    "a sale of another vintage": (cell("sold", 0, "vintage", "2021"), "sold.csv"),
    "a sale of other days": (cell("sold", 0, "producedTo", "2022-12-30"), "sold.csv"),
    "a sale of other serials": (cell("sold", 0, "serials", "F-1 to 11"), "sold.csv"),
    "a sale that somebody verified": (cell("sold", 0, "verifiedBy", "某某公司"), "sold.csv"),
    "a sale with a label": (cell("sold", 0, "labels", "CCP"), "sold.csv"),
    "an issuance not proven": (without_entry("CREDITS_ISSUED"), "entry at"),
    "a programme not opened": (openings_of("CREDITS_ISSUED", "body.programme"), "sold.csv"),
    "another time of posting": (cell("retirements", 0, "postedAt", "2026-01-01T00:00:00.000000Z"), "entry at"),
    "another holder": (cell("retirements", 0, "holder", "3"), "retirements.csv|tables say"),
    "another name of a holder": (cell("retirements", 0, "holderEn", "X"), "retirements.csv|tables say"),
    "the certificate of all for one": (another_number, "retirements.csv|tables say"),
    "withdrawn at another time": (cell("withdrawn", 0, "at", "2026-01-01T00:00:00.000000Z"), "entry at"),
    "withdrawn for another reason": (cell("withdrawn", 1, "reason", "INVALIDATED"), "withdrawn.csv|tables say"),
    "withdrawn by another entry": (
        editing("withdrawn", lambda rows: [rows[0] | {n: rows[1][n] for n in ("position", "at", "kind")}, *rows[1:]]),
        "withdrawn.csv|tables say",
    ),
    "a movement told twice": (editing("movements", lambda rows: [*rows, rows[0]]), "movements.csv|tables say"),
    "a movement of nothing": (
        editing("movements", lambda rows: [*rows, rows[0] | {"retirement": "1"}]), "movements.csv|tables say"
    ),
    "a refusal told twice": (editing("refusals", lambda rows: [*rows, rows[0]]), "refusals.csv tells"),
    "an entry listed twice": (editing("entries", lambda rows: [*rows, rows[0]]), "entries.csv tells"),
    "an entry not listed": (without("entries", 0), "entries.csv has not"),
    "whose days they are not opened": (openings_of("ACCOUNTING_PERIOD_REGISTERED", "body.pilot"), "missing, or is"),
    "whose code it is not proven": (without_entry("PILOT_REGISTERED"), "no proof|missing, or is"),
    "another net": (cell("statements", 1, "netCo2e", "1.000000"), "netCo2e"),
    "another gross": (cell("statements", 1, "grossCo2e", "1.000000"), "grossCo2e"),
    "another gross then": (cell("statements", 0, "grossCo2e", "1.000000"), "grossCo2e"),
    "no gross": (cell("statements", 1, "grossCo2e", ""), "grossCo2e"),
    "a gross that is not known": (cell("statements", 1, "unknown", "NO_INVENTORY"), "grossCo2e"),
    "other sinks": (cell("statements", 1, "sinksMeasuredCo2e", "41.500000"), "sinksMeasuredCo2e"),
    "other usable sinks": (cell("statements", 1, "sinksCo2e", "40.500000"), "sinksCo2e"),
    "fewer sinks sold": (without("sold", 0), "sinksSoldCo2e"),
    "more purchased": (cell("statements", 1, "purchasedQuantity", "65"), "purchasedQuantity"),
    "more retired": (
        both_of(cell("statements", 1, "retiredQuantity", "65"), cell("statements", 1, "purchasedQuantity", "65")),
        "netCo2e|retiredQuantity",
    ),
    "purchases of a survey": (cell("statements", 1, "basis", "HISTORICAL"), "purchasedQuantity"),
    "no statement": (without("statements", 1), "statements.csv|'"),
    "another category": (cell("categories", 0, "co2e", "1.000000"), "grossCo2e"),
    "another line": (cell("lines", 0, "co2e", "900.126000"), "lines.csv"),
    "a line left out": (without("lines", 0), "lines.csv"),
    "a line that counts as none": (cell("lines", 0, "treatment", "MEMO"), "lines.csv"),
    "a line taken off": (editing("lines", deducted), "lines.csv"),
    "a line that counts in no way": (cell("lines", 0, "treatment", "DOUBLE"), "lines.csv|DOUBLE"),
    "a category of no role": (
        editing("categories", lambda rows: [*rows, rows[0] | {"role": "OFFSET"}]), "categories.csv"
    ),
    "a line of another category": (cell("lines", 0, "category", "WASTE"), "lines.csv"),
    "a line that is no number": (cell("lines", 0, "co2e", "1e9999999"), "is no number"),
    "a line without a number": (cell("lines", 0, "co2e", ""), "is no number"),
    "a sale without a number": (cell("sold", 0, "quantity", ""), "is no number"),
    "another quantity moved": (cell("movements", 0, "quantity", "31"), "movements.csv"),
    "another serial": (cell("movements", 0, "last", "31"), "movements.csv|tables say"),
    "serials written otherwise": (cell("movements", 0, "serials", "A-1"), "movements.csv|tables say"),
    "a movement of another retirement": (cell("movements", 0, "retirement", "1"), "movements.csv|tables say"),
    "another verifier": (cell("movements", 0, "verifiedBy", "某某公司"), "movements.csv|tables say"),
    "a verifier of what has none": (cell("movements", 2, "verifiedBy", "某某公司"), "movements.csv|tables say"),
    "another report": (cell("movements", 0, "verificationReportSha256", "b" * 64), "movements.csv|tables say"),
    "a label that ends later": (cell("movements", 0, "labelsTo", "; 2036-12-31"), "movements.csv|tables say"),
    "another version": (cell("movements", 0, "methodologyVersion", "V02"), "movements.csv|tables say"),
    "another project": (cell("movements", 0, "project", "J-0"), "movements.csv|tables say"),
    "another day": (cell("retirements", 0, "retiredOn", "2024-07-02"), "retirements.csv|tables say"),
    "another reference": (cell("retirements", 0, "registryReference", "R-2"), "retirements.csv|tables say"),
    "more in force": (cell("retirements", 0, "quantityInForce", "30"), "retirements.csv|tables say"),
    "a retirement left out": (without("retirements", 3), "certificates"),
    "what was withdrawn left out": (without("withdrawn", 0), "withdrawn.csv|tables say"),
    "another reason to withdraw": (cell("withdrawn", 0, "kind", "BATCH_INVALIDATED"), "entry at"),
    "another difference": (cell("differences", 0, "netCo2e", "1.000000"), "differences.csv"),
    "a difference not told": (cell("differences", 0, "netCo2e", ""), "differences.csv"),
    "another change": (cell("changes", 0, "purchasedCo2e", "-4.000000"), "changes.csv"),
    "a change left out": (without("changes", 0), "changes.csv"),
    "a change by another entry": (cell("changes", 0, "position", "1"), "at 1|at position 1"),
    "a refusal of another entry": (cell("refusals", 0, "position", "1"), "at 1|at position 1"),
    "a refusal of another kind": (cell("refusals", 0, "kind", "RETIREMENT_REQUEST_EXPIRED"), "entry at"),
    "a refusal by another": (cell("refusals", 0, "organisation", "999"), "entry at"),
    "another thing that was refused": (cell("refusals", 0, "askedKind", "PLAN_SUBMITTED"), "entry at"),
    "a refusal to another": (cell("refusals", 0, "askedBy", "999"), "entry at"),
    "an entry of another kind": (cell("entries", 1, "kind", "CREDITS_RETIRED"), "entry at"),
    "an entry of another": (cell("entries", 1, "organisation", "999"), "entry at"),
    "an entry of another time": (cell("entries", 1, "at", "2020-01-01T00:00:00.000000Z"), "entry at"),
    "a retirement told twice": (retired_twice, "retirements.csv tells a row twice"),
    "a retirement under another's certificate": (retired_as_another, "tables say|movements.csv"),
    "a sink told twice": (editing("categories", lambda rows: [*rows, rows[-1]]), "categories.csv tells a row twice"),
    "a statement told twice": (editing("statements", lambda rows: [rows[0], *rows]), "statements.csv tells"),
    "a row that is too short": (short_row, "missing, or is something else|longer, or shorter"),
    "a table left out": (forgotten("sold.csv"), "missing, or is something else|sold.csv"),
    "a number written otherwise": (cell("statements", 1, "retiredQuantity", "+25"), "is no number"),
    "a proof of a fraction": (proofs(lambda said: said["entries"][0].update(position=1.0)), "missing, or is|no whole"),
    "a verification at another position": (cell("inventories", 0, "verifiedPosition", "2"), "at 2|at position 2"),
    "a difference left out": (both_of(without("differences", 0), editing("changes", lambda rows: [])), "positions"),
    "a difference from elsewhere": (cell("differences", 0, "fromPosition", "1"), "positions"),
    "a change of another difference": (cell("changes", 0, "toPosition", "1"), "positions"),
    "a statement of another position": (cell("statements", 0, "asOfPosition", "1"), "positions"),
    "another certificate": (another_certificate, "tables say|movements.csv"),
    "no certificate": (no_certificate, "certificates"),
    "a certificate more": (a_certificate_more, "certificates"),
    "a broken certificate": (a_broken_certificate, "certificates/"),
    "another leaf": (proofs(another_leaf), "does not hold|does not lead"),
    "another fact": (proofs(another_opening), "does not say"),
    "another checkpoint": (another_checkpoint, "checkpoint.txt"),
    "a change of no kind": (cell("changes", 0, "kind", ""), "entry at"),
    "more said of entries": (editing("entries", lambda rows: [row | {"x": ""} for row in rows]), "missing, or is|'x'"),
    "an entry unproven": (proofs(lambda said: said["entries"].pop()), "entry at"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_is_believed_whoever_signs_it(good: bytes, lie: str) -> None:
    change, told = LIES[lie]
    refused(resealed(good, change), told)


async def test_it_is_of_the_pilot_and_the_days_of_its_period(pilot_papers: Papers) -> None:
    """Where nothing was retired no certificate says so: the entries do."""
    empty = await pilot_papers._replace(pilot=await pilot_papers.given.world.pilot()).evidence()
    assert both(empty) == (None, None)
    for told, wrong in (
        ({"pilot": "P-2"}, "pilot is not what"),
        ({"year": 2023}, "the accounting period is not 2023"),
        ({"starts_on": "2021-01-01"}, "from is not what"),
        ({"ends_on": "2022-12-30"}, "to is not what"),
        ({"period_id": 1}, "is no ACCOUNTING_PERIOD_REGISTERED|no proof|missing, or is"),
        ({"log": "000000000000001"}, "its number|another number"),
    ):
        refused(resealed(empty, lambda files: None, **told), wrong)


def test_it_is_compared_with_what_was_before(good: bytes) -> None:
    """A statement of what has not come yet, and the difference from that."""
    after = int(json.loads(dict(unpacked(good))[MANIFEST])["asOf"]) + 1

    def moved(name: str, column: str) -> Change:
        [before] = json.loads(dict(unpacked(good))[MANIFEST])["compared"]

        def edit(rows: list[dict[str, str]]) -> None:
            for row in rows:
                row[column] = row[column].replace(before, str(after))

        return editing(name, edit)

    change = both_of(
        moved("statements", "asOfPosition"), moved("categories", "asOfPosition"),
        moved("differences", "fromPosition"), editing("changes", lambda rows: []),
    )  # fmt: skip
    refused(resealed(good, change, compared=[after]), "later than the evidence")


async def test_nothing_moved_where_nothing_was_retired(pilot_papers: Papers, good: bytes) -> None:
    empty = await pilot_papers._replace(pilot=await pilot_papers.given.world.pilot()).evidence()
    moved = table(good, "movements")[:1]
    refused(resealed(empty, editing("movements", lambda rows: moved)), "movements.csv")


@pytest.mark.parametrize("verify", [True, False])
async def test_an_inventory_without_lines_holds(pilot_papers: Papers, verify: bool) -> None:
    """Of what does not occur there are none, and it may wait for its verification."""
    world = pilot_papers.given.world
    pilot = await world.pilot("TOWN")
    inventory = await world.inventory(pilot, notOccurring=["LUCF"])
    await world.submit(inventory, verify=verify)
    content = await pilot_papers._replace(pilot=pilot).evidence()
    assert both(content) == (None, None)
    [row] = table(content, "inventories")
    assert (bool(row["verifiedPosition"]), table(content, "lines")) == (verify, [])


async def test_nothing_of_it_is_later(pilot_papers: Papers) -> None:
    """A statement of before there was the accounting period."""
    empty = await pilot_papers._replace(pilot=await pilot_papers.given.world.pilot()).evidence()
    period = json.loads(dict(unpacked(empty))[MANIFEST])["period"]["certificate"]
    before = int(period.rpartition("-")[2]) - 1
    then = cell("statements", 0, "asOfPosition", str(before))
    refused(resealed(empty, then, position=before), "is later than the evidence")


def test_a_year_is_that_of_its_days(good: bytes) -> None:
    refused(resealed(good, lambda files: None, year=2023), "the accounting period is not 2023")


@pytest.mark.parametrize(
    "told", [{"pilot": "P-2"}, {"starts_on": "2021-01-01"}, {"ends_on": "2022-12-30"}]
)
def test_it_is_of_whom_its_certificates_are(good: bytes, told: dict[str, str]) -> None:
    refused(resealed(good, lambda files: None, **told), "tables say|movements.csv")


def test_what_is_signed_anew_as_it_is_holds(good: bytes) -> None:
    """Else the lies above would be told by how they were made."""
    assert resealed(good, lambda files: None) == good
    assert both(good) == (None, None)


def without_refusals(files: dict[str, bytes]) -> None:
    del files["refusals.csv"]


def test_evidence_of_before_has_no_refusals(good: bytes) -> None:
    assert both(resealed(good, without_refusals)) == (None, None)


def of_before(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    names = ("labels", "verif", "validat", "credited", "methodologyVersion")
    return [
        {name: value for name, value in row.items() if not name.startswith(names)} for row in rows
    ]


def test_evidence_of_before_holds(good: bytes) -> None:
    """Its movements say nothing of who verified them."""
    assert both(resealed(good, editing("movements", of_before))) == (None, None)


def taken_off(rows: list[dict[str, str]]) -> None:
    """Of the lines that were handed in, one is more, one takes that off again, and one is told besides."""
    one, other, _, memo, *_ = rows
    one["co2e"] = str(Decimal(one["co2e"]) + 5)
    other |= {"treatment": "DEDUCTED", "co2e": str(5 - Decimal(other["co2e"]))}
    memo["co2e"] = "1234.000000"


def test_what_is_deducted_is_taken_off_and_what_is_told_besides_left_out(good: bytes) -> None:
    assert both(resealed(good, editing("lines", taken_off))) == (None, None)


def test_lines_that_were_not_shown_are_told(good: bytes) -> None:
    hidden = both_of(
        cell("inventories", 0, "linesShown", "false"), editing("lines", lambda rows: [])
    )
    content = resealed(good, hidden)
    assert both(content) == (None, None)
    assert "not reckoned" in EXAMPLE["verify_evidence"](content, None)
    said = " ".join(line.en for line in lines_of(verify(content), pinned=True))
    assert "not reckoned" in said


def test_what_is_not_known_is_no_number(good: bytes) -> None:
    """A statement whose gross is not known has none, and no net; no difference leads from one."""
    unknown = both_of(
        cell("statements", 0, "unknown", "NO_INVENTORY"), cell("statements", 0, "grossCo2e", ""),
        cell("statements", 0, "netCo2e", ""), cell("differences", 0, "grossCo2e", ""),
        cell("differences", 0, "netCo2e", ""),
    )  # fmt: skip
    assert both(resealed(good, unknown)) == (None, None)


def test_the_scripts_in_it_are_those_that_are_handed_out(good: bytes) -> None:
    for name in ("verify_log.py", "verify_evidence.py"):
        assert dict(unpacked(good))[name] == (EXAMPLES / name).read_bytes()


def test_a_zip_is_the_same_of_the_same_files() -> None:
    files = [PapersFile("a.csv", b"1"), PapersFile("certificates/b.json", b"2")]
    assert unpacked(packed(files)) == files
    assert packed(files) == packed(unpacked(packed(files)))
