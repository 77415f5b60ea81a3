#!/usr/bin/env python3
"""Verify evidence, the working papers of a pilot's year as `/evidence/….zip` serves them, trusting nobody. It lies
beside `verify_log.py`, which is read before it: proofs, checkpoints and certificates are explained there.

    verify_evidence.py EVIDENCE.zip [--key VERIFIER] [--witness VERIFIER]…

What is proven. The log's key signed each file, and no file or byte was added, left out or changed since. Entries of the
log say of which pilot and days it is; which inventories were handed in for these, when, and of how many lines; what was
retired, which serials, and what of that is in force no more; which batches were issued for sinks inside; and what came
to nothing. The statement follows from the rows, to the last digit: lines add up to categories, these to gross and
sinks, what is in force of retirements to the purchases, and changes to differences. No row is told twice. The key's
word alone is what each line says, how many tonnes of a batch fall to the period, words, the workbook, and that nothing
was left out that the log has.

To read it: the ZIP, file by file; its tables; what entries of the log say of them, and what certificates do; the
numbers; the command line.
"""

import argparse  # noqa: I001
import csv
import io
import re
import struct
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from verify_log import (
    MALFORMED, Wrong, are_twice, check_facts, check_note, checkpoint_for, facts_of, loaded, require, run, sha256,
    verify_certificate, whole, written,
)  # fmt: skip

Row = dict[str, str]
Rows = list[Row]
Tables = dict[str, Rows]
Entries = dict[str, Any]


