"""Packing a pilot's year: each part is asked of the API as of one position, and is there or said to be missing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nzc_api.packing import questions
from nzc_api.packing.archive import Archive, archived
from nzc_api.packing.asking import Asking
from nzc_api.packing.sheets import lines_of, retirements_of
from nzc_api.refusal import Failed

# What the form of a pack is called: another form is another number.
FORM = 1


@dataclass(slots=True)
class Packing:
    """A pack in the making: of a pilot's year, into an archive. ``documents`` are those named so far, by their ids."""

    asking: Asking
    archive: Archive
    pilot_id: str
    year: int
    documents: dict[str, Any] = field(default_factory=dict)

    def of_pilot(self, query: str) -> Any:
        return self.asking.ask(query, id=self.pilot_id, year=self.year)["node"]

    def walk(self, query: str, of: str | None = None) -> Iterator[Any]:
        return self.asking.walk(query, id=of or self.pilot_id, year=self.year)

    def whole(self, begun: Any, query: str, of: str) -> list[Any]:
        """All of a list within a row that has begun with it."""
        if begun["pageInfo"]["hasNextPage"]:
            return list(self.walk(query, of))
        return list(filter(self.asking.is_there, begun["nodes"]))

    def hold(self, part: str, found: Any, zh: str, en: str) -> None:
        """Write a part; where nothing of it was found, say that it is missing, and why."""
        if found:
            self.archive.add_json(f"{part}.json", found)
        else:
            self.archive.lack(part, zh, en)

    def name(self, of: str | None = None) -> None:
        """Note the documents of the pilot, or of another thing with an id."""
        self.note(self.walk(questions.DOCUMENTS, of))

    def note(self, documents: Iterable[Any]) -> None:
        self.documents |= {document["id"]: document for document in documents}


def pack(asking: Asking, code: str, year: int, file: Path) -> Archive:
    """Write the pack of a pilot's year to ``file``. Raises ``Failed`` where there is no such pilot or year, and where
    the API cannot be reached; then there is no file."""
    asking.api.greet()
    begun = asking.api.ask(questions.BEGIN, code=code, year=year)
    _check(begun, code, year, asking.position)
    if asking.position is None:
        asking.position = int(begun["log"]["position"])
    with archived(file) as archive:
        packing = Packing(asking, archive, begun["pilot"]["id"], year)
        pilot = asking.ask(questions.PILOT, code=code, year=year)["pilot"]
        archive.add_json("pilot.json", pilot)
        for part in PARTS:
            part(packing)
        archive.close(
            {"pack": FORM, "pilot": code, "year": year, "asOfPosition": str(asking.position)}
        )
    return archive


def _check(begun: Any, code: str, year: int, position: int | None) -> None:
    pilot, head = begun["pilot"], int(begun["log"]["position"])
    if pilot is None:
        raise Failed(f"没有代码为{code}的试点", f"there is no pilot with the code {code}")
    if pilot["accountingPeriod"] is None:
        raise Failed(
            f"试点{code}没有{year}年的核算期", f"{code} has no accounting period of {year}"
        )
    if position is not None and not 1 <= position <= head:
        raise Failed(f"日志的位置应为1至{head}", f"a position of the log is 1 to {head}")


def _application(packing: Packing) -> None:
    found = packing.of_pilot(questions.APPLICATION)["application"]
    by_then = found is not None and packing.asking.is_there(found)
    if by_then:
        for name, query in questions.OF_APPLICATION.items():
            found[name] = list(packing.walk(query, found["id"]))
    packing.hold(
        "application",
        by_then and found,
        "该试点不是经申报入选的，或您看不到其申报",
        "The pilot was not chosen by an application, or you do not see it",
    )


def _target(packing: Packing) -> None:
    found = packing.of_pilot(questions.TARGET)
    target = found["target"]
    if target is not None:
        packing.name(target["id"])
    packing.hold(
        "target",
        target and found,
        "当时没有目标，或您看不到",
        "There was no target by then, or you do not see it",
    )


def _plan(packing: Packing) -> None:
    found = packing.of_pilot(questions.PLAN)
    packing.hold(
        "plan",
        found["plan"] and found,
        "当时没有生效的建设方案，或您看不到",
        "No plan was in force by then, or you do not see it",
    )


def _measures(packing: Packing) -> None:
    measures = list(packing.walk(questions.MEASURES))
    for measure in measures:
        measure["progress"] = packing.whole(measure["progress"], questions.PROGRESS, measure["id"])
        measure["effects"] = packing.whole(measure["effects"], questions.EFFECTS, measure["id"])
    packing.hold(
        "measures",
        measures,
        "当时没有措施，或您看不到",
        "There were no measures by then, or you do not see them",
    )


