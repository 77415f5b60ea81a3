"""Packing a pilot's year: each part is asked of the API as of one position, and is there or said to be missing."""

from collections.abc import Callable, Iterator
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

    def name(self, of: str | None = None) -> None:
        """Note the documents of the pilot, or of another thing with an id."""
        self.note(self.walk(questions.DOCUMENTS, of))

    def note(self, documents: Iterator[Any]) -> None:
        self.documents |= {of["id"]: of for of in documents if self.asking.is_there(of)}


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


def _application(of: Packing) -> None:
    found = of.of_pilot(questions.APPLICATION)["application"]
    if found is None or not of.asking.is_there(found):
        of.archive.lack(
            "application",
            "该试点不是经申报入选的，或您看不到其申报",
            "The pilot was not chosen by an application, or you do not see it",
        )
        return
    walked = {
        name: list(of.walk(query, found["id"]))
        for name, query in (
            ("claims", questions.CLAIMS),
            ("judgements", questions.JUDGEMENTS),
            ("steps", questions.STEPS),
        )
    }
    of.archive.add_json("application.json", found | walked)


def _target(of: Packing) -> None:
    found = of.of_pilot(questions.TARGET)
    if found["target"] is None:
        of.archive.lack(
            "target",
            "当时没有目标，或您看不到",
            "There was no target by then, or you do not see it",
        )
        return
    of.archive.add_json("target.json", found)
    of.name(found["target"]["id"])


def _plan(of: Packing) -> None:
    found = of.of_pilot(questions.PLAN)
    if found["plan"] is None:
        of.archive.lack(
            "plan",
            "当时没有生效的建设方案，或您看不到",
            "No plan was in force by then, or you do not see it",
        )
        return
    of.archive.add_json("plan.json", found)


def _measures(of: Packing) -> None:
    measures = list(of.walk(questions.MEASURES))
    for measure in measures:
        measure["progress"] = of.whole(measure["progress"], questions.PROGRESS, measure["id"])
        measure["effects"] = of.whole(measure["effects"], questions.EFFECTS, measure["id"])
    if measures:
        of.archive.add_json("measures.json", measures)
    else:
        of.archive.lack(
            "measures",
            "当时没有措施，或您看不到",
            "There were no measures by then, or you do not see them",
        )


def _potential(of: Packing) -> None:
    analyses = list(of.walk(questions.ANALYSES))
    if analyses:
        of.archive.add_json("potential.json", analyses)
    else:
        of.archive.lack(
            "potential",
            "当时没有潜力分析，或您看不到",
            "No analysis of the potential was written by then, or you do not see it",
        )


def _statement(of: Packing) -> None:
    found = of.of_pilot(questions.STATEMENT)["netEmissions"]
    if found is None:
        of.archive.lack(
            "statement",
            "当时没有该核算期，或您看不到该试点的净排放结果",
            "There was no such period by then, or you do not see what the pilot states",
        )
        return
    of.archive.add_json("statement.json", found)
    retirements = list(of.walk(questions.RETIREMENTS))
    for one in retirements:
        one["movements"] = of.whole(one["movements"], questions.MOVEMENTS, one["id"])
    of.archive.add_json("retirements.json", retirements)
    of.archive.add("retirements.csv", retirements_of(retirements))


def _inventories(of: Packing) -> None:
    found = list(of.walk(questions.INVENTORIES))
    if not found:
        of.archive.lack(
            "inventories",
            "当时没有已提交且您可见的清单",
            "No inventory that you see was submitted by then",
        )
    for number, inventory in enumerate(found, 1):
        _inventory(of, f"inventories/{number}", inventory)
    opinions = [of_one for of_one in found if of_one["status"] == "VERIFIED"]
    if opinions:
        of.archive.add_json("verification.json", [_opinion(one) for one in opinions])
    else:
        of.archive.lack("verification", "当时没有已核查的清单", "No inventory was verified by then")


def _inventory(of: Packing, path: str, inventory: Any) -> None:
    # What was said at the verification is in verification.json, where there was one by then.
    facts = {key: value for key, value in inventory.items() if key != "opinion"}
    of.name(inventory["id"])
    if not inventory["viewerSeesLines"]:
        of.archive.add_json(f"{path}/inventory.json", facts)
        of.archive.lack(
            f"{path}/lines", "清单的各行不对您公开", "You do not see the inventory's lines"
        )
        return
    sources = list(of.walk(questions.SOURCES, inventory["id"]))
    sinks = list(of.walk(questions.SINKS, inventory["id"]))
    for line in (*sources, *sinks):
        line["evidence"] = of.whole(line["evidence"], questions.EVIDENCE, line["id"])
        of.note(iter(line["evidence"]))
    of.archive.add_json(
        f"{path}/inventory.json", facts | {"emissionSources": sources, "sinks": sinks}
    )
    of.archive.add(f"{path}/lines.csv", lines_of(sources, sinks))
    _report(of, f"{path}/report.pdf", inventory["id"])


def _opinion(inventory: Any) -> Any:
    return {"inventory": inventory["id"], "verifiedPosition": inventory["verifiedPosition"]} | (
        inventory["opinion"] or {}
    )


def _report(of: Packing, path: str, inventory: str) -> None:
    asked = f"/inventories/{inventory}/report.pdf?language=zh&asOf={of.asking.position}"
    parts = of.asking.download(asked)
    if parts is None:
        of.archive.lack(
            path,
            "该服务器没有安装生成报告文件的组件（nzc-api[reports]）",
            "The server has nothing installed that makes files of reports (nzc-api[reports])",
        )
        return
    of.archive.add_parts(path, parts)


def _documents(of: Packing) -> None:
    """The documents that were named by the parts before, and those of the pilot; each file once."""
    of.name()
    named = sorted(of.documents.values(), key=lambda document: int(document["position"]))
    of.archive.add_json("documents.json", named)
    written = set[str]()
    for document in named:
        if document["sha256"] not in written:
            written.add(document["sha256"])
            _document(of, document)


def _document(of: Packing, document: Any) -> None:
    sha256, name = document["sha256"], document["fileName"]
    parts = of.asking.download(f"/documents/{document['id']}") if document["bytesKept"] else None
    if parts is None:
        of.archive.lack(
            f"documents/{sha256}",
            f"“{name}”只登记了SHA-256，内容不在NZC中",
            f"Of “{name}” only the SHA-256 is registered: its bytes are not kept by NZC",
        )
        return
    entry = of.archive.add_parts(f"documents/{sha256}", parts)
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