def verify_evidence(content: bytes, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    try:
        return verified(content, verifier, witnesses)
    except (*MALFORMED, csv.Error, struct.error) as error:
        raise Wrong(f"something is missing, or is something else than it should be: {error!r:.200}") from error


def verified(content: bytes, verifier: str | None, witnesses: Sequence[str]) -> str:
    require(len(content) <= LONGEST_EVIDENCE, f"it has more than {LONGEST_EVIDENCE} bytes: no evidence has")
    files = unzipped(content)
    said = loaded(files["manifest.json"])
    is_written = said["form"] == "nzc-evidence-1" and written(said) == files["manifest.json"]
    require(is_written, "manifest.json is not written as NZC writes it: it was changed since")
    require(verifier in {None, said["key"]}, f"it is signed by the key {said['key']}")
    head = f"{said['log']}/evidence\n{said['period']['certificate']}\n{said['asOf']}\n"
    check_note(files["manifest.note"].decode(), head, files["manifest.json"], said["key"], "manifest.json")
    check_files(said, files)
    require(zipped(files) == content, "the ZIP has bytes that belong to no file of it")
    tables = tables_in(files)
    check_tables(said, tables)
    entries = entries_in(said, files, witnesses)
    check_entries(tables, entries)
    check_certificates(said, files, tables)
    check_whose(said, tables, entries)
    check_sold(tables["sold"], entries)
    now = check_numbers(said, tables)
    by = f"signed by {said['key']}" if said["key"] else "NOBODY SIGNED IT"
    hidden = "" if lines_are_shown(tables) else " Not all lines were shown: categories were not reckoned from lines."
    return (
        f"{said['pilot']}, {said['year']}, as of position {said['asOf']}: net {now['netCo2e'] or 'not known'}; "
        f"{len(files)} files and {len(entries)} entries hold; {by}.{hidden} The workbook was not read."
    )


# The ZIP: its files follow one another uncompressed (docs/evidence.md).

NAME = re.compile(r"([a-z0-9]+/)?[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_EVIDENCE = 128 << 20


def unzipped(content: bytes) -> dict[str, bytes]:
    """By hand, for programs disagree about what is in a ZIP: no two files of one name, and nothing that swells."""
    files: dict[str, bytes] = {}
    place = 0
    while content[place : place + 4] == b"PK\x03\x04":
        flags, method, packed, size, name_length, extra = struct.unpack_from("<6x2H8x2I2H", content, place)
        start = place + 30 + name_length
        name = content[place + 30 : start].decode("utf-8", "replace")
        require(NAME.fullmatch(name) and name_length <= 100, f"“{name:.80}” is no name of a file in evidence")
        is_stored = not (flags or method) and packed == size
        require(is_stored, f"“{name}” is compressed or encrypted, and no file of evidence is")
        require(name not in files, f"“{name}” is in the ZIP twice")
        place = start + extra + size
        files[name] = content[start + extra : place]
    return files


def zipped(files: dict[str, bytes]) -> bytes:
    """The ZIP anew, which is the same bytes of the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o600 << 16
            archive.writestr(info, content)
    return made.getvalue()


def check_files(said: Any, files: dict[str, bytes]) -> None:
    listed = {file["name"]: (file["size"], file["sha256"]) for file in said["files"]}
    for name in [name for name in files if not name.startswith("manifest.")]:
        is_listed = listed.get(name) == (str(len(files[name])), sha256(files[name]).hex())
        require(is_listed, f"“{name}” was added, renamed or changed: manifest.json does not say so")
    for name in listed:
        require(name in files, f"“{name}” is missing from the ZIP")
    require([*files] == [*listed, "manifest.json", "manifest.note"], "the files are not in the order of manifest.json")


# Its tables. By which columns a row of each is told once: what is told twice is counted twice. (What moved, and what of
# that was withdrawn, is compared with certificates, range by range.)

ONCE = [
    ("statements", ["asOfPosition"]), ("categories", ["asOfPosition", "role", "category"]),
    ("differences", ["fromPosition"]), ("changes", ["fromPosition", "position"]), ("inventories", ["inventory"]),
    ("inventories", ["id"]), ("inventories", ["submittedPosition"]), ("lines", ["position"]), ("sold", ["batch"]),
    ("retirements", ["position"]), ("movements", []), ("withdrawn", []), ("refusals", ["position"]),
    ("entries", ["position"]),
]  # fmt: skip


def tables_in(files: dict[str, bytes]) -> Tables:
    older = {"refusals": Rows()} if "refusals.csv" not in files else {}
    return {name: rows_in(f"{name}.csv", files) for name, _ in ONCE if name not in older} | older


def rows_in(name: str, files: dict[str, bytes]) -> Rows:
    """Written in the one way, so that a spreadsheet reads the same; and no two columns have one name."""
    columns, *rows = csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline=""))
    anew = io.StringIO(newline="")
    csv.writer(anew).writerows([columns, *rows])
    is_written = files[name] == anew.getvalue().encode("utf-8-sig") and not are_twice(columns)
    require(is_written, f"{name} is not written as NZC writes it")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def check_tables(said: Any, tables: Tables) -> None:
    for name, columns in ONCE:
        twice = columns and are_twice(tuple(row[column] for column in columns) for row in tables[name])
        require(not twice, f"{name}.csv tells a row twice")
    ends = [(position, said["asOf"]) for position in said["compared"]]
    differences, changes = (
        [(row["fromPosition"], row["toPosition"]) for row in tables[name]] for name in ("differences", "changes")
    )
    stated = {row["asOfPosition"] for row in tables["statements"]}
    are_those = differences == ends and {*changes} <= {*ends} and stated <= {said["asOf"], *said["compared"]}
    require(are_those, "the positions are not those of manifest.json")
    order = [0, *map(whole, said["compared"]), whole(said["asOf"])]
    require(order == sorted({*order}), "the positions that are compared are not in order, or later than the evidence")


# What entries of the log say: which column of which table names one, of which kind it is (None: of that which the row
# tells), and which facts of it are in other columns.

SAID: list[tuple[str, str, str | None, dict[str, str]]] = [
    ("refusals", "position", None, {"at": "at", "kind": "kind", "organisation": "organisation"}),
    ("refusals", "asked", None, {"askedAt": "at", "askedKind": "kind", "askedBy": "organisation"}),
    ("changes", "position", None, {"kind": "kind"}),
    ("inventories", "submittedPosition", "INVENTORY_SUBMITTED", {}),
    ("inventories", "verifiedPosition", "INVENTORY_VERIFIED", {}),
    ("withdrawn", "position", None, {"kind": "kind", "at": "at"}),
    ("sold", "batch", "CREDITS_ISSUED", {}),
]
# What came to nothing, by the kind of its entry.
CAME_OF = {
    "RETIREMENT_REQUEST_CANCELLED": ("CANCELLED", "未经确认，已取消", "cancelled, and not confirmed"),
    "RETIREMENT_REQUEST_EXPIRED": ("EXPIRED", "未经确认，已过期", "its time was over, and it was not confirmed"),
    "PLAN_RETURNED": ("RETURNED", "已退回", "returned"), "APPLICATION_DECIDED": ("RETURNED", "已退回", "returned"),
    "EVALUATION_DECIDED": ("FAILED", "未通过", "not passed"),
}  # fmt: skip


def entries_in(said: Any, files: dict[str, bytes], witnesses: Sequence[str]) -> Entries:
    """What the entries say that are proven, by their positions."""
    proofs = loaded(files["proofs.json"])
    require(files["checkpoint.txt"].decode() == proofs["checkpoint"], "checkpoint.txt is not that of proofs.json")
    size, root = checkpoint_for(said, proofs["checkpoint"], said["key"], witnesses)
    entries = {proof["position"]: facts_of(proof, size, root) for proof in proofs["entries"]}
    require(max(map(whole, entries)) <= whole(said["asOf"]), "an entry of it is later than the evidence")
    return entries


def check_entries(tables: Tables, entries: Entries) -> None:
    for row in tables["entries"]:
        check_entry(row, "position", None, {name: name for name in row}, entries)
    for table, named, kind, facts in SAID:
        for row in tables[table]:
            if row[named] or named != "verifiedPosition":
                check_entry(row, named, kind, facts, entries)
    for row in tables["refusals"]:
        came = CAME_OF[row["kind"]] == (row["code"], row["codeZh"], row["codeEn"])
        require(came, f"refusals.csv: {row['position']} came to something else")
    listed = {row["position"] for row in tables["entries"]} == {*entries}
    require(listed, "entries.csv has not the entries of proofs.json")


def check_entry(row: Row, named: str, kind: str | None, facts: dict[str, str], entries: Entries) -> None:
    entry = entries.get(row[named], {})
    is_it = entry and kind in {None, entry["kind"]}
    tells = is_it and all(str(entry[fact] or "") == row[column] for column, fact in facts.items())
    require(tells, f"the entry at {row[named]} is not proven, or is not what is said of it")


def check_whose(said: Any, tables: Tables, entries: Entries) -> None:
    """The accounting period is that of its number, a calendar year of the pilot; and the inventories are of it."""
    _, _, born = said["period"]["certificate"].rpartition("-")
    period, year = entries[born], said["year"]
    days = {"from": "body.starts_on", "to": "body.ends_on"}
    check_facts(period, "ACCOUNTING_PERIOD_REGISTERED", said["period"], days)
    own = f"NZC-{said['log'].removeprefix('nzc/')}-{born}", f"{year}-01-01", f"{year}-12-31"
    shown = tuple(said["period"][name] for name in ("certificate", "from", "to"))
    require(shown == own, f"the accounting period is not {year}, or has another number")
    pilot = str(period["body.pilot"])
    check_facts(entries[pilot], "PILOT_REGISTERED", said, {"pilot": "body.code"})
    for row in tables["retirements"]:
        check_entry(row, "position", "CREDITS_RETIRED", {"postedAt": "at"}, entries)
    for row in tables["inventories"]:
        check_inventory(row | {"pilot": pilot, "period": born}, tables["lines"], entries)
        inside = said["period"]["from"] <= row["startsOn"] <= row["endsOn"] <= said["period"]["to"]
        require(inside, f"inventories.csv, {row['inventory']}: its days are not of the period")
    shown_of = {row["inventory"] for row in tables["inventories"] if row["linesShown"] == "true"}
    require({line["inventory"] for line in tables["lines"]} <= shown_of, "lines.csv has lines of other inventories")


def check_inventory(row: Row, lines: Rows, entries: Entries) -> None:
    """It was begun, handed in and verified as it says, and handed in with as many lines, each recorded before that."""
    submitted = entries[row["submittedPosition"]]
    begun = {"pilot": "body.pilot", "period": "body.accounting_period", "version": "body.version"}
    check_facts(entries[submitted["subject"]], "INVENTORY_CREATED", row, begun)
    is_verified = bool(row["verifiedPosition"])
    same = not is_verified or entries[row["verifiedPosition"]]["subject"] == submitted["subject"]
    where = f"inventories.csv, {row['inventory']}"
    require(same and is_verified == (row["status"] == "VERIFIED"), f"{where}: another one was verified, or none")
    positions = [whole(line["position"]) for line in lines if line["inventory"] == row["inventory"]]
    if row["linesShown"] == "true":
        require(len(positions) == submitted["body.lines"], f"{where}: lines.csv has not the lines that were handed in")
        before = all(position < whole(row["submittedPosition"]) for position in positions)
        require(before, f"{where}: a line is later than it was handed in")


# What certificates say, of which there is one of each retirement, and one of all.

OF_RETIREMENT = {name: name for name in (
    "position", "retiredOn", "programme", "registryReference", "quantity", "quantityInForce",
)} | {"holder": "holder.organisation", "holderZh": "holder.name.zh", "holderEn": "holder.name.en"}  # fmt: skip
OF_RANGE = {"batch": "batch", "first": "first", "last": "last", "serials": "text"}
OF_WITHDRAWN = OF_RANGE | {"position": "since", "kind": "kind", "reason": "reason"}
# Of a batch; of older evidence not all of them.
OF_VERIFICATION = {
    "verifiedBy": "verification.body.name", "verifiedByCode": "verification.body.credit_code",
    "verificationReport": "verification.report.number", "verificationReportDated": "verification.report.dated",
    "verificationReportSha256": "verification.report.sha256", "labels": "labels.code", "labelsZh": "labels.name_zh",
    "labelsEn": "labels.name_en", "labelsIssuedBy": "labels.issued_by", "labelsFrom": "labels.valid_from",
    "labelsTo": "labels.expires_on",
}  # fmt: skip
PRODUCED = {"vintage": "vintage", "producedFrom": "produced_from", "producedTo": "produced_to",
            "serials": "serials.text"}  # fmt: skip
OF_BATCH = OF_VERIFICATION | {
    "programme": "programme", "project": "projectCode", "projectZh": "projectName.zh", "projectEn": "projectName.en",
    "registration": "registration", "vintage": "vintage", "producedFrom": "producedFrom", "producedTo": "producedTo",
    "methodology": "methodology", "methodologyVersion": "methodologyVersion",
}  # fmt: skip


def check_certificates(said: Any, files: dict[str, bytes], tables: Tables) -> None:
    """Each retirement has its certificate, and all have one; they hold, and say what the tables say."""
    of_all, rows = said["period"]["certificate"], tables["retirements"]
    require(rows or not tables["movements"] + tables["withdrawn"], "movements.csv is of no retirement")
    numbers = {row["certificate"] for row in rows} | ({of_all} if rows else set())
    held = {name for name in files if name.startswith("certificates/")}
    are_those = held == {f"certificates/{number}.json" for number in numbers}
    require(are_those, "the certificates are not those of the retirements")
    for number in numbers:
        own = {row["position"] for row in rows if number in {of_all, row["certificate"]}}
        check_certificate(said, number, files[f"certificates/{number}.json"], tables, None if number == of_all else own)


def check_certificate(said: Any, number: str, content: bytes, tables: Tables, own: set[str] | None) -> None:
    """It holds, and says what the tables say of its own retirements; None: of all."""
    try:
        verify_certificate(content, said["key"])
    except Wrong as wrong:
        raise Wrong(f"certificates/{number}.json: {wrong}") from None
    document = loaded(content)
    shown, days = document["certificate"], {name: said["period"][name] for name in ("from", "to")}
    facts = shown["number"], shown["asOf"], document["key"], shown["beneficiary"]["code"], shown["claimPeriod"]
    same = facts == (number, said["asOf"], said["key"], said["pilot"], days)
    require(same, f"certificates/{number}.json is not of what the tables say")
    for table, expected in rows_of(shown).items():
        its_retirement = "position" if table == "retirements" else "retirement"
        rows = [row for row in tables[table] if own is None or row[its_retirement] in own]
        tells = len(rows) == len(expected) and all(map(is_told, rows, expected))
        require(tells, f"certificates/{number}.json is not what the tables say: {table}.csv")


def rows_of(certificate: Any) -> Tables:
    """The rows of tables that a certificate says."""
    batches = {batch["position"]: cells_of(batch, OF_BATCH) for batch in certificate["batches"]}
    rows: Tables = {"retirements": [], "movements": [], "withdrawn": []}
    for retired in certificate["retirements"]:
        own = {"certificate": f"NZC-{certificate['log'].removeprefix('nzc/')}-{retired['position']}"}
        rows["retirements"].append(cells_of(retired, OF_RETIREMENT) | own)
        under = {"retirement": retired["position"]}
        for table, ranges, columns in (("movements", "serials", OF_RANGE), ("withdrawn", "notInForce", OF_WITHDRAWN)):
            for item in retired[ranges]:
                tonnes = {"quantity": str(whole(item["last"]) - whole(item["first"]) + 1)}
                of_batch = batches[item["batch"]] if table == "movements" else {}
                rows[table].append(under | cells_of(item, columns) | tonnes | of_batch)
    return rows


def is_told(row: Row, expected: Row) -> bool:
    return all(row[name] == cell for name, cell in expected.items() if name in row or name not in OF_BATCH)


def cells_of(value: Any, columns: dict[str, str]) -> Row:
    """As cells of a table, where a spreadsheet takes none for a formula."""
    cells = {name: cell_at(value, path) for name, path in columns.items()}
    return {name: f"'{cell}" if cell[:1] in {*"=+-@\t\r"} else cell for name, cell in cells.items()}


def cell_at(value: Any, path: str) -> str:
    """What lies at a path; of a list what lies there of each, in order."""
    if isinstance(value, list):
        cells = [cell_at(item, path) for item in value]
        return "; ".join(cells) if any(cells) else ""
    if not path or value is None:
        return "" if value is None else str(value)
    name, _, rest = path.partition(".")
    return cell_at(value.get(name), rest)


def check_sold(rows: Rows, entries: Entries) -> None:
    """What was issued inside is as its entries say, which of before do not say all, and no more than that."""
    for row in rows:
        issued = entries[row["batch"]]
        told = {name.removeprefix("body."): fact for name, fact in issued.items()}
        produced = {name: path for name, path in PRODUCED.items() if path.partition(".")[0] in told}
        project = cells_of({"code": entries[str(told["project"])]["body.code"]}, {"project": "code"})
        expected = cells_of(told, OF_VERIFICATION | {"programme": "programme"} | produced) | project
        holds = is_told(row, expected) and 0 < number(row["quantity"]) <= told["quantity"]
        require(holds, f"sold.csv: {row['batch']} is not what its entry says")


# The numbers: exact, in tonnes.

COUNTS = {"IN_SCOPE": 1, "COUNTED_UNLISTED": 1, "DEDUCTED": -1, "MEMO": 0}
NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")


def check_numbers(said: Any, tables: Tables) -> Row:
    """The statement of now, of which net follows from categories, these from lines, purchases from retirements."""
    (now,) = (row for row in tables["statements"] if row["asOfPosition"] == said["asOf"])
    days = (date.fromisoformat(said["period"]["to"]) - date.fromisoformat(said["period"]["from"])).days + 1
    for row in tables["statements"]:
        check_statement(row, tables)
        require(number(row["daysInPeriod"]) == days, "statements.csv: daysInPeriod is not that of the period")
    if lines_are_shown(tables):
        check_lines(tables, said["asOf"])
    check_now(now, tables)
    for row in tables["differences"]:
        check_difference(row, tables)
    return now


def check_statement(row: Row, tables: Tables) -> None:
    """Of any position: its terms follow from its categories, and no more was in force than had been retired."""
    at = row["asOfPosition"]
    own = [part for part in tables["categories"] if part["asOfPosition"] == at]
    require({part["role"] for part in own} <= {"SOURCE", "SINK"}, f"categories.csv, {at}: there is another role")
    gross, sinks = (total(part for part in own if part["role"] == role) for role in ("SOURCE", "SINK"))
    usable = sinks - number(row["sinksSoldCo2e"])
    bought = number(row["retiredQuantity"]) if row["basis"] == "OPERATIONAL" else Fraction(0)
    is_known = not row["unknown"]
    follows = {
        "sinksMeasuredCo2e": sinks, "sinksCo2e": usable, "purchasedQuantity": bought,
        "grossCo2e": gross if is_known else None, "netCo2e": gross - usable - bought if is_known else None,
    }  # fmt: skip
    for name, value in follows.items():
        is_so = (number(row[name]) if row[name] else None) == value
        require(is_so, f"statements.csv, {at}: {name} does not follow from the rows")
    moved = total((item for item in tables["movements"] if whole(item["retirement"]) <= whole(at)), "quantity")
    gone = total((item for item in tables["withdrawn"] if whole(item["position"]) <= whole(at)), "quantity")
    require(number(row["retiredQuantity"]) <= moved - gone, f"statements.csv, {at}: more was retired than in force")


def check_now(now: Row, tables: Tables) -> None:
    """Of the position of the evidence, of which all tables are."""
    inventories = tables["inventories"]
    verified = {bool(row["verifiedPosition"]) for row in inventories}
    methods = {row["electricityMethod"] for row in inventories}
    require({row["basis"] for row in inventories} <= {now["basis"]}, "inventories.csv: the basis is another one")
    lost = [row for row in tables["withdrawn"] if row["reason"] != "CORRECTED" and now["basis"] == "OPERATIONAL"]
    follows = {
        "sinksSoldCo2e": min(number(now["sinksMeasuredCo2e"]), total(tables["sold"], "quantity")),
        "retiredQuantity": total(tables["retirements"], "quantityInForce"),
        "shortfallQuantity": total(lost, "quantity"),
    }
    for name, value in follows.items():
        require(number(now[name]) == value, f"statements.csv: {name} does not follow from the other tables")
    assurance = {(): "NONE", (False,): "SUBMITTED", (True,): "VERIFIED"}.get((*verified,), "MIXED")
    said = assurance, *(methods if len(methods) == 1 else [""])
    shown = now["assurance"], now["electricityMethod"]
    require(shown == said, "statements.csv: assurance and electricityMethod are not those of the inventories")


def lines_are_shown(tables: Tables) -> bool:
    return all(row["linesShown"] == "true" for row in tables["inventories"])


def check_lines(tables: Tables, position: str) -> None:
    left: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in tables["lines"]:
        left[line["role"], line["category"]] += COUNTS[line["treatment"]] * number(line["co2e"])
    for row in tables["categories"]:
        if row["asOfPosition"] == position:
            left[row["role"], row["category"]] -= number(row["co2e"])
    require(not any(left.values()), "lines.csv does not add up to categories.csv")


def check_difference(row: Row, tables: Tables) -> None:
    ends = row["fromPosition"], row["toPosition"]
    statements = {one["asOfPosition"]: one for one in tables["statements"]}
    between = [one for one in tables["changes"] if (one["fromPosition"], one["toPosition"]) == ends]
    for name in ("grossCo2e", "sinksCo2e", "purchasedCo2e", "netCo2e"):
        term = "purchasedQuantity" if name == "purchasedCo2e" else name
        before, after = (statements.get(at, {}).get(term, "") for at in ends)
        both = bool(before and after)
        same = both == bool(row[name]) and (not both or number(row[name]) == number(after) - number(before))
        require(same, f"differences.csv, {ends[0]}–{ends[1]}: {name} is not the difference")
        adds_up = not both or not all(one[name] for one in between) or total(between, name) == number(row[name])
        require(adds_up, f"changes.csv, {ends[0]}–{ends[1]}: {name} does not add up")
    net = statements.get(ends[0], {}).get("netCo2e", "")
    for one in between:
        at = f"changes.csv, {one['position']}"
        require(whole(ends[0]) < whole(one["position"]) <= whole(ends[1]), f"{at}: it is not between the positions")
        follows = not (net and one["netCo2e"]) or number(one["netAfterCo2e"]) == number(net) + number(one["netCo2e"])
        require(follows, f"{at}: netAfterCo2e does not follow from what was before")
        net = one["netAfterCo2e"]


def total(rows: Iterable[Row], column: str = "co2e") -> Fraction:
    return sum((number(row[column]) for row in rows), Fraction(0))


def number(text: str) -> Fraction:
    require(NUMBER.fullmatch(text), f"“{text:.80}” is no number")
    return Fraction(text)


# The command line.


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Verify the working papers of a pilot's year.")
    arguments.add_argument("file", type=Path)
    sys.exit(run(arguments, lambda given: verify_evidence(given.file.read_bytes(), given.key, given.witness)))
