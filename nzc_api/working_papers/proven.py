"""What entries of the log say of the tables of evidence: of whose accounting period they are, of which inventories and
issuances, and what came to nothing. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from nzc_api.retirement_certificates.model import number_of
from nzc_api.retirement_certificates.strict import whole
from nzc_api.retirement_certificates.verifying import NotVerified, Proven, check_facts, entry_at
from nzc_api.working_papers.certified import OF_VERIFICATION, cells_by, is_told
from nzc_api.working_papers.recomputing import Row, Rows, Tables, exact
from nzc_api.working_papers.refusals import CODES, WORDS

Entries = Mapping[str, Proven]


class NamingColumn(NamedTuple):
    """A column of a table that names an entry; of which ``kind`` that is, where the row does not tell; and which other
    columns tell what the entry says in plain."""

    table: str
    column: str
    kind: str | None
    told: Mapping[str, str]


NAMING = (
    NamingColumn("refusals", "position", None, {"at": "at", "kind": "kind", "organisation": "organisation"}),
    NamingColumn("refusals", "asked", None, {"askedAt": "at", "askedKind": "kind", "askedBy": "organisation"}),
    NamingColumn("changes", "position", None, {"kind": "kind"}),
    NamingColumn("inventories", "submittedPosition", "INVENTORY_SUBMITTED", {}),
    NamingColumn("inventories", "verifiedPosition", "INVENTORY_VERIFIED", {}),
    NamingColumn("withdrawn", "position", None, {"kind": "kind", "at": "at"}),
    NamingColumn("sold", "batch", "CREDITS_ISSUED", {}),
)  # fmt: skip
RETIRED = NamingColumn("retirements", "position", "CREDITS_RETIRED", {"postedAt": "at"})

# What is handed in need not be verified.
MAY_BE_EMPTY = "verifiedPosition"

# What an issuance says of a batch, since migration 0043.
PRODUCED = {
    "vintage": "vintage",
    "producedFrom": "produced_from",
    "producedTo": "produced_to",
    "serials": "serials.text",
}
PROGRAMME = {"programme": "programme"}


def check_entries(tables: Tables, proven: Entries) -> None:
    """Each entry that a table names is proven, and is of the kind, time and organisation that the table tells; and each
    that is proven is listed. Raises ``NotVerified``."""
    for row in tables["entries"]:
        _check_entry(
            row,
            NamingColumn(
                table="entries", column="position", kind=None, told={name: name for name in row}
            ),
            proven,
        )
    for naming in NAMING:
        for row in tables[naming.table]:
            if row[naming.column] or naming.column != MAY_BE_EMPTY:
                _check_entry(row, naming, proven)
    for row in tables["refusals"]:
        text = WORDS[CODES[row["kind"]]]
        if (row["code"], row["codeZh"], row["codeEn"]) != (CODES[row["kind"]], text.zh, text.en):
            raise _not_of("refusals", row["position"])
    for position in {row["position"] for row in tables["entries"]} ^ proven.keys():
        raise NotVerified(
            f"entries.csv没有列出位置{position}的日志",
            f"entries.csv has not the entries of proofs.json: position {position}",
        )


def _check_entry(row: Row, naming: NamingColumn, proven: Entries) -> None:
    position = row[naming.column]
    entry = proven.get(position)
    if (
        entry is None
        or naming.kind not in {None, entry.kind}
        or any(row[column] != str(_says(entry, fact) or "") for column, fact in naming.told.items())
    ):
        raise NotVerified(
            f"位置{position}的日志未经证明，或不是所述的内容",
            f"the entry at position {position} is not proven, or is not what is said of it",
        )


def _says(entry: Proven, fact: str) -> Any:
    return entry.said[fact] if fact in entry.said else entry.facts[fact]


def check_whose(said: Any, tables: Tables, proven: Entries) -> None:
    """The accounting period is that of its number, a calendar year of the pilot that is named; inventories and
    retirements are of it. Raises ``NotVerified``."""
    stated, year = said["period"], said["year"]
    born = stated["certificate"].rpartition("-")[2]
    period = entry_at(born, proven, "ACCOUNTING_PERIOD_REGISTERED")
    check_facts(period, stated, {"from": "body.starts_on", "to": "body.ends_on"})
    number = number_of(said["log"].removeprefix("nzc/"), period.position)
    days = f"{year}-01-01", f"{year}-12-31"
    if (stated["certificate"], stated["from"], stated["to"]) != (number, *days):
        raise NotVerified(
            f"核算期不是{year}年，或其编号不是{number}",
            f"the accounting period is not {year}, or its number is not {number}",
        )
    pilot = str(period.facts["body.pilot"])
    registered = entry_at(pilot, proven, "PILOT_REGISTERED")
    check_facts(registered, said, {"pilot": "body.code"})
    for row in tables["retirements"]:
        _check_entry(row, RETIRED, proven)
    for row in tables["inventories"]:
        _check_inventory({**row, "pilot": pilot, "period": born}, tables["lines"], proven)
        if not stated["from"] <= row["startsOn"] <= row["endsOn"] <= stated["to"]:
            raise _not_of("inventories", f"{row['inventory']}: startsOn, endsOn")
    shown = {row["inventory"] for row in tables["inventories"] if row["linesShown"] == "true"}
    for line in tables["lines"]:
        if line["inventory"] not in shown:
            raise _not_of("lines", line["position"])


def _check_inventory(row: Row, lines: Rows, proven: Entries) -> None:
    """It was begun for that period, and is the one that was handed in, with as many lines, and verified."""
    submitted = proven[row["submittedPosition"]]
    born = submitted.facts["subject"]
    begun = {"pilot": "body.pilot", "period": "body.accounting_period", "version": "body.version"}
    check_facts(entry_at(born, proven, "INVENTORY_CREATED"), row, begun)
    verified = proven[row["verifiedPosition"]] if row["verifiedPosition"] else None
    if (row["status"] == "VERIFIED") != (verified is not None):
        raise _not_of("inventories", row["inventory"])
    if verified is not None and verified.facts["subject"] != born:
        raise _not_of("inventories", row["inventory"])
    own = [whole(line["position"]) for line in lines if line["inventory"] == row["inventory"]]
    if row["linesShown"] == "true":
        handed_in = submitted.facts["body.lines"]
        if len(own) != handed_in or any(at >= submitted.position for at in own):
            raise NotVerified(
                f"lines.csv不是清单{row['inventory']}提交时的{handed_in}行",
                f"lines.csv has not the {handed_in} lines with which inventory {row['inventory']} was handed in",
            )


def check_sold(sold: Rows, proven: Entries) -> None:
    """What was issued for sinks inside is as its entries say, and no more than that. Raises ``NotVerified``."""
    for row in sold:
        entry = proven[row["batch"]]
        project = entry_at(str(entry.facts["body.project"]), proven, "PROJECT_REGISTERED")
        told = {name.removeprefix("body."): fact for name, fact in entry.facts.items()}
        produced = {name: path for name, path in PRODUCED.items() if path.partition(".")[0] in told}
        expected = cells_by(told, OF_VERIFICATION | PROGRAMME | produced)
        expected |= cells_by({"code": project.facts["body.code"]}, {"project": "code"})
        if not is_told(row, expected):
            raise _not_of("sold", row["batch"])
        if not 0 < exact(row, "quantity") <= entry.facts["body.quantity"]:
            raise _not_of("sold", f"{row['batch']}: quantity")


def _not_of(table: str, where: str) -> NotVerified:
    return NotVerified(
        f"{table}.csv与日志所述不符：{where:.120}",
        f"{table}.csv is not what the entries of the log say: {where:.120}",
    )
