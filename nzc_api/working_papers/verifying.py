"""Checking evidence without database or network: each file by the manifest, that by its signature, what they say by the
log's proofs, and the numbers by reckoning them anew. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from nzc_api.files.writing import ENCODING
from nzc_api.proofs.cosignatures import Cosignature
from nzc_api.proofs.leaf import canonical
from nzc_api.proofs.notes import Verifier, parts_of
from nzc_api.retirement_certificates.adding_up import is_told_twice
from nzc_api.retirement_certificates.strict import MALFORMED, read, whole
from nzc_api.retirement_certificates.verifying import (
    NotVerified,
    Proven,
    checkpoint_of,
    cosigned_by,
    proven_entry,
    signing_key,
)
from nzc_api.retirement_certificates.verifying import verify as verify_certificate
from nzc_api.working_papers.certified import tell
from nzc_api.working_papers.manifest import name_of, note_text
from nzc_api.working_papers.model import (
    CERTIFICATES,
    CHECKPOINT,
    FORM,
    MANIFEST,
    NOTE,
    PROOFS,
    PapersFile,
)
from nzc_api.working_papers.proven import check_entries, check_sold, check_whose
from nzc_api.working_papers.recomputing import Row, Tables, check_sums, lines_are_shown
from nzc_api.working_papers.sheets import REFUSALS, SHEETS
from nzc_api.working_papers.zipped import packed, unpacked

# What a ZIP begins with; no certificate does.
ZIP = b"PK"


@dataclass(frozen=True, slots=True)
class VerifiedPapers:
    """What holds: of whose year, as of which position, signed by whose key (None: by nobody's); the statement as it was
    reckoned anew, and from the lines too, where these were shown (``has_lines``); and what each witness that was asked
    for signed of the checkpoint."""

    pilot: str
    year: str
    position: str
    key: str | None
    files: int
    entries: int
    certificates: int
    statement: Row
    has_lines: bool
    cosigned: Sequence[Cosignature]


def verify(
    content: bytes, key: Verifier | None = None, witnesses: Sequence[Verifier] = ()
) -> VerifiedPapers:
    """Check evidence, as the log of ``key`` signed it; without one, of the key that it names itself; and that each of
    the ``witnesses`` cosigned its checkpoint. Raises ``NotVerified``."""
    files = unpacked(content)
    try:
        return _verified(content, files, key, witnesses)
    except (*MALFORMED, csv.Error) as error:
        raise NotVerified(
            "证据包缺少应有的内容，或其形式不对",
            "something that evidence has is missing, or is something else",
        ) from error


def _verified(
    content: bytes, files: Sequence[PapersFile], key: Verifier | None, witnesses: Sequence[Verifier]
) -> VerifiedPapers:
    held = dict(files)
    said = _manifest(held)
    verifier = signing_key(said["key"], key, said["log"])
    _check_signed(said, held, verifier)
    _check_files(said, files)
    if packed(files) != content:
        raise NotVerified(
            "ZIP中有不属于任何文件的字节，或不是NZC写出的那些字节",
            "the ZIP has bytes that belong to no file of it, or is not written as NZC writes it",
        )
    # Evidence of before has no table of what came to nothing.
    sheets = [sheet for sheet in SHEETS if sheet is not REFUSALS or sheet.file in held]
    tables = {REFUSALS.name: [], **{sheet.name: _rows(sheet.file, held) for sheet in sheets}}
    _check_once(tables)
    _check_positions(said, tables)
    proven = _proven(said, held, verifier)
    cosigned = [cosigned_by(held[CHECKPOINT].decode(), witness) for witness in witnesses]
    check_entries(tables, proven)
    certificates = _check_certificates(said, held, tables, verifier)
    check_whose(said, tables, proven)
    check_sold(tables["sold"], proven)
    check_sums(tables, said["asOf"], _days(said))
    return VerifiedPapers(
        pilot=said["pilot"],
        year=said["year"],
        position=said["asOf"],
        key=None if verifier is None else str(verifier),
        files=len(files),
        entries=len(proven),
        certificates=certificates,
        statement=next(row for row in tables["statements"] if row["asOfPosition"] == said["asOf"]),
        has_lines=lines_are_shown(tables),
        cosigned=cosigned,
    )


def _manifest(held: Mapping[str, bytes]) -> Any:
    for name in (MANIFEST, NOTE):
        if name not in held:
            raise NotVerified(f"ZIP中没有{name}", f"{name} is not in the ZIP")
    try:
        said = read(held[MANIFEST])
        form, written = said["form"], canonical(said).encode() + b"\n"
    except MALFORMED as error:
        raise NotVerified(
            f"{MANIFEST}不是证据包的清单", f"{MANIFEST} is no manifest of evidence"
        ) from error
    if form != FORM:
        raise NotVerified(
            f"证据包的格式是“{form!s:.80}”，本程序只认识{FORM}",
            f"its form is “{form!s:.80}”: this knows {FORM}",
        )
    if written != held[MANIFEST]:
        raise NotVerified(
            f"{MANIFEST}不是NZC写出的那些字节：写出之后被改动过",
            f"{MANIFEST} is not written as NZC writes it: it was changed since",
        )
    return said


def _check_signed(said: Any, held: Mapping[str, bytes], verifier: Verifier | None) -> None:
    """The note is of the manifest, and signed by the log's key for evidence."""
    note = held[NOTE].decode()
    text = note_text(said["log"], said["period"]["certificate"], said["asOf"], held[MANIFEST])
    if parts_of(note)[0] != text or (verifier is None and note != text):
        raise NotVerified(
            f"{MANIFEST}与签署的摘要不符：签署之后被改动过",
            f"{MANIFEST} is not what was signed: it was changed since",
        )
    if verifier is not None and not Verifier(name_of(verifier.name), verifier.key).verifies(note):
        raise NotVerified(
            f"{NOTE}上没有该密钥的有效签名", f"{NOTE} has no signature of that key that holds"
        )


def _check_files(said: Any, files: Sequence[PapersFile]) -> None:
    """Each file is in the manifest, as it is, and in its place; and each that is there, is here."""
    listed = {file["name"]: file for file in said["files"]}
    for file in files:
        if file.name in {MANIFEST, NOTE}:
            continue
        entry = listed.get(file.name)
        if entry is None:
            raise NotVerified(
                f"“{file.name}”不在{MANIFEST}中：是后来加入的，或改了名",
                f"“{file.name}” is not in {MANIFEST}: it was added, or had another name",
            )
        size, digest = str(len(file.content)), sha256(file.content).hexdigest()
        if (entry["size"], entry["sha256"]) != (size, digest):
            raise NotVerified(
                f"“{file.name}”不是{MANIFEST}所述的内容：被改动过",
                f"“{file.name}” is not what {MANIFEST} says: it was changed",
            )
    names = [file.name for file in files]
    for name in listed:
        if name not in names:
            raise NotVerified(f"ZIP中缺少“{name}”", f"“{name}” is missing from the ZIP")
    if names != [*listed, MANIFEST, NOTE]:
        raise NotVerified(
            f"文件的次序与{MANIFEST}不符", f"the files are not in the order of {MANIFEST}"
        )


def _days(said: Any) -> int:
    """How many days the accounting period has."""
    first, last = (date.fromisoformat(said["period"][end]) for end in ("from", "to"))
    return (last - first).days + 1


def _rows(name: str, held: Mapping[str, bytes]) -> list[dict[str, str]]:
    """The rows of a table, which is written in the one way, so that a spreadsheet reads the same; no two columns have
    one name."""
    columns, *rows = csv.reader(io.StringIO(held[name].decode(ENCODING), newline=""))
    anew = io.StringIO(newline="")
    csv.writer(anew).writerows([columns, *rows])
    if anew.getvalue().encode(ENCODING) != held[name] or is_told_twice(columns):
        raise NotVerified(f"{name}不是NZC写出的形式", f"{name} is not written as NZC writes it")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _check_positions(said: Any, tables: Tables) -> None:
    """There is a statement as of the position, what it is compared with is the difference from each of those before,
    and nothing is of other positions."""
    order = [0, *map(whole, said["compared"]), whole(said["asOf"])]
    if order != sorted({*order}):
        raise NotVerified(
            "所比较的位置没有由小到大，或晚于证据包",
            "the positions that are compared are not in order, or later than the evidence",
        )
    ends = [(position, said["asOf"]) for position in said["compared"]]
    told = {
        name: [(row["fromPosition"], row["toPosition"]) for row in tables[name]]
        for name in ("differences", "changes")
    }
    stated = {row["asOfPosition"] for row in tables["statements"]}
    positions = {said["asOf"], *said["compared"]}
    if told["differences"] != ends or not {*told["changes"]} <= {*ends} or not stated <= positions:
        raise NotVerified(
            f"所列的位置不是{MANIFEST}中的位置", f"the positions are not those of {MANIFEST}"
        )


# By which columns of a table a row is told once: what is told twice is counted twice. (What moved, and what of that was
# withdrawn, is compared with certificates, range by range.)
ONCE = (
    ("statements", ("asOfPosition",)), ("categories", ("asOfPosition", "role", "category")),
    ("differences", ("fromPosition",)), ("changes", ("fromPosition", "position")), ("inventories", ("inventory",)),
    ("inventories", ("id",)), ("inventories", ("submittedPosition",)), ("lines", ("position",)), ("sold", ("batch",)),
    ("retirements", ("position",)), ("refusals", ("position",)), ("entries", ("position",)),
)  # fmt: skip


def _check_once(tables: Tables) -> None:
    for table, columns in ONCE:
        if is_told_twice(tuple(row[name] for name in columns) for row in tables[table]):
            raise NotVerified(f"{table}.csv中有一行重复列出", f"{table}.csv tells a row twice")


def _proven(said: Any, held: Mapping[str, bytes], verifier: Verifier | None) -> dict[str, Proven]:
    """The entries that are in the log, by the checkpoint, which is signed by the same key."""
    proofs = read(held[PROOFS])
    stated = {"checkpoint": proofs["checkpoint"], "log": said["log"], "asOf": said["asOf"]}
    checkpoint = checkpoint_of(stated, verifier)
    if held[CHECKPOINT].decode() != proofs["checkpoint"]:
        raise NotVerified(f"{CHECKPOINT}不是{PROOFS}所依据的", f"{CHECKPOINT} is not that of {PROOFS}")  # fmt: skip
    proven = {entry["position"]: proven_entry(entry, checkpoint) for entry in proofs["entries"]}
    for entry in proven.values():
        if entry.position > whole(said["asOf"]):
            raise NotVerified(
                f"位置{entry.position}的日志晚于证据包",
                f"the entry at {entry.position} is later than the evidence",
            )
    return proven


def _check_certificates(
    said: Any, held: Mapping[str, bytes], tables: Tables, verifier: Verifier | None
) -> int:
    """Each retirement has its certificate, and all together have one; they hold, and say what the tables say; how many
    there are."""
    rows = tables["retirements"]
    period = said["period"]
    of_all, days = period["certificate"], {"from": period["from"], "to": period["to"]}
    numbers = {row["certificate"] for row in rows} | ({of_all} if rows else set())
    names = {name for name in held if name.startswith(CERTIFICATES)}
    for name in names ^ {f"{CERTIFICATES}{number}.json" for number in numbers}:
        raise NotVerified(
            f"{name}：证明与所列的注销不对应",
            f"{name}: the certificates are not those of the retirements",
        )
    for number in numbers:
        name = f"{CERTIFICATES}{number}.json"
        try:
            found = verify_certificate(held[name], verifier)
        except NotVerified as wrong:
            raise NotVerified(
                f"{name}：{wrong.message.zh}", f"{name}: {wrong.message.en}"
            ) from None
        told = read(held[name])["certificate"]
        if (
            (found.number, str(found.as_of), found.key) != (number, said["asOf"], said["key"])
            or (told["beneficiary"]["code"], told["claimPeriod"]) != (said["pilot"], days)
            or not tell(told, tables, None if number == of_all else number)
        ):
            raise NotVerified(
                f"{name}与retirements.csv、movements.csv、withdrawn.csv不符",
                f"{name} is not what retirements.csv, movements.csv and withdrawn.csv say",
            )
    return len(numbers)