def _potential(packing: Packing) -> None:
    packing.hold(
        "potential",
        list(packing.walk(questions.ANALYSES)),
        "当时没有潜力分析，或您看不到",
        "No analysis of the potential was written by then, or you do not see it",
    )


def _statement(packing: Packing) -> None:
    found = packing.of_pilot(questions.STATEMENT)["netEmissions"]
    packing.hold(
        "statement",
        found,
        "当时没有该核算期，或您看不到该试点的净排放结果",
        "There was no such period by then, or you do not see what the pilot states",
    )
    if found is None:
        return
    retirements = list(packing.walk(questions.RETIREMENTS))
    for one in retirements:
        one["movements"] = packing.whole(one["movements"], questions.MOVEMENTS, one["id"])
    packing.archive.add_json("retirements.json", retirements)
    packing.archive.add("retirements.csv", retirements_of(retirements))


def _inventories(packing: Packing) -> None:
    found = list(packing.walk(questions.INVENTORIES))
    if not found:
        packing.archive.lack(
            "inventories",
            "当时没有已提交且您可见的清单",
            "No inventory that you see was submitted by then",
        )
    for number, inventory in enumerate(found, 1):
        _inventory(packing, f"inventories/{number}", inventory)
    packing.hold(
        "verification",
        [_opinion(inventory) for inventory in found if inventory["status"] == "VERIFIED"],
        "当时没有已核查的清单",
        "No inventory was verified by then",
    )


def _inventory(packing: Packing, path: str, inventory: Any) -> None:
    # What was said at the verification is in verification.json, where there was one by then.
    facts = {key: value for key, value in inventory.items() if key != "opinion"}
    packing.name(inventory["id"])
    if not inventory["viewerSeesLines"]:
        packing.archive.add_json(f"{path}/inventory.json", facts)
        packing.archive.lack(
            f"{path}/lines", "清单的各行不对您公开", "You do not see the inventory's lines"
        )
        return
    sources = list(packing.walk(questions.SOURCES, inventory["id"]))
    sinks = list(packing.walk(questions.SINKS, inventory["id"]))
    for line in (*sources, *sinks):
        line["evidence"] = packing.whole(line["evidence"], questions.EVIDENCE, line["id"])
        packing.note(line["evidence"])
    packing.archive.add_json(
        f"{path}/inventory.json", facts | {"emissionSources": sources, "sinks": sinks}
    )
    packing.archive.add(f"{path}/lines.csv", lines_of(sources, sinks))
    _report(packing, f"{path}/report.pdf", inventory["id"])


def _opinion(inventory: Any) -> Any:
    return {"inventory": inventory["id"], "verifiedPosition": inventory["verifiedPosition"]} | (
        inventory["opinion"] or {}
    )


def _report(packing: Packing, path: str, inventory: str) -> None:
    asked = f"/inventories/{inventory}/report.pdf?language=zh&asOf={packing.asking.position}"
    parts = packing.asking.download(asked)
    if parts is None:
        packing.archive.lack(
            path,
            "该服务器没有安装生成报告文件的组件（nzc-api[reports]）",
            "The server has nothing installed that makes files of reports (nzc-api[reports])",
        )
        return
    packing.archive.add_parts(path, parts)


def _documents(packing: Packing) -> None:
    """The documents that were named by the parts before, and those of the pilot; each file once."""
    packing.name()
    named = sorted(packing.documents.values(), key=lambda document: int(document["position"]))
    packing.archive.add_json("documents.json", named)
    written = set[str]()
    for document in named:
        if document["sha256"] not in written:
            written.add(document["sha256"])
            _document(packing, document)


def _document(packing: Packing, document: Any) -> None:
    sha256, name = document["sha256"], document["fileName"]
    kept, path = document["bytesKept"], f"/documents/{document['id']}"
    parts = packing.asking.download(path) if kept else None
    if parts is None:
        packing.archive.lack(
            f"documents/{sha256}",
            f"“{name}”只登记了SHA-256，内容不在NZC中",
            f"Of “{name}” only the SHA-256 is registered: its bytes are not kept by NZC",
        )
        return
    entry = packing.archive.add_parts(f"documents/{sha256}", parts)
    if entry.sha256 != sha256:
        raise Failed(
            f"“{name}”的内容与其SHA-256不符", f"the bytes of “{name}” do not have its SHA-256"
        )


PARTS: tuple[Callable[[Packing], None], ...] = (
    _application,
    _target,
    _plan,
    _measures,
    _potential,
    _statement,
    _inventories,
    _documents,
)
