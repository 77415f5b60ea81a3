"""The parts of a pack: each is asked of the API as of one position, and is there or said to be missing."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from nzc_api.packs import questions
from nzc_api.packs.archive import Archive
from nzc_api.packs.asking import Api, Asking
from nzc_api.packs.sheets import lines_of, retirements_of
from nzc_api.refusal import Failed


@dataclass(slots=True)
class Packing:
    """A pack in the making. ``documents`` are those named so far, by their ids."""

    asking: Asking[Api]
    archive: Archive
    documents: dict[str, Any] = field(default_factory=dict)

    async def name(self, subject: str) -> None:
        """Note the documents of a thing with an id."""
        self.note(await self.asking.walk(questions.DOCUMENTS, id=subject))

    def note(self, documents: Iterable[Any]) -> None:
        self.documents |= {document["id"]: document for document in documents}


@dataclass(frozen=True, slots=True)
class PackedScope:
    """What parts are of: a pilot with an id, in a folder of the pack (none, or one that ends in a slash), and, of parts
    of a year, one of its accounting periods. ``open``: whether what is never public of the pilot is seen."""

    packing: Packing
    pilot: str
    folder: str = ""
    period: str = ""
    open: bool = False

    async def of_pilot(self, query: str) -> Any:
        return (await self.packing.asking.ask(query, **self._given(self.pilot)))["node"]

    async def walk(self, query: str, node: str | None = None) -> list[Any]:
        return await self.packing.asking.walk(query, **self._given(node or self.pilot))

    async def whole(self, begun: Any, query: str, node: str) -> list[Any]:
        """All of a list within a row that has begun with it."""
        if begun["pageInfo"]["hasNextPage"]:
            return await self.walk(query, node)
        return list(filter(self.packing.asking.is_there, begun["nodes"]))

    async def documented(self, row: Any) -> None:
        """Let a row have all of its documents, and note these."""
        row["documents"] = await self.whole(row["documents"], questions.DOCUMENTS, row["id"])
        self.packing.note(row["documents"])

    async def add(self, part: str, make: Callable[[], bytes]) -> None:
        await self.packing.archive.add(f"{self.folder}{part}", make)

    async def add_json(self, part: str, content: Any) -> None:
        await self.packing.archive.add_json(f"{self.folder}{part}.json", content)

    async def hold(self, part: str, found: Any, zh: str, en: str) -> None:
        """Write a part; where nothing of it was found, say that it is missing, and why."""
        if found:
            await self.add_json(part, found)
        else:
            self.lack(part, zh, en)

    def lack(self, part: str, zh: str, en: str) -> None:
        self.packing.archive.lack(f"{self.folder}{part}", zh, en)

    def _given(self, node: str) -> Mapping[str, Any]:
        return {"id": node} | ({"period": {"id": self.period}} if self.period else {})


async def _pilot(scope: PackedScope) -> None:
    await scope.packing.name(scope.pilot)
    asked = await scope.packing.asking.ask(questions.PILOT, id=scope.pilot)
    await scope.add_json("pilot", asked["pilot"])


async def _application(scope: PackedScope) -> None:
    found = (await scope.of_pilot(questions.APPLICATION))["application"]
    by_then = found is not None and scope.packing.asking.is_there(found)
    if by_then:
        for name, query in questions.OF_APPLICATION.items():
            found[name] = await scope.walk(query, found["id"])
    await scope.hold(
        "application",
        by_then and found,
        "该试点不是经申报入选的，或您看不到其申报",
        "The pilot was not chosen by an application, or you do not see it",
    )


async def _plan(scope: PackedScope) -> None:
    found = await scope.of_pilot(questions.PLAN)
    if found["plan"]:
        await scope.documented(found["plan"])
    await scope.hold(
        "plan",
        found["plan"] and found,
        "当时没有生效的建设方案，或您看不到",
        "No plan was in force by then, or you do not see it",
    )


async def _measures(scope: PackedScope) -> None:
    measures = await scope.walk(questions.MEASURES)
    for measure in measures:
        measure["progress"] = await scope.whole(
            measure["progress"], questions.PROGRESS, measure["id"]
        )
        measure["effects"] = await scope.whole(measure["effects"], questions.EFFECTS, measure["id"])
        await scope.documented(measure)
    await scope.hold(
        "measures",
        measures,
        "当时没有措施，或您看不到",
        "There were no measures by then, or you do not see them",
    )


async def _potential(scope: PackedScope) -> None:
    await scope.hold(
        "potential",
        await scope.walk(questions.ANALYSES),
        "当时没有潜力分析，或您看不到",
        "No analysis of the potential was written by then, or you do not see it",
    )


async def _financings(scope: PackedScope) -> None:
    """Where there are none, that is known: they are not missing."""
    if not scope.open:
        scope.lack("financings", "融资不对您公开", "You do not see the pilot's financings")
        return
    financings = await scope.walk(questions.FINANCINGS)
    for financing in financings:
        await scope.documented(financing)
    await scope.add_json("financings", financings)


async def _management(scope: PackedScope) -> None:
    """Where there are no posts, duties, rules or upkeep, that is known: they are not missing."""
    if not scope.open:
        scope.lack("management", "管理情况不对您公开", "You do not see how the pilot is managed")
        return
    found = {name: await scope.walk(query) for name, query in questions.OF_MANAGEMENT.items()}
    for post in found["posts"]:
        appointments = await scope.whole(post["appointments"], questions.APPOINTMENTS, post["id"])
        post["appointments"] = appointments
    for rows in found.values():
        for row in rows:
            await scope.documented(row)
    await scope.add_json("management", found)


async def _evaluations(scope: PackedScope) -> None:
    """Where there are none, that is known: they are not missing."""
    if scope.open:
        found = await scope.walk(questions.EVALUATIONS)
        await scope.add_json("evaluations", [await _evaluated(scope, one) for one in found])
    else:
        scope.lack("evaluations", "评价不对您公开", "You do not see the pilot's evaluations")


async def _evaluated(scope: PackedScope, found: Any) -> Any:
    """An evaluation, with its documents and those of its findings, and what has disturbed its decision."""
    asking = scope.packing.asking
    await scope.documented(found)
    if found["findings"]:
        asked = (await asking.ask(questions.OF_FINDINGS, id=found["id"]))["node"]["findings"]
        documents_of = {finding["id"]: finding["documents"] for finding in asked}
        for finding in found["findings"]:
            finding["documents"] = documents_of[finding["id"]]
            await scope.documented(finding)
    if found["decision"] is None:
        return found
    return found | (await asking.ask(questions.DISTURBED, id=found["id"]))["node"]


async def evaluation(scope: PackedScope, wanted: str) -> None:
    """One evaluation of a pilot, by its id."""
    [found] = [one for one in await scope.walk(questions.EVALUATIONS) if one["id"] == wanted]
    await scope.add_json("evaluation", await _evaluated(scope, found))


async def _target(scope: PackedScope) -> None:
    found = await scope.of_pilot(questions.TARGET)
    target = found["target"]
    if target is not None:
        await scope.packing.name(target["id"])
    await scope.hold(
        "target",
        target and found,
        "当时没有目标，或您看不到",
        "There was no target by then, or you do not see it",
    )


async def _statement(scope: PackedScope) -> None:
    asked = await scope.of_pilot(questions.STATEMENT)
    found = asked["netEmissions"]
    await scope.hold(
        "statement",
        found and asked["accountingPeriod"] | found,
        "当时没有该核算期，或您看不到该试点的净排放结果",
        "There was no such period by then, or you do not see what the pilot states",
    )
    if found is None:
        return
    retirements = await scope.walk(questions.RETIREMENTS)
    for one in retirements:
        one["movements"] = await scope.whole(one["movements"], questions.MOVEMENTS, one["id"])
    await scope.add_json("retirements", retirements)
    await scope.add("retirements.csv", partial(retirements_of, retirements))


async def _inventories(scope: PackedScope) -> None:
    found = await scope.walk(questions.INVENTORIES)
    if not found:
        scope.lack(
            "inventories",
            "当时没有已提交且您可见的清单",
            "No inventory that you see was submitted by then",
        )
    for number, inventory in enumerate(found, 1):
        await _inventory(scope, f"inventories/{number}", inventory)
    await scope.hold(
        "verification",
        [_opinion(inventory) for inventory in found if inventory["status"] == "VERIFIED"],
        "当时没有已核查的清单",
        "No inventory was verified by then",
    )


async def _inventory(scope: PackedScope, path: str, inventory: Any) -> None:
    # What was said at the verification is in verification.json, where there was one by then.
    facts = {key: value for key, value in inventory.items() if key != "opinion"}
    await scope.packing.name(inventory["id"])
    if not inventory["viewerSeesLines"]:
        await scope.add_json(f"{path}/inventory", facts)
        scope.lack(f"{path}/lines", "清单的各行不对您公开", "You do not see the inventory's lines")
        return
    sources = await scope.walk(questions.SOURCES, inventory["id"])
    sinks = await scope.walk(questions.SINKS, inventory["id"])
    for line in (*sources, *sinks):
        line["evidence"] = await scope.whole(line["evidence"], questions.EVIDENCE, line["id"])
        scope.packing.note(line["evidence"])
    await scope.add_json(f"{path}/inventory", facts | {"emissionSources": sources, "sinks": sinks})
    await scope.add(f"{path}/lines.csv", partial(lines_of, sources, sinks))
    await _report(scope, f"{path}/report.pdf", inventory["id"])


def _opinion(inventory: Any) -> Any:
    return {"inventory": inventory["id"], "verifiedPosition": inventory["verifiedPosition"]} | (
        inventory["opinion"] or {}
    )


async def _report(scope: PackedScope, path: str, inventory: str) -> None:
    asking = scope.packing.asking
    parts = await asking.api.report(inventory, asking.position)
    if parts is None:
        scope.lack(
            path,
            "该服务器没有安装生成报告文件的组件（nzc-api[reports]）",
            "The server has nothing installed that makes files of reports (nzc-api[reports])",
        )
        return
    made = b"".join([part async for part in parts])
    await scope.add(path, lambda: made)


async def documents(packing: Packing) -> AsyncGenerator[bytes, None]:
    """The documents that were named by the parts before; each file once. They are taken as they come."""
    named = sorted(packing.documents.values(), key=lambda document: int(document["position"]))
    await packing.archive.add_json("documents.json", named)
    once: dict[str, Any] = {}
    for document in named:
        once.setdefault(document["sha256"], document)
    for document in once.values():
        async for part in _document(packing, document):
            yield part


async def _document(packing: Packing, document: Any) -> AsyncGenerator[bytes, None]:
    sha256, name = document["sha256"], document["fileName"]
    kept = document["bytesKept"]
    parts = await packing.asking.api.document(document["id"]) if kept else None
    if parts is None:
        packing.archive.lack(
            f"documents/{sha256}",
            f"“{name}”只登记了SHA-256，内容不在NZC中",
            f"Of “{name}” only the SHA-256 is registered: its bytes are not kept by NZC",
        )
        return
    async for part in packing.archive.adding(f"documents/{sha256}", parts):
        yield part
    if packing.archive.entries[-1].sha256 != sha256:
        raise Failed(
            f"“{name}”的内容与其SHA-256不符", f"the bytes of “{name}” do not have its SHA-256"
        )


Part = Callable[[PackedScope], Awaitable[None]]

OF_PILOT: tuple[Part, ...] = (
    _pilot,
    _application,
    _plan,
    _measures,
    _potential,
    _financings,
    _management,
    _evaluations,
)
OF_PERIOD: tuple[Part, ...] = (_target, _statement, _inventories)
